"""The arena: one array of bytes for a whole batch, and moves of many spans at once.

`windows(arena, width)` is a view in which item i is the `width` bytes from position i: so one fancy
index reads or writes `width` bytes at any position for all rows. Its items are of a void type, whose
alignment is one byte, so that numpy needs no copy for odd addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Bool = NDArray[np.bool_]

PADDING_BYTES = 64  # every arena ends with as many zero bytes, so that a window at its end stays inside


@dataclass(frozen=True)
class Encoded:
    """N byte strings as spans of a padded arena."""

    arena: U8
    starts: I64
    lengths: I32

    def __len__(self) -> int:
        return len(self.starts)

    def to_list(self) -> list[bytes]:
        """The byte strings as Python objects: for tests, tools and a handful of rows."""
        whole = self.arena.tobytes()
        return [
            whole[start : start + length]
            for start, length in zip(self.starts.tolist(), self.lengths.tolist(), strict=True)
        ]


def join(values: Sequence[bytes]) -> Encoded:
    """Byte strings side by side in one padded arena."""
    lengths = np.fromiter(map(len, values), np.int32, len(values))
    arena = np.frombuffer(b"".join([*values, bytes(PADDING_BYTES)]), np.uint8)
    return Encoded(arena, starts_of(lengths), lengths)


def starts_of(lengths: NDArray[np.integer]) -> I64:
    """Where each span begins when spans of these lengths stand side by side."""
    starts = np.zeros(len(lengths), np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    return starts


def pad(arena: U8) -> U8:
    """A copy of the arena with the padding that every arena needs at its end."""
    padded = np.zeros(len(arena) + PADDING_BYTES, np.uint8)
    padded[: len(arena)] = arena
    return padded


def check_spans(arena: U8, starts: I64, ends: I64) -> None:
    """Raise ValueError if a span, or a window that begins in or right after one, could leave the arena."""
    if not len(starts):
        return
    first, last = int(starts.min()), int(ends.max())
    if first < 0 or last + PADDING_BYTES > len(arena):
        raise ValueError(
            f"spans reach from {first} to {last} in an arena of {len(arena)} bytes: spans must lie inside it, "
            f"and {PADDING_BYTES} bytes of padding must follow the last one (schemas.columnar.arena.pad)"
        )


def windows(arena: U8, width: int) -> NDArray[np.void]:
    """The view whose item i is the `width` bytes of `arena` from i on (void items; empty if the arena is shorter)."""
    count = max(len(arena) - width + 1, 0)
    whole = arena[: len(arena) // width * width].view(f"V{width}")
    return as_strided(whole, (count,), (1,), writeable=arena.flags.writeable)


def copy_spans(target: U8, target_starts: I64, source: U8, source_starts: I64, lengths: NDArray[np.integer]) -> None:
    """Copy each span of `source` to its place in `target`, exactly: nothing beyond a span is read or written.

    Lengths are taken by classes between powers of two. A span of w to 2w bytes is copied as its
    first w bytes and its last w, which overlap: so there are as many steps as classes, whatever the lengths.
    """
    if not len(lengths):
        return
    width = 1
    longest = int(lengths.max())
    while width <= longest:
        # The class holds the lengths width .. 2 * width - 1.
        chosen = np.flatnonzero((lengths >= width) & (lengths < 2 * width))
        if len(chosen):
            whole = len(chosen) == len(lengths)
            to = target_starts if whole else target_starts[chosen]
            at = source_starts if whole else source_starts[chosen]
            rest = (lengths if whole else lengths[chosen]) - width
            into, out_of = windows(target, width), windows(source, width)
            into[to] = out_of[at]
            if rest.any():
                into[to + rest] = out_of[at + rest]
        width *= 2
