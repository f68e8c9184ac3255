"""Aims at: what is named as a correction does turn the answer, nothing less does, and age is never named."""

import datetime as dt
from dataclasses import replace
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agents.rulebook import read_bundle
from streams.kenapa import Outlook, Turn, judged, outlooks
from streams.kenapa.outlook import meets, satisfying
from streams.members import MEMBERS
from streams.programmes.conditions import holds
from streams.rules.corrections import ADVICE, CORRECTIONS
from streams.rules.facts import FACTS
from tests.streams.kenapa.looking import judge, look
from tests.streams.quarters import evaluate
from tests.streams.villages import AS_OF, POOR, RICH, Person, event, nik, rules, villages

RULES = rules()
POORER = [Person(100 + n, kk=100 + n, home=POOR, seen_as=100 + n) for n in range(6)]
RICHER = [Person(200 + n, kk=200 + n, home=RICH, seen_as=200 + n) for n in range(6)]
ELDER = Person(1, born=dt.date(1950, 1, 1), home=POOR, owns={"mobil": False}, more={"vehicles": 0, "njop_rupiah": 0})


def outlook_of(*family: Person, programme: str = "KLJ", **quotas: int) -> Outlook:
    asked = rules({"PKH": 0, "SEMBAKO": 0, **quotas})
    village = [*family, *POORER, *RICHER]
    return outlooks(judge(village, evaluate(village, asked), asked), nik(1))[programme]


def facts(outlook: Outlook) -> list[str]:
    return [turn.fact for turn in outlook.turns]


def test_a_sold_car_is_the_one_thing_to_correct() -> None:
    found = outlook_of(replace(ELDER, more={"vehicles": 1, "njop_rupiah": 0}))
    assert facts(found) == ["members.vehicles"]
    assert "STNK" in found.turns[0].what.id
    assert found.verdict == "SERVED"


def test_two_things_that_stand_in_the_way_are_both_named() -> None:
    found = outlook_of(replace(ELDER, owns={"mobil": True}, more={"vehicles": 1, "njop_rupiah": 0}))
    assert sorted(facts(found)) == ["family.mobil", "members.vehicles"]


def test_age_is_not_for_correction() -> None:
    found = outlook_of(replace(ELDER, born=dt.date(1966, 1, 1)))
    assert (found.turns, [it.condition.id for it in found.stuck]) == ((), ["lansia"])


def test_after_a_correction_the_quota_may_still_be_used_up() -> None:
    found = outlook_of(replace(ELDER, more={"vehicles": 1, "njop_rupiah": 0}), KLJ=0)
    assert (facts(found), found.verdict) == (["members.vehicles"], "ELIGIBLE")


def test_a_desil_is_corrected_by_the_data_of_the_home() -> None:
    rich = replace(ELDER, home=RICH, owns={"mobil": False, "ac": True})
    found = outlook_of(rich, programme="SEMBAKO")
    assert facts(found) == ["family.desil"]
    assert found.turns[0].items
    assert all(it.column.startswith(("household.", "assets.")) for it in found.turns[0].items)


def test_who_was_not_surveyed_is_told_to_ask_for_it() -> None:
    found = outlook_of(replace(ELDER, home=None, owns=None), programme="SEMBAKO")
    assert (found.turns, found.asks) == ((), (CORRECTIONS["family.status"].what,))


def test_nobody_below_the_limit_is_refused_without_a_word() -> None:
    assert "SEMBAKO" not in outlooks(judge([ELDER], evaluate([ELDER], RULES), RULES), nik(1))


STUDENT = Person(
    1,
    born=dt.date(2006, 3, 1),
    home=POOR,
    owns={"mobil": False},
    occupation="TIDAK_BEKERJA",
    more={
        "kuliah_status": "AKTIF", "kuliah_jenjang": "S1", "kuliah_negeri": False, "kuliah_akreditasi": "A",
        "kuliah_semester": 2, "kuliah_ipk_x100": 350, "kuliah_rumpun": "SOSIAL", "kuliah_reguler": True,
        "kuliah_provinsi_sekolah": "31", "kuliah_lulus_sekolah_tahun": 2024,
    },
)  # fmt: skip
SCHOLARSHIP = [f"BEASISWA_DAERAH/BEASISWA/APBD/2024-08-01//{event(70).hex()}"]


def of_student(programme: str, **more: Any) -> Outlook:
    """The outlook of a student who fulfils everything but what `more` says."""
    quotas = {"KIP_KULIAH": 0, "KJMU": 0, programme: 9}
    asked = rules(quotas, programmes=("KIP_KULIAH", "KJMU"), ranking_mode="given", given_cut_points=[500_000] * 9)
    village = [replace(STUDENT, more={**STUDENT.more, **more})]
    return outlooks(judge(village, evaluate(village, asked), asked), nik(1))[programme]


@pytest.mark.parametrize(
    ("programme", "more", "fact", "columns"),
    [
        ("KJMU", {"kuliah_akreditasi": "B"}, "person.kampus", ["kuliah_akreditasi"]),
        ("KJMU", {"kuliah_akreditasi": None}, "person.kampus", ["kuliah_akreditasi"]),
        ("KIP_KULIAH", {"kuliah_akreditasi": None}, "person.akreditasi", ["kuliah_akreditasi"]),
        ("KJMU", {"benefits": SCHOLARSHIP}, "person.beasiswa_lain", ["benefits"]),
    ],
)
def test_what_a_campus_recorded_wrongly_is_named_and_turns_the_answer(
    programme: str, more: dict[str, Any], fact: str, columns: list[str]
) -> None:
    found = of_student(programme, **more)
    assert facts(found) == [fact]
    assert [it.column for it in found.turns[0].changes] == columns
    assert (found.verdict, found.is_near) == ("SERVED", True)


@pytest.mark.parametrize("group", ["SOSIAL", "EKSAKTA"])
def test_a_low_mark_is_told_as_what_is_seldom_a_mistake(group: str) -> None:
    """A transcript may state another mark than PDDikti; one that is low indeed is nothing to correct."""
    found = of_student("KJMU", kuliah_rumpun=group, kuliah_ipk_x100=240)
    assert [it.column for it in found.turns[0].changes] == ["kuliah_ipk_x100"]
    assert "transkrip" in found.turns[0].what.id
    assert (found.verdict, found.is_near) == ("SERVED", False)


def test_semesters_and_years_since_school_are_not_for_correction() -> None:
    found = of_student("KJMU", kuliah_semester=12, kuliah_lulus_sekolah_tahun=2019)
    assert found.turns == ()
    assert {it.condition.id for it in found.stuck} == {"lulus_sekolah", "semester_awal", "semester_sarjana"}


def test_nobody_is_told_to_become_a_student_of_another_campus() -> None:
    found = of_student("KJMU", kuliah_negeri=None)
    assert (found.turns, [it.condition.id for it in found.stuck]) == ((), ["kampus"])


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[list[Person], list[tuple[int, str]]]:
    """A village whose people also own cars and land, or live in an institution."""
    people, held = draw(villages(cards=3))
    more = st.fixed_dictionaries(
        {
            "vehicles": st.sampled_from([None, 0, 1]),
            "njop_rupiah": st.sampled_from([None, 0, 2_000_000_000]),
            "in_institution": st.sampled_from([None, False, True]),
        }
    )
    return [replace(it, more=draw(more)) for it in people], held


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])  # a shrink takes minutes
@given(spoilt())
def test_the_named_facts_turn_the_answer_and_fewer_do_not(village: tuple[list[Person], list[tuple[int, str]]]) -> None:
    people, held = village
    whole = evaluate(people, RULES, held)
    for kk in sorted({it.kk for it in people}):
        looked = look(people, whole, RULES, kk, held)
        told = judged(looked)
        for somebody in told.answers["nik"]:
            for programme, outlook in outlooks(told, somebody).items():
                if not outlook.turns:
                    continue
                assert holds_after(looked, somebody, programme, outlook.turns)
                for fewer in combinations(outlook.turns, len(outlook.turns) - 1):
                    assert not holds_after(looked, somebody, programme, fewer)


def holds_after(looked: Any, somebody: str, programme: str, turns: tuple[Turn, ...]) -> bool:
    """Whether all conditions hold once the facts are what the turns say, written into the rows one by one."""
    rows = looked.members.to_dicts()
    for turn in turns:
        for change in turn.changes:
            for row in rows:
                mine = change.nik in (None, row["nik"])
                failing = change.condition is None or row[change.column] in _failing(change.condition, row)
                if mine and failing and (change.nik is not None or row[change.column] is not None):
                    row[change.column] = change.value
    members = pl.DataFrame(rows, schema=looked.members.schema)
    return not judged(replace(looked, members=members)).subject(somebody, programme)["failed"]


def _failing(condition: Any, row: dict[str, Any]) -> list[Any]:
    value = row[
        {"members.vehicles": "vehicles", "members.njop_rupiah": "njop_rupiah"}.get(condition.fact, "occupation")
    ]
    bad = value in condition.value if condition.operator == "not_in" else value is not None and value > condition.value
    return [value] if bad else []


def test_corrections_are_about_facts_that_exist() -> None:
    assert set(CORRECTIONS) <= set(FACTS)
    assert "person.age_years" not in CORRECTIONS
    assert not [it for name, it in CORRECTIONS.items() if name == "family.desil" and it.columns]


DAYS = [dt.date(2024, 3, 31), AS_OF, dt.date(2025, 12, 31), dt.date(2026, 9, 30)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_condition_that_can_be_corrected_has_a_value_that_meets_it(day: dt.date) -> None:
    for programme in read_bundle("nasional").at(day).programmes.values():
        for condition in programme.conditions:
            correction = CORRECTIONS.get(condition.fact)
            if correction is None or not correction.columns:
                continue
            assert not correction.values or any(meets(condition, derived) for derived in correction.values)
            value = satisfying(condition)
            found = pl.DataFrame({"value": [value]}).select(holds(condition, pl.col("value"))).item()
            assert found, f"{programme.name}:{condition.id}: {value}"
            assert set(correction.columns) <= set(MEMBERS)


@pytest.mark.parametrize("reason", sorted(ADVICE))
def test_advice_is_about_reasons_that_exist(reason: str) -> None:
    assert reason in RULES.reasons
