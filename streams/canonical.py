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

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

U8: TypeAlias = npt.NDArray[np.uint8]
I64: TypeAlias = npt.NDArray[np.int64]

PADDING = np.zeros(64, np.uint8)
NONE = np.empty(0, np.int64)

# What has no entry here is kind i if it is an integer.
KINDS: Final[dict[str, tuple[type[pl.DataType], ...]]] = {
    "u": (pl.UInt64,),
    "b": (pl.Boolean,),
    "d": (pl.Date,),
    "t": (pl.Datetime,),
    "s": (pl.String, pl.Enum, pl.Categorical),
    "x": (pl.Binary,),
    "l": (pl.List,),
    "n": (pl.Null,),
}


@dataclass(frozen=True)
class Cells:
    """One column: `valid` bool[N], and for each row a span of bytes (or of items, if a list).

    `words` (int64[N]), if there, are the values themselves, and there are no spans. `codes` (int64[N]), if there,
    choose an entry among the spans for each row: a text of few values is kept once. The span of a null is empty,
    its word and its code are zero.
    """

    kind: str
    valid: npt.NDArray[np.bool_]
    arena: U8 = field(default_factory=lambda: PADDING)
    starts: I64 = field(default_factory=lambda: NONE)
    lengths: I64 = field(default_factory=lambda: NONE)
    words: I64 | None = None
    codes: I64 | None = None
    items: Cells | None = None


def columns_of(frame: pl.DataFrame) -> Iterator[tuple[str, Cells]]:
    """Each column's name and cells, sorted by name. Raises TypeError for a column that has no kind."""
    frame = frame.rechunk()
    schema = frame.schema  # made anew at each look
    kinds = {name: _kind(dtype, name) for name, dtype in sorted(schema.items())}
    # One query for all columns: called one by one they take longer than all else that is done to a short frame.
    numbers = frame.select(
        _number(name, schema[name])
        for name, kind in kinds.items()
        if kind in "ibdtn" or isinstance(schema[name], pl.Enum)
    )
    for name, kind in kinds.items():
        yield name, _cells(kind, frame.get_column(name), numbers, name)


def cells_of(series: pl.Series, name: str) -> Cells:
    """One series in canonical form; `name` is for the error."""
    ((_, cells),) = columns_of(series.alias(name).to_frame())
    return cells


def _kind(dtype: pl.DataType, name: str) -> str:
    for kind, types in KINDS.items():
        if isinstance(dtype, types):
            return kind
    if dtype.is_integer():
        return "i"
    raise TypeError(
        f"column {name!r} is {dtype}: only whole numbers, text, bytes, booleans, dates and lists of "
        "these are digested; make it an integer in a named unit or leave it out"
    )


def _number(name: str, dtype: pl.DataType) -> pl.Expr:
    """Value of whole numbers, dates and truths, code of an Enum's text; nulls as zero."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        column = column.cast(pl.Datetime("us", dtype.time_zone))
    return column.to_physical().cast(pl.Int64).fill_null(0)


def _cells(kind: str, series: pl.Series, numbers: pl.DataFrame, name: str) -> Cells:
    valid = series.is_not_null().to_numpy() if series.null_count() else np.ones(len(series), np.bool_)
    if kind == "l":
        lengths = series.list.len().fill_null(0).cast(pl.Int64).to_numpy()
        items = series.drop_nulls().explode(empty_as_null=False)
        return Cells("l", valid, PADDING, _starts(lengths), lengths, items=cells_of(items, f"{name}[]"))
    if kind == "u":
        return Cells("u", valid, words=series.fill_null(0).to_numpy().view(np.int64))
    if isinstance(series.dtype, pl.Enum):
        # an Enum without symbols holds only nulls: one empty entry to point at
        texts = _texts(series.dtype.categories if len(series.dtype.categories) else pl.Series([""]))
        return Cells("s", valid, *texts, codes=numbers.get_column(name).to_numpy())
    if kind in "sx":
        return Cells(kind, valid, *_texts(series.cast(pl.String) if kind == "s" else series))
    return Cells(kind, valid, words=numbers.get_column(name).to_numpy())


def _texts(series: pl.Series) -> tuple[U8, I64, I64]:
    """Text or bytes as spans of an arena: the arena, starts, lengths."""
    filled = series.cast(pl.Binary)
    array = (filled.fill_null(b"") if filled.null_count() else filled).to_arrow()
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    arena = np.frombuffer(data, np.uint8) if data is not None and data.size else PADDING[:0]
    return np.concatenate([arena, PADDING]), bounds[:-1].astype(np.int64), np.diff(bounds).astype(np.int64)


def _starts(lengths: I64) -> I64:
    """Where spans begin that lie end to end."""
    return np.cumsum(lengths) - lengths


def canonical_bytes(frame: pl.DataFrame) -> bytes:
    """A frame's rows in their order, written column by column, the columns by name.

    rows (8 bytes) columns (8), then per column: length of name (8), name, the column as `_column_bytes`
    says. All numbers are little endian. Raises TypeError as `columns_of` does.
    """
    parts = [_in_eight(frame.height), _in_eight(frame.width)]
    for name, cells in columns_of(frame):
        parts += [_in_eight(len(name.encode())), name.encode(), _column_bytes(cells)]
    return b"".join(parts)


def _column_bytes(cells: Cells) -> bytes:
    """Kind (1 byte), validity (1 byte a row), lengths (8 each), then all bytes or, of a list, its items."""
    if cells.words is not None:
        lengths = np.where(cells.valid, 8, 0)
        head = cells.kind.encode() + cells.valid.astype(np.uint8).tobytes() + lengths.astype("<i8").tobytes()
        return head + cells.words[cells.valid].astype("<i8").tobytes()
    starts, lengths = cells.starts, cells.lengths
    if cells.codes is not None:
        starts, lengths = starts[cells.codes], lengths[cells.codes]
    lengths = np.where(cells.valid, lengths, 0)
    head = cells.kind.encode() + cells.valid.astype(np.uint8).tobytes() + lengths.astype("<i8").tobytes()
    if cells.items is not None:
        return head + _in_eight(len(cells.items.valid)) + _column_bytes(cells.items)
    places = np.arange(int(lengths.sum())) + np.repeat(starts - _starts(lengths), lengths)
    return head + cells.arena[places].tobytes()


def _in_eight(value: int) -> bytes:
    return value.to_bytes(8, "little")
