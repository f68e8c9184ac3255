"""Persons and facts: this quarter opens with what the last one sealed, and closes with what flowed."""

import polars as pl

from streams.books.frames import TALLY, compared, whole_place

PLACE = ["kab_kota", "status"]
QUANTITY = {"persons": "persons"}


def persons_lines(
    sealed: pl.DataFrame, opening: pl.DataFrame, flows: pl.DataFrame, closing: pl.DataFrame, *, restated: bool
) -> pl.DataFrame:
    """Columns LINES: sealed closing of the quarter before = opening computed anew; opening + flows = closing.

    `restated`: other code sealed the quarter before, and the operator confirmed that this code sees it otherwise: the
    differences are lines of a book of their own, `persons restated`, and refuse nothing. A lost fact still does, by
    the book `facts`.

    Accounts and flows as in docs/contracts.md 5, added up over partitions; `sealed` is empty in the first quarter.
    Sealed comes from the log, opening from facts below the previous cut, flows from comparing persons one
    by one, closing from facts below this cut.
    """
    arrived = flows.select("kab_kota", "status", "persons")
    left = flows.select(
        pl.col("kab_kota_before").alias("kab_kota"),
        pl.col("status_before").alias("status"),
        -pl.col("persons"),
    )
    due = _summed([opening, arrived, left])
    return pl.concat(
        [
            _opening_lines(_summed([sealed]), _summed([opening]), restated=restated),
            compared("persons closing", PLACE, "{} {}", due, _summed([closing]), quantities=QUANTITY),
        ]
    )


def _opening_lines(sealed: pl.DataFrame, opening: pl.DataFrame, *, restated: bool) -> pl.DataFrame:
    lines = compared("persons opening", PLACE, "{} {}", sealed, opening, quantities=QUANTITY)
    if not restated:
        return lines
    differs = ~pl.col("balanced")
    return lines.with_columns(
        pl.when(differs).then(pl.lit("persons restated")).otherwise("book").alias("book"),
        pl.when(differs).then(pl.lit("RESTATEMENT, confirmed by the operator")).otherwise("detail").alias("detail"),
        pl.lit(value=True).alias("balanced"),
    )


def _summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Persons by place; a side of a flow on which somebody did not exist (status null) is no place."""
    columns = [
        part.filter(pl.col("status").is_not_null()).select(
            whole_place().alias("kab_kota"), pl.col("status").cast(pl.String), pl.col("persons").cast(pl.Int64)
        )
        for part in parts
    ]
    summed = pl.concat(columns).group_by(PLACE).agg(pl.col("persons").sum())
    # A place that was emptied has no line in an account.
    return summed.filter(pl.col("persons") != 0)


def facts_lines(sealed: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES: count and digest of the facts below the previous cut, as sealed and as found now (TALLY).

    In the first quarter nothing lies below: pass `sealed` empty, and what is found must be nothing.
    """
    quantities = {"rows": "facts", "digest": "digest of facts"}
    place = "register.facts[{}]"
    return compared("facts", ["partition"], place, sealed.cast(TALLY), again.cast(TALLY), quantities=quantities)
