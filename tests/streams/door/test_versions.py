"""Aims at: events of all versions of a schema pass the same door, and facts of all versions are read as the newest."""

import copy
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import slow
from schemas.columnar.arena import join
from schemas.registry import Contract, Contracts
from streams.door import open_batch
from streams.facts import facts_frame
from tests.schemas.versions_made import versions
from tests.streams.door.made import ALL, FACT, RECEIVED_MS, changed, encoded, good
from tests.streams.strategies import AUTHORITIES, FEW, Fact, birth, nik, store_rows

MATI = ALL.by_name["mati"]


def content_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an event's content."""
    content = next(it for it in schema["fields"] if it["name"] == "content")["type"]
    found: list[dict[str, Any]] = next(it for it in content if it != "null")["fields"]
    return found


def first_mati() -> dict[str, Any]:
    """The schema before nomor_akta came, when tanggal_meninggal had another name and a cause was asked for."""
    schema = copy.deepcopy(dict(MATI.schema))
    fields = content_of(schema)
    fields[:] = [it for it in fields if it["name"] != "nomor_akta"]
    next(it for it in fields if it["name"] == "tanggal_meninggal")["name"] = "tanggal"
    fields.append({"name": "sebab", "type": "string"})
    return schema


def second_mati() -> dict[str, Any]:
    schema = copy.deepcopy(dict(MATI.schema))
    fields = content_of(schema)
    next(it for it in fields if it["name"] == "tanggal_meninggal")["aliases"] = ["tanggal"]
    next(it for it in fields if it["name"] == "nomor_akta")["default"] = None
    return schema


def registry(newest: Contract) -> Contracts:
    """The registry with this contract in the place of its namesake; ids of Confluent framing from 5001."""
    same = {it.fingerprint: it for it in newest.versions}
    return replace(
        ALL,
        by_name=MappingProxyType({**ALL.by_name, newest.name: newest}),
        by_fingerprint=MappingProxyType({**ALL.by_fingerprint, **same}),
        by_confluent_id=MappingProxyType({5000 + it.version: it for it in newest.versions}),
        events=tuple(newest if it.name == newest.name else it for it in ALL.events),
    )


NEWEST = versions(first_mati(), second_mati(), name="mati", like=MATI)
MADE = registry(NEWEST)


def event(number: int, version: int, change: dict[str, Any] | None = None, *, confluent: bool = False) -> bytes:
    """The same death, as one of the versions writes it."""
    value = encoded("mati", changed(good("mati", number), **(change or {})))
    record = slow.decode_one(MATI, value)
    if version == 1 and record["content"] is not None:
        content = dict(record["content"])
        del content["nomor_akta"]
        content["tanggal"], content["sebab"] = content.pop("tanggal_meninggal"), "sakit"
        record = {**record, "content": content}
    written = slow.encode_one(NEWEST.versions[version - 1], record)
    return b"\0" + (5000 + version).to_bytes(4, "big") + written[10:] if confluent else written


def opened(values: list[bytes], known: Contracts) -> tuple[list[tuple[int, bytes, bytes]], list[tuple[Any, ...]]]:
    spans = join(values)
    times = np.full(len(values), RECEIVED_MS, np.int64)
    offsets = np.arange(len(values), dtype=np.int64)
    topic = "population.mati"
    out = open_batch(
        topic, spans.arena, spans.starts, spans.lengths, offsets, times, 0, profile="simulation", contracts=known
    )
    facts = list(zip(out.facts.input_row.tolist(), map(bytes, out.facts.nik), out.facts.values.to_list(), strict=True))
    return facts, out.rejected.select("row", "code", "field", "masked_value", "producer").rows()


@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.booleans(), st.sampled_from(["good", "early", "cut"])), max_size=8)
)
@FEW
def test_all_versions_in_both_framings_give_the_same_facts(drawn: list[tuple[int, bool, str]]) -> None:
    values, plain = [], []
    for number, (version, confluent, fault) in enumerate(drawn, start=1):
        change = {"effective_on": -30000} if fault == "early" else {}
        value = event(number, version, change, confluent=confluent)
        usual = event(number, 2, change)
        values.append(value[:-3] if fault == "cut" else value)
        plain.append(usual[:20] if fault == "cut" else usual)
    facts, refused = opened(values, MADE)
    expected, expected_refused = opened(plain, MADE)
    assert facts == expected
    assert [it[:2] for it in refused] == [it[:2] for it in expected_refused]
    assert {it[1] for it in refused} <= {"EFFECTIVE_TOO_EARLY", "TRUNCATED"}


def test_a_field_is_named_as_its_writer_names_it() -> None:
    (refusal,) = opened([event(1, 1)[:-1]], MADE)[1]
    assert refusal[1:3] == ("TRUNCATED", "content.sebab")
    assert refusal[4] == "dukcapil-dki"


def test_the_release_before_does_not_know_the_new_version() -> None:
    assert [it[1] for it in opened([event(1, 1), event(1, 1, confluent=True)], ALL)[1]] == [
        "FINGERPRINT_UNKNOWN",
        "SCHEMA_ID_UNKNOWN",
    ]


def next_fact(**more: Any) -> Contract:
    """A fact whose next version knows one thing more about a birth."""
    schema = copy.deepcopy(dict(FACT.schema))
    group = next(it for it in schema["fields"] if it["name"] == "birth")["type"]
    record = next(it for it in group if it != "null")
    record["fields"].append({"name": "kembar", "type": ["null", "boolean"], "default": None, **more})
    return versions(FACT.schema, schema, name="fact", like=FACT)


def test_facts_of_all_versions_are_read_as_the_newest() -> None:
    newest = next_fact()
    sample = [Fact(nik(number), 1, number, facts_offset=number, groups={"birth": birth()}) for number in (1, 2, 3)]
    rows = store_rows(sample)
    values = [rows.arena[at : at + size].tobytes() for at, size in zip(rows.starts, rows.lengths, strict=True)]
    # The second fact was written by the release of the next version.
    record = {**slow.decode_one(FACT, values[1][8:])}
    record["birth"] = {**record["birth"], "kembar": True}
    values[1] = values[1][:8] + slow.encode_one(newest, record)
    spans = join(values)
    mixed = replace(rows, arena=spans.arena, starts=spans.starts, lengths=spans.lengths)
    found = facts_frame(mixed, newest, AUTHORITIES)
    assert found.get_column("birth.kembar").to_list() == [None, True, None]
    usual = facts_frame(rows, FACT, AUTHORITIES)
    assert found.drop("birth.kembar").equals(usual)
    assert facts_frame(rows, newest, AUTHORITIES).drop("birth.kembar").equals(usual)
    with pytest.raises(ValueError, match="1 rows of the store, the first at 1, are not of the contract 'fact'"):
        facts_frame(mixed, FACT, AUTHORITIES)
