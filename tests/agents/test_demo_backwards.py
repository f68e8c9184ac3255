"""Aims at the demo's check of adjustments: it agrees with a sound year, and names what is missing or too much."""

from dataclasses import replace

import polars as pl
import pytest

from agents.clients.tables import list_table
from agents.demo.backwards import Past
from agents.simulator import Rates, Simulation, simulate
from streams.quarters import Quarter
from streams.rules import Rules, load
from tests.streams.villages import documents
from tests.streams.year import Computed, year

QUARTERS = 3
# Deaths that are late, wrong and taken back again: more of each than people know.
LIVELY = Rates(deaths_per_1000=60, wrong_deaths=0.4, late=0.2)


@pytest.fixture(scope="module")
def told() -> tuple[Simulation, dict[str, Computed]]:
    simulation = simulate("XS", QUARTERS, "2025-Q1", 5, LIVELY)
    return simulation, year(simulation)


def rules_on(quarter: str, reach: int | None = None) -> Rules:
    """The rules of a quarter; `reach`: on how many sealed quarters they act back, where it is not theirs."""
    rules = load(documents(), scale="XS").at(Quarter.parse(quarter).last_day)
    return rules if reach is None else replace(rules, retroactive_quarters=reach)


def taken(
    told: tuple[Simulation, dict[str, Computed]], *, without: int | None = None, reach: int | None = None
) -> Past:
    """Every quarter, all adjustments but one; `reach`: by rules that act back so far."""
    simulation, computed = told
    past, number = Past(), 0
    for quarter, it in computed.items():
        adjusted = it.adjustments
        if without is not None and number <= without < number + adjusted.height:
            place = without - number
            adjusted = pl.concat([adjusted[:place], adjusted[place + 1 :]])
        number += it.adjustments.height
        past.take(quarter, simulation.truth(quarter), list_table(it.holdings), adjusted, rules_on(quarter, reach))
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


def test_how_far_back_is_looked_is_what_the_rules_say(told: tuple[Simulation, dict[str, Computed]]) -> None:
    simulation, computed = told
    nearest = {
        quarter: replace(
            it, adjustments=it.adjustments.filter(pl.col("concerns") >= str(Quarter.parse(quarter).plus(-1)))
        )
        for quarter, it in computed.items()
    }
    assert taken((simulation, nearest)).wrong != [], "the rules of this release reach further than one quarter"
    assert taken((simulation, nearest), reach=1).wrong == []
