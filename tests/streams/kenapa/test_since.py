"""Aims at: what made the difference between two quarters is told apart: an event, time, the rule, others, the quota."""

import datetime as dt
from dataclasses import replace

import pytest

from streams.kenapa import Since, judged, since
from streams.kenapa.since import Why
from streams.rules import Rules
from tests.streams.kenapa.looking import look
from tests.streams.quarters import evaluate
from tests.streams.villages import POOR, RICH, Person, event, nik, rules

RULES = rules({"PKH": 0, "SEMBAKO": 100})
ELDER = Person(1, born=dt.date(1950, 1, 1), home=POOR, owns={"mobil": False}, more={"vehicles": 0, "njop_rupiah": 0})
OTHERS = [Person(100 + n, kk=100 + n, home=RICH, seen_as=100 + n) for n in range(6)]


def differences(
    before: list[Person], now: list[Person], programme: str, old_rules: Rules = RULES, new_rules: Rules = RULES
) -> list[Since]:
    told = [
        judged(look(village, evaluate(village, asked), asked))
        for village, asked in ((before, old_rules), (now, new_rules))
    ]
    return since(told[1], told[0], nik(1), programme)


def test_nothing_changed() -> None:
    assert differences([ELDER, *OTHERS], [ELDER, *OTHERS], "SEMBAKO") == []


def test_an_event_that_the_quarter_took_in() -> None:
    richer = replace(ELDER, home=RICH, seen_as=901)
    poor = [Person(400 + n, kk=400 + n, home=POOR, seen_as=400 + n) for n in range(6)]
    (found,) = differences([ELDER, *poor], [richer, *poor], "SEMBAKO")
    assert (found.why, found.turned, found.events) == (Why.EVENT, True, (event(901),))
    assert found.now is not None
    assert found.now.condition.id == "desil"


def test_a_birthday_is_nobodys_report() -> None:
    almost = replace(ELDER, born=dt.date(1965, 1, 10))
    earlier = rules({"PKH": 0, "SEMBAKO": 0}, as_of=dt.date(2024, 12, 31))
    later = rules({"PKH": 0, "SEMBAKO": 0})
    told = [judged(look([almost], evaluate([almost], later), asked)) for asked in (earlier, later)]
    found = since(told[1], told[0], nik(1), "KLJ")
    assert [(it.why, it.turned) for it in found] == [(Why.BIRTHDAY, True)]


def test_the_same_home_in_another_desil_is_the_ranking() -> None:
    poorer = [Person(300 + n, kk=300 + n, home=POOR | {"luas_lantai": 1}, seen_as=300 + n) for n in range(20)]
    found = differences([ELDER, *OTHERS], [ELDER, *poorer], "SEMBAKO")
    assert [(it.why, it.turned) for it in found] == [(Why.RANKING, True)]


def test_a_quota_that_is_drawn_elsewhere() -> None:
    found = differences(
        [ELDER], [ELDER], "KLJ", rules({"PKH": 0, "SEMBAKO": 0}), rules({"PKH": 0, "SEMBAKO": 0, "KLJ": 0})
    )
    assert [it.why for it in found] == [Why.QUOTA]


def test_a_score_that_moves_the_turn() -> None:
    other = replace(ELDER, number=2, kk=2, seen_as=902)
    richer = replace(ELDER, home=POOR | {"lantai": 6}, seen_as=901)
    none = rules({"PKH": 0, "SEMBAKO": 0, "KLJ": 1})
    (found,) = differences([ELDER], [richer, other], "KLJ", none, none)
    assert (found.why, found.events) == (Why.SCORE, (event(901),))
    assert found.scores is not None
    assert None not in found.scores


def test_who_moves_out_is_told_the_departure() -> None:
    left = replace(
        ELDER, status="TRANSIT", departed_on=dt.date(2025, 3, 1), more={**ELDER.more, "residence.event": event(77)}
    )
    alone = rules({"PKH": 0, "SEMBAKO": 0})
    (found,) = differences([ELDER], [left], "KLJ", alone, alone)
    assert (found.why, found.events, found.now) == (Why.EVENT, (event(77),), None)


def test_a_programme_that_was_not_due_is_decided_anew() -> None:
    pupil = replace(
        ELDER, born=dt.date(2012, 1, 1), more={**ELDER.more, "school_level": "SMP", "school_province": "31"}
    )
    told = []
    for day in (dt.date(2025, 6, 30), dt.date(2025, 9, 30)):
        asked = rules({"KJP_PLUS": 1}, programmes=("KJP_PLUS",), as_of=day)
        told.append(judged(look([pupil, Person(3)], evaluate([pupil, Person(3)], asked), asked)))
    found = since(told[1], told[0], nik(1), "KJP_PLUS")
    assert [it.why for it in found] == [Why.DUE]


def test_a_programme_that_is_over_is_over_for_everybody() -> None:
    """Whatever else changed in the family."""
    told = []
    for day, person in ((dt.date(2025, 12, 31), ELDER), (dt.date(2026, 3, 31), replace(ELDER, home=RICH, seen_as=901))):
        asked = rules({"BLTS": 9}, programmes=("BLTS",), as_of=day)
        told.append(judged(look([person], evaluate([person], asked), asked)))
    assert [it.why for it in since(told[1], told[0], nik(1), "BLTS")] == [Why.ENDED]


def test_what_does_not_decide_is_not_told() -> None:
    young = replace(ELDER, born=dt.date(1990, 1, 1))
    assert differences([young], [replace(young, owns={"mobil": True}, seen_as=901)], "KLJ") == []


def test_another_programme_that_begins() -> None:
    found = differences([ELDER], [ELDER], "KLJ", rules({"PKH": 0, "SEMBAKO": 0}), rules({"PKH": 0, "SEMBAKO": 100}))
    assert [(it.why, it.turned) for it in found] == [(Why.PROGRAMME, True)]


def test_a_member_who_joins_without_a_word_about_anybody_else() -> None:
    joined = Person(2, relation=4, born=dt.date(2000, 1, 1), occupation="ASN")
    (found,) = differences([ELDER], [ELDER, joined], "SEMBAKO")
    assert found.now is not None
    assert (found.now.condition.fact, found.now.value) == ("members.occupation", None)


@pytest.mark.parametrize("programme", ["SEMBAKO", "KLJ"])
def test_who_had_no_answer_is_new(programme: str) -> None:
    told = judged(look([ELDER], evaluate([ELDER], RULES), RULES))
    assert [it.why for it in since(told, None, nik(1), programme)] == [Why.NEW_PERSON]
    gone = judged(look([Person(9)], evaluate([Person(9)], RULES), RULES))
    assert [it.why for it in since(told, gone, nik(1), programme)] == [Why.NEW_PERSON]
