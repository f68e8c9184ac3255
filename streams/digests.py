"""Digests: 128 bits per row, added up without regard to order, so that partitions and chunks don't matter.

A row's digest is two 64-bit lanes. Its bytes, padded with zeros to whole blocks of 64, are read as
little-endian words; the word at place `k` is keyed by the `k`-th number of the splitmix64 sequence and
mixed by splitmix64's finaliser (Steele, Lea, Flood 2014); each lane adds up the words and is finished
with the length in bytes. A set of rows has the sum of its rows' digests modulo 2^128: equal sets have
equal sums, whatever their order and however they were split, and parts can be added.

This finds losses, repetitions and alterations by accident. It is no cryptographic hash: whoever chooses
the bytes can make two sets collide. What is signed or chained uses `content_digest` (SHA-256).

The numbers are part of the sealed record: changing anything here changes every digest ever published.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from schemas.columnar.arena import windows
from streams.canonical import canonical_bytes, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from streams.canonical import Cells

U8: TypeAlias = npt.NDArray[np.uint8]
U64: TypeAlias = npt.NDArray[np.uint64]
Spans: TypeAlias = npt.NDArray[np.integer]
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

BLOCK_BYTES = 64  # the arena's padding: a block may always be read whole
WORD_BYTES = 8
WORDS = BLOCK_BYTES // WORD_BYTES
CELLS = 1 << 14  # cells of a frame mixed at a time
SLICE_ROWS = 4096  # rows mixed at a time: 4096 x 64 bytes stay in the second-level cache
MODULUS = 1 << 128
NO_ROWS = bytes(16)  # the digest of no rows at all

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
THIRD = np.uint64(0xD6E8FEB86659FD93)
LOW_LANE = np.uint64(0x2545F4914F6CDD1D)
# row `n` masks a block of which only the first `n` bytes belong to the row
HEADS = np.tril(np.full((BLOCK_BYTES + 1, BLOCK_BYTES), 0xFF, np.uint8), -1).view("<u8").astype(np.uint64, copy=False)


@dataclass(frozen=True)
class Lanes:
    """One digest per row: the upper and the lower 64 bits, both `uint64[N]`."""

    high: U64
    low: U64

    def __len__(self) -> int:
        return len(self.high)


def mix(words: U64) -> U64:
    """splitmix64's finaliser, word by word: a bijection in which each input bit moves half of the output."""
    mixed = (words ^ (words >> np.uint64(30))) * FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed


def row_lanes(arena: U8, starts: Spans, lengths: Spans) -> Lanes:
    """Digest of each row of bytes.

    `arena` is `uint8` with 64 bytes of padding at its end (their values don't matter); row `i` is
    `arena[starts[i] : starts[i] + lengths[i]]`. Raises ValueError for a row that leaves the arena.
    """
    rows = len(starts)
    begins, sizes = starts.astype(np.int64), lengths.astype(np.int64)
    if rows and (begins.min() < 0 or sizes.min() < 0 or (begins + sizes).max() + BLOCK_BYTES > len(arena)):
        raise ValueError(
            f"a row leaves the arena of {len(arena)} bytes: starts and lengths must lie within it, "
            f"and it needs {BLOCK_BYTES} bytes of padding at its end"
        )
    high, low = np.zeros(rows, np.uint64), np.zeros(rows, np.uint64)
    # longest first, so that the rows which have a k-th block are a prefix, and rows mixed together are alike in length
    longest = int(sizes.max(initial=0))
    order = np.argsort((longest - sizes).astype(np.uint16 if longest < 1 << 16 else np.int64), kind="stable")
    for first in range(0, rows, SLICE_ROWS):
        chosen = order[first : first + SLICE_ROWS]
        high[chosen], low[chosen] = _words_summed(arena, begins[chosen], sizes[chosen])
    return _finished(high, low, sizes.astype(np.uint64))


def _words_summed(arena: U8, starts: Spans, sizes: Spans) -> tuple[U64, U64]:
    """Both lanes' sums of mixed words for some rows, longest first."""
    high, low = np.zeros(len(starts), np.uint64), np.zeros(len(starts), np.uint64)
    for block in range(-(-int(sizes[0]) // BLOCK_BYTES)):
        left = sizes - block * BLOCK_BYTES
        used = -(-min(int(left[0]), BLOCK_BYTES) // WORD_BYTES)  # words that are padding in all rows are known sums
        active, whole = int(np.count_nonzero(left > 0)), int(np.count_nonzero(left >= used * WORD_BYTES))
        blocks = windows(arena, used * WORD_BYTES)
        words = blocks[starts[:active] + block * BLOCK_BYTES].view("<u8").reshape(active, used)
        words[whole:] &= HEADS[left[whole:active], :used]
        keys = _keys(block * WORDS, WORDS)
        words ^= keys[:used]
        mixed, padding = mix(words), mix(keys[used:])
        # einsum adds up short rows three times as fast as sum(axis=1)
        high[:active] += np.einsum("ij->i", mixed) + padding.sum(dtype=np.uint64)
        low[:active] += np.einsum("ij->i", _low_lane(mixed)) + _low_lane(padding).sum(dtype=np.uint64)
    return high, low


def _low_lane(mixed: U64) -> U64:
    """The lower lane's words, from those of the upper lane."""
    mixed = (mixed ^ (mixed >> np.uint64(32))) * THIRD
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _keys(first: int, count: int) -> U64:
    """Numbers `first`.. of the splitmix64 sequence that starts at zero: the keys of the word places."""
    return mix(np.arange(first + 1, first + count + 1, dtype=np.uint64) * GOLDEN)


def _finished(high: U64, low: U64, salt: U64) -> Lanes:
    """Both lanes mixed once more with each other and with `salt` (the length, or a key)."""
    upper = mix(high ^ mix(salt + GOLDEN))
    return Lanes(upper, mix((low ^ mix(salt * LOW_LANE + GOLDEN)) + upper * LOW_LANE))


def joined(first: Lanes, second: Lanes) -> Lanes:
    """Digest of pairs: row `i` of both, in this order; one row is spread over those of the other."""
    return _finished(mix(first.high + GOLDEN) + second.high, mix(first.low + GOLDEN) + second.low, first.low)


def total(lanes: Lanes, chosen: npt.NDArray[np.bool_] | None = None) -> int:
    """Sum modulo 2^128 of the rows' digests, or of the `chosen` ones: independent of their order."""
    high = lanes.high if chosen is None else lanes.high[chosen]
    low = lanes.low if chosen is None else lanes.low[chosen]
    return ((_sum_exactly(high) << 64) + _sum_exactly(low)) % MODULUS


def _sum_exactly(words: U64) -> int:
    """Sum without overflow: halves of 32 bits fit into 64 for up to 2^32 rows."""
    upper = int((words >> np.uint64(32)).sum(dtype=np.uint64))
    lower = int((words & np.uint64(0xFFFFFFFF)).sum(dtype=np.uint64))
    return (upper << 32) + lower


def as_bytes(digest: int) -> bytes:
    """16 bytes, big endian."""
    return digest.to_bytes(16, "big")


def sum_digests(parts: Iterable[bytes]) -> bytes:
    """The digest of a set from the digests (16 bytes) of its parts."""
    return as_bytes(sum(int.from_bytes(part, "big") for part in parts) % MODULUS)


_FIRST_KEYS = _keys(0, WORDS)
_PADDED = mix(_FIRST_KEYS[1:])  # what seven words of padding behind one word come to
_PADDING = Lanes(_PADDED.sum(keepdims=True), _low_lane(_PADDED).sum(keepdims=True))


# --- frames ---------------------------------------------------------------------------------------------


def frame_lanes(frame: pl.DataFrame) -> Lanes:
    """Digest of each row of a frame, from the names, kinds and values of its columns.

    Neither the order of columns, nor the width of integers, nor how Polars stores or chunks them counts.
    Columns: see `streams.canonical`, which also raises TypeError for those that it refuses.
    """
    high, low = np.zeros(frame.height, np.uint64), np.zeros(frame.height, np.uint64)
    columns = list(columns_of(frame))
    # Most frames are short, and then a call of numpy costs more than its rows: several columns are mixed by one.
    together = max(CELLS // max(frame.height, 1), 1)
    for first in range(0, len(columns), together):
        chosen = columns[first : first + together]
        names = _column([_constant(name.encode()) for name, _ in chosen])
        lanes = joined(names, _cells_lanes([cells for _, cells in chosen], frame.height))
        high += lanes.high.sum(axis=0)
        low += lanes.low.sum(axis=0)
    return _finished(high, low, np.full(frame.height, len(columns), np.uint64))


def frame_digest(frame: pl.DataFrame) -> bytes:
    """16 bytes for the multiset of a frame's rows; `NO_ROWS` for none. Digests of parts add up."""
    return as_bytes(total(frame_lanes(frame)))


@cache
def _constant(data: bytes) -> Lanes:
    """The digest of one byte string, as one row that numpy spreads over others."""
    arena = np.frombuffer(data + bytes(BLOCK_BYTES), np.uint8)
    return row_lanes(arena, np.zeros(1, np.int64), np.array([len(data)]))


def _column(lanes: Sequence[Lanes]) -> Lanes:
    """Digests of one row each, one below the other, as numpy spreads them over the rows of as many columns."""
    high, low = np.concatenate([it.high for it in lanes]), np.concatenate([it.low for it in lanes])
    return Lanes(high.reshape(-1, 1), low.reshape(-1, 1))


def _cells_lanes(columns: Sequence[Cells], rows: int) -> Lanes:
    """Digest of each cell, `uint64[columns, rows]`, keyed by its kind; a null of any kind is one constant."""
    high, low = np.empty((len(columns), rows), np.uint64), np.empty((len(columns), rows), np.uint64)

    def put(places: list[int], lanes: Lanes) -> None:
        shape = (len(places), rows)
        high[places], low[places] = lanes.high.reshape(shape), lanes.low.reshape(shape)

    numbers, texts = list[int](), list[int]()
    for place, cells in enumerate(columns):
        if cells.items is not None:
            put([place], _list_lanes(cells, cells.items))
        else:
            (texts if cells.words is None else numbers).append(place)
    if numbers:
        words = [it.words for it in columns if it.words is not None]
        put(numbers, _word_lanes(np.concatenate(words).view(np.uint64)))
    if texts:
        put(texts, _text_lanes([columns[place] for place in texts]))
    values = joined(_column([_constant(cells.kind.encode()) for cells in columns]), Lanes(high, low))
    null = _constant(b"null")
    for place, cells in enumerate(columns):
        if not cells.valid.all():
            values.high[place, ~cells.valid], values.low[place, ~cells.valid] = null.high, null.low
    return values


def _word_lanes(words: U64) -> Lanes:
    """`row_lanes` of rows of eight bytes each: the seven words of padding that follow are the same for all."""
    high = mix(words ^ _FIRST_KEYS[0])
    low = _low_lane(high)
    return _finished(high + _PADDING.high, low + _PADDING.low, np.full(1, WORD_BYTES, np.uint64))


def _text_lanes(columns: Sequence[Cells]) -> Lanes:
    """`row_lanes` of the rows of all columns, one column behind the other, as one arena."""
    sizes = np.array([len(it.arena) for it in columns])
    starts = [it.starts + begin for it, begin in zip(columns, (np.cumsum(sizes) - sizes).tolist(), strict=True)]
    arena = np.concatenate([it.arena for it in columns])
    entries = row_lanes(arena, np.concatenate(starts), np.concatenate([it.lengths for it in columns]))
    firsts = np.cumsum([0, *(len(it.starts) for it in columns)])
    chosen = [
        np.arange(first, first + len(it.starts)) if it.codes is None else it.codes + first
        for it, first in zip(columns, firsts[:-1].tolist(), strict=True)
    ]
    rows = np.concatenate(chosen)
    return Lanes(entries.high[rows], entries.low[rows])


def _list_lanes(cells: Cells, items: Cells) -> Lanes:
    """Digest of each list: its items keyed by their places in it, and how many they are."""
    inner = _cells_lanes([items], len(items.valid))
    inner = Lanes(inner.high[0], inner.low[0])
    place = np.arange(len(inner), dtype=np.int64) - np.repeat(cells.starts, cells.lengths)
    keys = mix((place.astype(np.uint64) + np.uint64(1)) * GOLDEN)
    ends = cells.starts + cells.lengths

    def summed(words: U64) -> U64:
        # differences of a running sum: overflow cancels out, since all is modulo 2^64
        running: U64 = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mix(words ^ keys), dtype=np.uint64)])
        differences: U64 = running[ends] - running[cells.starts]
        return differences

    return _finished(summed(inner.high), summed(inner.low), cells.lengths.astype(np.uint64))


# --- what is signed -------------------------------------------------------------------------------------


def content_digest(document: Json, *frames: pl.DataFrame) -> bytes:
    """SHA-256 (32 bytes) of a document of text, integers, lists and maps, and of frames in their row order.

    The document is written as JSON with sorted keys, without white space, in UTF-8; it and each frame's
    `canonical_bytes` are preceded by their lengths (8 bytes, big endian). Sort the frames by their keys.
    Raises TypeError for a fraction: what is digested is whole.
    """
    _refuse_fractions(document)
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hashlib.sha256()
    for part in [text, *map(canonical_bytes, frames)]:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _refuse_fractions(document: Json) -> None:
    if isinstance(document, dict):
        for key, value in document.items():
            if not isinstance(key, str):
                raise TypeError(f"a digested document has the key {key!r}: keys must be text")
            _refuse_fractions(value)
    elif isinstance(document, list):
        for value in document:
            _refuse_fractions(value)
    elif document is not None and not isinstance(document, str | int):
        raise TypeError(
            f"a digested document holds {document!r} ({type(document).__name__}): write text, whole numbers, "
            "booleans, lists or maps; money and scores are integers"
        )
