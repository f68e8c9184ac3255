"""Aims at a death that is reported two years late, then cancelled, then dated anew (invariant 21).

Each list says what was known then, and each seal says in rupiah what today's facts make of the lists before.
"""

from dataclasses import replace

from agents.simulator.scenarios.death_two_years_late import LIFE, REPORTED, WIDOW
from tests.scenarios.told import HEAD, Village, cancelled, card, death, known, named


def test_a_death_two_years_late_then_cancelled_then_dated_anew() -> None:
    _, second, third, fourth = Village(*LIFE.programmes).lives(LIFE)
    assert second.status(WIDOW) == "MENINGGAL"
    assert not second.answers(WIDOW)
    assert second.line(WIDOW, "KLJ")["causes"] == [named(REPORTED)]
    assert third.status(WIDOW) == "TERDAFTAR"
    assert fourth.status(WIDOW) == "MENINGGAL"


def test_what_was_paid_is_taken_back_given_back_and_taken_back_again() -> None:
    first, second, third, fourth = Village(*LIFE.programmes).lives(LIFE)
    assert first.adjustments == []
    assert second.adjustments == [("Aminah", "KLJ", "2025-Q1", "SURUT_MENINGGAL", -900_000)]
    assert third.adjustments == [("Aminah", "KLJ", "2025-Q1", "PULIH_MENINGGAL", 900_000)]
    # In 2025-Q2 she was on no list: of it nothing was paid, and nothing is taken back.
    assert fourth.adjustments == [
        ("Aminah", "KLJ", "2025-Q1", "SURUT_MENINGGAL", -900_000),
        ("Aminah", "KLJ", "2025-Q3", "SURUT_MENINGGAL", -900_000),
    ]
    assert second.computed.adjustments["causes"].to_list() == [[named(REPORTED)]]


def test_dated_anew_within_the_year_only_the_difference_is_said() -> None:
    """A correction moves the day from the first quarter to the third: two quarters are due after all."""
    village = Village(*LIFE.programmes)
    village.tells(*LIFE.chapters[0].told)
    quarters = ("2025-Q1", "2025-Q2", "2025-Q3")
    for quarter in quarters:
        assert village.seal(quarter).adjustments == []
    late = death(WIDOW, died="2025-02-10", recorded="2025-11-05")
    village.tells(late)
    assert village.seal("2025-Q4").adjustments == [
        ("Aminah", "KLJ", it, "SURUT_MENINGGAL", -900_000) for it in quarters
    ]
    anew = death(WIDOW, died="2025-07-01", recorded="2026-01-07")
    named_in = cancelled(late, WIDOW, recorded="2026-01-07").record["corrects"]
    assert not village.tells(replace(anew, record={**anew.record, "kind": "CORRECT", "corrects": named_in}))
    assert village.seal("2026-Q1").adjustments == [
        ("Aminah", "KLJ", it, "PULIH_MENINGGAL", 900_000) for it in quarters[:2]
    ]


def test_a_cancellation_that_comes_before_the_death() -> None:
    village = Village(*LIFE.programmes)
    village.tells(*known(WIDOW), card(1, (WIDOW, HEAD), day="2024-12-01"))
    village.tells(cancelled(REPORTED, WIDOW, recorded="2025-05-21"))
    assert village.seal("2025-Q2").status(WIDOW) == "TERDAFTAR"
    village.tells(REPORTED)
    assert village.seal("2025-Q3").status(WIDOW) == "TERDAFTAR"
