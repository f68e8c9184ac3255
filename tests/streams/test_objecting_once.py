"""Aims at *once*: a removal is held back for a limited number of lists, however often somebody objects."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from streams.cases import cases_of
from streams.families import form
from streams.persons import AsOf, persons
from streams.persons.objections import split_objections
from tests.streams.cases.telling import TERMS, claim, decision
from tests.streams.quarters import evaluate
from tests.streams.strategies import DAY, Fact, facts_frame
from tests.streams.villages import POOR, RICH, Person, event, holdings, members, rules

GIVEN: dict[str, Any] = {"ranking_mode": "given", "given_cut_points": [500_000] * 9}
Q2, Q3 = dt.date(2025, 6, 30), dt.date(2025, 9, 30)


def objecting(*facts: Fact) -> list[str] | None:
    """The open objections of the one person of some facts, without the day and event."""
    found = persons(facts_frame(facts), AsOf(DAY, 90, "31")).item(0, "objections")
    return None if found is None else [it.rpartition("/")[0] for it in found.to_list()]


def test_an_objection_by_two_channels_is_one_and_dates_from_the_first() -> None:
    jaki = claim(2, channel="JAKI", day=85)
    assert objecting(claim(1, day=80), jaki) == objecting(jaki, claim(1, day=80)) == ["SEMBAKO/2025-Q1/2025-03-22"]


@pytest.mark.parametrize("status", ["DITERIMA", "DITOLAK"])
def test_a_decision_ends_it_also_for_who_objects_again(status: str) -> None:
    assert objecting(claim(1), decision(2, status), claim(3, day=95, channel="JAKI")) is None
    assert objecting(claim(1), decision(2, status, quarter="2024-Q4")) is not None
    assert objecting(claim(1), decision(2, status, kind="KELUHAN")) is not None


def test_a_withdrawal_ends_it_for_who_does_not_object_again() -> None:
    told = [claim(1), decision(2, "DITARIK")]
    assert objecting(*told) is None
    assert objecting(*told, claim(3, day=95)) == ["SEMBAKO/2025-Q1/2025-04-06"], "and dates from the new one"


def test_what_is_open_in_the_view_of_cases_is_what_may_hold() -> None:
    told = [claim(1), claim(2, programme="PKH"), decision(3, programme="PKH"), claim(4, "USUL"), claim(5, "KELUHAN")]
    cases = cases_of(facts_frame(told), DAY, TERMS).filter(
        (pl.col("kind") == "SANGGAH") & pl.col("decided_on").is_null()
    )
    texts = pl.Series(persons(facts_frame(told), AsOf(DAY, 90, "31")).item(0, "objections"))
    assert split_objections(texts).get_column("program").to_list() == cases.get_column("programme").to_list()


def about(quarter: str, day: str) -> str:
    return f"SEMBAKO/{quarter}/{day}/{event(77).hex()}"


@pytest.mark.parametrize(("held_since", "verdict"), [("2025-Q2", "HELD"), ("2025-Q1", "INELIGIBLE")])
def test_a_new_objection_does_not_hold_the_same_removal_anew(held_since: str, verdict: str) -> None:
    """Held since Q1, the removal of Q1 was held in Q1 and Q2: in Q3 it comes, whatever is objected to meanwhile."""
    lines = (
        holdings((1, "SEMBAKO"))
        .with_columns(state=pl.lit("HELD"), held_since=pl.lit(held_since))
        .cast(holdings((1, "SEMBAKO")).schema)
    )
    person = Person(1, home=RICH, more={"objections": [about("2025-Q3", "2025-09-20")]})
    village = [person, Person(2, kk=2, home=POOR)]
    found = evaluate(village, rules({"SEMBAKO": 9}, as_of=Q3, **GIVEN), lines)
    assert found.verdicts("SEMBAKO")[1] == verdict


def test_a_removal_after_a_line_went_on_is_another_and_may_be_held_again() -> None:
    person = Person(1, home=RICH, more={"objections": [about("2025-Q3", "2025-09-20")]})
    found = evaluate([person, Person(2, kk=2, home=POOR)], rules({"SEMBAKO": 9}, as_of=Q3, **GIVEN), [(1, "SEMBAKO")])
    assert found.verdicts("SEMBAKO")[1] == "HELD"


def test_several_open_objections_are_one_row() -> None:
    """About two lists: whoever is asked about stands once."""
    person = Person(1, home=RICH, more={"objections": [about("2025-Q1", "2025-03-20"), about("2025-Q2", "2025-06-20")]})
    made = form(members([person]), holdings((1, "SEMBAKO")), rules(as_of=Q2), Q2)
    assert made.people.height == 1
    assert made.people.item(0, "SEMBAKO.objection") == event(77)
