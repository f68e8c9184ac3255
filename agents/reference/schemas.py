"""The page of all schemas: events and records, field by field, from the .avsc files."""

from collections.abc import Iterator, Mapping
from typing import Any

from agents.reference.markdown import code, codes, prose, table, text
from agents.topics import senders
from schemas.registry import Contract, contracts

INTRODUCTION = """# Schemas

Every message is one Avro record of one of these schemas: `schemas/events/NAME.avsc` and `schemas/records/NAME.avsc`.
The newest version stands here; values of older versions are read as the newest. In front of every value stand C3 01
and the *fingerprint* of its schema (CRC-64-AVRO, 8 bytes, little endian); events may stand behind 00 and the *Confluent
id* (4 bytes, big endian) instead.

A path with `[]` is a field of each item of a list. *May be null* means that it may be left out in JSON.
"""
ENVELOPE = """## Every event

These fields stand in front of the content of every event.
"""
Schema = Mapping[str, Any]
LOGICAL = {"date": "date", "timestamp-millis": "timestamp, ms UTC"}


def page() -> str:
    """docs/reference/schemas.md."""
    known = contracts()
    common = [field for field in known.events[0].schema["fields"] if field["name"] != "content"]
    rows = list(_rows({"fields": common}, "", {}))
    return "\n".join(
        [
            INTRODUCTION,
            ENVELOPE,
            _table(rows),
            *(_event(event, rows) for event in known.events),
            "## Records\n\nWhat the register itself writes.\n",
            *(_record(record) for record in known.records),
        ]
    )


def _event(event: Contract, common: list[tuple[str, str, str]]) -> str:
    ids = {each.fingerprint: number for number, each in contracts().by_confluent_id.items()}
    facts = [
        ("topic", f"{code(event.topic)} (number {event.topic_number})"),
        ("sent by", codes(senders(event.name))),
        ("may state", codes(event.groups)),
        *_versions(event, [f", Confluent id {ids[version.fingerprint]}" for version in event.versions]),
    ]
    own = [row for row in _rows(event.schema, "", {}) if row not in common]
    return f"## {event.name}\n\n{_head(event)}\n{_facts(facts)}\n{_table(own)}"


def _record(record: Contract) -> str:
    facts = _versions(record, [""] * len(record.versions))
    return f"### {record.name}\n\n{_head(record)}\n{_facts(facts)}\n{_table(_rows(record.schema, '', {}))}"


def _head(contract: Contract) -> str:
    return f"{prose(contract.schema['doc'])}\n"


def _facts(facts: list[tuple[str, str]]) -> str:
    return "".join(f"- {name}: {said}\n" for name, said in facts)


def _versions(contract: Contract, more: list[str]) -> list[tuple[str, str]]:
    return [
        (f"version {version.version}", f"fingerprint {code(f'{version.fingerprint:016x}')}{said}")
        for version, said in zip(contract.versions, more, strict=True)
    ]


def _table(rows: Any) -> str:
    return table(("field", "type", "meaning"), list(rows))


def _rows(record: Schema, prefix: str, named: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Path, type and meaning of every field, those within records and lists behind them."""
    for field in record["fields"]:
        path = f"{prefix}{field['name']}"
        said, inner, suffix = _type(field["type"], named)
        meaning = " ".join(filter(None, [field.get("doc", ""), _symbols_doc(inner)]))
        yield code(path), said, prose(meaning)
        if inner.get("type") == "record":
            yield from _rows(inner, f"{path}{suffix}.", named)


def _type(found: Any, named: dict[str, Any]) -> tuple[str, Schema, str]:
    """A type in words, the named type in it (empty if there is none), and what its fields' paths have in between."""
    if isinstance(found, list):
        (only,) = (branch for branch in found if branch != "null")
        said, inner, suffix = _type(only, named)
        return f"{said}; may be null", inner, suffix
    if isinstance(found, str):
        return _type(named[found], named) if found in named else (found, {}, "")
    if found["type"] in ("array", "map"):
        said, inner, suffix = _type(found["items" if found["type"] == "array" else "values"], named)
        return f"{'list' if found['type'] == 'array' else 'map'} of {said}", inner, f"[]{suffix}"
    if "name" in found:
        named[found["name"]] = found
        return _named(found), found, ""
    return LOGICAL.get(found.get("logicalType", ""), found["type"]), {}, ""


def _named(found: Schema) -> str:
    match found["type"]:
        case "enum":
            return f"one of {codes(found['symbols'])}"
        case "fixed":
            return f"{found['size']} bytes"
        case _:
            return f"record {text(found['name'])}"


def _symbols_doc(inner: Schema) -> str:
    return str(inner.get("doc", "")) if inner.get("type") in ("enum", "fixed") else ""
