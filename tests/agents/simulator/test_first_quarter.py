"""Aims at simulations that begin in any quarter: nothing is dated after it was written down."""

import numpy as np
import polars as pl
import pytest

from agents.simulator import Simulation, simulate
from agents.simulator.bookkeeping import DKI, TRANSIT_DAYS
from agents.simulator.disorder import GOOD, PLANT, REPEAT
from agents.simulator.quarters import Quarter
from streams.persons import AsOf, persons
from tests.agents.simulator.conftest import SEED
from tests.agents.simulator.test_door import COMPARED, facts_of, opened

# until when something was received, and when a birth is expected: may lie ahead
AHEAD = ("sampai", "content.perkiraan_lahir")


@pytest.fixture(scope="module")
def two_years() -> Simulation:
    """The quarters of the demo."""
    return simulate("XS", 8, "2024-Q4", SEED)


def assert_nothing_is_dated_ahead(simulation: Simulation) -> None:
    for name, each in simulation.written.items():
        events = each.only(pl.col(PLANT).is_in([GOOD, REPEAT]))
        written = events.frame.select("row", written=pl.col("recorded_at").dt.date())
        for frame in (events.frame, *events.children.values()):
            dates = [column for column in frame.columns if frame.schema[column] == pl.Date and column not in AHEAD]
            dated = frame.select("row", *dates).join(written, on="row")
            for column in dates:
                assert dated.filter(pl.col(column) > pl.col("written")).height == 0, (name, column)


@pytest.mark.parametrize("first", ["2021-Q1", "2023-Q2", "2024-Q3", "2024-Q4"])
def test_nothing_is_dated_after_it_was_written_down(first: str) -> None:
    simulation = simulate("XXS", 2, first, SEED)
    assert_nothing_is_dated_ahead(simulation)
    for quarter in simulation.quarters:
        refused = pl.concat([result.rejected.select("code") for result in opened(simulation.events(quarter)).values()])
        assert refused.height == simulation.truth(quarter).rejects["records"].sum()


def test_the_eight_quarters_of_the_demo(two_years: Simulation) -> None:
    """2024-Q4 to 2026-Q3: dates, what the door refuses, and who is registered at the end."""
    assert_nothing_is_dated_ahead(two_years)
    known: list[pl.DataFrame] = []
    for quarter in two_years.quarters:
        results = opened(two_years.events(quarter))
        refused = pl.concat([result.rejected.select("code") for result in results.values()])
        found = refused.group_by("code").agg(records=pl.len().cast(pl.Int64)).sort("code")
        assert found.rows() == two_years.truth(quarter).rejects.rows()
        known += [facts_of(result) for result in results.values()]
    facts = pl.concat(known).unique(["nik", "producer_number", "event_id"], maintain_order=True)
    last = Quarter.parse(two_years.quarters[-1]).last_day.astype(object)
    seen = persons(facts, AsOf(last, TRANSIT_DAYS, DKI)).select(COMPARED).with_columns(pl.col("status").cast(pl.String))
    assert seen.equals(two_years.truth(two_years.quarters[-1]).persons.select(COMPARED))


def test_rates_do_not_fade_over_two_years(two_years: Simulation) -> None:
    deaths = [two_years.truth(quarter).deaths.filter(~pl.col("wrong")).height for quarter in two_years.quarters]
    assert min(deaths) >= 1
    assert 0.4 < np.sum(deaths[4:]) / np.sum(deaths[:4]) < 2.5
