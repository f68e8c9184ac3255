"""Aims at: each event is one row and its further copies, however batches are cut and however often they are done."""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.store import FactBatch, PartitionStore
from agents.store.cards import card_keys, listing_topics
from agents.store.facts import row_keys
from agents.transport.records import Records
from schemas import slow
from schemas.columnar.arena import Encoded, join
from schemas.registry import Contract, contracts
from tests.agents.store.making import Fact, batch, digest, opened
from tests.schemas.golden_files import example

TOPIC = "register.facts"


@st.composite
def logs(draw: st.DrawFn) -> list[Fact]:
    """A partition of register.facts: few persons and events, so that copies abound."""
    rows = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.binary(max_size=2)), max_size=25))
    holes = draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows)))
    offsets = np.cumsum([0, *holes])[1:].tolist()
    return [
        Fact(nik, event, offset, content, offset) for (nik, event, content), offset in zip(rows, offsets, strict=True)
    ]


def apply(store: PartitionStore, facts: list[Fact]) -> dict[str, list[int]]:
    applied = store.apply_facts(batch(facts), TOPIC, facts[-1].offset + 1)
    return {
        name: [facts[i].offset for i in np.flatnonzero(getattr(applied, f"is_{name}"))]
        for name in ("new", "copy", "other")
    }


@settings(max_examples=15, deadline=None)
@given(logs(), st.lists(st.integers(0, 25), max_size=3), st.integers(0, 25))
def test_rows_and_copies_equal_a_plain_model(log: list[Fact], cuts: list[int], again_from: int) -> None:
    first: dict[bytes, Fact] = {}
    expected: dict[str, list[int]] = {"new": [], "copy": [], "other": []}
    for fact in log:
        original = first.setdefault(fact.row_key, fact)
        if original is fact:
            expected["new"].append(fact.offset)
            continue
        expected["copy"].append(fact.offset)
        if original.content != fact.content:
            expected["other"].append(fact.offset)
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder) / "s")
        borders = sorted({0, len(log), *(cut for cut in cuts if cut < len(log))})
        found: dict[str, list[int]] = {"new": [], "copy": [], "other": []}
        for begin, end in itertools.pairwise(borders):
            for name, offsets in apply(store, log[begin:end]).items():
                found[name] += offsets
        assert found == expected
        rows = [
            (chunk.keys[i].tobytes(), int(chunk.facts_offsets[i]))
            for chunk in store.scan_facts(3)
            for i in range(len(chunk))
        ]
        assert rows == sorted((key, fact.offset) for key, fact in first.items())
        copies = [
            (chunk.keys[i].tobytes(), int(chunk.facts_offsets[i]), bool(chunk.other[i]))
            for chunk in store.scan_copies(2)
            for i in range(len(chunk))
        ]
        assert sorted(copies, key=lambda copy: copy[1]) == [
            (fact.row_key, fact.offset, fact.offset in expected["other"])
            for fact in log
            if fact.offset in expected["copy"]
        ]
        before = digest(store)
        if log[again_from:]:
            assert apply(store, log[again_from:])["new"] == []
        assert digest(store) == before
        store.close()


def test_a_batch_of_several_values(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    one = Fact(1, 1, 10, b"x" * 300, coordinate=7)
    assert apply(store, [one, one.again(11), one.again(12, b"y"), Fact(0, 5, 13)]) == {
        "new": [10, 13],
        "copy": [11, 12],
        "other": [12],
    }
    assert store.position(TOPIC) == 14
    assert store.position("another") is None
    facts = store.facts_of(one.key.decode())
    value = facts.arena[facts.starts[0] : facts.starts[0] + facts.lengths[0]].tobytes()
    assert (len(facts), value, facts.facts_offsets.tolist()) == (1, one.value, [10])
    copies = store.copies_of(one.key.decode())
    assert copies.coordinates.tobytes() == (8).to_bytes(14) * 2
    assert copies.places.tobytes() == bytes([0, 1, 0, 1]) * 2
    assert copies.other.tolist() == [False, True]
    several = store.facts_of("3171990101000099", *(Fact(nik, 1, 0).key.decode() for nik in (1, 0, 1)))
    assert several.facts_offsets.tolist() == [13, 10]
    assert len(store.facts_of("3171990101000099")) == 0
    assert len(store.copies_of("3171990101000099")) == 0
    store.close()


@pytest.mark.parametrize("older", contracts().by_name["fact"].older, ids=lambda it: f"version {it.version}")
def test_an_event_taken_in_by_two_releases_is_one_content(older: Contract, tmp_path: Path) -> None:
    """An older release wrote facts that lack what newer ones keep, such as the address of a visit or its officer."""
    fact = contracts().by_name["fact"]
    record = dict(example(fact, full=True))
    before = slow.encode_one(older, slow.decode_one(fact, slow.encode_one(fact, record), reader=older))
    other = {**record, "field": {**record["field"], "no_kk": "another"}}
    elsewhere = {**record, "coordinate": bytes(14), "place": bytes(4), "field": {**record["field"], "petugas": "B2"}}
    store = opened(tmp_path / "s")
    values = [before, *(slow.encode_one(fact, each) for each in (elsewhere, other))]
    joined = join(values)
    niks = np.tile(np.frombuffer(b"3171990101000001", np.uint8), (len(values), 1))
    facts = FactBatch(row_keys(niks, joined), joined, np.arange(len(values)))
    applied = store.apply_facts(facts, TOPIC, len(values))
    assert applied.is_new.tolist() == [True, False, False]
    assert applied.is_copy.tolist() == [False, True, True]
    assert applied.is_other.tolist() == [False, False, True]
    store.close()


def test_facts_of_every_version_are_found_by_card() -> None:
    fact = contracts().by_name["fact"]
    coordinate = listing_topics()[0].to_bytes(2) + bytes(12)
    listing = {"no_kk": "3171920101000001", "hubungan": 1}
    record = {**example(fact, full=False), "coordinate": coordinate, "listing": listing}
    values = [
        slow.encode_one(version, slow.decode_one(fact, slow.encode_one(fact, record), reader=version))
        for version in fact.versions
    ]
    joined = join([*values, b"\xc3\x01" + bytes(8) + values[0][10:]])
    known = len(values)
    niks = np.tile(np.frombuffer(b"3171990101000001", np.uint8), (known + 1, 1))
    batch = FactBatch(row_keys(niks, joined), joined, np.arange(known + 1))
    spans = Encoded(joined.arena, joined.starts[:known], joined.lengths[:known])
    assert set(card_keys(FactBatch(batch.keys[:known], spans, batch.offsets[:known]))) == {
        b"3171920101000001" + b"3171990101000001"
    }
    with pytest.raises(ValueError, match=f"at offset {known}, are facts of no version"):
        card_keys(batch)


def test_facts_among_records() -> None:
    facts = [Fact(1, 1, 10), Fact(2, 5, 11), Fact(3, 9, 12)]
    records = records_of(facts)
    found = FactBatch.from_records(records, np.array([0, 2]))
    assert [bytes(key) for key in found.keys] == [facts[0].row_key, facts[2].row_key]
    assert found.offsets.tolist() == [10, 12]
    for column in ("key_lengths", "value_lengths"):
        short = getattr(records, column) - np.array([0, 30, 0], np.int32)
        with pytest.raises(ValueError, match="offset 11"):
            FactBatch.from_records(replace(records, **{column: short}), np.arange(3))


def records_of(facts: list[Fact]) -> Records:
    joined = join([part for fact in facts for part in (fact.key, fact.value)])
    count = len(facts)
    nothing = (np.zeros(count, np.int64), np.zeros(count, np.int32))
    return Records(
        TOPIC,
        0,
        joined.arena,
        np.array([fact.offset for fact in facts]),
        np.zeros(count, np.int64),
        joined.starts[0::2],
        joined.lengths[0::2],
        joined.starts[1::2],
        joined.lengths[1::2],
        *nothing,
        facts[-1].offset + 1,
    )


def test_no_facts_still_move_the_position(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    store.apply_facts(FactBatch.from_records(records_of([Fact(0, 0, 0)]), np.arange(0)), TOPIC, 5)
    assert store.position(TOPIC) == 5
    assert list(store.scan_facts(10)) == []
    store.close()
