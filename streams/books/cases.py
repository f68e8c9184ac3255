"""Cases: every claim and every decision is in exactly one case, and every objection that may hold holds."""

import polars as pl

from streams.books.frames import LINES, compared
from streams.cases import CLAIMED, COUNTED, OBJECTING, add_counted


def cases_lines(claimed: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES, one per kind; the detail says how the cases stand, late and frivolous ones too.

    Two sources: `claimed` (CLAIMED), the facts that claim or decide, one by one, by the type of their event; `counted`
    (COUNTED), the claims and decisions that the view of cases holds.
    """
    due = add_counted([claimed], CLAIMED).rename({"facts": "events"})
    found = counted.group_by("kind").agg(pl.col("events").sum())
    lines = compared("cases", ["kind"], "{}", due, found, quantities={"events": "claims and decisions, each in a case"})
    late = (~pl.col("timely")).alias("late")
    said = (
        add_counted([counted], COUNTED)
        .group_by("kind", "state", late, maintain_order=True)
        .agg(pl.col("cases").sum())
        .select(pl.col("kind").alias("place"), pl.format("{}{} {}", "state", _late(), "cases").alias("said"))
        .group_by("place", maintain_order=True)
        .agg(pl.col("said").str.join(", "))
    )
    return (
        lines.join(said, on="place", how="left", maintain_order="left")
        .with_columns(pl.col("said").alias("detail"))
        .select(list(LINES))
    )


def _late() -> pl.Expr:
    return pl.when("late").then(pl.lit(" (late)")).otherwise(pl.lit(""))


def objections_lines(objecting: pl.DataFrame, objected: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES, one per programme, both sides OBJECTING: whose objection is open and timely by the register's
    cases, and by what the families were sent of their members.
    """
    what = {"people": "people with an open, timely objection"}
    sides = (add_counted([it], OBJECTING) for it in (objecting, objected))
    return compared("objections", ["programme"], "{}", *sides, quantities=what)
