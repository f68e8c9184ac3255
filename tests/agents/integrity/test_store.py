"""Aims at the store of visits: one write per batch, nothing is lost between batches, and nothing due is forgotten."""

from pathlib import Path

import numpy as np
import polars as pl

from agents.integrity.batches import pack, unpack, values_of
from agents.integrity.records import decode_findings, decode_visits, encode_findings, encode_visits
from agents.integrity.store import META, POSITION_KEY, VERSION_KEY, VisitStore
from agents.simulator.campaigns import campaign_of
from agents.transport.records import Records
from schemas.columnar import join
from streams.integrity.findings import evaluate

VISITS = campaign_of(12, 1, 0.9).visits


def test_visits_and_findings_come_back_as_they_were() -> None:
    keys, values = encode_visits(VISITS)
    assert decode_visits(values).equals(VISITS.with_columns(pl.col("nik").fill_null([])))
    assert keys.to_list() == [f"3/{petugas}".encode() for petugas in VISITS["petugas"]]
    found = evaluate(VISITS, {3: "bps"}, {3: 40})
    assert found.height
    keys, values = encode_findings(found)
    assert decode_findings(values).equals(found)
    assert keys.to_list() == found["finding_id"].to_list()
    assert decode_visits(join([])).schema == VISITS.schema


def test_a_cancelled_visit_is_keyed_by_its_producer_alone() -> None:
    cancel = VISITS.head(1).with_columns(pl.lit("CANCEL").cast(VISITS.schema["kind"]).alias("kind"), petugas=None)
    assert encode_visits(cancel)[0].to_list() == [b"3/"]


def test_packed_values_come_back_in_order_and_null_ones_are_left_out() -> None:
    given = [[b"one", b"", b"three" * 50], [], [b"four"]]
    assert unpack([pack(join(values)) for values in given]).to_list() == [it for values in given for it in values]
    assert unpack([]).to_list() == []
    joined = join([b"a", b"gone", b"bc"])
    none, lengths = np.zeros(3, np.int64), np.array([1, -1, 2], np.int32)
    nothing = np.zeros(3, np.int32)
    records = Records("t", 0, joined.arena, none, none, none, nothing, joined.starts, lengths, none, nothing, 3)
    assert values_of(records).to_list() == [b"a", b"bc"]


def test_a_batch_is_kept_with_its_position(tmp_path: Path) -> None:
    store = VisitStore.open(tmp_path)
    assert (store.position, store.due, store.visits().to_list()) == (None, None, [])
    store.add(join([b"2", b"1"]), 3)
    assert (store.position, store.visits().to_list()) == (3, [b"2", b"1"])
    due = store.due
    assert due is not None
    store.settle({b"id": b"told"}, due)
    store.add(join([]), 4)  # a marker of a transaction: nothing to judge
    assert (store.position, store.due, store.visits().to_list()) == (4, None, [b"2", b"1"])
    store.add(join([b"0"]), 300)
    store.close()
    again = VisitStore.open(tmp_path)
    assert (again.position, again.told(), again.visits().to_list()) == (300, {b"id": b"told"}, [b"2", b"1", b"0"])
    again.close()


def test_visits_that_come_during_an_evaluation_stay_due(tmp_path: Path) -> None:
    store = VisitStore.open(tmp_path)
    store.add(join([b"1"]), 1)
    due = store.due
    assert due is not None
    store.add(join([b"2"]), 2)
    store.settle({}, due)
    assert store.due is not None
    store.close()


def test_a_store_of_another_version_is_filled_anew(tmp_path: Path) -> None:
    store = VisitStore.open(tmp_path)
    store.add(join([b"1"]), 1)
    store.learn({b"id": b"told"})
    assert store.has_learnt
    database = store._opened_database()
    database.get_column_family(META).put(VERSION_KEY, b"0")
    assert database.get_column_family(META).get(POSITION_KEY) is not None
    del database
    store.close()
    anew = VisitStore.open(tmp_path)
    assert (anew.position, anew.visits().to_list(), anew.has_learnt) == (None, [], False)
    anew.close()
