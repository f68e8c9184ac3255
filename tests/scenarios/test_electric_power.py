"""Aims at electric power: PLN's report ends PKH where the rules ask for it, and nothing where they don't."""

import pytest

from agents.simulator.scenarios.telling import CHILD, HEAD, POOR, card, known, man, power, visit, woman
from tests.scenarios.told import Village

MOTHER, BOY = woman("Nurhayati", 1992), man("Rizki", 2020)
CARD = 221


@pytest.mark.parametrize(
    ("switches", "lines"),
    [
        ({"listrik": "di_atas_2200"}, [("Nurhayati", "PKH", "REVOKED", "DAYA_LISTRIK_DI_ATAS_BATAS", 750_000, None)]),
        ({}, []),
    ],
    ids=["asked", "not asked"],
)
def test_more_power_than_the_limit(switches: dict[str, str], lines: list[tuple[str, str, str, str, int, None]]) -> None:
    village = Village.switched("PKH", PKH=switches)
    village.tells(
        *known(MOTHER, BOY),
        card(CARD, (MOTHER, HEAD), (BOY, CHILD), day="2024-12-01"),
        visit(CARD, MOTHER, BOY, day="2025-01-10", home=POOR),
        power(MOTHER, 450, day="2025-01-15", subsidised=True),
    )
    assert village.seal("2025-Q1").holds(MOTHER) == {"PKH": ("ACTIVE", 750_000)}
    village.tells(power(MOTHER, 2200, day="2025-04-15"))
    assert village.seal("2025-Q2").lines == []
    village.tells(power(MOTHER, 3500, day="2025-07-15"))
    assert village.seal("2025-Q3").lines == lines
