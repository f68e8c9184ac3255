"""Which facts of a batch are new, which are further copies, and which of these say something else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from agents.store.layout import (
    CONTENT_FROM,
    COORDINATE,
    COPY_KEY_BYTES,
    HEADER_BYTES,
    KEY_TAIL,
    NIK_BYTES,
    OFFSET_BYTES,
    PLACE,
    PLACE_BYTES,
    ROW_KEY_BYTES,
)
from agents.transport.records import I64, U8, Records, Spans
from schemas import slow
from schemas.columnar.arena import Encoded, copy_spans
from schemas.registry import contracts

Bool = NDArray[np.bool_]
Lookup = Callable[[list[bytes]], list[bytes | None]]
Pairs = tuple[list[bytes], list[bytes]]
NOT_CONTENT = ("coordinate", "place")  # where a copy stands, and its place among the event's facts


@dataclass(frozen=True, eq=False, slots=True)
class FactBatch:
    """Facts as they stand in register.facts: row keys (N, 34), values, and their offsets, ascending."""

    keys: U8
    values: Spans
    offsets: I64

    @classmethod
    def none(cls) -> Self:
        """No facts: what a batch of commands holds."""
        empty = Encoded(np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int32))
        return cls(np.zeros((0, ROW_KEY_BYTES), np.uint8), empty, np.zeros(0, np.int64))

    @classmethod
    def from_records(cls, records: Records, rows: I64) -> Self:
        """The facts among the records, by number of row.

        Raises ValueError for a record that is no fact: a key that is no NIK, or a value that is too short.
        """
        key_lengths, value_lengths = records.key_lengths[rows], records.value_lengths[rows]
        wrong = np.flatnonzero((key_lengths != NIK_BYTES) | (value_lengths < CONTENT_FROM))
        if len(wrong):
            raise ValueError(
                f"{records.topic}[{records.partition}]: the record at offset {records.offsets[rows][wrong[0]]} has a "
                f"key of {key_lengths[wrong[0]]} bytes and a value of {value_lengths[wrong[0]]}; a fact has a NIK of "
                f"{NIK_BYTES} digits as its key and at least {CONTENT_FROM} bytes: see who writes to this topic"
            )
        values = Encoded(records.arena, records.value_starts[rows], value_lengths)
        niks = records.arena[records.key_starts[rows][:, None] + np.arange(NIK_BYTES)]
        return cls(row_keys(niks, values), values, records.offsets[rows])


@dataclass(frozen=True, eq=False, slots=True)
class Applied:
    """What became of each fact of a batch, in the batch's order; a fact in none of these was stored before.

    `is_new`: its row was written. `is_copy`: it is a further copy of a row. `is_other`: it is a copy, and its content
    is not that of the first (one event with two contents: the first counts, this is a finding).
    """

    is_new: Bool
    is_copy: Bool
    is_other: Bool

    @property
    def new(self) -> int:
        """How many rows were written."""
        return int(self.is_new.sum())


@dataclass(frozen=True, eq=False, slots=True)
class Puts:
    """Sorted keys and their values: rows for the default family, copies for theirs."""

    rows: Pairs
    copies: Pairs
    applied: Applied


def fact_puts(batch: FactBatch, lookup: Lookup) -> Puts:
    """Compare the facts of a batch with the stored rows.

    `lookup` gives the stored values of sorted row keys. The first copy of an event becomes its row; a fact at the
    offset of the stored row is that row itself, so that a batch done again changes nothing.
    """
    keys, values, offsets = batch.keys, batch.values, batch.offsets
    count = len(offsets)
    applied = Applied(*(np.zeros(count, np.bool_) for _ in range(3)))
    if count == 0:
        return Puts(([], []), ([], []), applied)
    # S compares as unsigned bytes, and all keys are of one width; stable, so that copies stay in order of offset.
    order = np.argsort(np.ascontiguousarray(keys).view(f"S{ROW_KEY_BYTES}").ravel(), kind="stable")
    ordered = keys[order]
    first = np.ones(count, np.bool_)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    heads = np.flatnonzero(first)
    names, rows = _items(ordered), _row_values(values, offsets, order)
    stored = lookup([names[i] for i in heads.tolist()])
    new = np.zeros(count, np.bool_)
    new[heads[[value is None for value in stored]]] = True
    originals = [rows[head] if value is None else value for head, value in zip(heads.tolist(), stored, strict=True)]
    copies: Pairs = ([], [])
    key_number = np.cumsum(first) - 1
    for i in np.flatnonzero(~new).tolist():  # none in a batch of new facts
        original = originals[key_number[i]]
        if original[:OFFSET_BYTES] == rows[i][:OFFSET_BYTES]:
            continue
        other = not _same_content(original, rows[i])
        applied.is_copy[order[i]] = True
        applied.is_other[order[i]] = other
        fact = rows[i][OFFSET_BYTES:]
        copies[0].append(names[i] + fact[COORDINATE] + rows[i][:OFFSET_BYTES])
        copies[1].append(fact[PLACE] + bytes([other]))
    applied.is_new[order[new]] = True
    chosen = np.flatnonzero(new).tolist()
    return Puts(([names[i] for i in chosen], [rows[i] for i in chosen]), copies, applied)


def _same_content(first: bytes, further: bytes) -> bool:
    """Whether two rows of one event say the same.

    An event that two releases took in may have been written by two versions of the schema; what the older one
    cannot say is then no difference. Such pairs are rare (events read again after a release), so the slow path
    compares them.
    """
    values = first[OFFSET_BYTES:], further[OFFSET_BYTES:]
    if values[0][CONTENT_FROM:] == values[1][CONTENT_FROM:]:
        return True
    if values[0][:HEADER_BYTES] == values[1][:HEADER_BYTES]:
        return False
    contents = slow.decode_as_older(contracts().by_name["fact"], values)
    return all(contents[0][name] == contents[1][name] for name in contents[0] if name not in NOT_CONTENT)


def _items(rows: U8) -> list[bytes]:
    """Each row of a 2-d array as bytes."""
    items: list[bytes] = np.ascontiguousarray(rows).view(f"V{rows.shape[1]}").ravel().tolist()
    return items


def _row_values(values: Spans, offsets: I64, order: I64) -> list[bytes]:
    """Offset and fact of each row, in `order`: what is stored."""
    lengths = values.lengths[order].astype(np.int64)
    ends = np.cumsum(lengths + OFFSET_BYTES)
    starts = ends - lengths - OFFSET_BYTES
    target = np.empty(int(ends[-1]), np.uint8)
    target[starts[:, None] + np.arange(OFFSET_BYTES)] = (
        offsets[order].astype(">u8").view(np.uint8).reshape(-1, OFFSET_BYTES)
    )
    copy_spans(target, starts + OFFSET_BYTES, values.arena, values.starts[order], lengths)
    whole = target.tobytes()
    return [whole[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def row_keys(niks: U8, values: Spans) -> U8:
    """Row keys (N, 34) of facts: `niks` (N, 16), and producer and event_id out of the values."""
    tail = values.arena[values.starts[:, None] + np.arange(KEY_TAIL.start, KEY_TAIL.stop)]
    return np.concatenate([niks, tail], axis=1)


def split_copies(keys: Sequence[bytes], values: Sequence[bytes]) -> tuple[U8, U8]:
    """Copy keys (N, 56) and values (N, 5) as columns."""
    return (
        np.frombuffer(b"".join(keys), np.uint8).reshape(-1, COPY_KEY_BYTES),
        np.frombuffer(b"".join(values), np.uint8).reshape(-1, PLACE_BYTES + 1),
    )
