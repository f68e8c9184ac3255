"""Schema resolution in columns: what one version of a schema wrote, as another reads it (Avro, "Schema Resolution").

A field is found by its name or by an alias of the reader's; one that the reader adds gets its default, one that it
does not know is dropped. An int may be read as long, text as bytes, a value as a nullable one. A symbol that
the reader's enum lacks becomes the enum's default. All of that is decided once for a pair of schemas, before
any record is seen; so what could fail for some records only (a nullable field that is read as required, an
enum without default that lost a symbol) is refused for the pair, as `avro.compatibility` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas.canonical import PRIMITIVES, full_name
from schemas.columnar.decode import Decoded
from schemas.columnar.plan import ROOT, ROW, Place, leaf_of, plan_of

if TYPE_CHECKING:
    from schemas.registry import Contract

Schema = Mapping[str, Any]
NAMED = frozenset({"record", "enum", "fixed"})
# Promotions between types; others of Avro are about floats, which columns don't have, or need a look at each value.
PROMOTIONS = frozenset({("int", "long"), ("string", "bytes")})
BYTES_OF_DEFAULT = "latin-1"  # Avro writes bytes in a default as code points 0 to 255


@dataclass
class Source:
    """Where a frame of the reader comes from."""

    path: str | None  # of the writer's frame; None: the writer has no such array, so nobody has an item
    columns: dict[str, pl.Expr] = field(default_factory=dict)  # of the reader, over the writer's frame


@cache
def resolution_of(writer: "Contract", reader: "Contract") -> Mapping[str, Source]:
    """The source of each of the reader's frames, by path.

    Raises ValueError, which says what to change, when the reader cannot read everything that the writer may have
    written, and for schemas that columns don't have.
    """
    plan_of(writer)
    tables = plan_of(reader).tables
    resolver = _Resolver(f"{reader.name}: version {reader.version} cannot read version {writer.version}")
    place = Place(ROOT, "", "")
    resolver.record(_expanded(writer.schema, "", {}), _expanded(reader.schema, "", {}), place, place, None)
    for path, source in resolver.sources.items():
        source.columns = {name: source.columns[name] for name in tables[path].schema} if source.path is not None else {}
    return resolver.sources


def resolve(writer: "Contract", reader: "Contract", decoded: Decoded) -> Decoded:
    """What the writer's schema decoded, in the columns of the reader's; the same rows, the same errors.

    The errors' fields are named as the writer names them. Raises ValueError as `resolution_of`.
    """
    if writer is reader:
        return decoded
    tables = plan_of(reader).tables
    frames = {}
    for path, source in resolution_of(writer, reader).items():
        if source.path is None:
            frames[path] = pl.DataFrame(schema={ROW: pl.UInt32(), **tables[path].schema})
            continue
        frame = decoded.frame if source.path == ROOT else decoded.children[source.path]
        frames[path] = frame.select(ROW, *(column.alias(name) for name, column in source.columns.items()))
    return Decoded(frames.pop(ROOT), frames, decoded.errors)


class _Resolver:
    """Walks both schemas at once.

    `present` is the presence, over the writer's frame, of the nearest record around that may be null; None: always.
    """

    def __init__(self, what: str) -> None:
        self.sources: dict[str, Source] = {ROOT: Source(ROOT)}
        self._what = what

    def record(self, writer: Schema, reader: Schema, old: Place, new: Place, present: pl.Expr | None) -> None:
        self._check_names(writer, reader, new)
        by_name = {entry["name"]: entry for entry in writer["fields"]}
        for entry in reader["fields"]:
            names = [entry["name"], *entry.get("aliases", ())]
            found = next((by_name[name] for name in names if name in by_name), None)
            inside = new.field(entry["name"])
            if found is not None:
                self._node(found["type"], entry["type"], old.field(found["name"]), inside, present)
            elif "default" in entry:
                self._default(entry["type"], entry["default"], inside, present)
            else:
                raise self._refusal(
                    inside, "is missing there and has no default; give it one, or keep the field in every version"
                )

    def _node(self, writer: Any, reader: Any, old: Place, new: Place, present: pl.Expr | None) -> None:
        nullable = isinstance(writer, list)
        if nullable and not isinstance(reader, list):
            raise self._refusal(new, "may be null there and not here; let it stay as it was")
        writer, wanted = _other(writer), _other(reader)
        kinds = writer["type"], wanted["type"]
        if "record" in kinds or "array" in kinds:
            if kinds[0] != kinds[1]:
                raise self._refusal(
                    new, f"is {kinds[0]} there and {kinds[1]} here; add a field of another name instead"
                )
            if kinds[0] == "array":
                self._array(writer, wanted, old, new)
                return
            if nullable:
                present = pl.col(old.column)
            if isinstance(reader, list):
                self._put(new, pl.lit(value=True) if present is None else present)
            self.record(writer, wanted, old, new, present)
            return
        self._put(new, self._leaf(writer, wanted, old, new))

    def _array(self, writer: Schema, reader: Schema, old: Place, new: Place) -> None:
        self.sources[new.path] = Source(old.path)
        self._node(writer["items"], reader["items"], _items_of(writer, old), _items_of(reader, new), None)

    def _leaf(self, writer: Schema, reader: Schema, old: Place, new: Place) -> pl.Expr:
        self._check_names(writer, reader, new)
        column = pl.col(old.column)
        before, after = writer["type"], reader["type"]
        if before != after and (before, after) not in PROMOTIONS:
            raise self._refusal(
                new, f"is {before} there and {after} here; let its type be, and add a field of another name"
            )
        if after == "enum":
            return self._enum(writer, reader, column, new)
        if after == "fixed" and writer["size"] != reader["size"]:
            raise self._refusal(
                new, f"has {writer['size']} bytes there, {reader['size']} here; add a field of another name"
            )
        dtype = _dtype(reader)
        if dtype == _dtype(writer):
            return column
        # Logical types say nothing about bytes: a date that becomes an int, or an int that becomes a timestamp.
        integer = {"int": pl.Int32(), "long": pl.Int64()}.get(after)
        return column.cast(dtype) if integer is None else column.to_physical().cast(integer).cast(dtype)

    def _enum(self, writer: Schema, reader: Schema, column: pl.Expr, new: Place) -> pl.Expr:
        symbols = list(reader["symbols"])
        if symbols == list(writer["symbols"]):
            return column
        column = column.cast(pl.String)
        unknown = [symbol for symbol in writer["symbols"] if symbol not in symbols]
        if unknown:
            if reader.get("default") not in symbols:
                advice = f"put {'them' if len(unknown) > 1 else 'it'} back, or give the enum a default in every version"
                raise self._refusal(new, f"lacks the symbols {unknown}; {advice}")
            column = column.replace(unknown, [reader["default"]] * len(unknown))
        return column.cast(pl.Enum(symbols))

    def _default(self, reader: Any, value: Any, new: Place, present: pl.Expr | None) -> None:
        """Columns of a field that the writer did not know."""
        kind = _other(reader)
        absent = value is None and isinstance(reader, list)
        if kind["type"] == "array":
            if value:
                raise self._refusal(new, "is an array with items as default; let its default be []")
            self.sources[new.path] = Source(None)
        elif kind["type"] == "record":
            if isinstance(reader, list):
                self._put(new, pl.lit(value=False) if absent else _where(pl.lit(value=True), present, absent=False))
            if not absent and not isinstance(value, Mapping):
                raise self._refusal(new, f"has the default {value!r}, which is no record; let it be an object, or null")
            self._defaults(kind, None if absent else value, new, present)
        else:
            self._put(new, _where(None if absent else self._literal(kind, value, new), present).cast(_dtype(kind)))

    def _defaults(self, reader: Schema, value: Mapping[str, Any] | None, new: Place, present: pl.Expr | None) -> None:
        """Columns of the fields of a record that the writer did not know; `value` None: the record is null."""
        for entry in reader["fields"]:
            inside = new.field(entry["name"])
            if value is not None:
                if entry["name"] not in value and "default" not in entry:
                    raise self._refusal(inside, "is missing in the default of its record; name it there")
                self._default(entry["type"], value.get(entry["name"], entry.get("default")), inside, present)
                continue
            kind = _other(entry["type"])
            if kind["type"] == "array":
                self._default(kind, [], inside, present)
            elif kind["type"] == "record" and not isinstance(entry["type"], list):
                self._defaults(kind, None, inside, present)
            else:
                self._default([{"type": "null"}, kind], None, inside, present)

    def _literal(self, kind: Schema, value: Any, new: Place) -> pl.Expr:
        match kind["type"], value:
            case "boolean", bool():
                return pl.lit(value)
            case ("int" | "long") as name, int() if not isinstance(value, bool):
                bits = 31 if name == "int" else 63
                if -(1 << bits) <= value < 1 << bits:
                    return pl.lit(value, pl.Int32() if name == "int" else pl.Int64())
            case "string", str():
                return pl.lit(value)
            case "enum", str() if value in kind["symbols"]:
                return pl.lit(value)
            case (("bytes" | "fixed"), str()) if len(value) == kind.get("size", len(value)):
                return pl.lit(value.encode(BYTES_OF_DEFAULT))
        raise self._refusal(new, f"has the default {value!r}, which is no {kind['type']}; correct it")

    def _check_names(self, writer: Schema, reader: Schema, new: Place) -> None:
        """Records, enums and fixed are the same type only under the same name, or an alias."""
        if writer["type"] in NAMED and reader["type"] == writer["type"]:
            names = [reader["name"], *reader.get("aliases", ())]
            if _last(writer["name"]) not in map(_last, names):
                what = f"is of type {reader['name']} here and {writer['name']} there"
                raise self._refusal(new, f"{what}; keep the type's name, or give it the old one as alias")

    def _put(self, new: Place, column: pl.Expr) -> None:
        self.sources[new.table].columns[new.column] = column

    def _refusal(self, new: Place, what: str) -> ValueError:
        problem, _, advice = what.rpartition("; ")
        return ValueError(f"{self._what}: field {new.path or '(the record itself)'} {problem}: {advice}")


def _items_of(array: Schema, place: Place) -> Place:
    """Where the items of an array stand: items that are no records in a column of the array's last name."""
    column = "" if array["items"]["type"] == "record" else _last(place.path)
    return Place(place.path, column, place.path)


def _where(value: pl.Expr | None, present: pl.Expr | None, *, absent: bool | None = None) -> pl.Expr:
    value = pl.lit(None) if value is None else value
    return value if present is None else pl.when(present).then(value).otherwise(pl.lit(absent))


def _other(schema: Any) -> Schema:
    """The type itself, of a nullable one the one that is not null."""
    found: Schema = next(it for it in schema if it["type"] != "null") if isinstance(schema, list) else schema
    return found


def _dtype(schema: Schema) -> pl.DataType:
    described = leaf_of(schema)
    assert described is not None, "the plans of both schemas were made first"
    return described[0]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _expanded(schema: Any, namespace: str, types: dict[str, Any]) -> Any:
    """A schema in which each type stands where it is used: no names to look up; primitives as {"type": name}."""
    if isinstance(schema, str):
        return {"type": schema} if schema in PRIMITIVES else types[full_name(schema, namespace)]
    if isinstance(schema, list):
        return [_expanded(branch, namespace, types) for branch in schema]
    found = dict(schema)
    if "name" in schema:
        name = full_name(schema["name"], schema.get("namespace", namespace))
        namespace = name.rpartition(".")[0]
        types[name] = found
    if "fields" in schema:
        found["fields"] = [{**it, "type": _expanded(it["type"], namespace, types)} for it in schema["fields"]]
    if "items" in schema:
        found["items"] = _expanded(schema["items"], namespace, types)
    return found
