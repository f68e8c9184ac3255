"""Aims at ages that pass a limit without any event: a child turns 7 and a person turns 60 between two quarters."""

from agents.simulator.scenarios.birthdays import GIRL, LIFE, NEARLY_OLD
from tests.scenarios.told import Village


def test_birthdays_without_an_event() -> None:
    first, second, third = Village(*LIFE.programmes).lives(LIFE)
    assert first.answer(NEARLY_OLD, "KLJ") == ("INELIGIBLE", "BELUM_LANSIA")
    assert {"name": "umur", "value": "60"} in second.line(NEARLY_OLD, "KLJ")["values"]
    assert third.line(GIRL, "KAJ")["values"] == [{"name": "umur", "value": "7"}]
