"""Kafka's varints (zigzag, 7 bits a byte, least significant first), for all rows at once."""

import numpy as np

from agents.transport.records import I64, U8

MAXIMUM_BYTES = 10  # a signed 64-bit number


class MalformedVarintError(ValueError):
    """A number runs on beyond ten bytes, or beyond the end of its buffer."""


def read(arena: U8, at: I64) -> tuple[I64, I64]:
    """The numbers at positions `at`, and the positions behind them.

    Raises MalformedVarintError for a number longer than ten bytes.
    """
    first = arena[at]
    raw = (first & 0x7F).astype(np.uint64)
    behind = at + 1
    open_rows = np.flatnonzero(first & 0x80)
    for round_ in range(1, MAXIMUM_BYTES):
        if not len(open_rows):
            break
        byte = arena[behind[open_rows]]
        raw[open_rows] |= (byte & 0x7F).astype(np.uint64) << np.uint64(7 * round_)
        behind[open_rows] += 1
        open_rows = open_rows[byte >= 0x80]
    if len(open_rows):
        raise MalformedVarintError(f"a varint of more than {MAXIMUM_BYTES} bytes at byte {int(at[open_rows[0]])}")
    return (raw >> np.uint64(1)).view(np.int64) ^ -(raw & np.uint64(1)).view(np.int64), behind


def sizes(numbers: I64) -> I64:
    """How many bytes `write` takes for each number."""
    raw = _zigzag(numbers)
    size = np.ones(len(raw), np.int64)
    for bits in range(7, 64, 7):
        longer = raw >> np.uint64(bits) != 0
        if not longer.any():
            break
        size += longer
    return size


def write(target: U8, at: I64, numbers: I64) -> I64:
    """Write the numbers to positions `at` of `target`; the positions behind them."""
    raw = _zigzag(numbers)
    behind = at.copy()
    rows = np.arange(len(raw))
    while len(rows):
        rest = raw[rows] >> np.uint64(7)
        more = rest != 0
        target[behind[rows]] = (raw[rows] & np.uint64(0x7F)).astype(np.uint8) | (more.astype(np.uint8) << 7)
        behind[rows] += 1
        raw[rows] = rest
        rows = rows[more]
    return behind


def scalar(number: int) -> bytes:
    """One number, for the few that frame a batch."""
    raw = (number << 1) ^ (number >> 63)
    parts = bytearray()
    while raw >= 0x80:
        parts.append(raw & 0x7F | 0x80)
        raw >>= 7
    parts.append(raw)
    return bytes(parts)


def _zigzag(numbers: I64) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return ((numbers << 1) ^ (numbers >> 63)).view(np.uint64)
