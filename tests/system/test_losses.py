"""Aims at: nothing vanishes (invariants 16, 18, 19): a lost fact refuses the seal and is named."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from agents.commands import is_command
from agents.kept import row_of
from agents.store.layout import ADJUSTED, PUBLISHED
from agents.topics import FACTS
from agents.transport.records import Records
from schemas.registry import contracts
from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.copying import copy_log
from tests.system.realm import Realm

pytestmark = pytest.mark.kafka

FIRST, SECOND, THIRD = "2025-Q1", "2025-Q2", "2025-Q3"


def test_what_is_deleted_from_the_stores_refuses_and_comes_back(make_realm: MakeRealm, year: Year) -> None:
    """The refused quarter, mended by filling the stores anew, ends as one that was never refused.

    A fact; and of the ledger from which adjustments of sealed quarters are made a paid line, and an adjustment.
    """
    realm = make_realm()
    with realm.worker():
        for quarter in (FIRST, SECOND):
            realm.send(simulated("XS", 4).events(quarter))
            realm.seal(quarter)
    with realm.store(0, read_only=False) as store:
        store._opened().delete(next(store.scan_facts(1)).keys[0].tobytes())
    lost, adjusted = deleted(realm, ADJUSTED, lambda row: row["concerns"] == FIRST)
    # Of another programme, so that each has a line of the book to itself.
    at, paid = deleted(realm, PUBLISHED, lambda row: row["quarter"] == FIRST and row["programme"] == "SEMBAKO")
    assert adjusted["programme"] != paid["programme"]
    with realm.worker():
        realm.send(simulated("XS", 4).events(THIRD))
        realm.open(THIRD)
        assert realm.outcome(THIRD) == "REFUSED"
        breaks = realm.breaks(THIRD)
        held = realm.digests()
    assert any(it.startswith("facts, register.facts[0]: facts due") for it in breaks), breaks
    for row in (adjusted, paid):
        ledger = f"ledger opening, {row['programme']} {FIRST} {row['kab_kota']}: rupiah of a sealed quarter due"
        assert any(it.startswith(ledger) for it in breaks), breaks
    assert THIRD not in held
    for number in {0, lost, at}:
        with realm.store(number) as store:
            assert store.holdings_quarter == SECOND, "holdings never move before the seal"
            store.delete(realm.store_folder(number))
    with realm.worker():
        realm.retry(THIRD)
        assert realm.outcome(THIRD) == "SEALED", realm.breaks(THIRD)
    assert realm.digests() == {name: year.digests[name] for name in (FIRST, SECOND, THIRD)}


def deleted(realm: Realm, family: str, wanted: Callable[[dict[str, Any]], bool]) -> tuple[int, dict[str, Any]]:
    """Delete the first row that is wanted from a column family of the stores: its partition, and what it said."""
    for number in range(realm.settings.partitions):
        with realm.store(number, read_only=False) as store:
            rows = store._families[family]
            for name, line in rows.items():
                if wanted(row := row_of(line)):
                    rows.delete(name)
                    return number, row
    raise AssertionError(f"no row of {family} is wanted")


def test_a_fact_that_never_reached_the_log_refuses_at_the_door(make_realm: MakeRealm) -> None:
    """One fact is left out while the log is copied: the door misses it, and names topic, partition and offset."""
    whole, copy = make_realm(), make_realm()
    with whole.worker("intake"):
        whole.send(simulated("XS", 4).events(FIRST))
        whole.passed_by_intake()
    dropped: list[tuple[str, int]] = []

    def keep(topic: str, records: Records) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        chosen = np.ones(len(records), np.bool_)
        if topic == FACTS and not dropped:
            row = int(np.flatnonzero(~is_command(records))[7])
            chosen[row] = False
            start = int(records.value_starts[row])
            dropped.append(place_of(records.arena[start + 28 : start + 42].tobytes()))
        return chosen

    copy_log(whole.settings, copy.settings, keep)
    with copy.worker("register", "families", "checkpoints"):
        copy.open(FIRST)
        assert copy.outcome(FIRST) == "REFUSED"
        breaks = copy.breaks(FIRST)
    (door,) = [it for it in breaks if it.startswith("door, ")]
    place, offset = dropped[0]
    assert door.startswith(f"door, {place}: ")
    assert f"(offset {offset})" in door


def place_of(coordinate: bytes) -> tuple[str, int]:
    """topic[partition] and offset of a fact's coordinate."""
    topics = {contract.topic_number: contract.topic for contract in contracts().events}
    number, partition, offset = (int.from_bytes(coordinate[a:b]) for a, b in ((0, 2), (2, 6), (6, 14)))
    return f"{topics[number]}[{partition}]", offset
