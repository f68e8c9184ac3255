"""Aims at simulated officers: the door takes their evidence, honest ones raise no finding, the planted one does."""

import numpy as np
import polars as pl

from agents.demo.officers import SELDOM, compare
from agents.simulator import Simulation, simulate
from agents.simulator.conduct import CONDUCTS, HONEST, conduct_of
from agents.simulator.life.campaign import PLANTED_OFFICER
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.door import open_batch
from streams.integrity.findings import evaluate


def findings_of(simulation: Simulation, quarter: str) -> pl.DataFrame:
    """What comes of the quarter's groundchecks, taken through the door."""
    known = contracts().producers_by_number
    codes = {number: it.code for number, it in known.items()}
    return evaluate(visits_of(simulation, quarter), codes, {number: it.authority for number, it in known.items()})


def visits_of(simulation: Simulation, quarter: str) -> pl.DataFrame:
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
    return result.visits


def test_the_planted_officer_is_found_and_nobody_else_without_cause() -> None:
    simulation = simulate("XS", 1, "2025-Q1", 4)
    found = findings_of(simulation, "2025-Q1")
    named = found.filter(pl.col("petugas") == PLANTED_OFFICER)
    assert named["kind"].to_list() == ["PHOTO_REUSED"]
    officers = found["petugas"].to_numpy().astype(str)
    others = officers[officers != PLANTED_OFFICER]
    assert (conduct_of(others, 4, 0.02) != HONEST).all()


def test_at_scale_s_each_kind_of_cheat_is_planted_known_to_the_truth_and_named() -> None:
    simulation = simulate("S", 1, "2025-Q1", 4)
    found, truth = findings_of(simulation, "2025-Q1"), simulation.truth("2025-Q1").officers
    assert set(truth["conduct"]) == set(CONDUCTS)
    assert truth["visits"].sum() > 1000
    named = compare(found, [truth])
    assert named.wrong == []
    by_conduct = {conduct: (with_finding, own) for conduct, _, with_finding, own in named.rows}
    assert by_conduct[HONEST] == (0, 0)
    assert all(own for conduct, (_, own) in by_conduct.items() if conduct not in (HONEST, SELDOM))
    cheat = truth.filter(pl.col("conduct") == "TOO_FAST")["petugas"][0]
    missed = compare(found.filter(pl.col("petugas") != cheat), [truth])
    assert missed.wrong == [f"{cheat} cheats (TOO_FAST), and no finding says so"]
    slandered = found.head(1).with_columns(kind=pl.lit("TOO_FAST"), petugas=pl.lit("bps-3174051001-001"))
    assert compare(pl.concat([found, slandered]), [truth]).wrong == [
        "bps-3174051001-001 is honest, and is named for TOO_FAST"
    ]
    lifted = found.with_columns(pl.lit("WITHDRAWN").alias("state"))
    assert len(compare(lifted, [truth]).wrong) >= len(CONDUCTS) - 3, "all but the honest, and who is seldom seen"


def test_conducts_are_lasting_and_as_many_as_asked_for() -> None:
    names = pl.select(pl.format("bps-{}", pl.int_range(5000))).to_series().to_numpy().astype(str)
    conduct = conduct_of(names, 1, 0.2)
    assert (conduct_of(names[::-1], 1, 0.2)[::-1] == conduct).all()
    assert 0.18 < (conduct != HONEST).mean() < 0.22
    assert set(conduct) == set(CONDUCTS)
