"""Versions of a schema made for a test, and what the official library reads of one as another."""

import copy
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import avro.io
import avro.schema
import fastavro

from schemas.canonical import canonical_form, fingerprint
from schemas.framing import HEADER_BYTES, header_of
from schemas.registry import Contract
from tests.schemas.strategies import Record


def versions(*schemas: Mapping[str, Any], name: str = "made", like: Contract | None = None) -> Contract:
    """The newest contract of these versions, the first one first; topic and statements as those of `like`."""
    found: list[Contract] = []
    for number, schema in enumerate(schemas, start=1):
        crc = fingerprint(canonical_form(schema))
        older = tuple(found) if number == len(schemas) else ()
        made = Contract(name, schema, crc, header_of(crc), None, None, None, version=number, older=older)
        names = ("topic", "topic_number", "event_type", "people", "states")
        found.append(replace(made, **{each: getattr(like, each) for each in names}) if like else made)
    return found[-1]


def record(*fields: Mapping[str, Any], name: str = "Made", **more: Any) -> Record:
    """A record type."""
    return {"type": "record", "name": name, "fields": list(fields), **more}


def entry(name: str, kind: Any, **more: Any) -> Record:
    """A field of a record type."""
    return {"name": name, "type": kind, **more}


def read_by_avro(writer: Contract, reader: Contract, values: Sequence[bytes]) -> list[Record]:
    """Framed values as the official library reads them. It knows no aliases, so they are applied before.

    "Aliases function by re-writing the writer's schema using aliases from the reader's schema" (Avro, "Aliases").
    """
    old = avro.schema.parse(json.dumps(_renamed(writer.schema, reader.schema)))
    new = avro.schema.parse(json.dumps(reader.schema))
    found = []
    for value in values:
        one: Any = avro.io.DatumReader(old, new).read(avro.io.BinaryDecoder(io.BytesIO(value[HEADER_BYTES:])))
        found.append(one)
    return found


def read_by_fastavro(writer: Contract, reader: Contract, values: Sequence[bytes]) -> list[Record]:
    """Framed values as fastavro reads them, which knows aliases and defaults of enums."""
    old, new = (fastavro.parse_schema(json.loads(json.dumps(it.schema))) for it in (writer, reader))
    return [fastavro.schemaless_reader(io.BytesIO(value[HEADER_BYTES:]), old, new) for value in values]  # type: ignore[misc]


def _renamed(writer: Any, reader: Any) -> Any:
    """The writer's schema with the reader's names; made schemas define each type where it is used."""
    if isinstance(writer, list) or isinstance(reader, list):
        theirs = next((it for it in reader if it != "null"), reader) if isinstance(reader, list) else reader
        if isinstance(writer, list):
            return [it if it == "null" else _renamed(it, theirs) for it in writer]
        return _renamed(writer, theirs)
    if not isinstance(writer, dict) or not isinstance(reader, dict):
        return writer
    found = copy.deepcopy(writer)
    if writer["type"] == "array":
        found["items"] = _renamed(writer["items"], reader["items"])
    if "name" in writer:
        found["name"] = reader["name"]
    for field in found.get("fields", ()):
        for mine in reader["fields"]:
            if field["name"] == mine["name"] or field["name"] in mine.get("aliases", ()):
                field["name"], field["type"] = mine["name"], _renamed(field["type"], mine["type"])
                break
    return found
