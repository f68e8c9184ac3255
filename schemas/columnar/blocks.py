"""The blocks of an array while it is read: a count, that many items, again, until a count of 0.

A negative count is followed by the size of its block in bytes. All rows are read together: in each round the
next item of every row that has one.
"""

from typing import TYPE_CHECKING

import numpy as np

from schemas.columnar import cursor as codes
from schemas.columnar.arena import I64
from schemas.columnar.cursor import Cursor
from schemas.columnar.plan import LONG_BYTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

# An array is read in as many rounds as it has items, so one row of a megabyte of tiny items could hold
# up a whole batch. A card has some 30 members, an institution some hundreds.
MOST_ITEMS = 4096


class Blocks:
    """Where each row of a cursor stands in the blocks of an array."""

    def __init__(self, path: str, rows: int) -> None:
        self.path = path
        self.left = np.zeros(rows, np.int64)  # items to come in the present block
        self.block_end = np.full(rows, -1, np.int64)  # where it must end, if it says its size; else -1
        self.taken = np.zeros(rows, np.int64)  # items so far and in the present block
        self.open = np.ones(rows, np.bool_)  # the closing 0 has not come yet

    def keep(self, kept: "NDArray[np.intp] | None") -> None:
        """Forget the rows that the cursor lost."""
        if kept is not None:
            self.left, self.block_end = self.left[kept], self.block_end[kept]
            self.taken, self.open = self.taken[kept], self.open[kept]

    def next_items(self, cursor: Cursor) -> "NDArray[np.intp]":
        """Read block headers where a block is used up; the indices of the rows that have an item next."""
        self._check_ends(cursor)
        waiting = np.flatnonzero(self.open & (self.left == 0))
        if len(waiting):
            part = cursor.part(waiting, cursor.slots[waiting])
            counts, block_ends = self._headers(part, self.taken[waiting])
            kept = cursor.rejoin(part, waiting)
            self.keep(kept)
            waiting = np.flatnonzero(self.open & (self.left == 0))
            self.left[waiting], self.block_end[waiting] = counts, block_ends
            self.taken[waiting] += counts
            self.open[waiting] = counts > 0
        busy = np.flatnonzero(self.left)
        self.left[busy] -= 1
        return busy

    def _check_ends(self, cursor: Cursor) -> None:
        """A block that says its size must end there."""
        ended = self.open & (self.left == 0) & (self.block_end >= 0)
        if ended.any():
            self.keep(cursor.drop(ended & (cursor.at != self.block_end), codes.BAD_LENGTH, self.path))
            self.block_end[self.left == 0] = -1

    def _headers(self, part: Cursor, taken: I64) -> tuple[I64, I64]:
        """Count of items and end of the block (-1: not said) of the rows that stay in `part`."""
        before = part.rows
        counts = part.numbers(LONG_BYTES, self.path)
        taken = taken if len(part) == len(before) else taken[np.isin(before, part.rows)]
        # An item has a byte at least, so a larger count is a lie; checked before anything is reserved for it.
        most = np.minimum(part.ends - part.at, MOST_ITEMS - taken)
        kept = part.drop((counts > most) | (counts < -most), codes.BAD_LENGTH, self.path)
        counts = counts if kept is None else counts[kept]
        block_ends = np.full(len(counts), -1, np.int64)
        sized = np.flatnonzero(counts < 0)
        if not len(sized):
            return counts, block_ends
        sizes_of = part.part(sized, part.slots[sized])
        sizes = sizes_of.numbers(LONG_BYTES, self.path)
        kept = sizes_of.drop((sizes < 0) | (sizes > sizes_of.ends - sizes_of.at), codes.BAD_LENGTH, self.path)
        sizes = sizes if kept is None else sizes[kept]
        kept = part.rejoin(sizes_of, sized)
        counts = counts if kept is None else counts[kept]
        sized = np.flatnonzero(counts < 0)
        block_ends = np.full(len(counts), -1, np.int64)
        block_ends[sized] = sizes_of.at + sizes
        return np.abs(counts), block_ends
