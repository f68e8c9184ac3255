"""The columns of a batch while they are filled, part by part, and the frame they become."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.columnar.arena import I64, U8
from schemas.columnar.bridge import Column, to_frame
from schemas.columnar.plan import Table

_NUMPY: dict[type[pl.DataType], Any] = {
    pl.Int32: np.int32,
    pl.Date: np.int32,
    pl.Int64: np.int64,
    pl.Datetime: np.int64,
    pl.Boolean: np.bool_,
    pl.Enum: np.uint32,
}


class Filling:
    """A table being filled. Each part of a column names its slots; slots rise within and between parts."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._parts: list[list[tuple[I64, NDArray[Any]]]] = [[] for _ in table.schema]

    def put(self, column: int, slots: I64, values: NDArray[Any]) -> None:
        """Add values of a column, one per slot."""
        self._parts[column].append((slots, values))

    def frame(self, slots: int, chosen: "NDArray[np.intp] | None", arena: U8) -> pl.DataFrame:
        """The frame of slots 0 to `slots` - 1, or of the chosen ones in their order; unfilled slots are null.

        Presence columns are false there instead.
        """
        columns = [
            self._column(place, name, dtype, slots, chosen)
            for place, (name, dtype) in enumerate(self._table.schema.items())
        ]
        return to_frame(self._table.schema, columns, arena)

    def _column(
        self, place: int, name: str, dtype: pl.DataType, slots: int, chosen: "NDArray[np.intp] | None"
    ) -> Column:
        parts = self._parts[place]
        if sum(len(part_slots) for part_slots, _ in parts) == slots and parts:
            values = parts[0][1] if len(parts) == 1 else np.concatenate([part for _, part in parts])
            return Column(values if chosen is None else values[chosen], None)
        shape = (slots, 4) if isinstance(dtype, pl.String | pl.Binary) else (slots,)
        values = np.zeros(shape, np.int32 if len(shape) == 2 else _NUMPY[type(dtype)])
        present = np.zeros(slots, np.bool_)
        for part_slots, part in parts:
            values[part_slots] = part
            present[part_slots] = True
        if chosen is not None:
            values, present = values[chosen], present[chosen]
        return Column(values, None if name in self._table.presence else present)
