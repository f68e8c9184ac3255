"""Aims at the demo's check of adjustments: it agrees with a sound year, and names what is missing or too much."""

import polars as pl
import pytest

from agents.clients.tables import list_table
from agents.demo.backwards import Past
from agents.simulator import Rates, Simulation, simulate
from tests.streams.year import Computed, year

QUARTERS = 3
# Deaths that are late, wrong and taken back again: more of each than people know.
LIVELY = Rates(deaths_per_1000=60, wrong_deaths=0.4, late=0.2)


@pytest.fixture(scope="module")
def told() -> tuple[Simulation, dict[str, Computed]]:
    simulation = simulate("XS", QUARTERS, "2025-Q1", 5, LIVELY)
    return simulation, year(simulation)


def taken(told: tuple[Simulation, dict[str, Computed]], *, without: int | None = None) -> Past:
    """Every quarter, all adjustments but one."""
    simulation, computed = told
    past, number = Past(), 0
    for quarter, it in computed.items():
        adjusted = it.adjustments
        if without is not None and number <= without < number + adjusted.height:
            place = without - number
            adjusted = pl.concat([adjusted[:place], adjusted[place + 1 :]])
        number += it.adjustments.height
        past.take(quarter, simulation.truth(quarter), list_table(it.holdings), adjusted)
    return past


def test_a_sound_year_agrees_with_the_simulator_and_shows_both_directions(
    told: tuple[Simulation, dict[str, Computed]],
) -> None:
    past = taken(told)
    assert past.wrong == []
    assert past.taken_back > past.given_back > 0


def test_a_missing_adjustment_is_found(told: tuple[Simulation, dict[str, Computed]]) -> None:
    made = pl.concat(it.adjustments for it in told[1].values())
    place = made.get_column("cause").to_list().index("MENINGGAL")
    assert len(taken(told, without=place).wrong) >= 1
