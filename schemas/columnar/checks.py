"""What a frame must be before it is encoded. Each refusal says which column of which record, and what to do."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.columnar.arena import I64
from schemas.columnar.plan import ROOT, Array, Leaf, Plan, Table


def check_frame(name: str, path: str, table: Table, frame: pl.DataFrame) -> None:
    """Every column known and of its type. Raises ValueError."""
    where = f"{name}: frame {path}" if path else name
    unknown = [column for column in frame.columns if column not in table.schema and column != "row"]
    if unknown:
        raise ValueError(f"{where} has no columns {unknown}; drop or rename them. It has {list(table.schema)}")
    for column, dtype in frame.schema.items():
        wanted = table.schema.get(column, dtype)
        if dtype not in (wanted, pl.Null()):
            raise ValueError(f"{where}: column {column} is {dtype}, expected {wanted}; cast it")


def check_children(plan: Plan, children: Mapping[str, pl.DataFrame]) -> None:
    """Every child frame known, with a column `row` and the columns of its items. Raises ValueError."""
    for path, child in children.items():
        table = plan.tables.get(path) if path != ROOT else None
        if table is None:
            raise ValueError(f"{plan.name} has no array {path!r}; it has {sorted(set(plan.tables) - {ROOT})}")
        if "row" not in child.columns:
            raise ValueError(
                f"{plan.name}: frame {path} needs a column row that says to which record each item belongs"
            )
        check_frame(plan.name, path, table, child)


def missing(name: str, node: Leaf) -> ValueError:
    """A column that records of this batch need is not there."""
    return ValueError(f"{name}: the column of {node.path} is missing, and its record is present in at least one row")


def refuse_nulls(name: str, node: Leaf, values: pl.Series, rows: NDArray[np.intp]) -> None:
    """Raise ValueError if one of the values is null."""
    if values.null_count():
        place = int(rows[int(values.is_null().arg_max() or 0)])
        raise ValueError(f"{name}: {node.path} must not be null where its record is present; it is at position {place}")


def refuse_orphans(name: str, children: Mapping[str, pl.DataFrame], written: set[str]) -> None:
    """Raise ValueError for items of an array that no record of the frame has."""
    for path, child in children.items():
        if child.height and path not in written:
            raise _orphans(name, path, child.height, child.get_column("row")[0])


def child_positions(name: str, node: Array, frame: pl.DataFrame, child: pl.DataFrame, holders: NDArray[np.intp]) -> I64:
    """The position in the frame of each item's record. `holders`: positions of records that have the array.

    Raises ValueError for an item whose record is not in the frame, or has no such array.
    """
    owners = child.get_column("row").cast(pl.Int64).to_numpy()
    rows = np.arange(frame.height)
    if "row" in frame.columns:
        rows = frame.get_column("row").cast(pl.Int64).to_numpy()
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    if (ordered[1:] == ordered[:-1]).any():
        raise ValueError(f"{name}: two records of the frame have the same row, so items cannot be told apart")
    places = np.minimum(np.searchsorted(ordered, owners), len(ordered) - 1)
    positions = order[places]
    has_array = np.zeros(frame.height, np.bool_)
    has_array[holders] = True
    lost = (ordered[places] != owners) | ~has_array[positions]
    if lost.any():
        raise _orphans(name, node.path, int(lost.sum()), int(owners[lost][0]))
    return positions


def _orphans(name: str, path: str, items: int, row: int) -> ValueError:
    return ValueError(
        f"{name}: {items} items of {path} belong to no record of the frame that has the array, the first to "
        f"row {row}; keep frame and children together (semi-join the child with the frame on row)"
    )
