"""Aims at moves within DKI: what is held goes on, a city of its own tells the payer, and an old door drops nobody."""

from agents.simulator.scenarios.move_between_kelurahan import LIFE, MOTHER
from tests.scenarios.told import Village


def test_a_move_between_kelurahan() -> None:
    _, second, third, _ = Village(*LIFE.programmes).lives(LIFE)
    assert second.answer(MOTHER, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
    line = third.line(MOTHER, "SEMBAKO")
    assert (line["kab_kota_before"], line["kab_kota"]) == ("3174", "3171")
