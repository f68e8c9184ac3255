"""Scans in key order: the store as it was when the scan was made, in chunks of whole NIK."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from agents.store.errors import ScanCancelledError
from agents.store.facts import split_copies
from agents.store.layout import COORDINATE_BYTES, NIK_BYTES, OFFSET_BYTES, PLACE_BYTES, ROW_KEY_BYTES
from agents.transport.records import I32, I64, U8
from schemas.columnar.arena import PADDING_BYTES

Chunk = TypeVar("Chunk")


@dataclass(frozen=True, eq=False, slots=True)
class FactChunk:
    """Facts sorted by row key: keys (N, 34), their offsets in register.facts, and spans of their values there."""

    keys: U8
    facts_offsets: I64
    arena: U8
    starts: I64
    lengths: I32

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, eq=False, slots=True)
class CopyChunk:
    """Further copies sorted by row key: keys (N, 34), coordinates (N, 14), offsets in register.facts, places (N, 4)."""

    keys: U8
    coordinates: U8
    facts_offsets: I64
    places: U8
    other: NDArray[np.bool_]  # True: not the content of the first

    def __len__(self) -> int:
        return len(self.facts_offsets)


def fact_chunk(keys: list[bytes], values: list[bytes]) -> FactChunk:
    """Rows of the default family as columns."""
    sizes = np.fromiter(map(len, values), np.int64, len(values))
    arena = np.frombuffer(b"".join([*values, bytes(PADDING_BYTES)]), np.uint8)
    starts = np.cumsum(sizes) - sizes
    offsets = arena[starts[:, None] + np.arange(OFFSET_BYTES)].view(">u8").ravel().astype(np.int64)
    names = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, ROW_KEY_BYTES)
    return FactChunk(names, offsets, arena, starts + OFFSET_BYTES, (sizes - OFFSET_BYTES).astype(np.int32))


def copy_chunk(keys: list[bytes], values: list[bytes]) -> CopyChunk:
    """Entries of the copies family as columns."""
    names, flags = split_copies(keys, values)
    behind = ROW_KEY_BYTES + COORDINATE_BYTES
    offsets = np.ascontiguousarray(names[:, behind:]).view(">u8").ravel().astype(np.int64)
    return CopyChunk(
        names[:, :ROW_KEY_BYTES],
        names[:, ROW_KEY_BYTES:behind],
        offsets,
        flags[:, :PLACE_BYTES],
        flags[:, PLACE_BYTES] != 0,
    )


class Scan(Generic[Chunk]):
    """An iterator of chunks. One thread takes chunks; any may cancel."""

    def __init__(self, items: Any, rows: int, parse: Callable[[list[bytes], list[bytes]], Chunk]) -> None:
        self._items: Iterator[tuple[bytes, bytes]] | None = items
        self._rows = rows
        self._parse = parse
        self._held: tuple[list[bytes], list[bytes]] = ([], [])  # the beginning of a NIK whose rest is not read yet
        self._turn = threading.Lock()
        self._cancelled = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Chunk:
        """The next chunk: about `rows` rows (more for a person who has more), every row of each NIK in it.

        Raises StopIteration at the end, and ScanCancelledError after `cancel`.
        """
        with self._turn:
            if self._cancelled:
                raise ScanCancelledError("the scan was cancelled, since its store closes: begin it again elsewhere")
            keys, values = self._held
            self._held = ([], [])
            while self._items is not None:
                pairs = list(chain.from_iterable(islice(self._items, self._rows)))
                keys += pairs[0::2]
                values += pairs[1::2]
                if len(pairs) < 2 * self._rows:
                    self._items = None
                    break
                border = bisect_left(keys, keys[-1][:NIK_BYTES])
                if border:
                    self._held = keys[border:], values[border:]
                    del keys[border:], values[border:]
                    break
            if not keys:
                raise StopIteration
            return self._parse(keys, values)

    def cancel(self) -> None:
        """Wait for the chunk in hand and let go of the store; no further chunk is given."""
        with self._turn:
            self._cancelled = True
            self._items = None
            self._held = ([], [])
