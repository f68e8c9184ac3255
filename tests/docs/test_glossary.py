"""Aims at glossary and sources: every word of the contracts and rules, and every source, stands there."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest

from agents.rulebook import read_bundle
from schemas.codes import GROUPS
from schemas.registry import contracts
from streams.books.balance import ADVICE
from tests.docs.pages import PROJECT

GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"\w+", GLOSSARY.lower()))
# Plain English, which needs no translation, and names that a field is made of.
ENGLISH = {"event_id", "kind", "corrects", "content", "nik"}
RULES = read_bundle("nasional").at(dt.date(2026, 12, 31))


def names(found: Any) -> Iterator[str]:
    """Fields and symbols of a schema."""
    if isinstance(found, list):
        for it in found:
            yield from names(it)
    elif isinstance(found, dict):
        yield from found.get("symbols", ())
        for field in found.get("fields", ()):
            yield field["name"]
            yield from names(field["type"])
        yield from names([found.get("items"), found["type"] if isinstance(found.get("type"), list | dict) else None])


def known(name: str) -> bool:
    """As it stands in the code, between backticks, or as a word."""
    return f"`{name}`" in GLOSSARY or name.lower() in WORDS


@pytest.mark.parametrize("event", contracts().events, ids=lambda event: event.name)
def test_every_field_and_symbol_of_an_event_is_explained(event: Any) -> None:
    found = {event.name, *names(event.schema)} - ENGLISH
    assert {"effective_on", "CANCEL"} < found
    assert sorted(name for name in found if not known(name)) == []


def test_every_programme_and_condition_is_explained() -> None:
    found = {name for it in RULES.programmes.values() for name in (it.name, *(c.id for c in it.conditions))}
    assert len(found) > 20
    assert sorted(name for name in found if not known(name) and not all(map(known, name.split("_")))) == []


def test_every_group_of_a_fact_is_explained() -> None:
    groups = [field["name"] for field in contracts().by_name["fact"].schema["fields"] if field["name"] in GROUPS]
    assert len(groups) > 10
    assert [name for name in groups if not known(name)] == []


def test_every_source_that_is_named_is_listed() -> None:
    listed = re.findall(r"^\| (S\d+) \|", (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {
        (key, path.name)
        for room in ("streams", "schemas", "agents")
        for path in (PROJECT / room).rglob("*")
        if path.suffix in (".py", ".yaml", ".avsc")
        for key in re.findall(r"\[(S\d+)\]", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 40
    assert sorted(it for it in named if it[0] not in listed) == []


def test_every_book_is_explained() -> None:
    page = (PROJECT / "docs" / "explanation" / "the-books.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")}
    assert sorted(name for name in ADVICE if name not in named and f"*{name}*" not in page) == []
