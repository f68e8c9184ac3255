"""Aims at the casebook: the cases of a simulated year as a store has them, against what the simulator sent."""

from __future__ import annotations

import asyncio

import numpy as np
import polars as pl
import pytest

from agents.casebook import cases_in
from agents.simulator import Simulation, simulate
from agents.store import FactBatch, PartitionStore
from agents.store.facts import row_keys
from schemas.columnar import join
from schemas.registry import contracts
from streams.cases import CASES, ageing, counted
from streams.door import open_batch
from tests.streams.year import RECEIVED_MS

QUESTION = {
    "day": "2025-09-30",
    "transit_limit_days": 90,
    "scope": "31",
    "objection_days": 30,
    "case_days": {"SANGGAH": 30, "KELUHAN": 30, "USUL": 90, "REAKTIVASI": 90},
}


@pytest.fixture(scope="module")
def told() -> Simulation:
    return simulate("XS", 3, "2025-Q1", 7)


@pytest.fixture(scope="module")
def cases(told: Simulation, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    store = PartitionStore.open(tmp_path_factory.mktemp("store") / "0", cache_bytes=8 << 20)
    length = 0
    for sent in [told.events(quarter) for quarter in told.quarters]:
        for (topic,), records in sorted(sent.group_by("topic", maintain_order=True)):
            length = _taken(store, str(topic), records, length)
    found = asyncio.run(cases_in(store, QUESTION))
    store.close()
    return found


def _taken(store: PartitionStore, topic: str, records: pl.DataFrame, length: int) -> int:
    """Open some records as intake does, and store their facts."""
    values = join([value or b"" for value in records["value"].to_list()])
    lengths = np.where(records["value"].is_null().to_numpy(), -1, values.lengths).astype(np.int32)
    count = records.height
    received = np.full(count, RECEIVED_MS)
    facts = open_batch(
        topic,
        values.arena,
        values.starts,
        lengths,
        np.arange(count, dtype=np.int64) + length,
        received,
        0,
        profile="simulation",
        contracts=contracts(),
    ).facts
    places = np.arange(len(facts), dtype=np.int64) + length
    store.apply_facts(FactBatch(row_keys(facts.nik, facts.values), facts.values, places), "register.facts", length)
    return length + count + len(facts)


def claimed(told: Simulation, name: str) -> pl.DataFrame:
    """The good events of one type, a row per person, programme and quarter."""
    return told.written[name].frame.filter(pl.col("sim.plant") == "GOOD", pl.col("content"))


@pytest.mark.parametrize("kind", ["SANGGAH", "KELUHAN", "USUL", "REAKTIVASI"])
def test_every_claim_that_was_sent_is_in_one_case(told: Simulation, cases: pl.DataFrame, kind: str) -> None:
    arrived = claimed(told, kind.lower()).filter(pl.col("sim.arrival") <= 4 * 2025 + 2)
    keys = ["content.nik", "content.program", "content.triwulan"]
    mine = cases.filter(pl.col("kind") == kind)
    assert mine.filter(pl.col("claims") > 0).height == arrived.select(keys).unique().height > 0
    assert mine.get_column("claims").sum() == arrived.height


def test_what_comes_by_two_channels_late_or_again_is_there(cases: pl.DataFrame) -> None:
    assert cases.filter(pl.col("channels").list.len() > 1).height > 0
    assert cases.filter(~pl.col("timely")).height > 0
    assert cases.filter(pl.col("channels").list.contains("LAPOR_MAS_WAPRES")).height > 0
    assert {"DITERIMA", "DITOLAK"} <= set(cases.get_column("state").cast(pl.String))
    assert ageing(cases, "kelurahan").get_column("cases").sum() == cases.height
    assert cases.get_column("kelurahan").null_count() == 0


def test_the_simulators_own_count_is_the_same(told: Simulation, cases: pl.DataFrame) -> None:
    """By kind, channel, list and state; overdue, late, joined, repeated and frivolous ones occur."""
    truth = told.truth("2025-Q3").cases
    events = pl.col("events").cast(pl.List(pl.Binary))
    found = counted(cases.with_columns(events).select(list(CASES)))
    assert found.select(truth.columns).sort(pl.all()).rows() == truth.sort(pl.all()).rows()
    assert {"LEWAT_TENGGAT", "TERBUKA", "TIDAK_BERDASAR", "DITARIK"} <= set(truth["state"])
    assert truth.filter(~pl.col("timely"))["cases"].sum() > 0
    assert min(truth["joined"].sum(), truth["repeated"].sum()) > 0
