"""Parsing canonical form and CRC-64-AVRO fingerprint of a schema, by the Avro specification.

Not by the official Python library: avro 1.12 to 1.13 leaves `{"type": "int"}` around logical types and
writes a named fixed out again at its second use, so its fingerprints differ from those of Java, Rust
and fastavro. Producers that use those must find their schema here by the specification's fingerprint.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

EMPTY_64 = 0xC15D213AA4D7A795  # from the specification, "Schema Fingerprints"
PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


def canonical_form(schema: Any) -> str:
    """The parsing canonical form of a parsed schema: names in full, nothing but what bytes depend on.

    Raises ValueError for a type that the schema never defined.
    """
    return json.dumps(_canonical(schema, "", set()), separators=(",", ":"), ensure_ascii=False)


def fingerprint(canonical: str) -> int:
    """CRC-64-AVRO of a canonical form, as an unsigned integer."""
    table = _crc_table()
    crc = EMPTY_64
    for byte in canonical.encode():
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc


def full_name(name: str, namespace: str) -> str:
    """A name with its namespace, unless it has one already."""
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _canonical(schema: Any, namespace: str, defined: set[str]) -> Any:
    if isinstance(schema, str):
        if schema in PRIMITIVES:
            return schema
        name = full_name(schema, namespace)
        if name not in defined:
            raise ValueError(f"the schema uses {name} before it defines it")
        return name
    if isinstance(schema, list):
        return [_canonical(branch, namespace, defined) for branch in schema]
    kind = schema["type"]
    if kind == "array":
        return {"type": "array", "items": _canonical(schema["items"], namespace, defined)}
    if kind == "map":
        return {"type": "map", "values": _canonical(schema["values"], namespace, defined)}
    if kind in ("record", "enum", "fixed"):
        return _canonical_named(schema, namespace, defined)
    return _canonical(kind, namespace, defined)


def _canonical_named(schema: Mapping[str, Any], namespace: str, defined: set[str]) -> dict[str, Any]:
    name = full_name(schema["name"], schema.get("namespace", namespace))
    defined.add(name)
    form: dict[str, Any] = {"name": name, "type": schema["type"]}
    match schema["type"]:
        case "record":
            space = name.rpartition(".")[0]
            form["fields"] = [
                {"name": field["name"], "type": _canonical(field["type"], space, defined)} for field in schema["fields"]
            ]
        case "enum":
            form["symbols"] = list(schema["symbols"])
        case _:
            form["size"] = schema["size"]
    return form


@cache
def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (EMPTY_64 if crc & 1 else 0)
        table.append(crc)
    return tuple(table)
