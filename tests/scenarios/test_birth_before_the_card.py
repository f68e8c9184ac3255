"""Aims at a birth that is recorded before the mother's new card: no family of an infant, and nothing is lost."""

from agents.simulator.scenarios.birth_before_the_card import BABY, GRANDMOTHER, LIFE
from tests.scenarios.told import Village


def test_a_birth_before_the_mothers_card() -> None:
    first, second = Village(*LIFE.programmes).lives(LIFE)
    assert first.status(BABY) == "TERDAFTAR"
    assert first.family(BABY) == ("INCOMPLETE", 1, None)
    assert {first.answer(BABY, it) for it in LIFE.programmes} == {("INELIGIBLE", "KELUARGA_TIDAK_LENGKAP")}

    assert second.family(BABY) == ("RANKED", 3, 1)
    assert second.family(GRANDMOTHER) == ("RANKED", 2, 1)
    assert second.answer(BABY, "SEMBAKO") == ("NOT_PAYEE", "BUKAN_PENERIMA")
    assert second.answer(BABY, "KAJ") == ("INELIGIBLE", "SUDAH_DILAYANI_PKH")
