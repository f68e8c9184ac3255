"""Aims at: through rules, ranking and quotas, simulated recipients come and go about as often as real ones."""

import itertools
from collections.abc import Collection

import polars as pl
import pytest

from agents.simulator import simulate
from agents.simulator.published import KJP_LEAVING, KPM_DROPPED, PBI_DROPPED_2025, PKD_JOINING, RESULTS, Figure
from tests.streams.year import Computed, year

pytestmark = pytest.mark.long

# From the quarter in which all programmes have been due once, to one in which KJP Plus is due again.
SETTLED = ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]
KJP_DUE = ["2025-Q3", "2026-Q1"]


@pytest.fixture(scope="module")
def quarters() -> dict[str, Computed]:
    """A year and a half at scale S, under its own quotas, as the demo lives it."""
    return year(simulate("S", quarters=6, first="2024-Q4", seed=1))


def share(quarters: dict[str, Computed], action: str, programmes: Collection[str], within: Collection[str]) -> float:
    """Lines of an action in these quarters, as a share of those who held the programmes when each began."""
    names = list(quarters)
    lines = opening = 0
    for before, now in itertools.pairwise(names):
        if now in within:
            lines += (
                quarters[now]
                .changes.filter(pl.col("programme").is_in(list(programmes)), pl.col("action") == action)
                .height
            )
            opening += quarters[before].holdings.filter(pl.col("programme").is_in(list(programmes))).height
    return lines / opening


MEASURED = (
    (KPM_DROPPED, "REVOKED", ("PKH", "SEMBAKO"), SETTLED),
    (PBI_DROPPED_2025, "REVOKED", ("PBI_JK",), SETTLED),
    (KJP_LEAVING, "REVOKED", ("KJP_PLUS",), KJP_DUE),
    (PKD_JOINING, "GRANTED", ("KLJ", "KAJ"), SETTLED),
)


@pytest.mark.parametrize(("figure", "action", "programmes", "within"), MEASURED, ids=str)
def test_churn_is_of_the_published_order(
    quarters: dict[str, Computed], figure: Figure, action: str, programmes: Collection[str], within: Collection[str]
) -> None:
    found = share(quarters, action, programmes, within)
    assert figure.least < found / figure.value < figure.most, f"{figure.measure}: {found:.3f}"


def test_every_result_is_measured() -> None:
    assert {figure for figure, *_ in MEASURED} == set(RESULTS)
