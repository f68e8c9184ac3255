"""Aims at what the books count of cases: each claim once, whatever became of it, and objections that may hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from streams.books.cases import cases_lines
from streams.cases import cases_at, counted, objecting
from tests.streams.cases.telling import TERMS, claim, decision
from tests.streams.strategies import FEW, Fact, facts_frame
from tests.streams.villages import rules

DAY = dt.date(2025, 4, 11)
TOLD = [
    claim(1),
    claim(2, channel="JAKI", day=81),  # the same by another channel
    claim(3, programme="PKH", quarter="2024-Q3", day=82),  # after its time
    claim(4, person=2),
    decision(5, "DITOLAK", person=2, frivolous=True),
    claim(6, person=2, day=95),  # once more after its decision
    claim(7, "USUL", person=3),
    decision(8, "DITERIMA", "REAKTIVASI", person=4),  # without a claim
]


def lines(facts: list[Fact]) -> dict[str, dict[str, Any]]:
    cases, claimed = cases_at(facts_frame(facts), DAY, TERMS)
    return {row["place"]: row for row in cases_lines(claimed, counted(cases)).iter_rows(named=True)}


def test_late_repeated_and_frivolous_ones_are_counted_and_not_lost() -> None:
    found = lines(TOLD)
    assert {name: (it["expected"], it["found"]) for name, it in found.items()} == {
        "REAKTIVASI": ("1", "1"),
        "SANGGAH": ("6", "6"),
        "USUL": ("1", "1"),
    }
    assert found["SANGGAH"]["detail"] == "TERBUKA (late) 1, TERBUKA 1, TIDAK_BERDASAR 1"
    assert found["REAKTIVASI"]["detail"] == "DITERIMA 1"


@FEW
@given(st.lists(st.sampled_from(TOLD), unique_by=lambda it: it.event), st.randoms())
def test_any_part_of_them_balances_in_any_order(facts: list[Fact], random: Any) -> None:
    first = facts[0] if facts else TOLD[0]
    of_first = {"corrects": (first.producer, first.event), "producer": first.producer}
    cancelled = Fact(first.nik, 90, day=99, hour=24 * 99, kind="CANCEL", **of_first)  # type: ignore[arg-type]
    told = [*facts, cancelled]
    random.shuffle(told)
    assert all(it["balanced"] for it in lines(told).values())


def test_whose_objection_may_hold_is_counted_once_a_programme() -> None:
    asked = rules({"PKH": 0})
    told = [
        *TOLD,
        claim(9, person=5),
        claim(10, person=5, quarter="2024-Q4", day=10),
        claim(11, person=6, quarter="2023-Q4"),
    ]
    cases, _ = cases_at(facts_frame(told), DAY, TERMS)
    # the first and the fifth person; not the late one, the decided one, nor one about a list of long ago
    assert objecting(cases, asked).rows() == [("SEMBAKO", 2)]
    assert objecting(cases.filter(pl.col("nik") == ""), asked).is_empty()
