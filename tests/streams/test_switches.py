"""Aims at switches (what the sources leave open): a dated choice decides which entries hold, and what is paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from streams.rules import Rules, load
from streams.rules.overlay import laid_over
from tests.streams.quarters import evaluate
from tests.streams.villages import AS_OF, CORE, POOR, Person, documents, only, rules


def switched(on: dt.date = AS_OF, **chosen: Any) -> Rules:
    """The rules with switches of programmes chosen otherwise."""
    laid = laid_over(only(documents(), CORE), "test.yaml", {"switches": chosen})
    return load(laid, scale="S").at(on)


def condition(rules_: Rules, programme: str, name: str) -> list[Any]:
    return [it.value for it in rules_.programmes[programme].conditions if it.id == name]


@pytest.mark.parametrize(
    ("programme", "switch", "choice", "before", "after"),
    [("SEMBAKO", "batas_desil", "empat", [5], [4]), ("KLJ", "desil", "lima", [], [5])],
)
def test_a_choice_decides_which_condition_holds(
    programme: str, switch: str, choice: str, before: list[int], after: list[int]
) -> None:
    assert condition(rules(), programme, "desil") == before
    assert condition(switched(AS_OF, **{programme: {switch: choice}}), programme, "desil") == after


def test_a_choice_holds_from_its_day_on() -> None:
    series = [
        {"from": "2024-01-01", "until": "2025-06-30", "choice": "lima", "illustrative": True},
        {"from": "2025-07-01", "choice": "empat", "illustrative": True},
    ]
    for day, limit in ((dt.date(2025, 6, 30), 5), (dt.date(2025, 7, 1), 4)):
        assert condition(switched(day, SEMBAKO={"batas_desil": series}), "SEMBAKO", "desil") == [limit]


def test_the_rules_say_what_is_chosen_and_what_else_there_is() -> None:
    switch, _ = switched(SEMBAKO={"batas_desil": "empat"}).programmes["SEMBAKO"].switches
    assert (switch.id, switch.chosen, switch.note) == ("batas_desil", "empat", "Chosen by test.yaml.")
    assert [it.id for it in switch.choices] == ["lima", "empat"]
    assert all("[S2" in it.reference for it in switch.choices)


def test_another_choice_is_another_hash() -> None:
    assert switched(SEMBAKO={"batas_desil": "empat"}).rules_hash != rules().rules_hash


def aged(years: int, *, days: int = 0) -> dt.date:
    return AS_OF.replace(year=AS_OF.year - years) + dt.timedelta(days=days)


# A head of 40 with two small children, one elderly person and two pupils: five that count, of whom four are paid for.
FAMILY = [
    Person(1, born=aged(40), home=POOR),
    Person(2, relation=4, born=aged(1)),
    Person(3, relation=4, born=aged(2)),
    Person(4, relation=7, born=aged(75)),
    Person(5, relation=4, born=aged(8), more={"school_level": "SD"}),
    Person(6, relation=4, born=aged(16), more={"school_level": "SMA"}),
]


@pytest.mark.parametrize(
    ("choice", "rupiah"),
    [("tertinggi", 2 * 750_000 + 600_000 + 500_000), ("terendah", 225_000 + 500_000 + 600_000 + 750_000)],
)
def test_which_four_members_are_paid_for(choice: str, rupiah: int) -> None:
    found = evaluate(FAMILY, switched(PKH={"empat_komponen": choice}))
    assert found.of(1)["PKH.amount_rupiah"] == rupiah


@pytest.mark.parametrize(
    ("choice", "years", "days", "counts"),
    [
        ("enam_puluh", 60, 1, False),
        ("enam_puluh", 60, 0, True),
        ("enam_puluh", 60, -1, True),
        ("tujuh_puluh", 60, 0, False),
        ("tujuh_puluh", 70, 1, False),
        ("tujuh_puluh", 70, 0, True),
        ("tujuh_puluh", 70, -1, True),
    ],
)
def test_from_which_age_on_the_elderly_count(choice: str, years: int, days: int, counts: bool) -> None:
    people = [Person(1, born=aged(40), home=POOR), Person(2, relation=7, born=aged(years, days=days))]
    answer = evaluate(people, switched(PKH={"umur_lansia": choice})).of(1)
    assert answer["PKH.reason"] == ("MEMENUHI_SYARAT" if counts else "TANPA_KOMPONEN")
    assert answer["PKH.amount_rupiah"] == (600_000 if counts else 0)
