"""Who received something by the old lists, and what the register answers: goes on, is held, waits, or falls out; why.

A programme for families counts once per family, whoever of them the lists name; so does a receipt that a list states
of a whole family. Other receipts count per person.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import polars as pl

from streams.programmes.decide import Verdict
from streams.transition.solutions import NOT_IN_FORCE, NOT_IN_REGISTER, WAITS_FOR_MATCH, solution

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GOES_ON, HELD, OUT = "TETAP", "DITAHAN", "KELUAR"
WAITS = "BELUM_DIPUTUSKAN"  # the programme decides nobody new in this quarter
LINES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "programme": pl.String,
    "kelurahan": pl.String,
    "outcome": pl.Enum([GOES_ON, HELD, WAITS, OUT]),
    "reason": pl.String,
    "solution": pl.String,
    "other": pl.String,
    "nik": pl.String,
}
# Rows of the lists that are linked to nobody: what link writes, with the programme of each receipt.
UNLINKED: Final = {
    "subject": pl.String,  # whoever it is: the NIK of the row, else its name, birth date and kelurahan
    "kelurahan": pl.String,
    "programme": pl.String,
    "until": pl.Date,
    "parked": pl.Boolean,
}
# From the best verdict down: a family goes on if one of its people does.
ORDER: Final = (Verdict.SERVED, Verdict.KEPT, Verdict.HELD, Verdict.ELIGIBLE, Verdict.INELIGIBLE, Verdict.NOT_PAYEE)
# Why somebody has no answer at all.
BY_STATUS: Final = {
    "MENINGGAL": "MENINGGAL",
    "LUAR": "PINDAH_KELUAR",
    "NONAKTIF": "NONAKTIF",
    "TANPA_KARTU": "TANPA_KARTU",
    "TRANSIT": "DALAM_PERPINDAHAN",
    "TERDAFTAR": "TANPA_KARTU",
}


def falling(
    receipts: pl.DataFrame,
    unlinked: pl.DataFrame,
    persons: pl.DataFrame,
    answers: pl.DataFrame,
    families: Mapping[str, bool],
    since: dt.date,
    undecided: Collection[str] = (),
) -> pl.DataFrame:
    """One line per receiver and programme, columns LINES, sorted; `nik` is who stands for it, null if nobody is known.

    `receipts` as `streams.transition.receipts.RECEIPTS`, `unlinked` as UNLINKED; those that ended before `since` are
    left out. `persons`: nik, nama, no_kk, kelurahan, status. `answers` as contracts.md 6. `families`: programme in
    force -> whether its subject is the family. Whom no civil record knows (no name, no card) is not in the register,
    whatever lists say. `undecided`: programmes that are not due in this quarter: whom they do not serve yet, waits.
    """
    running = pl.col("until").is_null() | (pl.col("until") >= since)
    claims = _claims(receipts.filter(running), persons, families)
    told = claims.join(_answered(answers, families), on=["programme", "unit"], how="left")
    lines = told.with_columns(reason=_reason(list(families)), outcome=_outcome(undecided))
    served = _served(answers, list(families))
    lines = lines.join(_others(lines, served), on=["programme", "unit"], how="left")
    nobody = unlinked.filter(running).select(
        "programme",
        "kelurahan",
        unit="subject",
        outcome=pl.lit(OUT),
        reason=pl.when("parked").then(pl.lit(WAITS_FOR_MATCH)).otherwise(pl.lit(NOT_IN_REGISTER)),
        other=pl.lit(None, pl.String),
        nik=pl.lit(None, pl.String),
    )
    both = pl.concat([lines.select(nobody.columns), nobody])
    return (
        both.with_columns(parked=pl.col("reason") == WAITS_FOR_MATCH)
        .sort("parked", "nik", "reason", nulls_last=True)
        .unique(["programme", "unit"], keep="first", maintain_order=True)
        .with_columns(solution=pl.when(pl.col("outcome") == OUT).then(solution()))
        .select(pl.col(name).cast(dtype) for name, dtype in LINES.items())
        .sort(pl.all(), nulls_last=True)
    )


def _claims(receipts: pl.DataFrame, persons: pl.DataFrame, families: Mapping[str, bool]) -> pl.DataFrame:
    """programme, unit (card or NIK), nik, kelurahan, status, known: one row per programme and unit."""
    of_family = pl.col("programme").is_in([name for name, is_family in families.items() if is_family])
    joined = receipts.join(persons, on="nik", how="left").with_columns(
        known=pl.col("nama").is_not_null() | pl.col("no_kk").is_not_null()
    )
    by_card = (of_family | (pl.col("listed") > 1)) & pl.col("known") & pl.col("no_kk").is_not_null()
    dead = pl.col("status").cast(pl.String) != "TERDAFTAR"
    return (
        joined.with_columns(unit=pl.when(by_card).then("no_kk").otherwise("nik"), away=dead)
        .sort("programme", "unit", "away", "nik", nulls_last=True)
        .unique(["programme", "unit"], keep="first", maintain_order=True)
        .select("programme", "unit", "nik", "kelurahan", "known", pl.col("status").cast(pl.String))
    )


def _answered(answers: pl.DataFrame, families: Mapping[str, bool]) -> pl.DataFrame:
    """programme, unit, verdict, answer: the best answer per card, and each person's own."""
    parts = []
    for name in families:
        own = answers.select(
            "nik",
            "no_kk",
            verdict=pl.col(f"{name}.verdict").cast(pl.String),
            answer=f"{name}.reason",
            failures=pl.col(f"{name}.failed").bitwise_count_ones(),
        ).with_columns(rank=pl.col("verdict").replace_strict({it.value: at for at, it in enumerate(ORDER)}))
        parts += [
            own.sort(unit, "rank", "failures", "nik")
            .unique(unit, keep="first", maintain_order=True)
            .select(pl.lit(name).alias("programme"), pl.col(unit).alias("unit"), "verdict", "answer")
            for unit in ("no_kk", "nik")
        ]
    return pl.concat(parts)


def _reason(in_force: list[str]) -> pl.Expr:
    return (
        pl.when(~pl.col("known"))
        .then(pl.lit(NOT_IN_REGISTER))
        .when(~pl.col("programme").is_in(in_force))
        .then(pl.lit(NOT_IN_FORCE))
        .when(pl.col("answer").is_not_null())
        .then("answer")
        .otherwise(pl.col("status").replace_strict(BY_STATUS, default="TANPA_KARTU"))
    )


def _outcome(undecided: Collection[str]) -> pl.Expr:
    return (
        pl.when(pl.col("verdict").is_in([Verdict.SERVED, Verdict.KEPT]))
        .then(pl.lit(GOES_ON))
        .when(pl.col("verdict") == Verdict.HELD)
        .then(pl.lit(HELD))
        .when(pl.col("programme").is_in(list(undecided)) & pl.col("answer").is_not_null())
        .then(pl.lit(WAITS))
        .otherwise(pl.lit(OUT))
    )


def _served(answers: pl.DataFrame, programmes: list[str]) -> pl.DataFrame:
    """unit, serving: programmes that serve somebody on a card, and those that serve a person."""
    parts = [
        answers.filter(pl.col(f"{name}.verdict") == Verdict.SERVED)
        .select(pl.col(unit).alias("unit"), pl.lit(name).alias("serving"))
        .unique()
        for name in programmes
        for unit in ("no_kk", "nik")
    ]
    return pl.concat([pl.DataFrame(schema={"unit": pl.String, "serving": pl.String}), *parts])


def _others(lines: pl.DataFrame, served: pl.DataFrame) -> pl.DataFrame:
    """programme, unit, other: programmes that serve who falls out and that the lists do not know as received."""
    new = served.join(lines.select("unit", serving="programme"), on=["unit", "serving"], how="anti")
    out = lines.filter(pl.col("outcome") == OUT).select("programme", "unit")
    return (
        out.join(new, on="unit", how="inner")
        .group_by("programme", "unit")
        .agg(other=pl.col("serving").sort().str.join("+"))
    )
