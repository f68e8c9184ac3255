"""Aims at pregnancies: a component while they last and some weeks after, over by themselves, and told to nobody."""

from agents.simulator.scenarios.pregnancy import FORGOTTEN, LIFE, MOTHER, THIRD_TIME
from schemas.registry import contracts
from tests.scenarios.told import Village


def test_a_pregnancy_counts_until_some_weeks_after_the_birth() -> None:
    known, expecting, born, after = Village(*LIFE.programmes).lives(LIFE)
    assert known.answer(MOTHER, "PKH") == ("INELIGIBLE", "TANPA_KOMPONEN")
    assert expecting.holds(MOTHER) == {"PKH": ("ACTIVE", 750_000)}
    assert born.holds(MOTHER) == {"PKH": ("ACTIVE", 1_500_000)}
    assert after.holds(MOTHER) == {"PKH": ("ACTIVE", 750_000)}
    assert known.answer(THIRD_TIME, "PKH") == ("INELIGIBLE", "TANPA_KOMPONEN")
    assert expecting.answer(FORGOTTEN, "PKH") == ("INELIGIBLE", "TANPA_KOMPONEN")


def test_no_payer_reads_of_a_pregnancy() -> None:
    """Neither a value nor the event that is behind the line (UU 27/2022)."""
    office = contracts().producers_by_code["dinkes-dki"].number.to_bytes(2, "big")
    told = [row for sealed in Village(*LIFE.programmes).lives(LIFE) for row in sealed.published.to_dicts()]
    assert len(told) == 5
    for row in told:
        assert [cause for cause in row["causes"] if cause.startswith(office)] == []
        assert "hamil" not in str(row["values"]).lower()
