"""Values of many records side by side in one arena: how visits are kept and read, without an object for each."""

from collections.abc import Sequence

import numpy as np

from agents.transport.records import Records
from schemas.columnar.arena import I64, PADDING_BYTES, U8, Encoded, copy_spans, starts_of

COUNT_BYTES = LENGTH_BYTES = 4


def values_of(records: Records) -> Encoded:
    """The values of a batch, over its arena; those that are null (nobody writes such) are left out."""
    there = records.value_lengths >= 0
    return Encoded(records.arena, records.value_starts[there], records.value_lengths[there])


def pack(values: Encoded) -> bytes:
    """One byte string that holds them all: how many, the length of each (both 4 bytes, little endian), the bytes."""
    lengths = values.lengths.astype(np.int64)
    head = COUNT_BYTES + LENGTH_BYTES * len(values)
    packed = np.zeros(head + int(lengths.sum()), np.uint8)
    packed[:COUNT_BYTES] = np.array([len(values)], "<u4").view(np.uint8)
    packed[COUNT_BYTES:head] = values.lengths.astype("<u4").view(np.uint8)
    if len(values):
        copy_spans(packed, head + starts_of(lengths), values.arena, values.starts, lengths)
    return packed.tobytes()


def unpack(packed: Sequence[bytes]) -> Encoded:
    """The values of all these, one after another, in one padded arena. One step for each that was packed."""
    arena = np.frombuffer(b"".join([*packed, bytes(PADDING_BYTES)]), np.uint8)
    starts: list[I64] = [np.zeros(0, np.int64)]
    sizes: list[I64] = [np.zeros(0, np.int64)]
    begin = 0
    for part in packed:
        count = int.from_bytes(part[:COUNT_BYTES], "little")
        first = begin + COUNT_BYTES + LENGTH_BYTES * count
        lengths = _words(arena, begin + COUNT_BYTES, count)
        sizes.append(lengths)
        starts.append(first + (np.cumsum(lengths) - lengths))
        begin += len(part)
    return Encoded(arena, np.concatenate(starts), np.concatenate(sizes).astype(np.int32))


def _words(arena: U8, begin: int, count: int) -> I64:
    return arena[begin : begin + LENGTH_BYTES * count].copy().view("<u4").astype(np.int64)
