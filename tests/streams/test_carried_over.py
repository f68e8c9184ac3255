"""Aims at what is carried over before the quota is cut (invariant 28): open objections, and programmes not due."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from streams.persons.objections import split_objections
from tests.streams.quarters import Evaluated, evaluate
from tests.streams.villages import AS_OF, CORE, POOR, RICH, Person, event, rules

GIVEN: dict[str, Any] = {"ranking_mode": "given", "given_cut_points": [500_000] * 9}
OBJECTION = 77
Q1, Q2 = AS_OF, dt.date(2025, 6, 30)


def objection(programme: str, quarter: str = "2025-Q1", since: str = "2025-03-20") -> dict[str, Any]:
    return {"objections": [f"{programme}/{quarter}/{since}/{event(OBJECTION).hex()}"]}


# A family that receives Sembako and has become too well off, and one that is poor and waits.
RICHER = Person(1, kk=1, home=RICH, more=objection("SEMBAKO"))
WAITING = Person(2, kk=2, home=POOR)


def sembako(person: Person, held: list[tuple[int, str, int]], quota: int = 9, as_of: dt.date = Q1) -> Evaluated:
    return evaluate([person, WAITING], rules({"SEMBAKO": quota}, as_of=as_of, **GIVEN), held)


def test_an_open_objection_holds_a_removal_back_and_keeps_its_place() -> None:
    found = sembako(RICHER, [(1, "SEMBAKO", 600_000)], quota=1)
    assert found.verdicts("SEMBAKO") == {1: "HELD", 2: "ELIGIBLE"}
    answer = found.of(1)
    assert (answer["SEMBAKO.reason"], answer["SEMBAKO.amount_rupiah"]) == ("ADA_SANGGAHAN", 600_000)
    assert event(OBJECTION) in answer["SEMBAKO.causes"]
    assert answer["SEMBAKO.failed"], "what would end it stays known"
    assert ("SEMBAKO", "OBJECTION", 1) in found.reserved.rows()


def test_who_meets_all_conditions_goes_on_while_an_objection_is_open() -> None:
    """The quota cannot take it away meanwhile: there is one place, and it is reserved."""
    poor = replace(RICHER, home=POOR)
    found = sembako(poor, [(1, "SEMBAKO", 600_000)], quota=1)
    assert found.verdicts("SEMBAKO") == {1: "KEPT", 2: "ELIGIBLE"}
    assert ("SEMBAKO", "PROTECTED", 1) in found.reserved.rows()


def test_without_a_line_there_is_nothing_to_hold_back() -> None:
    assert sembako(RICHER, []).verdicts("SEMBAKO") == {1: "INELIGIBLE", 2: "SERVED"}


@pytest.mark.parametrize(
    ("quarter", "since", "as_of", "held"),
    [
        ("2025-Q1", "2025-03-31", Q1, True),
        ("2025-Q1", "2025-04-30", Q2, True),  # the last day to object
        ("2025-Q1", "2025-05-01", Q2, False),  # a day late
        ("2025-Q2", "2025-06-30", Q2, True),
        ("2025-Q1", "2025-04-30", dt.date(2025, 9, 30), False),  # it holds for one quarter more, not for two
        ("2024-Q4", "2025-01-30", Q1, True),
        ("2024-Q3", "2024-10-30", Q1, False),
    ],
)
def test_an_objection_is_timely_and_holds_for_a_limited_time(
    quarter: str, since: str, as_of: dt.date, *, held: bool
) -> None:
    person = replace(RICHER, more=objection("SEMBAKO", quarter, since))
    found = sembako(person, [(1, "SEMBAKO", 600_000)], as_of=as_of)
    assert found.verdicts("SEMBAKO")[1] == ("HELD" if held else "INELIGIBLE")


def test_an_objection_about_another_programme_holds_nothing() -> None:
    person = replace(RICHER, more=objection("PKH"))
    assert sembako(person, [(1, "SEMBAKO", 600_000)]).verdicts("SEMBAKO")[1] == "INELIGIBLE"


def test_any_member_may_object_for_the_family() -> None:
    holder, wife = replace(RICHER, more={}), replace(RICHER, number=3, relation=3)
    found = evaluate([holder, wife, WAITING], rules({"SEMBAKO": 9}, **GIVEN), [(1, "SEMBAKO", 600_000)])
    assert found.verdicts("SEMBAKO") == {1: "HELD", 2: "SERVED", 3: "NOT_PAYEE"}


def test_objections_as_text_and_back() -> None:
    texts = pl.Series(objection("KJP_PLUS")["objections"])
    assert split_objections(texts).rows() == [("KJP_PLUS", "2025-Q1", dt.date(2025, 3, 20), event(OBJECTION))]


PUPIL = Person(
    5,
    kk=5,
    relation=4,
    born=dt.date(2012, 5, 5),
    occupation=None,
    home=POOR,
    more={"school_level": "SMP", "school_private": True, "school_province": "31", "education.event": event(501)},
)
PARENT = Person(6, kk=5, home=POOR)
KJP = ("KJP_PLUS",)


def pupil(person: Person, held: list[tuple[int, str, int]], as_of: dt.date) -> dict[str, Any]:
    found = evaluate([person, PARENT], rules(programmes=KJP, as_of=as_of, **GIVEN), held)
    answer = found.of(5)
    return {part: answer[f"KJP_PLUS.{part}"] for part in ("verdict", "reason", "amount_rupiah")}


def test_nothing_begins_in_a_quarter_in_which_a_programme_is_not_due() -> None:
    assert pupil(PUPIL, [], Q1) == {"verdict": "SERVED", "reason": "MEMENUHI_SYARAT", "amount_rupiah": 1_410_000}
    assert pupil(PUPIL, [], Q2) == {"verdict": "INELIGIBLE", "reason": "BELUM_WAKTUNYA", "amount_rupiah": 0}


def test_what_is_held_goes_on_where_a_programme_is_not_due() -> None:
    left_school = replace(PUPIL, more={**PUPIL.more, "school_level": "TIDAK_SEKOLAH", "school_province": ""})
    held = [(5, "KJP_PLUS", 1_410_000)]
    assert pupil(left_school, held, Q2) == {"verdict": "KEPT", "reason": "BELUM_WAKTUNYA", "amount_rupiah": 1_410_000}
    third = dt.date(2025, 9, 30)
    assert pupil(left_school, held, third) == {"verdict": "INELIGIBLE", "reason": "BUKAN_PELAJAR", "amount_rupiah": 0}


def test_hard_stops_end_it_all_the_same() -> None:
    dead = replace(PUPIL, status="MENINGGAL")
    found = evaluate([dead, PARENT], rules(programmes=KJP, as_of=Q2, **GIVEN), [(5, "KJP_PLUS", 1_410_000)])
    assert "317191010190" + "0005" not in found.answers.get_column("nik").to_list(), "the dead are answered by net"
    assert found.reserved.is_empty()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"school_province": "32"}, "SEKOLAH_DI_LUAR_DKI"),
        ({"vehicles": 1, "property.event": event(502)}, "MOBIL_TERDAFTAR"),
        ({"njop_rupiah": 1_000_000_001, "property.event": event(502)}, "NJOP_DI_ATAS_BATAS"),
        ({"njop_rupiah": 1_000_000_000, "property.event": event(502)}, "MEMENUHI_SYARAT"),
        ({"school_level": None, "school_province": None}, "BUKAN_PELAJAR"),
    ],
)
def test_kjp_plus(change: dict[str, Any], reason: str) -> None:
    assert pupil(replace(PUPIL, more={**PUPIL.more, **change}), [], Q1)["reason"] == reason


def test_a_parents_car_ends_it_too() -> None:
    parent = replace(PARENT, more={"vehicles": 2, "property.event": event(503)})
    found = evaluate([PUPIL, parent], rules(programmes=KJP, **GIVEN))
    assert found.of(5)["KJP_PLUS.reason"] == "MOBIL_TERDAFTAR"
    assert found.of(5)["KJP_PLUS.causes"] == [event(503)]


def test_kjp_plus_asked_for_a_desil_until_2024() -> None:
    rich = replace(PUPIL, home=RICH), replace(PARENT, home=RICH)
    for day, reason in ((dt.date(2024, 9, 30), "DESIL_DI_ATAS_BATAS"), (dt.date(2025, 3, 31), "MEMENUHI_SYARAT")):
        found = evaluate(list(rich), rules(programmes=KJP, as_of=day, **GIVEN))
        assert found.of(5)["KJP_PLUS.reason"] == reason


def test_a_child_of_six_with_national_aid_gets_no_card_of_jakarta() -> None:
    child = Person(7, kk=7, relation=4, born=dt.date(2019, 5, 5), occupation=None, home=POOR)
    parent = Person(8, kk=7, home=POOR)
    whole = rules({"SEMBAKO": 0, "PKH": 0}, programmes=("KAJ", *CORE), **GIVEN)
    assert evaluate([child, parent], whole).of(7)["KAJ.verdict"] == "SERVED"
    served = rules(programmes=("KAJ", *CORE), **GIVEN)
    assert evaluate([child, parent], served).of(7)["KAJ.reason"] == "SUDAH_DILAYANI_PKH"


def test_health_insurance_goes_by_person() -> None:
    people = [replace(PARENT, number=n) for n in (1, 2, 3)]
    found = evaluate(people, rules({"PBI_JK": 3}, programmes=("PBI_JK",), **GIVEN))
    assert found.verdicts("PBI_JK") == {1: "SERVED", 2: "SERVED", 3: "SERVED"}
    # equal scores are treated equally: three do not fit into two places
    assert set(evaluate(people, rules({"PBI_JK": 2}, programmes=("PBI_JK",), **GIVEN)).verdicts("PBI_JK").values()) == {
        "ELIGIBLE"
    }
