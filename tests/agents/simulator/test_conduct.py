"""Aims at simulated officers: the door takes their evidence, honest ones raise no finding, the planted one does."""

import numpy as np
import polars as pl

from agents.simulator import Simulation, simulate
from agents.simulator.conduct import CONDUCTS, HONEST, conduct_of
from agents.simulator.life.campaign import PLANTED_OFFICER
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.door import open_batch
from streams.integrity.findings import evaluate


def findings_of(simulation: Simulation, quarter: str) -> pl.DataFrame:
    """What comes of the quarter's groundchecks, taken through the door."""
    sent = simulation.events(quarter).filter((pl.col("topic") == "field.groundcheck") & pl.col("value").is_not_null())
    values = join(sent["value"].to_list())
    rows = np.arange(sent.height)
    result = open_batch(
        "field.groundcheck",
        values.arena,
        values.starts,
        values.lengths,
        rows,
        np.full(sent.height, 1_800_000_000_000),
        0,
        profile="simulation",
        contracts=contracts(),
    )
    known = contracts().producers_by_number
    codes = {number: it.code for number, it in known.items()}
    return evaluate(result.visits, codes, {number: it.authority for number, it in known.items()})


def test_the_planted_officer_is_found_and_nobody_else_without_cause() -> None:
    simulation = simulate("XS", 1, "2025-Q1", 4)
    found = findings_of(simulation, "2025-Q1")
    named = found.filter(pl.col("petugas") == PLANTED_OFFICER)
    assert named["kind"].to_list() == ["PHOTO_REUSED"]
    officers = found["petugas"].to_numpy().astype(str)
    others = officers[officers != PLANTED_OFFICER]
    assert (conduct_of(others, 4, 0.02) != HONEST).all()


def test_conducts_are_lasting_and_as_many_as_asked_for() -> None:
    names = pl.select(pl.format("bps-{}", pl.int_range(5000))).to_series().to_numpy().astype(str)
    conduct = conduct_of(names, 1, 0.2, CONDUCTS[1:])
    assert (conduct_of(names[::-1], 1, 0.2, CONDUCTS[1:])[::-1] == conduct).all()
    assert 0.18 < (conduct != HONEST).mean() < 0.22
    assert set(conduct) == set(CONDUCTS)
