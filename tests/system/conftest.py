"""Realms of a test's own, and simulated quarters that all tests share."""

import dataclasses
import fcntl
import json
import os
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agents.settings import Settings
from agents.simulator import Simulation, simulate
from tests.system.realm import Realm

MakeRealm = Callable[..., Realm]


@pytest.fixture
def make_realm(broker: str, tmp_path: Path) -> MakeRealm:
    """Makes a realm with settings of its own: make_realm(event_partitions=1)."""

    def make(*, event_partitions: int = 3, partitions: int = 4) -> Realm:
        name, home = f"t{uuid.uuid4().hex[:12]}", tmp_path / "run"
        return Realm(
            Settings(
                broker=broker,
                realm=name,
                home=home,
                session_timeout_seconds=10,
                event_partitions=event_partitions,
                partitions=partitions,
            )
        )

    return make


@cache
def simulated(scale: str, quarters: int, seed: int = 1) -> Simulation:
    """A simulation, made once per session."""
    return simulate(scale, quarters, "2025-Q1", seed)


@dataclasses.dataclass(frozen=True)
class Year:
    """A year that was sealed once for all tests: what the variants are compared with."""

    realm: Realm  # its worker is stopped
    quarters: list[str]
    digests: dict[str, dict[str, str]]  # quarter -> payer -> content digest
    rejected: dict[str, dict[str, int]]  # quarter -> code -> records refused up to its end


@pytest.fixture(scope="session")
def year(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Scale XS, four quarters: each is sent while the stages work, and sealed. All test processes share it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    told = folder / "year.json"
    with (folder / "year.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second waits until the year is there
        if not told.exists():
            told.write_text(json.dumps(lived(broker, folder / "year" / "run")), encoding="utf-8")
    found = json.loads(told.read_text(encoding="utf-8"))
    realm = Realm(year_settings(broker, Path(found["home"]), found["realm"]))
    return Year(realm, found["quarters"], found["digests"], found["rejected"])


def year_settings(broker: str, home: Path, realm: str) -> Settings:
    return Settings(broker=broker, realm=realm, home=home, session_timeout_seconds=10)


def lived(broker: str, home: Path) -> dict[str, Any]:
    """Live and seal the year; what `Year` says of it, as JSON."""
    realm = Realm(year_settings(broker, home, f"t{uuid.uuid4().hex[:12]}"))
    simulation = simulated("XS", 4)
    rejected = {}
    with realm.worker():
        for quarter in simulation.quarters:
            realm.send(simulation.events(quarter))
            realm.seal(quarter)
            rejected[quarter] = realm.rejected()
    return {
        "realm": realm.settings.realm,
        "home": str(home),
        "quarters": simulation.quarters,
        "digests": realm.digests(),
        "rejected": rejected,
    }
