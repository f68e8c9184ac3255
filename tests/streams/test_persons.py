"""Aims at the view of persons: one answer in any order (invariant 1), the greatest per group, the status."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.persons import PERSONS, AsOf, persons
from streams.persons.columns import GROUPS_SHOWN, Clock, Group
from tests.streams.strategies import (
    DAY,
    FACTS,
    FEW,
    Fact,
    birth,
    dwelling,
    event_id,
    facts,
    facts_frame,
    finding,
    listing,
    nik,
    residence,
    set_aside,
    vital,
    work,
)
from tests.streams.test_voids import by_text

ANI = nik(1)
AS_OF = AsOf(DAY + timedelta(days=90), transit_limit_days=90, scope="31")


def view(*sample: Fact, as_of: AsOf = AS_OF) -> dict[str, Any]:
    """The one person of some facts."""
    found = persons(facts_frame(sample), as_of)
    assert found.height == 1
    return found.row(0, named=True)


@given(facts(people=3), st.randoms())
@FEW
def test_any_order_gives_the_same_bytes(sample: list[Fact], random: object) -> None:
    shuffled = list(sample)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = persons(facts_frame(sample), AS_OF)
    assert expected.equals(persons(facts_frame(shuffled), AS_OF))
    alone = [persons(facts_frame([it for it in sample if it.nik == nik(one)]), AS_OF) for one in (3, 1, 2)]
    assert expected.equals(pl.concat(alone).sort("nik"))


def clock_of(group: Group, fact: Fact, person: dict[str, Any]) -> tuple[int, ...]:
    """What comes before the act of recording: for observations the day, for homes whether it is the present one."""
    if group.clock is Clock.RECORDED:
        return ()
    if group.clock is Clock.OBSERVED:
        return (fact.day,)
    house, visit = fact.groups.get("household"), fact.groups.get("field")
    here = False
    if house:
        here |= house["no_kk"] is not None and house["no_kk"] == person["no_kk"]
        here |= house["kelurahan"] == person["kelurahan"] and house["alamat"] == person["address"]
    if visit:
        same_card = visit["no_kk"] is not None and visit["no_kk"] == person["no_kk"]
        here |= same_card and visit["hasil_kontak"] == "LENGKAP"
        here |= visit["kelurahan"] == person["kelurahan"] and visit["alamat"] in (None, "JL A, 01")
    return (here, fact.day)


@given(facts(people=3))
@FEW
def test_each_group_shows_its_greatest_fact(sample: list[Fact]) -> None:
    found = persons(facts_frame(sample), AS_OF)
    assert found.schema == pl.Schema(PERSONS)
    assert found["nik"].to_list() == sorted({fact.nik for fact in sample})
    void = by_text(sample)
    for person in found.iter_rows(named=True):
        for group in GROUPS_SHOWN:
            stating = [
                fact
                for fact in sample
                if fact.nik == person["nik"] and group.name in fact.groups and (fact.key, group.name) not in void
            ]
            greatest = max(
                stating,
                key=lambda it: (*clock_of(group, it, person), it.hour, it.event, it.producer),
                default=None,
            )
            expected = greatest and greatest.producer.to_bytes(2, "big") + event_id(greatest.event)
            assert person[f"{group.name}.event"] == expected
            assert person[f"{group.name}.event_type"] == (greatest and greatest.event_type)
            stated = greatest.groups[group.name] if greatest else {}
            for name, source, _ in group.copied:
                if source.startswith(f"{group.name}."):
                    assert person[name] == stated.get(source.removeprefix(f"{group.name}."))


def test_the_columns_are_those_of_the_contract_of_facts() -> None:
    for group in GROUPS_SHOWN:
        assert FACTS[group.name] == pl.Boolean
        for _, source, dtype in group.copied:
            assert FACTS[source] == dtype


def test_nobody_is_a_frame_of_persons() -> None:
    found = persons(facts_frame([]), AS_OF)
    assert found.schema == pl.Schema(PERSONS)
    assert found.height == 0


def test_an_earlier_date_recorded_later_wins_in_civil_groups_but_not_in_observed_ones() -> None:
    old = Fact(ANI, 1, hour=0, day=0, groups={"vital": vital(alive=False), "work": work("ASN")})
    new = Fact(ANI, 2, hour=1, day=-9, groups={"vital": vital(), "work": work("SWASTA")})
    found = view(old, new)
    assert (found["alive"], found["occupation"]) == (True, "ASN")


def test_the_home_where_one_lives_comes_before_one_seen_later_elsewhere() -> None:
    """Who lived with an employer, or with parents, for a while."""
    registered = Fact(ANI, 1, groups={"birth": birth(), "listing": listing(1), "residence": residence()})
    own = Fact(ANI, 2, producer=3, day=1, groups={"household": dwelling(1), "field": finding(card=1, alamat="Jl. A 1")})
    theirs = {"household": dwelling(2, "Jl. B 2", 200), "field": finding(card=2, alamat="Jl. B 2")}
    later = Fact(ANI, 3, producer=3, day=5, groups=theirs)
    found = view(registered, own, later)
    assert (found["household.luas_lantai"], found["field.alamat"]) == (30, "Jl. A 1")
    moved = Fact(ANI, 4, hour=9, groups={"listing": listing(2)})
    assert view(registered, own, later, moved)["household.luas_lantai"] == 200  # the later one, of two at home
    assert view(own, later)["household.luas_lantai"] == 200  # nobody knows where Ani lives


def test_a_field_finding_never_touches_the_vital_group() -> None:
    alive = Fact(ANI, 1, groups={"vital": vital(), "birth": birth(), "listing": listing()})
    dead = Fact(ANI, 2, producer=3, hour=9, day=9, groups={"field": finding("MENINGGAL")})
    found, before = view(alive, dead), view(alive)
    assert (found["alive"], found["status"], found["field.keberadaan"]) == (True, "TERDAFTAR", "MENINGGAL")
    unstated = [name for name in PERSONS if not name.startswith("field")]
    assert {name: found[name] for name in unstated} == {name: before[name] for name in unstated}


def departed(day: int, kelurahan: str = "3171011001") -> Fact:
    return Fact(ANI, 2, hour=2, day=day, groups={"residence": residence(kelurahan, "KELUAR", "S1")})


REGISTERED = Fact(ANI, 1, groups={"vital": vital(), "listing": listing(), "residence": residence(), "birth": birth()})


@pytest.mark.parametrize(
    ("sample", "status", "kab_kota"),
    [
        ([REGISTERED], "TERDAFTAR", "3171"),
        ([Fact(ANI, 1, groups={"vital": vital()})], "TANPA_KARTU", "0000"),
        ([Fact(ANI, 1, groups={"listing": listing()})], "TERDAFTAR", "0000"),
        ([Fact(ANI, 1, kind="CANCEL", corrects=(1, 3), voids=("vital",))], "TANPA_KARTU", "0000"),
        ([REGISTERED, Fact(ANI, 2, hour=1, groups={"vital": vital(alive=False)})], "MENINGGAL", "3171"),
        ([REGISTERED, departed(0)], "TRANSIT", "3171"),  # 90 days before: still within the limit
        ([REGISTERED, departed(-1)], "LUAR", "3171"),
        ([departed(0)], "TRANSIT", "3171"),
        ([REGISTERED, departed(0, "3201011001")], "LUAR", "3201"),
        ([REGISTERED, Fact(ANI, 2, hour=1, groups={"residence": residence("3201011001")})], "LUAR", "3201"),
        (
            [departed(-1), Fact(ANI, 3, hour=3, groups={"vital": vital(alive=False)})],
            "MENINGGAL",
            "3171",
        ),
    ],
)
def test_status(sample: list[Fact], status: str, kab_kota: str) -> None:
    found = view(*sample)
    assert (found["status"], found["kab_kota"]) == (status, kab_kota)


def test_the_nation_has_no_outside() -> None:
    elsewhere = Fact(ANI, 2, hour=1, groups={"residence": residence("3201011001")})
    assert view(REGISTERED, elsewhere, as_of=AsOf(AS_OF.day, 90))["status"] == "TERDAFTAR"


def test_departed_on_is_kept_only_while_departed() -> None:
    assert view(REGISTERED)["departed_on"] is None
    assert view(REGISTERED, departed(3))["departed_on"] == DAY + timedelta(days=3)


@pytest.mark.parametrize("hours", [(1, 25), (25, 1)])
def test_arrival_and_departure_of_one_letter_in_any_order_is_arrived(hours: tuple[int, int]) -> None:
    left = Fact(ANI, 2, hour=hours[0], groups={"residence": residence(fase="KELUAR", skpwni="S1")})
    came = Fact(ANI, 3, hour=hours[1], groups={"residence": residence("3172011001", "DATANG", "S1")})
    found = view(REGISTERED, left, came)
    assert (found["phase"], found["status"], found["kab_kota"]) == ("DATANG", "TERDAFTAR", "3172")


def test_a_death_two_years_late_then_cancelled_then_dated_anew() -> None:
    death = Fact(ANI, 5, hour=50, day=-700, event_type="mati", groups={"vital": vital(alive=False)})
    lifted = Fact(ANI, 6, hour=60, kind="CANCEL", corrects=(1, 5), voids=("vital",))
    anew = Fact(ANI, 7, hour=70, day=-600, event_type="mati", groups={"vital": vital(alive=False)})
    steps = [view(*sample)["status"] for sample in _prefixes(REGISTERED, death, lifted, anew)]
    assert steps == ["TERDAFTAR", "MENINGGAL", "TERDAFTAR", "MENINGGAL"]


def _prefixes(*sample: Fact) -> list[tuple[Fact, ...]]:
    return [sample[:count] for count in range(1, len(sample) + 1)]


def test_a_visit_that_is_set_aside_makes_what_was_known_before_count_again() -> None:
    before = Fact(ANI, 1, producer=7, event_type="daftar_lama", groups={"household": dwelling(1, luas_lantai=20)})
    visit = {"household": dwelling(1, luas_lantai=200), "field": finding(card=1)}
    visited = Fact(ANI, 2, producer=3, hour=1, day=1, event_type="groundcheck", groups=visit)
    decided = Fact(
        ANI, 3, producer=3, hour=2, day=2, event_type="pengesampingan", groups={"set_aside": set_aside((3, 2))}
    )
    withdrawn = Fact(ANI, 4, producer=3, hour=3, day=3, kind="CANCEL", corrects=(3, 3), voids=("set_aside",))
    assert view(before, visited)["household.luas_lantai"] == 200
    person = view(before, visited, decided)
    assert (person["household.luas_lantai"], person["field.event"]) == (20, None)
    assert view(before, visited, decided, withdrawn)["household.luas_lantai"] == 200
