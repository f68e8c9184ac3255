"""Aims at a death that is reported two years late, then cancelled, then dated anew: each list says what was known."""

from agents.simulator.scenarios.death_two_years_late import LIFE, REPORTED, WIDOW
from tests.scenarios.told import HEAD, Village, cancelled, card, known, named


def test_a_death_two_years_late_then_cancelled_then_dated_anew() -> None:
    _, second, third, fourth = Village(*LIFE.programmes).lives(LIFE)
    assert second.status(WIDOW) == "MENINGGAL"
    assert not second.answers(WIDOW)
    assert second.line(WIDOW, "KLJ")["causes"] == [named(REPORTED)]
    assert third.status(WIDOW) == "TERDAFTAR"
    assert fourth.status(WIDOW) == "MENINGGAL"


def test_a_cancellation_that_comes_before_the_death() -> None:
    village = Village(*LIFE.programmes)
    village.tells(*known(WIDOW), card(1, (WIDOW, HEAD), day="2024-12-01"))
    village.tells(cancelled(REPORTED, WIDOW, recorded="2025-05-21"))
    assert village.seal("2025-Q2").status(WIDOW) == "TERDAFTAR"
    village.tells(REPORTED)
    assert village.seal("2025-Q3").status(WIDOW) == "TERDAFTAR"
