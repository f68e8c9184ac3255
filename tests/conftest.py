"""What every test may ask for: a real broker, and a realm of its own on it. And which tests run where, and when.

With several test processes (`make test`) all share one broker, which the process above them starts. What is costly to
make is made once: tests that share a fixture of their module run in one process. What takes long begins first, so that
no process is left alone with it at the end.
"""

import contextlib
import os
import tempfile
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from agents.broker import Broker
from agents.settings import Settings

GIVEN = "DTSEN_TEST_BROKER"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Address of a broker that is started here; it ends with this process, however that ends."""
    with tempfile.TemporaryDirectory(prefix="dtsen-broker-") as home:
        node = Broker(Path(home), tie=True)
        address = node.start().address
        assert address is not None
        try:
            yield address
        finally:
            node.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the broker that the test processes share, before they are started and inherit its address."""
    config = session.config
    alone = hasattr(config, "workerinput") or not config.getoption("numprocesses", None)
    if alone or GIVEN in os.environ or "not kafka" in config.getoption("markexpr"):
        return
    stack = contextlib.ExitStack()
    os.environ[GIVEN] = stack.enter_context(running())
    config.add_cleanup(stack.close)


class Grouped(LoadScopeScheduling):  # type: ignore[misc]
    """Gives tests that share a fixture of their module to one process, all others one by one.

    The process above the others collects nothing and knows names alone, so it looks into the files. (xdist's own groups
    change a test's name, which pytest 9 no longer lets it.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        source = source_of(file)
        if 'scope="module"' not in source:
            return nodeid
        return file + nodeid.partition("[")[2] if 'scope="module", params=' in source else file


@cache
def source_of(file: str) -> str:
    return Path(__file__).parents[1].joinpath(file).read_text(encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Grouped:
    return Grouped(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""
    sealed = [item for item in items if "year" in getattr(item, "fixturenames", ())]
    # one test makes the year that others wait for; meanwhile those run that don't need it
    first = sealed[:1]

    def place(item: pytest.Item) -> int:
        if item in first:
            return 0
        if item.get_closest_marker("kafka") is None:
            return 3
        return 2 if item in sealed else 1

    items.sort(key=place)


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """Address of a real broker, started once; DTSEN_TEST_BROKER names one that runs already."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    with running() as address:
        yield address


@pytest.fixture
def realm() -> str:
    """A realm that no other test uses: its topics, groups and folders are this test's own."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def settings(broker: str, realm: str, tmp_path: Path) -> Settings:
    """Settings of this test's own, on the session's broker; silent workers lose their partitions after 10 s."""
    return Settings(broker=broker, realm=realm, home=tmp_path / "run", session_timeout_seconds=10)
