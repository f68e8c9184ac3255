"""A producer's day: how many of its records were accepted, how many of these late, and how many repeated.

Counted from what the store holds, whenever somebody asks, so that no crash and no repetition can make it wrong. A
record belongs to the day (WIB) of the broker's append time: that is, to a range of offsets of its partition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from streams.facts import NIK_BYTES, Rows, below, below_cut, copies_frame, facts_frame
from streams.outcomes import EVER, Bounds, accepted_records, recorded_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.registry import Contract
    from streams.facts import U8, Mask

# Which offsets of a partition were appended on a day: first <= offset < end.
WINDOWS = pl.Schema(
    {
        "topic_number": pl.UInt16,
        "partition": pl.UInt32,
        "day": pl.Date,
        "first": pl.Int64,
        "end": pl.Int64,
    }
)
# `accepted`: new events; `late`: how many of these; `repeated`: further copies of events, whatever they say.
DAILY = pl.Schema(
    {
        "topic_number": pl.UInt16,
        "day": pl.Date,
        "accepted": pl.Int64,
        "late": pl.Int64,
        "repeated": pl.Int64,
    }
)
_PARTITION = ["topic_number", "partition"]
_KEYS = ["topic_number", "day"]


def daily(
    rows: Rows,
    contract: Contract,
    authorities: Mapping[int, int],
    producer: int,
    windows: pl.DataFrame,
    quarters: Sequence[Bounds],
) -> pl.DataFrame:
    """What became of one producer's accepted records of some days: columns DAILY, sorted by topic number and day.

    `rows`: a chunk of the store, whole NIK; `windows`: columns WINDOWS; `quarters`: the opened ones, oldest first, each
    with its cut and its sealed run's command (EVER while there is none). An event is accepted on the day of the copy
    that was stored first; every other record of it is repeated, on its own day. Only what lies in these days is
    decoded.
    """
    mine = _chosen(rows, _of_producer(rows.keys, producer), _of_producer(rows.copy_keys, producer))
    records = dated(accepted_records(mine), windows)
    first = records.filter("first_copy")
    late = _late(_only(mine, first.get_column("row").to_numpy()), contract, authorities, quarters)
    counted = pl.concat(
        [
            first.select(*_KEYS, pl.lit(1).alias("accepted"), pl.Series("late", late), pl.lit(0).alias("repeated")),
            records.filter(~pl.col("first_copy")).select(
                *_KEYS, pl.lit(0).alias("accepted"), pl.lit(value=False).alias("late"), pl.lit(1).alias("repeated")
            ),
        ]
    )
    return add_daily([counted.select(pl.col(name).cast(dtype) for name, dtype in DAILY.items())])


def add_daily(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Counts of several chunks or partitions added up: columns DAILY."""
    return (
        pl.concat([pl.DataFrame(schema=DAILY), *parts])
        .group_by(_KEYS)
        .agg(pl.col("accepted", "late", "repeated").sum())
        .sort(_KEYS)
    )


def dated(records: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """The records (topic_number, partition, offset) that lie in a window, with its day, in their order."""
    bounds = windows.filter(pl.col("first") < pl.col("end")).sort("first")
    found = (
        records.with_row_index("place")
        .sort("offset")
        .join_asof(
            bounds, left_on="offset", right_on="first", by=_PARTITION, strategy="backward", check_sortedness=False
        )
    )
    return found.filter(pl.col("offset") < pl.col("end")).sort("place").drop("place", "end", "first", strict=False)


def _late(rows: Rows, contract: Contract, authorities: Mapping[int, int], quarters: Sequence[Bounds]) -> Mask:
    """Which events are late in the quarter that takes them, or will: written down by the last day of the one before,
    or standing below its cut.
    """
    facts = facts_frame(rows, contract, authorities)
    copies = copies_frame(rows)
    late = np.zeros(facts.height, np.bool_)
    taken = np.zeros(facts.height, np.bool_)
    for quarter, following in zip(quarters, [*quarters, None][1:], strict=True):
        taken |= below(facts, copies, quarter.cut, quarter.command_offset)
        overdue = recorded_by(facts, quarter.last_day) | below_cut(facts, quarter.cut, EVER)
        inside = (
            np.ones_like(taken) if following is None else below(facts, copies, following.cut, following.command_offset)
        )
        late |= ~taken & inside & overdue
    return late


def _of_producer(keys: U8, producer: int) -> Mask:
    mine: Mask = (keys[:, NIK_BYTES : NIK_BYTES + 2] == np.frombuffer(producer.to_bytes(2), np.uint8)).all(axis=1)
    return mine


def _chosen(rows: Rows, which: Mask, copies: Mask) -> Rows:
    return Rows(
        rows.keys[which],
        rows.arena,
        rows.starts[which],
        rows.lengths[which],
        rows.copy_keys[copies],
        rows.copy_values[copies],
    )


def _only(rows: Rows, places: np.ndarray) -> Rows:
    """Some rows with their copies, in the order of their keys. `places`: each once, ascending."""
    which = np.zeros(len(rows.keys), np.bool_)
    which[places] = True
    owners = copies_frame(rows).get_column("row").to_numpy()
    return _chosen(rows, which, which[owners])
