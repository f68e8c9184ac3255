"""What goes in and out of the door: a batch of records of one partition, its facts, its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl

from schemas.columnar.arena import I32, I64, PADDING_BYTES, U8, Encoded

Profile = Literal["simulation", "production"]

# The code of the topic of refusals that cannot be given back to anybody (intake.rejected.unknown).
UNKNOWN_PRODUCER: Final = "unknown"
NIK_BYTES: Final = 16

# One row per refused record, inside the door; `row` is the index in the batch.
REFUSALS = {
    "row": pl.UInt32,
    "code": pl.String,
    "field": pl.String,
    "masked_value": pl.String,
    "event_type": pl.String,
    "producer": pl.String,
}


@dataclass(frozen=True)
class Batch:
    """N records of one partition of an event topic, as the transport hands them over."""

    topic: str  # without realm
    partition: int
    arena: U8  # padded
    starts: I64
    lengths: I32  # -1: null value
    offsets: I64
    timestamps_ms: I64  # the broker's append time


@dataclass(frozen=True)
class FactsOut:
    """N facts, ordered by (input_row, NIK)."""

    nik: U8  # uint8[N, 16], ASCII digits: the Kafka keys, as `streams.partitions.partition_of` takes them
    values: Encoded  # with header
    input_row: I64  # index in the batch of the record that each fact comes from

    def __len__(self) -> int:
        return len(self.input_row)

    def keys(self) -> Encoded:
        """The Kafka keys as spans of a padded arena."""
        rows = len(self.nik)
        arena = np.zeros(rows * NIK_BYTES + PADDING_BYTES, np.uint8)
        arena[: rows * NIK_BYTES] = self.nik.reshape(-1)
        return Encoded(arena, np.arange(rows, dtype=np.int64) * NIK_BYTES, np.full(rows, NIK_BYTES, np.int32))


@dataclass(frozen=True)
class DoorResult:
    """What became of a batch: each record is in `rejected` once, or has facts 1 to n.

    `rejected` has, by `row` (UInt32, index in the batch), the columns of the record `rejected`: code, field,
    masked_value, sentence_id, sentence_en, event_type, producer (`UNKNOWN_PRODUCER` when it could not be
    read or is not registered), topic, partition, offset, received_at, raw. Encode it as it is.
    `visits`: of accepted groundchecks, one row each (columns streams.integrity.visits.VISITS).
    `accepted` and `refused` count records by event type; refused ones whose type could not be read under "".
    """

    facts: FactsOut
    visits: pl.DataFrame
    rejected: pl.DataFrame
    accepted: Mapping[str, int]
    refused: Mapping[str, int]
