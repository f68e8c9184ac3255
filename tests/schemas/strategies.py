"""Hypothesis strategies made from the schemas themselves, and records as frames: shared by all codec tests."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from schemas.columnar.plan import ROOT, plan_of
from schemas.registry import Contract, contracts

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
COLUMNAR = [contract for name, contract in sorted(contracts().by_name.items()) if name != "report"]  # report has a map

Record = dict[str, Any]


def named_types(schema: Any, found: dict[str, Any] | None = None) -> dict[str, Any]:
    """Every named type of a schema by its short name (our schemas have one namespace each)."""
    found = {} if found is None else found
    if isinstance(schema, list):
        for branch in schema:
            named_types(branch, found)
    elif isinstance(schema, Mapping):
        if "name" in schema:
            found.setdefault(schema["name"], schema)
        for entry in schema.get("fields", ()):
            named_types(entry["type"], found)
        for inner in ("items", "values"):
            if inner in schema:
                named_types(schema[inner], found)
    return found


def records(contract: Contract) -> st.SearchStrategy[Record]:
    """Records of a contract, as the official library takes them."""
    return _values(contract.schema, named_types(contract.schema))


def batches(contract: Contract, most: int = 12) -> st.SearchStrategy[list[Record]]:
    """Lists of records, the empty one too."""
    return st.lists(records(contract), max_size=most)


def _values(schema: Any, types: Mapping[str, Any]) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0912 - a case per Avro type
    if isinstance(schema, list):
        return st.one_of(*(_values(branch, types) for branch in schema))
    if isinstance(schema, str):
        schema = types.get(schema, {"type": schema})
    match schema["type"], schema.get("logicalType"):
        case "null", _:
            return st.none()
        case "boolean", _:
            return st.booleans()
        case "int", "date":
            return st.dates()
        case "long", "timestamp-millis":
            # Limits of datetime; a step of one millisecond.
            return st.integers(-62135596800000, 253402300799999).map(lambda ms: EPOCH + dt.timedelta(milliseconds=ms))
        case "int", _:
            return st.integers(-(1 << 31), (1 << 31) - 1) | st.integers(-70, 70)
        case "long", _:
            return st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-70, 70)
        case "string", _:
            return st.text(max_size=40) | st.text("0123456789", min_size=10, max_size=16)
        case "bytes", _:
            return st.binary(max_size=300)
        case "fixed", _:
            return st.binary(min_size=schema["size"], max_size=schema["size"])
        case "enum", _:
            return st.sampled_from(schema["symbols"])
        case "array", _:
            return st.lists(_values(schema["items"], types), max_size=5)
        case "map", _:
            return st.dictionaries(st.text(max_size=8), _values(schema["values"], types), max_size=1)
        case "record", _:
            return st.fixed_dictionaries({entry["name"]: _values(entry["type"], types) for entry in schema["fields"]})
    raise AssertionError(f"no strategy for {schema}")


def frames_of(contract: Contract, values: Sequence[Record]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """The frames that records should become: `row` first, then the columns; one row at a time, on purpose."""
    tables = plan_of(contract).tables
    found: dict[str, list[Record]] = {path: [] for path in tables}
    types = named_types(contract.schema)
    for row, value in enumerate(values):
        cells: Record = {"row": row}
        _fill(contract.schema, value, ("", ""), (cells, found), types)
        found[ROOT].append(cells)
    frames = {
        path: pl.DataFrame(found[path], schema={"row": pl.UInt32(), **table.schema}) for path, table in tables.items()
    }
    return frames.pop(ROOT), frames


def _fill(
    schema: Any,
    value: Any,
    place: tuple[str, str],  # dotted path, and column in the present table
    into: tuple[Record, dict[str, list[Record]]],
    types: Mapping[str, Any],
) -> None:
    (path, column), (cells, found) = place, into
    if isinstance(schema, str):
        schema = types.get(schema, {"type": schema})
    if isinstance(schema, list):
        other = next(branch for branch in schema if branch != "null")
        resolved = types.get(other, {"type": other}) if isinstance(other, str) else other
        if resolved["type"] == "record":
            cells[column] = value is not None
        _fill(resolved, value, place, into, types)
    elif schema["type"] == "record":
        for entry in schema["fields"]:
            name = entry["name"]
            inside = (f"{path}.{name}" if path else name, f"{column}.{name}" if column else name)
            _fill(entry["type"], None if value is None else value[name], inside, into, types)
    elif schema["type"] == "array":
        items = schema["items"]
        resolved = types.get(items, {"type": items}) if isinstance(items, str) else items
        for item in value or ():
            item_cells: Record = {"row": len(found[ROOT])}
            name = "" if resolved["type"] == "record" else path.rpartition(".")[2]
            _fill(resolved, item, (path, name), (item_cells, found), types)
            found[path].append(item_cells)
    elif not (value is None and cells.get(column)):
        cells[column] = value
