"""What every test may ask for: a real broker, and a realm of its own on it."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.broker import Broker
from agents.settings import Settings


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real broker, started once per process; DTSEN_TEST_BROKER names one that runs already."""
    if given := os.environ.get("DTSEN_TEST_BROKER"):
        yield given
        return
    node = Broker(tmp_path_factory.mktemp("home"), tie=True)
    address = node.start().address
    assert address is not None
    yield address
    node.stop()


@pytest.fixture
def realm() -> str:
    """A realm that no other test uses: its topics, groups and folders are this test's own."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def settings(broker: str, realm: str, tmp_path: Path) -> Settings:
    """Settings of this test's own, on the session's broker; silent workers lose their partitions after 10 s."""
    return Settings(broker=broker, realm=realm, home=tmp_path / "run", session_timeout_seconds=10)
