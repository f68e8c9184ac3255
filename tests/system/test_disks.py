"""Aims at invariant 26: a register worker moved to an empty or a stale disk before each step seals the same lists.

Its store fills itself from the log while the run's commands and answers already wait: what it holds, it holds from
the topics, never from memory; and it nets no answer before the facts that the answer is about are there.
"""

import shutil
from pathlib import Path

import polars as pl
import pytest

from agents.store import PartitionStore
from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.realm import Realm, until

pytestmark = pytest.mark.kafka

# The disk before SCAN, before NET and before ROLL, in the second quarter and in the third.
DISKS = [("stale", "empty", "stale"), ("empty", "stale", "empty")]


def put(kind: str, folder: Path, stale: Path) -> None:
    """Replace the register's disk."""
    shutil.rmtree(folder)
    if kind == "stale":
        shutil.copytree(stale, folder)


def reported(realm: Realm, quarter: str, step: str) -> bool:
    """Whether every partition has reported the step of the quarter's run."""
    runs = realm.journal().quarters[quarter].runs
    return bool(runs) and len(runs[-1].step_reports(step)) == realm.settings.partitions


def test_another_disk_before_each_step(make_realm: MakeRealm, year: Year, tmp_path: Path) -> None:
    realm, stale = make_realm(), tmp_path / "stale"
    first, *others = year.quarters[:3]
    folder = realm.disk("1").folder / "register"
    with realm.worker("intake", "families", "checkpoints"):
        with realm.stage("register", "1"):
            realm.send(simulated("XS", 4).events(first))
            realm.passed_by_intake()
        shutil.copytree(folder, stale)  # some facts, no holdings: of before the first seal
        with realm.stage("register", "1"):
            realm.seal(first)
        for quarter, disks in zip(others, DISKS, strict=True):
            seal_on(realm, quarter, disks, folder, stale)
    assert realm.digests() == {name: year.digests[name] for name in (first, *others)}
    assert held(realm, folder).equals(realm.holders().sort("nik", "programme"))


def seal_on(realm: Realm, quarter: str, disks: tuple[str, str, str], folder: Path, stale: Path) -> None:
    """Seal a quarter, the register having another disk before each of its steps."""
    realm.send(simulated("XS", 4).events(quarter))
    realm.open(quarter)
    for step, kind in zip(("SCAN", "NET"), disks[:2], strict=True):
        put(kind, folder, stale)
        with realm.stage("register", "1"):
            until(f"{step} is reported", lambda step=step: reported(realm, quarter, step))  # type: ignore[misc]
    put(disks[2], folder, stale)
    until("the quarter is sealed", lambda: realm.journal().quarters[quarter].sealed is not None)
    with realm.stage("register", "1"):
        assert realm.outcome(quarter) == "SEALED", realm.breaks(quarter)


def held(realm: Realm, folder: Path) -> pl.DataFrame:
    """nik, programme of what the stores of a disk hold, sorted."""
    found = []
    for number in range(realm.settings.partitions):
        store = PartitionStore.open(folder / str(number), read_only=True)
        found.append(store.holdings().select("nik", pl.col("programme").cast(pl.String)))
        store.close()
    return pl.concat(found).sort("nik", "programme")
