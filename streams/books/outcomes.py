"""Records: every accepted record between two cuts is new and on time, new and late, or a repetition."""

import polars as pl

from streams.books.frames import LINES, compared
from streams.outcomes import OUTCOME

TYPE = ["event_type"]
QUANTITIES = {"records": "accepted records, each on time, late or repeated"}


def records_lines(accepted: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES, one per event type; the detail says how many were what.

    Two sources: `accepted` (ACCEPTED), the records that stand in the topics between the cuts less those that were
    refused, by their coordinates; `outcomes` (streams.outcomes.OUTCOMES), what the register says of the events whose
    facts it stores. Late events from below both cuts are no records between them, and in no line.
    """
    between = outcomes.filter("between")
    found = between.group_by(TYPE).agg(pl.col("records").sum())
    due = accepted.group_by(TYPE).agg(pl.col("records").sum()).filter(pl.col("records") != 0)
    lines = compared("records", TYPE, "{}", due, found, quantities=QUANTITIES)
    counts = between.pivot("outcome", index="event_type", values="records", aggregate_function="sum")
    names = [name for name in OUTCOME.categories if name in counts.columns]
    said = pl.concat_str(
        [pl.format("{} {}", pl.lit(name), pl.col(name).fill_null(0)) for name in names], separator=", "
    )
    details = counts.select(pl.col("event_type").alias("place"), said.alias("said")) if names else None
    if details is None:
        return lines
    return (
        lines.join(details, on="place", how="left", maintain_order="left")
        .with_columns(pl.col("said").alias("detail"))
        .select(list(LINES))
    )
