"""An Avro schema compiled to what the columns need: a tree to walk, and the tables it fills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas.canonical import PRIMITIVES, full_name

if TYPE_CHECKING:
    from schemas.registry import Contract

ROW = "row"
ROOT = ""  # the path of the root table; a child table has the dotted path of its array


class Kind(Enum):
    """How the bytes of a leaf are read."""

    VARINT = auto()  # int, long and their logical types
    BOOLEAN = auto()
    ENUM = auto()
    BYTES = auto()  # string and bytes: a length, then the bytes
    FIXED = auto()


@dataclass(frozen=True)
class Leaf:
    """One value. `column` is its place in its table."""

    path: str  # dotted, from the root of the record; names the field in errors
    kind: Kind
    column: int
    size: int  # VARINT: at most as many bytes; ENUM: number of symbols; FIXED: bytes
    text: bool = False  # BYTES that must be UTF-8


@dataclass(frozen=True)
class Record:
    """Fields one after another."""

    path: str
    fields: tuple["Node", ...]


@dataclass(frozen=True)
class Nullable:
    """A union of null and one other type."""

    path: str
    inner: "Leaf | Record"
    null_branch: int  # 0 or 1
    presence: int | None  # for a record: the Boolean column that says whether it is there


@dataclass(frozen=True)
class Array:
    """Items in a table of their own, which has the array's path."""

    path: str
    item: "Leaf | Record"


Node = Leaf | Record | Nullable | Array


@dataclass
class Table:
    """The columns of one frame, in the order of the schema."""

    schema: dict[str, pl.DataType] = field(default_factory=dict)
    presence: set[str] = field(default_factory=set)  # Boolean columns that stand for a nullable record

    def add(self, name: str, dtype: pl.DataType) -> int:
        """Add a column; its place."""
        if name == ROW:
            raise ValueError("a field may not be called row: frames have a column of this name for the row's number")
        self.schema[name] = dtype
        return len(self.schema) - 1


@dataclass(frozen=True)
class Plan:
    """A compiled schema."""

    name: str
    root: Record
    tables: Mapping[str, Table]


INT_BYTES, LONG_BYTES = 5, 10  # the longest varints of 32 and 64 bits


@cache
def plan_of(contract: "Contract") -> Plan:
    """The plan of a contract's schema.

    Raises ValueError for what columns don't have: maps, floats, unions of more than null and one type,
    nullable arrays, arrays within arrays, records without fields. `schemas.slow` reads those.
    """
    compiler = _Compiler(contract.name)
    root = compiler.record(contract.schema, Place(ROOT, "", ""))
    return Plan(contract.name, root, compiler.tables)


@dataclass(frozen=True)
class Place:
    """Where a type stands: its table, its column there, and its path from the root of the record."""

    table: str
    column: str
    path: str

    def field(self, name: str) -> "Place":
        return Place(self.table, _dotted(self.column, name), _dotted(self.path, name))


class _Compiler:
    """Walks a schema once; named types are remembered by their full names."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: dict[str, Table] = {ROOT: Table()}
        self._namespace = ""
        self._types: dict[str, Any] = {}

    def record(self, schema: Mapping[str, Any], place: Place) -> Record:
        outer = self._namespace
        self._namespace = full_name(schema["name"], schema.get("namespace", outer)).rpartition(".")[0]
        fields = tuple(self._node(entry["type"], place.field(entry["name"])) for entry in schema["fields"])
        self._namespace = outer
        if not fields:
            raise self._refusal(place, "a record without fields")
        return Record(place.path, fields)

    def _node(self, schema: Any, place: Place) -> Node:
        schema = self._resolve(schema)
        if isinstance(schema, list):
            return self._nullable(schema, place)
        if schema["type"] == "array":
            return self._array(schema, place)
        return self._single(schema, place)

    def _single(self, schema: Mapping[str, Any], place: Place) -> Leaf | Record:
        if schema["type"] == "record":
            return self.record(schema, place)
        described = leaf_of(schema)
        if described is None:
            raise self._refusal(place, f"the type {schema['type']}")
        dtype, kind, size = described
        column = self.tables[place.table].add(place.column, dtype)
        return Leaf(place.path, kind, column, size, text=schema["type"] == "string")

    def _nullable(self, branches: list[Any], place: Place) -> Nullable:
        others = [self._resolve(branch) for branch in branches if branch != "null"]
        if len(branches) != 2 or len(others) != 1 or isinstance(others[0], list) or others[0]["type"] == "array":
            raise self._refusal(place, "a union other than of null and one type that is no array")
        null_branch = branches.index("null")
        if others[0]["type"] != "record":
            return Nullable(place.path, self._single(others[0], place), null_branch, presence=None)
        table = self.tables[place.table]
        presence = table.add(place.column, pl.Boolean())
        table.presence.add(place.column)
        return Nullable(place.path, self.record(others[0], place), null_branch, presence)

    def _array(self, schema: Mapping[str, Any], place: Place) -> Array:
        if place.table != ROOT:
            raise self._refusal(place, "an array within an array")
        self.tables[place.path] = Table()
        item = self._resolve(schema["items"])
        if isinstance(item, list) or item["type"] == "array":
            raise self._refusal(place, "an array of arrays or unions")
        scalar = "" if item["type"] == "record" else place.path.rpartition(".")[2]
        inside = Place(place.path, scalar, place.path)
        return Array(place.path, self._single(item, inside))

    def _resolve(self, schema: Any) -> Any:
        """The definition behind a name; primitives as {"type": name}."""
        if isinstance(schema, list):
            return schema
        if isinstance(schema, str):
            return {"type": schema} if schema in PRIMITIVES else self._types[full_name(schema, self._namespace)]
        if "name" in schema:
            self._types[full_name(schema["name"], schema.get("namespace", self._namespace))] = schema
        return schema

    def _refusal(self, place: Place, what: str) -> ValueError:
        return ValueError(
            f"{self.name}: field {place.path or '(the record itself)'} has {what}, which columns don't have: "
            "read and write it by schemas.slow"
        )


def leaf_of(schema: Mapping[str, Any]) -> tuple[pl.DataType, Kind, int] | None:
    """Column type, way of reading, and size of a type that is one value; None for others."""
    match schema["type"], schema.get("logicalType"):
        case "int", "date":
            return pl.Date(), Kind.VARINT, INT_BYTES
        case "int", None:
            return pl.Int32(), Kind.VARINT, INT_BYTES
        case "long", "timestamp-millis":
            return pl.Datetime("ms", "UTC"), Kind.VARINT, LONG_BYTES
        case "long", None:
            return pl.Int64(), Kind.VARINT, LONG_BYTES
        case "boolean", _:
            return pl.Boolean(), Kind.BOOLEAN, 1
        case "string", _:
            return pl.String(), Kind.BYTES, LONG_BYTES
        case "bytes", None:
            return pl.Binary(), Kind.BYTES, LONG_BYTES
        case "fixed", None:
            return pl.Binary(), Kind.FIXED, int(schema["size"])
        case "enum", _:
            return pl.Enum(schema["symbols"]), Kind.ENUM, len(schema["symbols"])
        case _:
            return None


def _dotted(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
