"""Zig-zag varints in columns: 7 bits a byte, least significant first, high bit on all but the last."""

import numpy as np

from schemas.columnar.arena import I64, U8, U64, Bool, windows

LONGEST_BYTES = 10

_HIGH_BITS = np.uint64(0x8080_8080_8080_8080)
_LOW_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
_ONE = np.uint64(1)


def read(arena: U8, at: I64, longest_bytes: int) -> tuple[I64, I64, Bool | None]:
    """Read one varint at each position.

    Values, their sizes in bytes, and which are none (longer than `longest_bytes`, or with bits beyond
    its 32 or 64; their size is then `longest_bytes`, their value anything); None: all are good.
    Reads at most 10 bytes from each position, whatever they are: the caller compares sizes with what is left.
    """
    first = arena[at]
    if not (first >= 0x80).any():
        return _unzigzag(first.astype(np.uint64)), np.ones(len(at), np.int64), None
    word = windows(arena, 8)[at].view("<u8")
    stops = ~word & _HIGH_BITS
    upto = stops ^ (stops - _ONE)  # all bits up to the first stop bit; all 64 when there is none
    sizes = (np.bitwise_count(upto) >> 3).astype(np.int64)
    raw = _squeeze(word & upto & _LOW_BITS)
    if longest_bytes < 8:
        bad = (sizes > longest_bytes) | (stops == 0) | (raw >> np.uint64(32) != 0)
    else:
        bad = np.zeros(len(at), np.bool_)
        long = np.flatnonzero(stops == 0)
        if len(long):
            ninth, tenth = arena[at[long] + 8], arena[at[long] + 9]
            ends_at_ninth = ninth < 0x80
            raw[long] |= (ninth & np.uint8(0x7F)).astype(np.uint64) << np.uint64(56)
            raw[long] |= np.where(ends_at_ninth, 0, tenth & 1).astype(np.uint64) << np.uint64(63)
            sizes[long] = np.where(ends_at_ninth, 9, 10)
            bad[long] = ~ends_at_ninth & (tenth > 1)
    if not bad.any():
        return _unzigzag(raw), sizes, None
    sizes[bad] = np.minimum(sizes[bad], longest_bytes)
    return _unzigzag(raw), sizes, bad


def write(values: I64) -> tuple[U8, I64]:
    """The shortest varint of each value: cells uint8[N, width], and how many bytes of each cell count."""
    raw = ((values << 1) ^ (values >> 63)).view(np.uint64)
    sizes = np.ones(len(values), np.int64)
    if not len(values) or int(raw.max()) < 0x80:
        return raw.astype(np.uint8).reshape(-1, 1), sizes
    for size in range(1, LONGEST_BYTES):
        more = raw >> np.uint64(7 * size)
        sizes += more != 0
        if not more.any():
            break
    going_on = np.minimum(sizes - 1, 8).astype(np.uint64)  # bytes of the first eight that have the high bit
    words = _spread(raw & np.uint64((1 << 56) - 1)) | (_HIGH_BITS & _ones_below(going_on * np.uint64(8)))
    cells = words.view(np.uint8).reshape(-1, 8)
    if sizes.max() <= 8:
        return cells, sizes
    top = raw >> np.uint64(56)
    ninth = (top & np.uint64(0x7F)) | np.where(sizes > 9, 0x80, 0).astype(np.uint64)
    tenth = top >> np.uint64(7)
    return np.column_stack([cells, ninth.astype(np.uint8), tenth.astype(np.uint8)]), sizes


def _unzigzag(raw: U64) -> I64:
    return (raw >> _ONE).view(np.int64) ^ -(raw & _ONE).view(np.int64)


def _squeeze(word: U64) -> U64:
    """Eight groups of 7 bits, one a byte, side by side in 56 bits: by pairs, by fours, by eights."""
    word = (word & np.uint64(0x007F007F007F007F)) | ((word & np.uint64(0x7F007F007F007F00)) >> _ONE)
    word = (word & np.uint64(0x00003FFF00003FFF)) | ((word & np.uint64(0x3FFF00003FFF0000)) >> np.uint64(2))
    return (word & np.uint64(0x000000000FFFFFFF)) | ((word & np.uint64(0x0FFFFFFF00000000)) >> np.uint64(4))


def _spread(raw: U64) -> U64:
    """The way back: 56 bits to eight groups of 7 bits, one a byte."""
    raw = (raw & np.uint64(0x000000000FFFFFFF)) | ((raw & np.uint64(0x00FFFFFFF0000000)) << np.uint64(4))
    raw = (raw & np.uint64(0x00003FFF00003FFF)) | ((raw & np.uint64(0x0FFFC0000FFFC000)) << np.uint64(2))
    return (raw & np.uint64(0x007F007F007F007F)) | ((raw & np.uint64(0x3F803F803F803F80)) << _ONE)


def _ones_below(bits: U64) -> U64:
    """A word with so many low bits set; 64 gives all."""
    return np.where(bits < 64, (_ONE << np.minimum(bits, np.uint64(63))) - _ONE, np.uint64(0xFFFFFFFFFFFFFFFF))
