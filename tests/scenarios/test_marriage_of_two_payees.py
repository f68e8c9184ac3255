"""Aims at two recipients who marry: one family, one recipient; neither line is paid twice, and none is lost."""

from agents.simulator.scenarios.marriage_of_two_payees import HUSBAND, LIFE, WIDOW
from tests.scenarios.told import Village


def test_the_marriage_of_two_payees() -> None:
    assert HUSBAND.nik < WIDOW.nik  # of two present payees the NIK decides
    _, second, third, _ = Village(*LIFE.programmes).lives(LIFE)
    assert second.family(HUSBAND)[:2] == second.family(WIDOW)[:2] == ("RANKED", 2)
    assert third.family(WIDOW)[:2] == ("RANKED", 4)
    assert third.line(WIDOW, "SEMBAKO")["objection_until"] is not None
