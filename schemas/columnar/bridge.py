"""Between columns as numpy has them and Polars frames: the only module that touches Arrow buffers of frames."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from schemas.columnar.arena import I64, U8, Bool, Encoded, pad
from schemas.columnar.plan import Table

NEWEST = pl.CompatLevel.newest()
OLDEST = pl.CompatLevel.oldest()


@dataclass(frozen=True)
class Column:
    """One column: values, and where they are; `present` None: everywhere.

    Values by column type: numbers as they are; Boolean as bool; Enum as the symbol's index; Date and
    Datetime as the integer behind them; String and Binary as views int32[N, 4] into the arena.
    """

    values: NDArray[Any]
    present: Bool | None


def to_frame(schema: Mapping[str, pl.DataType], columns: Sequence[Column], arena: U8) -> pl.DataFrame:
    """A frame of these columns. String and Binary columns keep the arena alive; nothing of them is copied.

    Strings must have been checked: Polars takes an unchecked view and fails later.
    """
    fields = [_arrow_field(name, dtype) for name, dtype in schema.items()]
    buffer = pa.py_buffer(arena)
    arrays = [
        _array(entry.type, dtype, column, buffer)
        for entry, dtype, column in zip(fields, schema.values(), columns, strict=True)
    ]
    frame = pl.from_arrow(pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)))
    assert isinstance(frame, pl.DataFrame)
    return frame


class Source:
    """The columns of a frame, ready to be taken out.

    What Polars has to compute (the integers behind dates and enums, where nulls are) is computed for all
    columns in one query: one method call for each column would cost 100 microseconds each.
    """

    def __init__(self, table: Table, frame: pl.DataFrame) -> None:
        self.height = frame.height
        self._names = list(table.schema)
        found = set(frame.columns)
        columns = [name for name in self._names if name in found]
        nulls = frame.select(columns).null_count().row(0) if columns else ()
        self._nulls = dict(zip(columns, nulls, strict=True))
        some = [name for name, count in self._nulls.items() if 0 < count < frame.height and name not in table.presence]
        flags = [pl.col(name).fill_null(value=False) for name in columns if name in table.presence]
        integers = [pl.col(name).to_physical() for name in columns if table.schema[name].is_temporal()]
        integers += [pl.col(name).to_physical() for name in columns if isinstance(table.schema[name], pl.Enum)]
        self._values = frame.select(columns).with_columns(*flags, *integers)
        self._some = set(some)
        self._present = frame.select(pl.col(some).is_not_null())

    def has(self, place: int) -> bool:
        """Whether the frame has the column of this place in the table."""
        return self._names[place] in self._nulls

    def flags(self, place: int) -> Bool:
        """A presence column; false where it is null or missing."""
        return self._column(place).to_numpy() if self.has(place) else np.zeros(self.height, np.bool_)

    def present(self, place: int) -> Bool:
        """Where a column is not null."""
        name = self._names[place]
        if name in self._some:
            return self._present.get_column(name).to_numpy()
        return np.full(self.height, self._nulls.get(name) == 0)

    def values(self, place: int, rows: NDArray[np.intp]) -> pl.Series:
        """A column at some rows that rise; numbers, dates, timestamps and enums as the integers behind them."""
        column = self._column(place)
        return column if len(rows) == self.height else column[pl.Series(rows.astype(np.uint32))]

    def _column(self, place: int) -> pl.Series:
        return self._values.get_column(self._names[place])


def to_bytes(series: pl.Series) -> tuple[U8, I64, I64]:
    """Strings or bytes (without nulls) side by side: the bytes, and each value's start and length."""
    array = series.cast(pl.Binary).rechunk().to_arrow(compat_level=OLDEST)
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    values = np.frombuffer(data or b"", np.uint8)
    return values, ends[:-1], np.diff(ends)


def spans_of(series: pl.Series) -> Encoded:
    """Strings or bytes (without nulls) as spans of a padded arena: for example the keys of records."""
    data, starts, lengths = to_bytes(series)
    return Encoded(pad(data), starts, lengths.astype(np.int32))


def to_integers(series: pl.Series) -> I64:
    """Numbers (without nulls)."""
    return series.to_numpy().astype(np.int64, copy=False)


@cache
def _arrow_field(name: str, dtype: pl.DataType) -> Any:
    """The Arrow field that Polars itself would export; its metadata makes a dictionary an Enum again."""
    return pl.DataFrame(schema={name: dtype}).to_arrow(compat_level=NEWEST).schema.field(0)


def _array(kind: Any, dtype: pl.DataType, column: Column, arena: Any) -> Any:
    rows = len(column.values)
    bitmap = None if column.present is None else _bits(column.present)
    if pa.types.is_dictionary(kind):
        indices = column.values.astype(kind.index_type.to_pandas_dtype())
        codes = pa.Array.from_buffers(kind.index_type, rows, [bitmap, pa.py_buffer(indices)])
        return pa.DictionaryArray.from_arrays(codes, _symbols(dtype), ordered=True)
    if pa.types.is_boolean(kind):
        return pa.Array.from_buffers(kind, rows, [bitmap, _bits(column.values)])
    values = pa.py_buffer(np.ascontiguousarray(column.values))
    is_view = kind in (pa.string_view(), pa.binary_view())
    return pa.Array.from_buffers(kind, rows, [bitmap, values, arena] if is_view else [bitmap, values])


@cache
def _symbols(dtype: pl.Enum) -> Any:
    return pa.array(dtype.categories.to_list(), pa.string_view())


def _bits(flags: Bool) -> Any:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
