"""Aims at the answers: one per listed person, the same over any partitioning (5, 9, 10, 13), with their causes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.answers import answer_step
from streams.families import form
from tests.streams.quarters import evaluate
from tests.streams.villages import (
    AS_OF,
    BOGOR,
    MENTENG,
    POOR,
    RICH,
    SEEN,
    TEBET,
    Person,
    card,
    event,
    holdings,
    members,
    nik,
    rules,
    villages,
)

RULES = rules()
SMALL = rules({"PKH": 2, "SEMBAKO": 4, "KLJ": 2})
OPEN = rules(ranking_mode="given", given_cut_points=[10**9] * 9)
Village = tuple[list[Person], list[tuple[int, str]]]


@settings(max_examples=20, deadline=None)
@given(villages())
def test_exactly_one_answer_per_listed_person(village: Village) -> None:
    people, held = village
    answers = evaluate(people, SMALL, held, partitions=2).answers
    assert answers["nik"].to_list() == sorted(nik(p.number) for p in people if p.status in ("TERDAFTAR", "TRANSIT"))
    for name in SMALL.programmes:
        paid = answers.filter(pl.col(f"{name}.amount_rupiah") > 0)
        assert paid[f"{name}.verdict"].is_in(["SERVED", "KEPT", "HELD"]).all()
        assert answers[f"{name}.reason"].null_count() == 0
        assert answers[f"{name}.causes"].null_count() == 0


@settings(max_examples=20, deadline=None)
@given(villages(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_partitions_and_order_change_nothing(village: Village, partitions: int, random: Any) -> None:
    people, held = village
    whole = evaluate(people, SMALL, held)
    random.shuffle(people)
    random.shuffle(held)
    apart = evaluate(people, SMALL, held, partitions)
    assert apart.answers.equals(whole.answers)
    assert (apart.points, apart.cuts) == (whole.points, whole.cuts)


@settings(max_examples=20, deadline=None)
@given(villages())
def test_one_line_per_family_and_programme_and_never_an_infants(village: Village) -> None:
    """Invariants 9 and 28."""
    people, held = village
    answers = evaluate(people, SMALL, held).answers
    for name in ("PKH", "SEMBAKO"):
        goes_on = pl.col(f"{name}.verdict").is_in(["SERVED", "KEPT", "HELD", "ELIGIBLE"])
        lines = answers.filter(goes_on)
        assert lines["no_kk"].is_unique().all()
        new = lines.filter(pl.col(f"{name}.verdict").is_in(["SERVED", "ELIGIBLE"]))
        assert (new["age_years"] >= 17).all()
        # who is told of another recipient has one
        others = answers.filter(pl.col(f"{name}.verdict") == "NOT_PAYEE")
        assert others.join(lines, on="no_kk", how="anti").is_empty()


@settings(max_examples=20, deadline=None)
@given(villages())
def test_a_new_card_number_changes_no_verdict(village: Village) -> None:
    """Invariant 10: cards are renumbered, homes stay where they are."""
    people, held = village
    before = evaluate(people, SMALL, held).answers.drop("no_kk")
    renumbered = [replace(person, kk=500 - person.kk, home_kk=person.home_kk or person.kk) for person in people]
    after = evaluate(renumbered, SMALL, held).answers.drop("no_kk")
    assert after.equals(before)


def test_a_new_card_number_leaves_what_was_seen_where_a_member_lives() -> None:
    """The head is registered in another kelurahan than the others of the card."""
    head = Person(1, kelurahan=MENTENG, home=RICH, home_kk=400, home_address="Jalan Lama 3", seen_as=1, seen_on=SEEN)
    wife = Person(2, relation=3, kelurahan=TEBET, home=POOR, seen_as=2)
    before = evaluate([head, wife], RULES).answers.drop("no_kk")
    renumbered = [replace(it, kk=2, home_kk=it.home_kk or 1) for it in (head, wife)]
    assert evaluate(renumbered, RULES).answers.drop("no_kk").equals(before)
    assert before["score"].unique().item() < 300_000  # the poor home's


def test_a_new_card_number_leaves_the_home_where_it_is() -> None:
    """The head was not at home; the bride's later visit is from her parents' house."""
    head, child = Person(1), Person(3, relation=4, home=POOR, owns={"mobil": False}, seen_as=1)
    bride = Person(
        2,
        relation=3,
        home=RICH,
        owns={"mobil": True},
        home_kk=400,
        home_address="Jalan Lama 3",
        seen_on=SEEN + dt.timedelta(days=9),
    )
    before = evaluate([head, bride, child], RULES).answers.drop("no_kk")
    renumbered = [replace(it, kk=2, home_kk=it.home_kk or 1) for it in (head, bride, child)]
    assert evaluate(renumbered, RULES).answers.drop("no_kk").equals(before)
    assert before["score"].unique().item() < 300_000  # the poor home's


@settings(max_examples=20, deadline=None)
@given(villages(), st.sampled_from([MENTENG, BOGOR]), st.booleans())
def test_an_unrelated_person_changes_no_other_answer(village: Village, where: str, poor: bool) -> None:
    """Invariant 13, with cut points that don't move and quotas that don't bind."""
    people, held = village
    before = evaluate(people, OPEN, held).answers
    stranger = Person(999, kk=99, kelurahan=where, home=POOR if poor else RICH)
    after = evaluate([*people, stranger], OPEN, held).answers
    assert after.filter(pl.col("nik") != nik(999)).equals(before)


def test_no_answer_before_all_waves_are_cut() -> None:
    formed = form(members([Person(1)]), holdings(), RULES, AS_OF)
    with pytest.raises(ValueError, match="no cut for KLJ, SEMBAKO"):
        answer_step(formed, RULES, [0] * 9, {"PKH": None})


def test_a_partition_without_families_answers_nothing() -> None:
    empty = answer_step(form(members([]), holdings(), RULES, AS_OF), RULES, [0] * 9, dict.fromkeys(RULES.programmes))
    full = evaluate([Person(1)], RULES).answers
    assert empty.height == 0
    assert empty.schema == full.schema


HEAD = Person(1, home=POOR)
WIFE = Person(2, relation=3)


def told(people: list[Person], held: list[tuple[int, str]], number: int) -> tuple[str, str]:
    answer = evaluate(people, OPEN, held).of(number)
    return answer["SEMBAKO.verdict"], answer["SEMBAKO.reason"]


def test_a_marriage_of_two_payees() -> None:
    """Both are present payees: equals of one kind, of whom the smaller NIK stays."""
    people, held = [HEAD, WIFE], [(1, "SEMBAKO"), (2, "SEMBAKO")]
    assert told(people, held, 1) == ("SERVED", "MEMENUHI_SYARAT")
    assert told(people, held, 2) == ("INELIGIBLE", "SATU_KELUARGA_SATU_PENERIMA")
    assert evaluate(people, OPEN, held).of(2)["SEMBAKO.causes"] == [event(1022)]  # the listing on this card


def test_a_payee_dies_and_the_family_goes_on() -> None:
    people = [replace(HEAD, status="MENINGGAL"), replace(WIFE, home=POOR)]
    assert told(people, [(1, "SEMBAKO")], 2) == ("SERVED", "PENGGANTI")
    found = evaluate(people, OPEN, [(1, "SEMBAKO")])
    assert found.of(2)["SEMBAKO.causes"] == sorted([event(900), event(1011)])  # the home, and the death
    assert nik(1) not in found.answers["nik"].to_list()


def test_a_payee_in_transit_and_those_who_stay() -> None:
    mover = replace(HEAD, status="TRANSIT", departed_on=SEEN)
    people = [mover, replace(WIFE, home=POOR)]
    assert told(people, [(1, "SEMBAKO")], 1) == ("KEPT", "DALAM_PERPINDAHAN")
    assert told(people, [(1, "SEMBAKO")], 2) == ("NOT_PAYEE", "BUKAN_PENERIMA")
    assert told(people, [], 1) == ("INELIGIBLE", "DALAM_PERPINDAHAN")
    assert told(people, [], 2) == ("SERVED", "MEMENUHI_SYARAT")
    # two holders, one of them in transit: the one who stays receives
    both = [(1, "SEMBAKO"), (2, "SEMBAKO")]
    assert told(people, both, 1) == ("INELIGIBLE", "SATU_KELUARGA_SATU_PENERIMA")
    assert told(people, both, 2) == ("SERVED", "MEMENUHI_SYARAT")
    assert evaluate(people, OPEN, [(1, "SEMBAKO")]).of(1)["SEMBAKO.causes"] == [event(1013)]  # the departure


def test_beyond_the_limit_the_line_passes_on() -> None:
    late = AS_OF - dt.timedelta(days=91)
    people = [replace(HEAD, status="TRANSIT", departed_on=late), replace(WIFE, home=POOR)]
    assert told(people, [(1, "SEMBAKO")], 1) == ("INELIGIBLE", "MELEWATI_BATAS_PERPINDAHAN")
    assert told(people, [(1, "SEMBAKO")], 2) == ("SERVED", "PENGGANTI")


def test_a_split_leaves_each_family_its_own_line() -> None:
    people = [HEAD, Person(2, kk=2, relation=1, home=POOR)]
    found = evaluate(people, OPEN, [(1, "SEMBAKO")])
    assert found.verdicts("SEMBAKO") == {1: "SERVED", 2: "SERVED"}
    assert found.of(2)["SEMBAKO.reason"] == "MEMENUHI_SYARAT"


def test_failed_and_unknown_bits_name_the_conditions() -> None:
    people = [replace(HEAD, occupation=None), replace(WIFE, occupation="ASN")]
    answer = evaluate(people, OPEN).of(1)
    conditions = OPEN.programmes["SEMBAKO"].conditions
    named = {
        part: [c.id for i, c in enumerate(conditions) if answer[f"SEMBAKO.{part}"] >> i & 1]
        for part in ("failed", "unknown")
    }
    # one ASN decides, whatever the other's occupation is; no visit was ever made
    assert named == {"failed": ["aparatur"], "unknown": ["alamat"]}
    assert answer["SEMBAKO.causes"] == [event(1024)]  # what the ASN's office recorded
    alone = evaluate([replace(HEAD, occupation=None)], OPEN).of(1)
    assert alone["SEMBAKO.verdict"] == "SERVED"
    assert [c.id for i, c in enumerate(conditions) if alone["SEMBAKO.unknown"] >> i & 1] == ["aparatur", "alamat"]


def test_an_answer_holds_what_it_was_decided_by() -> None:
    answer = evaluate([HEAD, replace(WIFE, born=dt.date(2020, 1, 1))], OPEN).of(2)
    assert (answer["no_kk"], answer["kab_kota"], answer["status"]) == (card(1), "3174", "TERDAFTAR")
    assert (answer["family_status"], answer["desil"], answer["age_years"], answer["members"]) == ("RANKED", 1, 5, 2)
    assert answer["payee"] == nik(1)
