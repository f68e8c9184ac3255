"""Aims at the store of visits: one write per batch, the first copy stays, and nothing due is forgotten."""

from pathlib import Path

import polars as pl

from agents.integrity.records import decode_findings, decode_visits, encode_findings, encode_visits
from agents.integrity.store import META, POSITION_KEY, VERSION_KEY, VisitStore
from agents.simulator.campaigns import campaign_of
from streams.integrity.findings import evaluate

VISITS = campaign_of(12, 1, 0.9).visits


def test_visits_and_findings_come_back_as_they_were() -> None:
    keys, values = encode_visits(VISITS)
    assert decode_visits(values.to_list()).equals(VISITS.with_columns(pl.col("nik").fill_null([])))
    assert keys.to_list()[0] == f"3/{VISITS['petugas'][0]}".encode()
    found = evaluate(VISITS, {3: "bps"}, {3: 40})
    assert found.height
    assert decode_findings(encode_findings(found)[1].to_list()).equals(found)


def test_a_batch_is_kept_once_with_its_position(tmp_path: Path) -> None:
    store = VisitStore.open(tmp_path)
    assert (store.position, store.due, store.visits()) == (None, None, [])
    store.add([b"b", b"a", b"b"], [b"1", b"2", b"3"], 3)
    assert (store.position, store.visits()) == (3, [b"2", b"1"])
    due = store.due
    assert due is not None
    store.settle({b"id": b"told"}, due)
    store.add([b"a"], [b"again"], 4)
    assert (store.position, store.due, store.visits()) == (4, None, [b"2", b"1"])
    store.close()
    again = VisitStore.open(tmp_path)
    assert (again.position, again.told()) == (4, {b"id": b"told"})
    again.close()


def test_visits_that_come_during_an_evaluation_stay_due(tmp_path: Path) -> None:
    store = VisitStore.open(tmp_path)
    store.add([b"a"], [b"1"], 1)
    due = store.due
    assert due is not None
    store.add([b"b"], [b"2"], 2)
    store.settle({}, due)
    assert store.due is not None
    store.close()


def test_a_store_of_another_version_is_filled_anew(tmp_path: Path) -> None:
    store = VisitStore.open(tmp_path)
    store.add([b"a"], [b"1"], 1)
    store.learn({b"id": b"told"})
    assert store.has_learnt
    database = store._opened_database()
    database.get_column_family(META).put(VERSION_KEY, b"0")
    assert database.get_column_family(META).get(POSITION_KEY) is not None
    del database
    store.close()
    anew = VisitStore.open(tmp_path)
    assert (anew.position, anew.visits(), anew.has_learnt) == (None, [], False)
    anew.close()
