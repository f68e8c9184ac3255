"""Aims at: nothing vanishes (invariants 16, 18, 19): a lost fact refuses the seal and is named."""

import numpy as np
import pytest

from agents.commands import is_command
from agents.kept import row_of
from agents.store.layout import PUBLISHED
from agents.topics import FACTS
from agents.transport.records import Records
from schemas.registry import contracts
from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.copying import copy_log

pytestmark = pytest.mark.kafka

FIRST, SECOND = "2025-Q1", "2025-Q2"


def test_a_fact_and_a_paid_line_deleted_from_a_store_refuse_and_come_back(make_realm: MakeRealm, year: Year) -> None:
    """The refused quarter, mended by filling the store anew, ends as one that was never refused.

    The line is a row of the ledger from which adjustments of sealed quarters are made.
    """
    realm, lost = make_realm(), 2
    with realm.worker():
        realm.send(simulated("XS", 4).events(FIRST))
        realm.seal(FIRST)
    with realm.store(lost, read_only=False) as store:
        key = next(store.scan_facts(1)).keys[0].tobytes()
        store._opened().delete(key)
        name, line = next(iter(store._families[PUBLISHED].items()))
        store._families[PUBLISHED].delete(name)
        paid = row_of(line)
    with realm.worker():
        realm.send(simulated("XS", 4).events(SECOND))
        realm.open(SECOND)
        assert realm.outcome(SECOND) == "REFUSED"
        breaks = realm.breaks(SECOND)
        held = realm.digests()
    assert any(it.startswith(f"facts, register.facts[{lost}]: facts due") for it in breaks), breaks
    ledger = f"ledger opening, {paid['programme']} {FIRST} {paid['kab_kota']}: rupiah of a sealed quarter due"
    assert any(it.startswith(ledger) for it in breaks), breaks
    assert SECOND not in held
    with realm.store(lost) as store:
        assert store.holdings_quarter == FIRST, "holdings never move before the seal"
        store.delete(realm.store_folder(lost))
    with realm.worker():
        realm.retry(SECOND)
        assert realm.outcome(SECOND) == "SEALED", realm.breaks(SECOND)
    assert realm.digests() == {name: year.digests[name] for name in (FIRST, SECOND)}


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
