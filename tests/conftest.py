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
from pathlib import Path

import pytest

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


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put tests that share a fixture of their module into one group (--dist loadgroup)."""
    if shared := module_fixtures(item):
        item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}:{shared}"))


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


def module_fixtures(item: pytest.Item) -> str:
    """Names of the fixtures of a module that a test asks for, each with its parameter."""
    info = getattr(item, "_fixtureinfo", None)
    found = {} if info is None else info.name2fixturedefs
    names = sorted(name for name, definitions in found.items() if definitions[-1].scope == "module")
    chosen = getattr(getattr(item, "callspec", None), "indices", {})
    return ",".join(f"{name}={chosen.get(name, '')}" for name in names)  # xdist takes no brackets in a group's name


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
