"""One fetched batch of one partition, in columns."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

NULL_LENGTH = -1  # Kafka tells a null key or value from an empty one by this length


class Spans(Protocol):
    """N byte strings: `lengths[i]` bytes at `starts[i]` of `arena`. `schemas.columnar` makes these."""

    @property
    def arena(self) -> U8: ...
    @property
    def starts(self) -> I64: ...
    @property
    def lengths(self) -> I32: ...


@dataclass(frozen=True, eq=False, slots=True)
class Records:
    """N records of one partition, in the order of their offsets, and the position behind them.

    `arena` is read only and ends with at least 64 zero bytes. A length of -1 is a null key or value; the header
    spans hold the count of headers (varint) and the headers, as Kafka writes them. Control records and records of
    aborted transactions are left out but counted in `next_offset`, so N may be 0.
    """

    topic: str
    partition: int
    arena: U8
    offsets: I64
    timestamps_ms: I64
    key_starts: I64
    key_lengths: I32
    value_starts: I64
    value_lengths: I32
    header_starts: I64
    header_lengths: I32
    next_offset: int

    def __len__(self) -> int:
        return len(self.offsets)

    def between(self, first: int, last: int) -> "Records":
        """The records with first <= offset <= last, over the same arena; `next_offset` at most last + 1."""
        rows = slice(
            int(np.searchsorted(self.offsets, first, side="left")),
            int(np.searchsorted(self.offsets, last, side="right")),
        )
        return Records(
            self.topic,
            self.partition,
            self.arena,
            self.offsets[rows],
            self.timestamps_ms[rows],
            self.key_starts[rows],
            self.key_lengths[rows],
            self.value_starts[rows],
            self.value_lengths[rows],
            self.header_starts[rows],
            self.header_lengths[rows],
            min(self.next_offset, last + 1),
        )
