"""Strings as references into the arena (Arrow's string views), and the check that they are UTF-8.

A view is four 32-bit words: length; then, up to 12 bytes, the bytes themselves; else their first
four, the number of the buffer (always 0: the arena) and the start in it.
"""

import numpy as np
import pyarrow as pa

from schemas.columnar.arena import I32, I64, U8, Bool, starts_of, windows

INLINE_BYTES = 12
ARENA_LIMIT_BYTES = (1 << 31) - 1  # a view's start is a signed word of 32 bits
PART_BYTES = 1 << 20

_INLINE_MASKS = np.array([[255] * n + [0] * (INLINE_BYTES - n) for n in range(INLINE_BYTES + 1)], np.uint8).view("<i4")


def views_of(arena: U8, starts: I64, lengths: I64) -> I32:
    """Views int32[N, 4] of spans that lie in the arena."""
    views = np.zeros((len(starts), 4), np.int32)
    views[:, 0] = lengths
    inline = lengths <= INLINE_BYTES
    if not inline.all():
        views[:, 1] = windows(arena, 4)[starts].view("<i4")
        views[:, 3] = starts
    short = np.flatnonzero(inline)
    if len(short):
        words = windows(arena, INLINE_BYTES)[starts[short]].view("<i4").reshape(-1, 3)
        views[short, 1:] = words & _INLINE_MASKS[lengths[short]]
    return views


def not_utf8(arena: U8, starts: I64, lengths: I64, views: I32) -> Bool | None:
    """Which of the spans are not UTF-8 (surrogates and overlong forms are not); None: all are."""
    array = pa.Array.from_buffers(pa.string_view(), len(views), [None, pa.py_buffer(views), pa.py_buffer(arena)])
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        # Some 50 bytes of memory per byte of text are needed, so a large column is taken in parts.
        edges = np.flatnonzero(np.diff(starts_of(lengths) // PART_BYTES, prepend=-1))
        parts = zip(np.split(starts, edges[1:]), np.split(lengths, edges[1:]), strict=True)
        return np.concatenate([_not_utf8(arena, *part) for part in parts])
    return None


def _not_utf8(arena: U8, starts: I64, lengths: I64) -> Bool:
    """The same by classes of bytes, for all spans at once: slower, but it says which."""
    owner = np.repeat(np.arange(len(starts)), lengths)
    place = np.arange(len(owner)) - np.repeat(starts_of(lengths), lengths)
    text = arena[np.repeat(starts, lengths) + place]
    left = np.repeat(lengths, lengths) - place  # bytes of the span from here on
    # How many bytes must follow a lead byte; ASCII and continuation bytes ask for none.
    follow = (text >= 0xC2).astype(np.int64) + (text >= 0xE0) + (text >= 0xF0)
    continued = (text >= 0x80) & (text < 0xC0)
    wanted = np.zeros(len(text), np.bool_)
    for distance in (1, 2, 3):
        wanted[distance:] |= (follow[:-distance] >= distance) & (owner[distance:] == owner[:-distance])
    bad = (continued != wanted) | (follow >= left) | (text == 0xC0) | (text == 0xC1) | (text > 0xF4)
    # After E0 and F0 a small second byte would be an overlong form; after ED a surrogate; after F4 too large.
    lead, second = text[:-1], text[1:]
    bad[:-1] |= (
        ((lead == 0xE0) & (second < 0xA0))
        | ((lead == 0xED) & (second > 0x9F))
        | ((lead == 0xF0) & (second < 0x90))
        | ((lead == 0xF4) & (second > 0x8F))
    )
    found = np.zeros(len(starts), np.bool_)
    found[owner[bad]] = True
    return found
