"""What became of accepted records: new and in time, new but late, or a repetition.

A record of an event topic that the door accepts becomes the facts 1 to n of its event; it is counted by the first
of them, so once, whatever n is. An event is *late* in the quarter that takes it if it was written down on or before
the last day of the quarter before, whose cut did not take it (architecture.md 6); or if it stood below that cut and
reached `register.facts` only behind that quarter's command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from streams.facts import COORDINATE_AT, COORDINATE_BYTES, COPIES, CUT, below_cut, copies_frame, first_copies

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from streams.facts import Mask, Rows

PLACE_AT = COORDINATE_AT + COORDINATE_BYTES
WIB_OFFSET = "7h"  # recorded_at is UTC, and days are those of Jakarta
EVER = np.iinfo(np.int64).max

OUTCOME = pl.Enum(["ON_TIME", "LATE", "REPEATED"])
# One row per accepted record of some facts; `row` counts the rows of the store's chunk. `same`: the content is that
# of the first copy. `first_copy`: it is the row itself.
RECORDS = {**COPIES, "first_copy": pl.Boolean}
# Records by what became of them. `between`: they stand between the two cuts; a late one may stand below both.
OUTCOMES = pl.Schema(
    {
        "event_type": pl.String(),
        "producer": pl.UInt16(),
        "outcome": OUTCOME,
        "between": pl.Boolean(),
        "records": pl.Int64(),
    }
)
_KEYS = ["event_type", "producer", "outcome", "between"]


@dataclass(frozen=True)
class Bounds:
    """A cut (columns `streams.facts.CUT`), the offset of its run's command, and the quarter's last day."""

    cut: pl.DataFrame
    command_offset: int
    last_day: dt.date


def accepted_records(rows: Rows) -> pl.DataFrame:
    """The records behind the rows of a chunk that are the first fact of their event: columns RECORDS.

    A record that was read again, so that its facts stand in `register.facts` twice, is one record. The copy that the
    row holds comes first, further ones by their place in `register.facts`.
    """
    first = first_copies(rows).filter(pl.Series(_first_of_event(rows)))
    places = rows.copy_values[:, :2].copy().view(">u2").ravel()
    further = (
        copies_frame(rows)
        .filter(pl.Series(places == 1))
        .join(first, on=["row", "topic_number", "partition", "offset"], how="anti")
        .sort("facts_offset")
        .unique(["row", "topic_number", "partition", "offset"], keep="first", maintain_order=True)
    )
    yes, no = pl.lit(value=True), pl.lit(value=False)
    return pl.concat(
        [
            first.with_columns(yes.alias("same"), yes.alias("first_copy")).select(*RECORDS),
            further.with_columns(no.alias("first_copy")).select(*RECORDS),
        ]
    )


def _first_of_event(rows: Rows) -> Mask:
    at = rows.starts[:, None] + np.arange(PLACE_AT, PLACE_AT + 2)
    first: Mask = (rows.arena[at] == (0, 1)).all(axis=1)
    return first


def outcomes(
    rows: Rows, facts: pl.DataFrame, inside: Mask, inside_before: Mask, now: Bounds, before: Bounds | None
) -> pl.DataFrame:
    """What became of the records that this quarter's cut takes and the previous one did not: columns OUTCOMES.

    `facts`: the frame of `rows`; `inside` and `inside_before`: which of them belong to this quarter, and to the
    previous one (`before`, None if there is none: nothing is late then). Of a new fact one record counts, the first
    of those below the cut; every other record between the two cuts is REPEATED.
    """
    records = accepted_records(rows)
    between = below_cut(records, now.cut, EVER)
    if before is not None:
        between &= ~below_cut(records, before.cut, EVER)
    row = records.get_column("row").to_numpy()
    may_count = (inside & ~inside_before)[row] & records.get_column("same").to_numpy()
    may_count &= below_cut(records, now.cut, now.command_offset)
    chosen = np.flatnonzero(may_count)
    # records of one row are in the order of register.facts, and so the first of each row counts
    _, first = np.unique(row[chosen], return_index=True)
    counts = np.zeros(records.height, np.bool_)
    counts[chosen[first]] = True
    late = counts & (recorded_by(facts, before.last_day)[row] | ~between) if before else np.zeros_like(counts)
    told = np.flatnonzero(between | counts)
    names = np.select([late[told], counts[told]], ["LATE", "ON_TIME"], "REPEATED")
    return (
        facts.select("event_type", "producer")[row[told]]
        .with_columns(pl.Series("outcome", names, OUTCOME), pl.Series("between", between[told]))
        .group_by(_KEYS)
        .agg(pl.len().cast(pl.Int64).alias("records"))
        .select(list(OUTCOMES))
        .sort(_KEYS)
    )


def recorded_by(facts: pl.DataFrame, day: dt.date) -> Mask:
    """Which facts an office had written down by the end of a day in Jakarta: bool[N]."""
    written: Mask = facts.select(recorded_on() <= day).to_series().to_numpy()
    return written


def recorded_on() -> pl.Expr:
    """The day in Jakarta (WIB) on which a fact was written down, from `recorded_at`."""
    return pl.col("recorded_at").dt.offset_by(WIB_OFFSET).dt.date()


def add_outcomes(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Outcomes of several chunks or partitions added up: columns OUTCOMES."""
    return pl.concat([pl.DataFrame(schema=OUTCOMES), *parts]).group_by(_KEYS).agg(pl.col("records").sum()).sort(_KEYS)


def late_events(told: pl.DataFrame) -> pl.DataFrame:
    """Late events by event type and producer (event_type, producer, records), from OUTCOMES."""
    keys = ["event_type", "producer"]
    return told.filter(pl.col("outcome") == "LATE").group_by(keys).agg(pl.col("records").sum()).sort(keys)


__all__ = [
    "CUT",
    "OUTCOME",
    "OUTCOMES",
    "RECORDS",
    "Bounds",
    "accepted_records",
    "add_outcomes",
    "late_events",
    "outcomes",
    "recorded_by",
    "recorded_on",
]
