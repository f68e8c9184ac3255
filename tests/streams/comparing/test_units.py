"""Aims at what a comparison takes from answers: one row per family or person, and the very rupiah of the list."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.comparing import UNITS, compared, together, units_of
from tests.streams.quarters import evaluate
from tests.streams.villages import MENTENG, POOR, RICH, SEEN, Person, holdings, rules, villages

SMALL = rules({"PKH": 2, "SEMBAKO": 4, "KLJ": 2})
OPEN = rules(ranking_mode="given", given_cut_points=[10**9] * 9)
CLOSED = rules(ranking_mode="given", given_cut_points=[0] * 9)
Village = tuple[list[Person], list[tuple[int, str]]]


@settings(max_examples=20, deadline=None)
@given(villages(), st.integers(1, 4))
def test_any_partitioning_gives_the_same_units(village: Village, partitions: int) -> None:
    people, held = village
    answers = evaluate(people, SMALL, held).answers
    parts = [units_of(answers[number::partitions], SMALL) for number in range(partitions)]
    whole = units_of(answers, SMALL)
    assert together(parts).equals(whole)
    assert whole.schema == UNITS


@settings(max_examples=20, deadline=None)
@given(villages())
def test_units_come_to_the_rupiah_of_the_answers(village: Village) -> None:
    people, held = village
    answers = evaluate(people, SMALL, held).answers
    found = units_of(answers, SMALL)
    for name, programme in SMALL.programmes.items():
        paid = answers.filter(pl.col(f"{name}.verdict").is_in(["SERVED", "KEPT"]))
        mine = found.filter(pl.col("programme") == name)
        assert mine["receives"].sum() == paid.height
        assert mine["rupiah"].sum() == paid[f"{name}.amount_rupiah"].sum()
        assert mine.height == answers["no_kk" if programme.is_family else "nik"].n_unique()


@settings(max_examples=20, deadline=None)
@given(villages())
def test_a_wider_limit_makes_no_losers_where_the_quota_does_not_bind(village: Village) -> None:
    people, _ = village
    few, many = (units_of(evaluate(people, it, []).answers, it) for it in (CLOSED, OPEN))
    cells = compared(few, many).filter(pl.col("programme").is_in(["PKH", "SEMBAKO"]))
    assert set(cells["effect"].cast(pl.String)) <= {"GAINS", "KEEPS", "NEITHER"}
    assert set(cells.filter(pl.col("effect") == "GAINS")["reason"]) <= {"DESIL_DI_ATAS_BATAS"}


def visited(home: dict[str, int], verdict: str, kelurahan: str | None = None) -> Person:
    return Person(1, home=home, contact="LENGKAP", contact_kelurahan=kelurahan, more={"field.putusan": verdict})


def test_the_verdict_is_that_of_the_visit_at_the_present_address() -> None:
    answers = evaluate([visited(POOR, "TIDAK_LAYAK")], OPEN).answers
    row = units_of(answers, OPEN).row(0, named=True)
    assert (row["groundcheck"], row["groundcheck_on"]) == ("TIDAK_LAYAK", SEEN)
    assert row["receives"] is False or row["programme"] != "SEMBAKO"
    elsewhere = units_of(evaluate([visited(POOR, "LAYAK", MENTENG)], OPEN).answers, OPEN)
    assert elsewhere["groundcheck"].null_count() == elsewhere.height


def test_a_field_verdict_decides_nothing() -> None:
    served, refused = (evaluate([visited(POOR, it)], OPEN).answers for it in ("LAYAK", "TIDAK_LAYAK"))
    assert served.drop("groundcheck").equals(refused.drop("groundcheck"))


@pytest.mark.parametrize(
    ("owner", "in_force", "within"),
    [
        ({}, OPEN, True),  # receives
        ({}, CLOSED, True),  # refused by the ranking alone
        ({"occupation": "ASN"}, CLOSED, False),  # and by something else
        ({"occupation": "ASN"}, OPEN, False),
    ],
)
def test_within_reach_is_whom_only_ranking_and_quota_keep_away(
    owner: dict[str, str], in_force: object, within: object
) -> None:
    assert isinstance(in_force, type(OPEN))
    person = Person(1, home=RICH, **owner)  # type: ignore[arg-type]  # a field of text
    found = units_of(evaluate([person], in_force).answers, in_force).filter(pl.col("programme") == "SEMBAKO")
    assert found["within_reach"].to_list() == [within]


def test_a_line_that_is_held_is_within_reach_and_not_paid() -> None:
    mover = Person(1, home=POOR, born=dt.date(1950, 1, 1), status="TRANSIT", departed_on=dt.date(2025, 3, 1))
    other = Person(2, home=POOR)
    assert holdings((1, "KLJ")).height == 1
    answers = evaluate([mover, other], OPEN, [(1, "KLJ")]).answers
    found = units_of(answers, OPEN).filter((pl.col("programme") == "KLJ") & pl.col("within_reach"))
    assert found.select("receives", "rupiah").rows() == [(False, 0)]
