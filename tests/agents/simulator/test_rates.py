"""At scale S the named rates come out, and the events of a year stay few enough for a demo."""

import polars as pl
import pytest

from agents.simulator import Rates, Simulation, simulate
from agents.simulator.disorder import GOOD, PLANT, REPEAT
from agents.simulator.malformed import KINDS
from agents.simulator.scales import SCALES
from tests.agents.simulator.conftest import SEED

RATES = Rates()
PERSONS = SCALES["S"].persons


@pytest.fixture(scope="module")
def large() -> Simulation:
    return simulate("S", quarters=4, seed=SEED)


def good(simulation: Simulation, contract: str) -> pl.DataFrame:
    return simulation.written[contract].frame.filter(pl.col(PLANT) == GOOD)


def test_deaths_and_births_are_as_often_as_in_jakarta(large: Simulation) -> None:
    deaths = pl.concat([large.truth(quarter).deaths for quarter in large.quarters])
    real = deaths.filter(~pl.col("wrong")).height
    # Some are never reported or later than the year; those dead before the start come on top.
    assert 0.6 < real / (RATES.deaths_per_1000 * PERSONS / 1000) < 1.5
    assert deaths.filter("wrong").height >= 8
    born = good(large, "lahir").filter(
        pl.col("content.tanggal_lahir") >= pl.date(2025, 1, 1), pl.col("kind") == "STATE"
    )
    assert 0.4 < born.height / (RATES.births_per_1000 * PERSONS / 1000) < 1.1


def test_moves_and_visits_are_as_often_as_named(large: Simulation) -> None:
    movers = large.written["pindah_keluar"].only(pl.col(PLANT) == GOOD).children["content.pindah"].height
    staged = RATES.staged_transits_per_1000_families * SCALES["S"].families / 1000 * 4 * 2
    expected = (RATES.departures_per_1000 + RATES.moves_between_kota_per_1000) * PERSONS / 1000 + staged
    assert 0.6 < movers / expected < 1.4
    visits = good(large, "groundcheck").height
    assert 0.8 < visits / (4 * RATES.groundchecked * SCALES["S"].families) < 1.2


def test_disorder_is_as_often_as_named(large: Simulation) -> None:
    parts = [each.frame.select(PLANT) for each in large.written.values()]
    counts = dict(pl.concat(parts)[PLANT].value_counts().iter_rows())
    assert 0.8 < counts[REPEAT] / (RATES.repeated * counts[GOOD]) < 1.3
    late = large.truth("2025-Q2").late.height
    assert 0.5 < late / (RATES.late * counts[GOOD]) < 1.2
    assert all(counts[kind.name] >= 4 for kind in KINDS)


def test_a_year_is_small_enough(large: Simulation) -> None:
    assert sum(large.events(quarter).height for quarter in large.quarters) < 120_000
