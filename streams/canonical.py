"""The canonical form of a frame's columns: what digests are made of, free of Polars' own storage.

kind | Polars types                    | bytes of a value
i    | integers but UInt64, any width  | 8, little endian, two's complement
u    | UInt64                          | 8, little endian
b    | Boolean                         | 8: 0 or 1
d    | Date                            | 8: days since 1970-01-01
t    | Datetime (UTC or without zone)  | 8: microseconds since 1970-01-01
s    | String, Enum, Categorical       | UTF-8
x    | Binary                          | as they are
l    | List of the above               | its items, in order
n    | Null                            | none: always null

Fractions have no place in anything digested and are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

U8: TypeAlias = npt.NDArray[np.uint8]
I64: TypeAlias = npt.NDArray[np.int64]

PADDING = np.zeros(64, np.uint8)


@dataclass(frozen=True)
class Cells:
    """One column: `valid` bool[N], and for each row a span of bytes (or of items, if a list).

    `codes` (int64[N]), if there, choose an entry among the spans for each row: a text of few values is
    kept once. The span of a null is empty, its code zero.
    """

    kind: str
    valid: npt.NDArray[np.bool_]
    arena: U8
    starts: I64
    lengths: I64
    codes: I64 | None = None
    items: Cells | None = None


def columns_of(frame: pl.DataFrame) -> Iterator[tuple[str, Cells]]:
    """Each column's name and cells, sorted by name. Raises TypeError for a column that has no kind."""
    for name in sorted(frame.columns):
        yield name, cells_of(frame.get_column(name).rechunk(), name)


def cells_of(series: pl.Series, name: str) -> Cells:
    """One series in canonical form; `name` is for the error."""
    dtype = series.dtype
    valid = series.is_not_null().to_numpy()
    if isinstance(dtype, pl.List):
        lengths = series.list.len().fill_null(0).cast(pl.Int64).to_numpy()
        items = series.drop_nulls().explode(empty_as_null=False)
        return Cells("l", valid, PADDING, _starts(lengths), lengths, items=cells_of(items.rechunk(), f"{name}[]"))
    if isinstance(dtype, pl.Enum):
        # an Enum without symbols holds only nulls: one empty entry to point at
        texts = _texts("s", dtype.categories if len(dtype.categories) else pl.Series([""]))
        codes = series.to_physical().fill_null(0).cast(pl.Int64).to_numpy()
        return Cells("s", valid, texts.arena, texts.starts, texts.lengths, codes=codes)
    if dtype == pl.Binary:
        return _texts("x", series)
    if isinstance(dtype, pl.String | pl.Categorical):
        return _texts("s", series.cast(pl.String))
    kind, numbers = _numbers(series, name)
    words = numbers.astype("<i8").view(np.uint8)
    lengths = np.full(len(numbers), 8, np.int64)
    return Cells(kind, valid, np.concatenate([words, PADDING]), _starts(lengths), lengths)


def _numbers(series: pl.Series, name: str) -> tuple[str, I64]:
    """Kind and value of whole numbers, dates and truths, nulls as zero."""
    kind = kind_of_number(series.dtype)
    if kind is None:
        raise TypeError(
            f"column {name!r} is {series.dtype}: only whole numbers, text, bytes, booleans, dates and lists of "
            "these are digested; make it an integer in a named unit or leave it out"
        )
    return kind, series.to_frame("x").select(_as_word(pl.col("x"), series.dtype)).to_series().to_numpy()


def kind_of_number(dtype: pl.DataType) -> str | None:
    """The kind of a type whose values are words of 8 bytes; None for others."""
    if isinstance(dtype, pl.Datetime):
        return "t"
    kinds: dict[pl.DataType, str] = {pl.UInt64(): "u", pl.Date(): "d", pl.Boolean(): "b", pl.Null(): "n"}
    return kinds.get(dtype, "i" if dtype.is_integer() else None)


def _as_word(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        column = column.cast(pl.Datetime("us", dtype.time_zone)).to_physical()
    elif dtype == pl.Date:
        column = column.to_physical()
    elif dtype == pl.UInt64:
        column = column.reinterpret(signed=True)
    return column.cast(pl.Int64).fill_null(0)


@dataclass(frozen=True)
class Words:
    """All columns of numbers of a frame side by side: kinds of C columns, `valid` bool[N, C], `words` uint64[N, C]."""

    names: list[str]
    kinds: list[str]
    valid: npt.NDArray[np.bool_]
    words: npt.NDArray[np.uint64]


def words_of(frame: pl.DataFrame) -> Words:
    """A frame of whole numbers, dates and truths, in one query, nulls as zero."""
    kinds = {name: kind_of_number(dtype) or "" for name, dtype in frame.schema.items()}
    chosen = frame.select(_as_word(pl.col(name), frame.schema[name]) for name in kinds)
    valid = frame.select(pl.col(name).is_not_null() for name in kinds)
    return Words(list(kinds), list(kinds.values()), valid.to_numpy(), chosen.to_numpy().view(np.uint64))


def _texts(kind: str, series: pl.Series) -> Cells:
    """Text or bytes as spans of an arena."""
    array = series.cast(pl.Binary).fill_null(b"").to_arrow()
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    arena = np.frombuffer(data, np.uint8) if data is not None and data.size else PADDING[:0]
    return Cells(
        kind,
        series.is_not_null().to_numpy(),
        np.concatenate([arena, PADDING]),
        bounds[:-1].astype(np.int64),
        np.diff(bounds).astype(np.int64),
    )


def _starts(lengths: I64) -> I64:
    """Where spans begin that lie end to end."""
    return np.cumsum(lengths) - lengths


def canonical_bytes(frame: pl.DataFrame) -> bytes:
    """A frame's rows in their order, written column by column, the columns by name.

    rows (8 bytes) columns (8), then per column: length of name (8), name, the column as `_column_bytes`
    says. All numbers are little endian. Raises TypeError as `columns_of` does.
    """
    parts = [_number(frame.height), _number(frame.width)]
    for name, cells in columns_of(frame):
        parts += [_number(len(name.encode())), name.encode(), _column_bytes(cells)]
    return b"".join(parts)


def _column_bytes(cells: Cells) -> bytes:
    """Kind (1 byte), validity (1 byte a row), lengths (8 each), then all bytes or, of a list, its items."""
    starts, lengths = cells.starts, cells.lengths
    if cells.codes is not None:
        starts, lengths = starts[cells.codes], lengths[cells.codes]
    lengths = np.where(cells.valid, lengths, 0)
    head = cells.kind.encode() + cells.valid.astype(np.uint8).tobytes() + lengths.astype("<i8").tobytes()
    if cells.items is not None:
        return head + _number(len(cells.items.valid)) + _column_bytes(cells.items)
    places = np.arange(int(lengths.sum())) + np.repeat(starts - _starts(lengths), lengths)
    return head + cells.arena[places].tobytes()


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little")
