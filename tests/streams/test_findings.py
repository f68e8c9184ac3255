"""Aims at findings (invariants 2, 6): what producers are told about events that were accepted, and only once, in any
order, repetition and grouping of the same facts."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.registry import contracts
from streams.findings import FINDINGS, Finding, by_event, card_indications, findings, no_indications
from streams.members import MEMBERS
from streams.persons import AsOf
from streams.scan import Viewpoint, combine, scan
from streams.voids import VISIT
from tests.streams.strategies import (
    AUTHORITIES,
    DAY,
    FACT,
    FEW,
    Copy,
    Fact,
    cut,
    event_id,
    facts,
    finding,
    listing,
    nik,
    set_aside,
    store_rows,
    vital,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

AS_OF = AsOf(DAY + timedelta(days=90), transit_limit_days=90, scope="31")
MOST = 30  # people of a family
Told = list[tuple[str, int, int]]  # code, event, people


def at(offset: int, command: int = 1000) -> Viewpoint:
    return Viewpoint(cut({(3, 0): offset, (3, 1): offset}), command, AS_OF)


def indicated(
    sample: Sequence[Fact], copies: Sequence[Copy] = (), now: int = 1000, before: int | None = None
) -> pl.DataFrame:
    earlier = None if before is None else at(before, 500)
    return scan(store_rows(sample, copies), FACT, AUTHORITIES, at(now), earlier).indications


def told(indications: pl.DataFrame) -> Told:
    """Code, event and people of each finding."""
    frame = findings(indications, "2025-Q2")
    assert frame.schema == FINDINGS
    return sorted((row["code"], int.from_bytes(row["event_id"]), row["people"]) for row in frame.to_dicts())


STATED = Fact(nik(1), 1, producer=3, hour=2, groups={"vital": vital()})
CORRECTION = Fact(nik(1), 5, producer=3, hour=3, kind="CORRECT", corrects=(3, 1), voids=("vital",), offset=5)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"kind": "CANCEL"}, None),
        ({"producer": 1}, None),  # set above
        ({"corrects": (3, 9)}, "CORRECTION_WITHOUT_TARGET"),
        ({"corrects": (2, 1)}, "CORRECTION_WITHOUT_TARGET"),  # the right id, of another producer
        ({"corrects": (3, 5)}, "CORRECTION_NOT_LATER"),  # itself
        ({"hour": 1}, "CORRECTION_NOT_LATER"),
        ({"producer": 7}, "CORRECTION_NOT_ALLOWED"),
        ({"nik": nik(2)}, "CORRECTION_WITHOUT_TARGET"),  # another person's event
    ],
)
def test_a_correction_reaches_its_target_or_its_producer_hears_why(changes: dict[str, Any], code: str | None) -> None:
    found = told(indicated([STATED, replace(CORRECTION, **changes)]))
    assert found == ([] if code is None else [(code, 5, 1)])


def test_a_correction_may_add_a_person_but_not_drop_one_who_was_never_there() -> None:
    """What it states about somebody new needs no target; who is only named must have been in it."""
    adds = replace(CORRECTION, nik=nik(2), groups={"vital": vital()})
    drops = replace(CORRECTION, nik=nik(3))
    assert told(indicated([STATED, CORRECTION, adds])) == []
    assert told(indicated([STATED, CORRECTION, adds, drops])) == [("CORRECTION_WITHOUT_TARGET", 5, 1)]
    assert told(indicated([CORRECTION, adds, drops])) == [("CORRECTION_WITHOUT_TARGET", 5, 3)]


def test_a_finding_is_told_in_the_quarter_in_which_it_is_new() -> None:
    lonely = [replace(CORRECTION, offset=5)]
    assert told(indicated(lonely, now=5)) == []
    assert told(indicated(lonely, now=6, before=5)) == told(indicated(lonely)) != []
    assert told(indicated(lonely, now=9, before=6)) == []


def test_one_event_with_two_contents_is_told_with_both_places() -> None:
    other = Copy(STATED, partition=1, offset=7, facts_offset=70, same=False)
    again = replace(other, offset=8, facts_offset=80)
    sample = [STATED], [other, again, Copy(STATED, partition=1, offset=2, facts_offset=20)]
    row = findings(indicated(*sample), "2025-Q2").row(0, named=True)
    assert (row["code"], row["event_id"], row["people"]) == ("TWO_CONTENTS", event_id(1), 1)
    assert (row["topic"], row["partition"], row["offset"]) == ("population.kartu_keluarga", 1, 7)
    assert row["about"] == "population.kartu_keluarga[0]@0"
    assert row["nik"] == ["3171********0001"]
    assert "population.kartu_keluarga[0]@0" in row["sentence_id"]
    assert told(indicated(*sample, now=7)) == []
    assert told(indicated(*sample, now=9, before=8)) == [("TWO_CONTENTS", 1, 1)], "the second one is news"
    assert told(indicated(*sample, now=12, before=9)) == []


@given(facts(people=3, most=14), st.randoms(use_true_random=False), st.integers(1, 4))
@FEW
def test_any_order_grouping_and_repetition_tell_the_same(sample: list[Fact], random: Any, partitions: int) -> None:
    whole = indicated(sample, now=10, before=4)
    shuffled = random.sample(sample, len(sample))
    earlier = at(4, 500)
    parts = [
        scan(store_rows([it for it in shuffled if it.nik == nik(person)]), FACT, AUTHORITIES, at(10), earlier)
        for person in (3, 1, 2)
    ]
    sent = by_event(combine(parts).indications, partitions)
    pieces = [findings(pl.concat([part, part]), "2025-Q2") for part in sent.values()]
    assert pl.concat(pieces).sort("producer", "event_id", "code").equals(findings(whole, "2025-Q2"))


@given(facts(people=3, most=14))
@FEW
def test_every_correction_is_told_exactly_when_it_reaches_nobody(sample: list[Fact]) -> None:
    """The rule of architecture.md 4, one fact after another."""
    known = {fact.key: fact for fact in sample}
    due = set()
    for fact in sample:
        if fact.kind == "STATE" or fact.corrects is None:
            continue
        target = known.get((fact.nik, *fact.corrects))
        if target is None:
            due.add((fact.key, "CORRECTION_WITHOUT_TARGET"))
        elif target.clock >= fact.clock:
            due.add((fact.key, "CORRECTION_NOT_LATER"))
        elif fact.producer != target.producer and AUTHORITIES[fact.producer] <= AUTHORITIES[target.producer]:
            due.add((fact.key, "CORRECTION_NOT_ALLOWED"))
    found = indicated(sample).filter(pl.col("code").str.starts_with("CORRECTION"))
    assert {
        ((row["nik"], row["producer"], int.from_bytes(row["event_id"])), row["code"]) for row in found.to_dicts()
    } == due


# --- decisions about officers ---------------------------------------------------------------------------


VISITED = Fact(nik(1), 1, producer=3, hour=2, event_type=VISIT, groups={"field": finding()})
SEEN_TOO = replace(VISITED, nik=nik(2), event=2)


def decision(person: int, *visits: tuple[int, int], **changes: Any) -> Fact:
    given: dict[str, Any] = {"producer": 3, "hour": 3, "offset": 5, "event_type": "pengesampingan"} | changes
    return Fact(nik(person), 5, groups={"set_aside": set_aside(*visits)}, **given)


@pytest.mark.parametrize(
    ("visits", "changes", "codes"),
    [
        ([(3, 1)], {}, []),
        ([(3, 1)], {"producer": 1}, []),  # an office set above
        ([(3, 9)], {}, ["WITHOUT_VISIT"]),  # nobody ever sent it
        ([(2, 1)], {}, ["WITHOUT_VISIT"]),  # the right id, of another producer
        ([(3, 1), (3, 9)], {}, ["WITHOUT_VISIT"]),  # one of two
        ([(3, 1)], {"hour": 1}, ["NOT_LATER"]),
        ([(3, 1)], {"producer": 7}, ["NOT_ALLOWED"]),
    ],
)
def test_a_decision_reaches_its_visits_or_its_office_hears_why(
    visits: list[tuple[int, int]], changes: dict[str, Any], codes: list[str]
) -> None:
    found = told(indicated([VISITED, decision(1, *visits, **changes)]))
    assert found == [(f"SET_ASIDE_{code}", 5, 1) for code in codes]
    card = replace(VISITED, event_type="kartu_keluarga")
    assert told(indicated([card, decision(1, (3, 1))])) == [("SET_ASIDE_WITHOUT_VISIT", 5, 1)], "no visit at all"


def test_a_decision_is_judged_as_a_whole_with_all_its_people() -> None:
    """Each visit is to some of the people; each person names them all."""
    both = (3, 1), (3, 2)
    sample = [VISITED, SEEN_TOO, decision(1, *both), decision(2, *both)]
    assert told(indicated(sample)) == []
    assert told(indicated([*sample, decision(3, *both)])) == [("SET_ASIDE_WITHOUT_PERSON", 5, 1)]
    forgotten = [VISITED, SEEN_TOO, decision(1, *both)]
    row = findings(indicated(forgotten), "2025-Q2").row(0, named=True)
    assert (row["code"], row["nik"], row["people"]) == ("SET_ASIDE_WITHOUT_VISIT", ["3171********0001"], 1)
    assert row["about"] == f"bps/{uuid.UUID(bytes=event_id(2))}"
    assert (row["event_type"], row["topic"], row["offset"]) == ("pengesampingan", "population.kartu_keluarga", 5)
    assert told(indicated([decision(1, *both), decision(2, *both)])) == [("SET_ASIDE_WITHOUT_VISIT", 5, 2)], "once"


def test_a_decision_is_told_in_the_quarter_in_which_it_is_new() -> None:
    lonely = [decision(1, (3, 1))]
    assert told(indicated(lonely, now=5)) == []
    assert told(indicated(lonely, now=6, before=5)) == told(indicated(lonely)) != []
    assert told(indicated(lonely, now=9, before=6)) == []


@given(facts(people=3, most=14))
@FEW
def test_every_decision_is_told_exactly_what_it_does_not_reach(sample: list[Fact]) -> None:
    """The rule, one decision and one person after another."""
    visits = {fact.key: fact for fact in sample if fact.event_type == VISIT}
    named: dict[tuple[int, int], set[tuple[int, int]]] = {}
    known: dict[tuple[int, int], set[tuple[int, int]]] = {}
    due, strangers = set(), set()
    for fact in sample:
        event = (fact.producer, fact.event)
        listed = {
            (int.from_bytes(it["producer_number"]), int.from_bytes(it["event_id"]))
            for it in fact.groups.get("set_aside", {}).get("events", ())
        }
        mine = {visit for visit in listed if (fact.nik, *visit) in visits}
        named.setdefault(event, set()).update(listed)
        known.setdefault(event, set()).update(mine)
        if "set_aside" in fact.groups and not mine:
            strangers.add(event)
        for visit in (visits[fact.nik, *it] for it in mine):
            if visit.clock >= fact.clock:
                due.add((event, "NOT_LATER"))
            elif fact.producer != visit.producer and AUTHORITIES[fact.producer] <= AUTHORITIES[visit.producer]:
                due.add((event, "NOT_ALLOWED"))
    due |= {(event, "WITHOUT_VISIT") for event, visits_named in named.items() if visits_named - known[event]}
    due |= {(event, "WITHOUT_PERSON") for event in strangers if known[event]}
    numbers = {it.code: number for number, it in contracts().producers_by_number.items()}
    found = findings(indicated(sample), "2025-Q2").filter(pl.col("code").str.starts_with("SET_ASIDE_"))
    assert {
        ((numbers[it["producer"]], int.from_bytes(it["event_id"])), it["code"].removeprefix("SET_ASIDE_"))
        for it in found.to_dicts()
    } == due


# --- cards ----------------------------------------------------------------------------------------------


def member(
    number: int, event: int, *, hour: int, by: str = "kartu_keluarga", status: str = "TERDAFTAR", card: int = 1
) -> dict[str, Any]:
    return {
        "nik": nik(number),
        "no_kk": listing(card)["no_kk"],
        "listing.event": (1).to_bytes(2, "big") + event_id(event),
        "listing.event_type": by,
        "listing.recorded_at": datetime(2025, 1, 1, hour, tzinfo=UTC),
        "status": status,
    }


def on_cards(people: Sequence[dict[str, Any]], *fresh: int, most: int = MOST) -> Told:
    return told(card_indications(members(people, fresh), most))


def members(people: Sequence[dict[str, Any]], fresh: Collection[int]) -> pl.DataFrame:
    new = {nik(it) for it in fresh}
    rows = [dict.fromkeys(MEMBERS) | it | {"fresh": it["nik"] in new} for it in people]
    return pl.DataFrame(rows, schema=MEMBERS)


FAMILY = [member(1, 8, hour=5), member(2, 8, hour=5), member(3, 4, hour=2)]


def test_who_is_listed_but_not_on_the_newest_card_is_told_once() -> None:
    assert on_cards(FAMILY, 1, 2) == [("ABSENT_FROM_CARD", 8, 1)], "the card is new"
    assert on_cards(FAMILY, 3) == [("ABSENT_FROM_CARD", 8, 1)], "the person's old listing came late"
    assert on_cards(FAMILY) == [], "told before"
    assert on_cards([*FAMILY, member(4, 9, hour=5)], 4) == [("ABSENT_FROM_CARD", 9, 3)], "a newer one of the same hour"


def test_nobody_is_absent_who_came_after_the_card_or_left_or_died() -> None:
    for changes in (
        {"hour": 7, "by": "lahir"},
        {"hour": 2, "status": "MENINGGAL"},
        {"hour": 2, "status": "TRANSIT"},
        {"hour": 2, "card": 2},
    ):
        assert on_cards([*FAMILY[:2], member(3, 4, **changes)], 1, 2, 3) == []
    assert on_cards([member(1, 3, hour=1, by="lahir"), member(2, 4, hour=2, by="pindah_datang")], 1, 2) == []
    assert on_cards([*FAMILY[:2], member(3, 4, hour=2, by="lahir")], 1, 2) == [("ABSENT_FROM_CARD", 8, 1)]


def test_a_card_with_more_people_than_a_family_has_is_told() -> None:
    assert on_cards(FAMILY[:2], 1, most=1) == [("CARD_TOO_LARGE", 8, 2)]
    assert on_cards(FAMILY[:2], most=1) == []
    assert on_cards(FAMILY[:2], 1, 2) == []


def test_a_card_whose_people_all_live_in_an_institution_is_told_once() -> None:
    inside = [{**it, "in_institution": True} for it in FAMILY[:2]]
    known = [{**it, "institution_before": True} for it in inside]
    assert on_cards(inside) == [("CARD_OF_INSTITUTION", 8, 2)], "they moved in"
    assert on_cards(known) == []
    assert on_cards(known, 1) == [("CARD_OF_INSTITUTION", 8, 2)], "the card is new"
    assert on_cards([*inside, FAMILY[2] | {"listing.event": FAMILY[0]["listing.event"]}]) == [], "one keeps house"
    assert on_cards(inside[:1]) == [], "one alone is no card of an institution"


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4), st.integers(1, 3), st.sampled_from(["kartu_keluarga", "lahir"]), st.integers(1, 3)
        ),
        max_size=8,
    ),
    st.sets(st.integers(1, 8)),
    st.randoms(use_true_random=False),
)
@FEW
def test_cards_in_any_order_and_apart_tell_the_same(
    rows: list[tuple[int, int, str, int]], fresh: set[int], random: Any
) -> None:
    people = [
        member(number, event, hour=hour, by=by, card=card)
        for number, (event, hour, by, card) in enumerate(rows, start=1)
    ]
    whole = on_cards(people, *fresh)
    assert on_cards(random.sample(people, len(people)), *fresh) == whole
    parts = [card_indications(part, MOST) for part in members(people, fresh).partition_by("no_kk")]
    assert told(pl.concat([no_indications(), *parts])) == whole


# --- texts ----------------------------------------------------------------------------------------------


def test_every_code_says_what_to_do_in_both_languages() -> None:
    for code in Finding:
        for text in (code.indonesian, code.english):
            assert "{about}" in text
            assert "{people}" in text
            assert ": " in text, "what is wrong, then what to do"
            assert text.endswith(".")
