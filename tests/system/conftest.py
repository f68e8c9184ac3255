"""Realms of a test's own, and simulated quarters that all tests share."""

import dataclasses
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

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
    """A year that was sealed once per session: what the variants are compared with."""

    realm: Realm  # its worker is stopped
    quarters: list[str]
    digests: dict[str, dict[str, str]]  # quarter -> payer -> content digest
    rejected: dict[str, dict[str, int]]  # quarter -> code -> records refused up to its end


@pytest.fixture(scope="session")
def year(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Scale XS, four quarters: each is sent while the stages work, and sealed."""
    home = tmp_path_factory.mktemp("year") / "run"
    realm = Realm(Settings(broker=broker, realm=f"t{uuid.uuid4().hex[:12]}", home=home, session_timeout_seconds=10))
    simulation = simulated("XS", 4)
    rejected = {}
    with realm.worker():
        for quarter in simulation.quarters:
            realm.send(simulation.events(quarter))
            realm.seal(quarter)
            rejected[quarter] = realm.rejected()
    return Year(realm, simulation.quarters, realm.digests(), rejected)
