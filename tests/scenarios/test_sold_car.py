"""Aims at a car that was sold but is still in the family's name: it blocks until the STNK is changed."""

from agents.simulator.scenarios.sold_car import LIFE, OLD_MAN
from tests.scenarios.told import Village


def test_a_sold_car_blocks_until_the_stnk_is_changed() -> None:
    first, second, third, _ = Village(*LIFE.programmes).lives(LIFE)
    assert first.answer(OLD_MAN, "KLJ") == ("INELIGIBLE", "PUNYA_MOBIL")
    assert second.answer(OLD_MAN, "KLJ") == ("INELIGIBLE", "MOBIL_TERDAFTAR")
    assert {"name": "mobil", "value": "tidak"} in third.line(OLD_MAN, "KLJ")["values"]
