"""Aims at the simulator and the door together: what is planted is refused for its reason, the rest passes."""

import numpy as np
import polars as pl
import pytest

from agents.simulator import simulate
from agents.simulator.disorder import PLANT
from agents.simulator.malformed import CODES
from schemas.columnar import join
from schemas.registry import contracts
from streams.door import open_batch

# 2027: after the simulated quarters, and decades before the events that are planted as from the future.
RECEIVED_MS = 1_800_000_000_000


@pytest.fixture(scope="module")
def decided() -> pl.DataFrame:
    """id, plant, code (null: accepted) of every record of two quarters."""
    simulation = simulate("XXS", quarters=2, first="2025-Q1", seed=20_250_101)
    plants = pl.concat([each.frame.select("event_id", PLANT) for each in simulation.written.values()])
    plants = plants.select(pl.col("event_id").bin.encode("hex").alias("id"), PLANT).unique("id")
    sent = pl.concat([simulation.events(quarter) for quarter in simulation.quarters])
    parts = []
    for (topic,), records in sent.group_by("topic"):
        values = join([value or b"" for value in records["value"].to_list()])
        lengths = np.where(records["value"].is_null().to_numpy(), -1, values.lengths).astype(np.int32)
        result = open_batch(
            str(topic),
            values.arena,
            values.starts,
            lengths,
            np.arange(records.height),
            np.full(records.height, RECEIVED_MS),
            0,
            profile="simulation",
            contracts=contracts(),
        )
        rows = records.with_row_index("row").select("row", pl.col("ce_id").str.replace_all("-", "").alias("id"))
        parts.append(rows.join(result.rejected.select("row", "code"), on="row", how="left"))
    return pl.concat(parts).join(plants, on="id", how="left")


def test_exactly_what_is_planted_is_refused_for_its_reason(decided: pl.DataFrame) -> None:
    found = decided.select("code", pl.col(PLANT).replace_strict(CODES, default=None).alias("planted")).unique()
    assert found.filter(~pl.col("code").eq_missing(pl.col("planted"))).to_dicts() == []


def test_every_plant_came_by(decided: pl.DataFrame) -> None:
    assert set(decided[PLANT]) >= set(CODES)
