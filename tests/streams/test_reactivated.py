"""Aims at the reactivation of PBI-JK: by its conditions, before the others, within the quota, for a limited time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from streams.rules import load
from streams.rules.documents import RulesError
from tests.streams.quarters import Evaluated, evaluate
from tests.streams.villages import POOR, RICH, Person, documents, event, only, rules

GIVEN: dict[str, Any] = {"ranking_mode": "given", "given_cut_points": [500_000] * 9}
Q2, Q3, Q4 = dt.date(2025, 6, 30), dt.date(2025, 9, 30), dt.date(2025, 12, 31)
DECISION = 88


def accepted(since: str = "2025-06-10", programme: str = "PBI_JK", *, ill: bool = True) -> dict[str, Any]:
    return {
        "reactivations": [f"{programme}/2025-Q2/{since}/{event(DECISION).hex()}"],
        "katastropik": ill,
        "health.event": event(99) if ill else None,
    }


DIALYSIS = Person(1, kk=1, home=RICH, more=accepted())
POORER = Person(2, kk=2, home=POOR)


def pbi(*people: Person, quota: int = 9, as_of: dt.date = Q2, held: tuple[int, ...] = ()) -> Evaluated:
    given = rules({"PBI_JK": quota}, programmes=("PBI_JK",), as_of=as_of, **GIVEN)
    return evaluate(people, given, [(it, "PBI_JK", 126_000) for it in held])


def test_an_accepted_case_of_somebody_ill_is_served_although_the_desil_is_too_high() -> None:
    found = pbi(DIALYSIS, POORER)
    assert found.verdicts("PBI_JK") == {1: "SERVED", 2: "SERVED"}
    answer = found.of(1)
    assert (answer["PBI_JK.reason"], answer["PBI_JK.amount_rupiah"]) == ("REAKTIVASI", 126_000)
    assert found.of(2)["PBI_JK.reason"] == "MEMENUHI_SYARAT"


def test_it_is_served_first_and_within_the_quota() -> None:
    assert pbi(DIALYSIS, POORER, quota=1).verdicts("PBI_JK") == {1: "SERVED", 2: "ELIGIBLE"}
    assert pbi(DIALYSIS, POORER, quota=0).verdicts("PBI_JK") == {1: "ELIGIBLE", 2: "ELIGIBLE"}


def test_who_is_reserved_already_comes_before_it() -> None:
    """An objection holds the only place: the reactivated waits for it."""
    told = {"objections": [f"PBI_JK/2025-Q2/2025-06-10/{event(77).hex()}"]}
    found = pbi(DIALYSIS, Person(3, kk=3, home=RICH, more=told), quota=1, held=(3,))
    assert found.verdicts("PBI_JK") == {1: "ELIGIBLE", 3: "HELD"}


def test_the_acceptance_alone_brings_nothing() -> None:
    assert pbi(replace(DIALYSIS, more=accepted(ill=False))).verdicts("PBI_JK") == {1: "INELIGIBLE"}
    ill = {"katastropik": True}
    assert pbi(replace(DIALYSIS, more=ill)).verdicts("PBI_JK") == {1: "INELIGIBLE"}
    assert pbi(replace(DIALYSIS, more=accepted(programme="PKH"))).verdicts("PBI_JK") == {1: "INELIGIBLE"}


def test_who_is_verified_poor_comes_back_before_others_without_any_illness() -> None:
    back = replace(POORER, number=3, kk=3, home=POOR, more=accepted(ill=False))
    assert pbi(POORER, back, quota=1).verdicts("PBI_JK") == {2: "ELIGIBLE", 3: "SERVED"}


def test_conditions_that_it_does_not_stand_in_for_still_count() -> None:
    officer = replace(DIALYSIS, occupation="ASN")
    assert pbi(officer).of(1)["PBI_JK.reason"] == "ANGGOTA_APARATUR"


@pytest.mark.parametrize(("as_of", "verdict"), [(Q2, "KEPT"), (Q3, "KEPT"), (Q4, "INELIGIBLE")])
def test_it_counts_for_two_lists(as_of: dt.date, verdict: str) -> None:
    """By then the data are renewed, and decide by themselves."""
    assert pbi(DIALYSIS, as_of=as_of, held=(1,)).verdicts("PBI_JK")[1] == verdict


@pytest.mark.parametrize(
    ("as_of", "held", "verdict"),
    [
        (dt.date(2025, 12, 31), (1,), "INELIGIBLE"),
        (dt.date(2026, 3, 31), (1,), "KEPT"),
        (dt.date(2026, 3, 31), (), "INELIGIBLE"),
        (dt.date(2026, 6, 30), (1,), "INELIGIBLE"),
    ],
)
def test_from_february_2026_holders_who_are_ill_go_on_for_three_months_without_asking(
    as_of: dt.date, held: tuple[int, ...], verdict: str
) -> None:
    ill = replace(DIALYSIS, more={"katastropik": True})
    assert pbi(ill, as_of=as_of, held=held).verdicts("PBI_JK")[1] == verdict


def test_the_illness_is_in_no_cause() -> None:
    causes = pbi(DIALYSIS).of(1)["PBI_JK.causes"]
    assert event(DECISION) in causes
    assert event(99) not in causes


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"instead_of": ["pendapatan"]}, "there is no condition 'pendapatan'"),
        ({"asks": {"fact": "family.desil", "operator": "le", "value": 5, "when_unknown": "fail"}}, "no fact of a pers"),
    ],
)
def test_a_reactivation_that_cannot_be_computed_is_refused(change: dict[str, Any], sentence: str) -> None:
    changed = only(documents(), ("PBI_JK",))
    changed["programmes/pbi_jk.yaml"]["reactivation"][0] |= change
    with pytest.raises(RulesError, match=sentence):
        load(changed, scale="S")
