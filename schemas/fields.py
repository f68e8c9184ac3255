"""The fields of a schema by their columns: the entry as it stands in the .avsc, and what of it may be null."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from schemas.columnar.plan import ROOT

if TYPE_CHECKING:
    from schemas.registry import Contract

NULL = "null"


@dataclass(frozen=True)
class Field:
    """One field; arrays are no field, their items' fields are."""

    schema: Mapping[str, Any]  # the entry with its attributes, Avro's and our own
    nullable: tuple[str, ...]  # columns that may be null: those of the records around it, then its own


@cache
def fields_of(contract: "Contract") -> Mapping[tuple[str, str], Field]:
    """Table (ROOT, or the path of an array) and column, as in the contract's plan -> the field."""
    types: dict[str, Any] = {}
    return dict(_inside(contract.schema, ROOT, "", (), types))


def _inside(
    schema: Mapping[str, Any], table: str, prefix: str, nullable: tuple[str, ...], types: dict[str, Any]
) -> Iterator[tuple[tuple[str, str], Field]]:
    types[schema["name"]] = schema
    for entry in schema["fields"]:
        column = f"{prefix}{entry['name']}"
        kind = entry["type"]
        absent = nullable
        if isinstance(kind, list):
            (kind,) = (each for each in kind if each != NULL)
            absent = (*nullable, column)
        if isinstance(kind, str):
            kind = types.get(kind, {"type": kind})
        if "name" in kind:
            types[kind["name"]] = kind
        if kind["type"] == "record":
            yield (table, column), Field(entry, absent)
            yield from _inside(kind, table, f"{column}.", absent, types)
        elif kind["type"] == "array":
            path = f"{table}.{column}" if table else column
            items = types.get(kind["items"], kind["items"]) if isinstance(kind["items"], str) else kind["items"]
            if isinstance(items, Mapping) and items["type"] == "record":
                yield from _inside(items, path, "", (), types)
        else:
            yield (table, column), Field(entry, absent)
