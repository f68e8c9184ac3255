"""Aims at a dialysis patient who lost PBI-JK: what brings it back, for how long, and what the payer reads."""

from agents.simulator.scenarios.telling import HEAD, card, comfortable, known, man, visit
from tests.scenarios.claiming import asks_back, decides, ill
from tests.scenarios.told import POOR, Village

DANU = man("Danu", 1975)
CARD = 302
BACK = asks_back(DANU, "PBI_JK", "2025-Q2", day="2025-07-05")
ACCEPTED = decides(DANU, "REAKTIVASI", "PBI_JK", "2025-Q2", "DITERIMA", day="2025-07-20")


def removed() -> Village:
    village = Village("PBI_JK")
    assert not village.tells(
        *known(DANU), card(CARD, (DANU, HEAD), day="2024-12-01"), visit(CARD, DANU, day="2025-01-10", home=POOR)
    )
    assert village.seal("2025-Q1").holds(DANU) == {"PBI_JK": ("ACTIVE", 126_000)}
    assert not village.tells(comfortable(CARD, DANU, day="2025-04-10"))
    assert village.seal("2025-Q2").holds(DANU) == {}
    return village


def test_an_accepted_case_and_the_insurances_mark_bring_it_back_for_two_lists() -> None:
    village = removed()
    assert not village.tells(ill(DANU, day="2025-07-01"), BACK, ACCEPTED)
    third = village.seal("2025-Q3")
    assert third.lines == [("Danu", "PBI_JK", "GRANTED", "REAKTIVASI", None, 126_000)]
    assert "katastropik" not in str(third.line(DANU, "PBI_JK")).lower(), "health is never published"
    assert village.seal("2025-Q4").lines == []
    # The data were to be renewed within two update periods. In February 2026 whoever still holds it and is ill goes on
    # for three months without asking; then the data decide.
    assert village.seal("2026-Q1").lines == []
    last = village.seal("2026-Q2")
    assert [it[:4] for it in last.lines] == [("Danu", "PBI_JK", "REVOKED", "DESIL_DI_ATAS_BATAS")]


def test_neither_the_case_nor_the_illness_alone_does() -> None:
    village = removed()
    assert not village.tells(BACK, ACCEPTED)
    assert village.seal("2025-Q3").lines == []
    village = removed()
    assert not village.tells(ill(DANU, day="2025-07-01"), BACK)
    assert village.seal("2025-Q3").lines == []
