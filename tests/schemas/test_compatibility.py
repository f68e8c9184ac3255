"""Aims at: no version of a contract is released that another one cannot read, and the refusal says what to change."""

import copy
from typing import Any

import pytest

from schemas.compatibility import refusals
from schemas.registry import Contract, contracts
from tests.schemas.versions_made import entry, record, versions

ALL = contracts()
LAHIR, FACT, REPORT = ALL.by_name["lahir"], ALL.by_name["fact"], ALL.by_name["report"]
NO_DEFAULT = "is missing there and has no default: give it one, or keep the field in every version"
COLOURS = {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN"]}


@pytest.mark.parametrize("contract", [*ALL.events, *ALL.records], ids=lambda it: it.name)
def test_every_version_reads_every_other(contract: Contract) -> None:
    """The gate. FULL_TRANSITIVE is promised for events and facts; the other records keep it too."""
    assert refusals(contract) == []


def _content(schema: dict[str, Any]) -> list[dict[str, Any]]:
    content = next(it for it in schema["fields"] if it["name"] == "content")["type"]
    found: list[dict[str, Any]] = next(it for it in content if it != "null")["fields"]
    return found


def _lahir(*added: dict[str, Any], without: str = "") -> Contract:
    """A next version of lahir: with more in its content, or with less."""
    schema = copy.deepcopy(dict(LAHIR.schema))
    fields = _content(schema)
    fields[:] = [*(it for it in fields if it["name"] != without), *added]
    return versions(LAHIR.schema, schema, name="lahir", like=LAHIR)


def test_a_field_with_a_default_may_be_added() -> None:
    assert refusals(_lahir(entry("berat_gram", ["null", "int"], default=None))) == []


def test_a_field_without_default_is_refused() -> None:
    assert refusals(_lahir(entry("berat_gram", "int"))) == [
        f"lahir: version 2 cannot read version 1: field content.berat_gram {NO_DEFAULT}"
    ]


def test_a_field_that_others_need_is_not_taken_away() -> None:
    assert refusals(_lahir(without="nama")) == [
        f"lahir: version 1 cannot read version 2: field content.nama {NO_DEFAULT}"
    ]


def test_every_pair_is_looked_at_not_only_neighbours() -> None:
    # The second version gave y a default, so the third could drop it; but the first still needs it.
    first = record(entry("x", "int"), entry("y", "int"))
    second = record(entry("x", "int"), entry("y", "int", default=0))
    third = record(entry("x", "int"))
    assert refusals(versions(first, second)) == []
    assert refusals(versions(second, third)) == []
    (sentence,) = refusals(versions(first, second, third))
    assert sentence == f"made: version 1 cannot read version 3: field y {NO_DEFAULT}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("int", "long", "version 1 cannot read version 2: field x is long there and int here"),
        ("string", ["null", "string"], "version 1 cannot read version 2: field x may be null there and not here"),
        (COLOURS, {**COLOURS, "symbols": ["RED", "GREEN", "BLUE"]}, r"version 1 .* lacks the symbols \['BLUE'\]"),
        (COLOURS, {**COLOURS, "name": "Color"}, "keep the type's name, or give it the old one as alias"),
    ],
)
def test_what_one_direction_allows_the_other_refuses(old: Any, new: Any, expected: str) -> None:
    found = refusals(versions(record(entry("x", old)), record(entry("x", new))))
    assert found
    with pytest.raises(AssertionError, match=expected):
        raise AssertionError("\n".join(found))


def test_an_enum_with_a_default_may_get_symbols() -> None:
    old = {**COLOURS, "default": "RED"}
    more = {**old, "symbols": ["RED", "GREEN", "BLUE"]}
    assert refusals(versions(record(entry("x", old)), record(entry("x", more)))) == []


def test_what_is_read_at_constant_places_stays_there() -> None:
    for contract, behind in ((LAHIR, "producer"), (FACT, "place")):
        schema = copy.deepcopy(dict(contract.schema))
        places = [it["name"] for it in schema["fields"]]
        schema["fields"].insert(places.index(behind), entry("new", "int", default=0))
        found = refusals(versions(contract.schema, schema, name=contract.name, like=contract))
        assert len(found) == 2
        assert all("read at constant places, so put new fields behind them" in sentence for sentence in found)


def test_maps_are_judged_by_the_official_library_alone() -> None:
    more = {**REPORT.schema, "fields": [*REPORT.schema["fields"], entry("new", "int", default=0)]}
    assert refusals(versions(REPORT.schema, more, name="report")) == []
    bad = {**REPORT.schema, "fields": [*REPORT.schema["fields"], entry("new", "int")]}
    (sentence,) = refusals(versions(REPORT.schema, bad, name="report"))
    assert sentence.startswith("report: version 2 cannot read version 1: ")
