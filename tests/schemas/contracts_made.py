"""Contracts made for a test, beside those of the project."""

from collections.abc import Mapping
from typing import Any

from schemas.canonical import canonical_form, fingerprint
from schemas.framing import header_of
from schemas.registry import Contract


def made(schema: Mapping[str, Any]) -> Contract:
    """A contract of this schema."""
    number = fingerprint(canonical_form(schema))
    return Contract(schema["name"].lower(), schema, number, header_of(number), None, None, None)


def record(*fields: tuple[str, Any]) -> Contract:
    """A contract of a record with these fields."""
    return made({"type": "record", "name": "Made", "fields": [{"name": name, "type": kind} for name, kind in fields]})
