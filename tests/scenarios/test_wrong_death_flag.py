"""Aims at a field officer who takes a living person for dead: a finding, never a death; only the registry decides."""

from agents.simulator.scenarios.wrong_death_flag import LIFE, MOTHER
from tests.scenarios.told import Village, death


def test_a_wrong_death_flag_by_a_field_officer() -> None:
    village = Village(*LIFE.programmes)
    told = village.lives(LIFE)
    next(told)
    second = next(told)
    assert second.status(MOTHER) == "TERDAFTAR"
    assert second.answer(MOTHER, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
    found = second.computed.persons.filter(nik=MOTHER.nik)
    assert found["field.keberadaan"].to_list() == ["MENINGGAL"]  # kept, and shown

    # nor may the officer's office state a death
    refused = village.tells(death(MOTHER, died="2025-05-01", recorded="2025-07-12", producer="bps"))
    assert sum(refused.values()) == 1
    assert next(told).status(MOTHER) == "TERDAFTAR"
    assert next(told).status(MOTHER) == "MENINGGAL"
