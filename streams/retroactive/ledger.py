"""The ledger of sealed quarters: what was paid, what today's facts make due, and what is still to be published of it.

Sealed quarters are named by text; the sealed list of a quarter is the last line of each person up to it.
"""

import datetime as dt
from collections.abc import Iterable

import polars as pl

from streams.quarters import Quarter
from streams.retroactive.frames import ADJUSTMENTS, LEDGER, LISTED, STOPS
from streams.retroactive.reasons import GIVEN_BACK, TAKEN_BACK
from streams.rules.model import Rules

KEY = ["nik", "programme", "quarter"]
NO_PLACE = "0000"  # as in the books: lines that are counted in no kabupaten or kota
BY = ["programme", "quarter", "kab_kota"]


def past_quarters(quarter: str, sealed: Iterable[str], rules: Rules) -> dict[str, dt.date]:
    """The sealed quarters on which the seal of `quarter` acts back, with their last days; oldest first."""
    first = str(Quarter.parse(quarter).plus(-rules.retroactive_quarters))
    return {name: Quarter.parse(name).last_day for name in sorted(sealed) if first <= name < quarter}


def listed(lines: pl.DataFrame, quarters: Iterable[str]) -> pl.DataFrame:
    """What the lists of some sealed quarters paid: columns LISTED, sorted by nik, programme, quarter.

    `lines`: quarter, nik, programme, kab_kota, amount_rupiah of all published change lines (streams.changes.CHANGES)
    up to the last of these quarters, from the first one ever. A line that is held back pays nothing, so nothing of it
    is listed: what is due for it is nothing either.
    """
    ordered = lines.sort("quarter")
    lists = [pl.DataFrame(schema=LISTED)]
    for quarter in quarters:
        last = ordered.filter(pl.col("quarter") <= quarter).unique(["nik", "programme"], keep="last")
        paid = last.filter(pl.col("amount_rupiah") > 0).with_columns(
            pl.lit(quarter).alias("quarter"), pl.col("kab_kota").fill_null(NO_PLACE)
        )
        lists.append(paid.select(list(LISTED)).cast(LISTED))
    return pl.concat(lists).sort(KEY)


def targets(paid: pl.DataFrame, stopped: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The paid lines that today's facts make not due, with the one cause that counts: LISTED, cause, article, event.

    `paid`: columns LISTED; `stopped`: columns STOPS. Where several causes apply the first by `rules` counts.
    """
    acting = pl.DataFrame(
        [
            (name, place, it.cause, list(it.occupations), it.reference)
            for name, programme in rules.retroactive.items()
            for place, it in enumerate(programme.causes)
        ],
        schema={
            "programme": pl.String,
            "place": pl.Int64,
            "cause": pl.String,
            "occupations": pl.List(pl.String),
            "article": pl.String,
        },
        orient="row",
    )
    counts = pl.col("occupation").is_null() | pl.col("occupations").list.contains(pl.col("occupation"))
    return (
        paid.join(stopped.select(list(STOPS)), on=["nik", "quarter"], how="inner")
        .join(acting, on=["programme", "cause"], how="inner")
        .filter(counts)
        .sort(*KEY, "place")
        .unique(KEY, keep="first", maintain_order=True)
        .select(*LISTED, "cause", "article", "event")
    )


def adjustments(
    published: pl.DataFrame, not_due: pl.DataFrame, *, quarter: str, quarters: Iterable[str], rules: Rules
) -> pl.DataFrame:
    """What `quarter` publishes about `quarters`: columns ADJUSTMENTS, sorted by nik, programme, concerns, cause.

    `published`: all adjustments so far (columns ADJUSTMENTS); `not_due`: columns of `targets`, of the same people. Per
    person, programme, quarter and cause the sum of all adjustments becomes minus the paid amount where the cause
    counts, and nothing where it does not: so a cause that is withdrawn reverses itself. A reversal names the events
    whose effect it takes back.
    """
    key = ["nik", "programme", "concerns", "cause"]
    before = (
        published.filter(pl.col("concerns").is_in(list(quarters)), pl.col("programme").is_in(list(rules.retroactive)))
        .sort("quarter")
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("amount_rupiah").sum().alias("so_far"),
            pl.col("kab_kota", "article", "causes").last().name.suffix("_before"),
        )
    )
    wanted = not_due.select(
        "nik",
        "programme",
        pl.col("quarter").alias("concerns"),
        "cause",
        (-pl.col("amount_rupiah")).alias("wanted"),
        "kab_kota",
        "article",
        pl.concat_list("event").alias("causes"),
    )
    difference = pl.col("wanted").fill_null(0) - pl.col("so_far").fill_null(0)
    reason = pl.when(pl.col("amount_rupiah") < 0).then(pl.lit(TAKEN_BACK)).otherwise(pl.lit(GIVEN_BACK)) + pl.col(
        "cause"
    )
    payers = {name: it.payer for name, it in rules.retroactive.items()}
    both = wanted.join(before, on=key, how="full", coalesce=True)
    return (
        both.with_columns(
            difference.alias("amount_rupiah"),
            *(pl.coalesce(name, f"{name}_before").alias(name) for name in ("kab_kota", "article", "causes")),
        )
        .filter(pl.col("amount_rupiah") != 0)
        .with_columns(
            pl.lit(quarter).alias("quarter"),
            pl.col("programme").replace_strict(payers, default=None, return_dtype=pl.String).alias("payer"),
            reason.alias("reason"),
        )
        .select(list(ADJUSTMENTS))
        .cast(ADJUSTMENTS)
        .sort(key)
    )


def ledger(*signed: pl.DataFrame) -> pl.DataFrame:
    """LEDGER: rupiah of some frames (columns programme, quarter, kab_kota, amount_rupiah) added up, sorted."""
    parts = [frame.select(*BY, pl.col("amount_rupiah").alias("rupiah")).cast(LEDGER) for frame in signed]
    summed = pl.concat([pl.DataFrame(schema=LEDGER), *parts]).group_by(BY).agg(pl.col("rupiah").sum())
    return summed.filter(pl.col("rupiah") != 0).sort(BY)
