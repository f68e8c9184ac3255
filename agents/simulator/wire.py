"""Events as they go to Kafka: topic, key, CloudEvents headers, and the framed Avro value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from agents.clients.cloudevents import HEADERS, TYPE_PREFIX
from agents.simulator.damage import DAMAGE, MISPLACED, damaged
from agents.simulator.disorder import ORDER, PLANT
from agents.simulator.log import KEY
from agents.simulator.randomness import random_for
from schemas.columnar import encode
from schemas.columnar.plan import ROOT, plan_of
from schemas.registry import Contract, contracts

if TYPE_CHECKING:
    from agents.simulator.log import Events
    from schemas.columnar.arena import Encoded

# Columns of a frame to send, one row per record, in the order of sending. `value` is null for a
# planted tombstone.
WIRE = {"topic": pl.String, "key": pl.Binary, "value": pl.Binary, **dict.fromkeys(HEADERS, pl.String)}


def wire_frame(events: dict[str, Events], seed: int) -> pl.DataFrame:
    """All events of a quarter in the order of sending, columns as `WIRE`; topics without realm."""
    some = [(name, each) for name, each in sorted(events.items()) if each.frame.height]
    parts = [_encoded(contracts().by_name[name], each, seed) for name, each in some]
    whole = pl.concat(parts).with_row_index("place").sort(ORDER, "place")
    return whole.select(*WIRE)


def _encoded(contract: Contract, events: Events, seed: int) -> pl.DataFrame:
    shaped, children = shape(contract, events)
    values = _binary(encode(contract, shaped, children, header=True))
    frame = events.frame.select(
        pl.lit(contract.topic).alias("topic"),
        pl.col(KEY).cast(pl.Binary).alias("key"),
        values.alias("value"),
        _uuid_text().alias("ce_id"),
        pl.format("urn:dtsen:{}:{}", "producer", "office").alias("ce_source"),
        pl.lit(f"{TYPE_PREFIX}{contract.event_type}").alias("ce_type"),
        pl.col("recorded_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").alias("ce_time"),
        ORDER,
        PLANT,
    )
    return _damage(frame, seed)


def shape(contract: Contract, events: Events) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """(frame, children) with exactly the contract's columns and types, `row` first in both."""
    tables = plan_of(contract).tables

    def shaped(frame: pl.DataFrame, path: str) -> pl.DataFrame:
        table = tables[path]
        columns = [
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in table.schema.items()
        ]
        absent = [pl.col(name).fill_null(value=False) for name in table.presence]
        return frame.select(pl.col("row").cast(pl.UInt32), *columns).with_columns(absent)

    empty = pl.DataFrame(schema={"row": pl.UInt32})
    children = {path: shaped(events.children.get(path, empty), path) for path in tables if path != ROOT}
    return shaped(events.frame, ROOT), children


def _binary(encoded: Encoded) -> pl.Series:
    """Encoded values as a Binary column, without a Python object per value."""
    ends = encoded.starts + encoded.lengths
    contiguous = len(ends) == 0 or bool(np.array_equal(encoded.starts[1:], ends[:-1]))
    assert contiguous, "the encoder writes values side by side"
    offsets = np.concatenate([encoded.starts, ends[-1:]]) if len(ends) else np.zeros(1, np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(encoded.arena)]
    series = pl.from_arrow(pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(ends), buffers))
    assert isinstance(series, pl.Series)
    return series


def _uuid_text() -> pl.Expr:
    """The id in the usual writing, 8-4-4-4-12."""
    text = pl.col("event_id").bin.encode("hex")
    cuts = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    return pl.concat_str([text.str.slice(start, length) for start, length in cuts], separator="-")


def _damage(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Damage the planted rows that need it, and send the misplaced ones to the other topic."""
    for kind, goal in MISPLACED.items():
        topic = contracts().by_name[goal].topic
        frame = frame.with_columns(pl.when(pl.col(PLANT) == kind).then(pl.lit(topic)).otherwise("topic").alias("topic"))
    for kind in DAMAGE:
        rows = frame.with_row_index("row").filter(pl.col(PLANT) == kind)
        if rows.height:
            random = random_for(seed, "damage", kind, rows["ce_id"][0])
            values = damaged(rows["value"].to_list(), kind, random)
            column = frame["value"].scatter(rows["row"], pl.Series(values, dtype=pl.Binary))
            frame = frame.with_columns(column.alias("value"))
    return frame
