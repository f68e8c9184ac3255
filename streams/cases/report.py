"""Ageing and outcome of cases, by whatever column they are looked at."""

from __future__ import annotations

import polars as pl

from streams.cases.columns import OPEN, OVERDUE

# Counts of cases per value; `late`: objections made after their time; `joined`: claims that came again for a case;
# days from opening to decision, or until now.
AGEING = pl.Schema(
    {
        "cases": pl.Int64(),
        "open": pl.Int64(),
        "overdue": pl.Int64(),
        "accepted": pl.Int64(),
        "rejected": pl.Int64(),
        "frivolous": pl.Int64(),
        "withdrawn": pl.Int64(),
        "late": pl.Int64(),
        "joined": pl.Int64(),
        "repeated": pl.Int64(),
        "days_median": pl.Int64(),
        "days_most": pl.Int64(),
    }
)
NOWHERE = "-"  # of a case without a channel, of a person without an address


def ageing(cases: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Columns `by` and AGEING, sorted by `by`.

    `cases`: columns CASES and whatever else is in `by`. `channel` is the first channel of a case in the order of their
    names, so that a case counts once.
    """
    table = cases.with_columns(pl.col("channels").list.first().alias("channel"))
    state = pl.col("state").cast(pl.String)
    return (
        table.with_columns(pl.col(name).cast(pl.String).fill_null(NOWHERE) for name in by)
        .group_by(by)
        .agg(
            pl.len().alias("cases"),
            (state == OPEN).sum().alias("open"),
            (state == OVERDUE).sum().alias("overdue"),
            (state == "DITERIMA").sum().alias("accepted"),
            (state == "DITOLAK").sum().alias("rejected"),
            (state == "TIDAK_BERDASAR").sum().alias("frivolous"),
            (state == "DITARIK").sum().alias("withdrawn"),
            (~pl.col("timely")).sum().alias("late"),
            pl.max_horizontal(pl.col("claims") - 1, 0).sum().alias("joined"),
            pl.col("repeats").sum().alias("repeated"),
            pl.col("age_days").median().floor().alias("days_median"),
            pl.col("age_days").max().alias("days_most"),
        )
        .select(*by, *(pl.col(name).cast(dtype) for name, dtype in AGEING.items()))
        .sort(by)
    )
