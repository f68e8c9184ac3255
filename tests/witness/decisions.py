"""Decisions that set visits aside, by the visit's own office, one above or one below it; some are withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.simulator.log import Envelope, Log, Target, Turn
from agents.simulator.quarters import DAY_MS, Quarter, quarter_indices
from agents.simulator.rates import Rates

if TYPE_CHECKING:
    from agents.simulator import Simulation
    from agents.simulator.log import Events

OFFICES = ("bps", "kemensos", "dinsos-dki")
EACH = 3  # one visit in so many is set aside, and of these decisions as many again are withdrawn


def with_decisions(simulation: Simulation, seed: int) -> Simulation:
    """The same simulation with a supervisor's decision about every third visit of a year that nobody corrects."""
    visits = simulation.written["groundcheck"]
    good = visits.frame.filter((pl.col("sim.plant") == "GOOD") & (pl.col("kind") == "STATE")).sort("event_id")
    chosen = good.gather_every(EACH)
    log = Log()
    turn = Turn(simulation.world, Quarter.parse(simulation.quarters[0]), seed, Rates(), log)
    for place, office in enumerate(OFFICES):
        _decide(turn, chosen.gather_every(len(OFFICES), place), visits, office)
    found = log.take()["pengesampingan"]
    recorded = found.frame["recorded_at"].cast(pl.Int64).to_numpy()
    frame = found.frame.with_columns(
        pl.Series("sim.arrival", quarter_indices(recorded)),
        pl.Series("sim.order", recorded),
        pl.lit("GOOD").alias("sim.plant"),
    )
    planted = type(found)(frame, found.children)
    return replace(simulation, written={**simulation.written, "pengesampingan": planted}, _wire={})


def _decide(turn: Turn, chosen: pl.DataFrame, visits: Events, office: str) -> None:
    """Decisions of one office, one for each visit, weeks later; every third is withdrawn after some more."""
    random = turn.random(f"decisions of {office}")
    people = visits.children["content.anggota"].select("row", "nik")
    places = chosen.select("row").with_columns(place=pl.int_range(pl.len(), dtype=pl.UInt32))
    named = people.join(places, on="row").select(pl.col("place").alias("row"), "nik").sort("row", "nik")
    recorded = chosen["recorded_at"].cast(pl.Int64).to_numpy() + random.integers(1, 100 * DAY_MS, chosen.height)
    rows = np.arange(chosen.height, dtype=np.uint32)
    content = chosen.select(
        pengirim=pl.lit("dinsos-dki"),
        petugas="content.petugas",
        dari="effective_on",
        sampai="effective_on",
        alasan=pl.lit("Foto yang sama"),
    )
    events = pl.DataFrame({"row": rows, "producer": chosen["producer"], "event_id": chosen["event_id"]})
    keys = (chosen["sim.key"].to_numpy().astype(str), chosen["sim.other_key"].to_numpy().astype(str))
    ids = turn.write(
        "pengesampingan",
        _envelope(office, recorded),
        content,
        children={"peristiwa": events, "orang": named},
        keys=keys,
    )
    gone = rows[::EACH]
    back = named.filter(pl.col("row").is_in(gone.tolist())).with_columns(pl.col("row") // EACH)
    later = recorded[gone] + random.integers(1, 60 * DAY_MS, len(gone))
    turn.write(
        "pengesampingan",
        _envelope(office, later),
        None,
        children={},
        keys=(keys[0][gone], keys[1][gone]),
        target=Target("CANCEL", ids[gone], back),
    )


def _envelope(office: str, recorded_ms: np.ndarray) -> Envelope:
    days = recorded_ms.astype("datetime64[ms]").astype("datetime64[D]")
    return Envelope(office, np.full(len(recorded_ms), "pengawas"), days, recorded_ms)
