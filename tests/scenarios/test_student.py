"""Aims at students: PDDikti's report and another payer's scholarship end KJMU, each in the half-year that follows."""

from agents.simulator.scenarios.student import DAUGHTER, LIFE, SON
from tests.scenarios.told import Village


def test_marks_and_another_scholarship_end_kjmu() -> None:
    granted, between, decided = Village(*LIFE.programmes).lives(LIFE)
    assert granted.answer(DAUGHTER, "KIP_KULIAH") == ("INELIGIBLE", "DESIL_DI_ATAS_BATAS")
    assert between.holds(SON) == {"KJMU": ("ACTIVE", 4_500_000)}
    assert decided.holds(DAUGHTER) == {}
    assert decided.answer(SON, "KJMU") == ("INELIGIBLE", "BEASISWA_LAIN")
