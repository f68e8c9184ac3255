"""Aims at docs/how-to/producer.md: every command on the page runs, in its order, and shows what the page says."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from agents.broker import JARS
from agents.provisioning import admin_client, apply
from agents.settings import Settings
from agents.topics import topics
from schemas.registry import contracts
from streams.findings import Finding
from streams.persons import AsOf, persons
from tests.agents.clients.test_producer import read_all
from tests.agents.simulator.test_door import facts_of
from tests.docs.pages import PROJECT, blocks_of, reader, shown, start, surroundings, told_fences
from tests.streams.door.made import HEAD, WIFE, Sent, opened

PAGE = PROJECT / "docs" / "how-to" / "producer.md"
BLOCKS = blocks_of(PAGE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return reader(tmp_path)


@pytest.fixture
def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The reader's environment: a realm with its topics."""
    with admin_client(settings) as client:
        apply(client, topics(settings), yes=False)
    return {
        **surroundings(settings, folder),
        "JARS": str(JARS),
        "BROKER": settings.broker,
        "TOPIC": settings.topic("population.mati"),
    }


def known_of(settings: Settings) -> list[tuple[object, ...]]:
    """What the register makes of what stands in the topic: NIK, alive, died_on."""
    records = sorted(read_all(settings, "mati"), key=lambda it: (it.partition, it.offset))
    facts = facts_of(opened("mati", [Sent(it.value, row, it.timestamp) for row, it in enumerate(records)]))
    once = facts.unique(["nik", "producer_number", "event_id"], maintain_order=True)
    assert (facts.height, once.height) == (6, 4), "the first death was sent three times"
    return persons(once, AsOf(dt.date(2025, 3, 31), 90, "31")).select("nik", "alive", "died_on").rows()


@pytest.mark.kafka
def test_the_page_runs_from_top_to_bottom(environment: dict[str, str], folder: Path, settings: Settings) -> None:
    output = ""
    for block in BLOCKS:
        if block.purpose == "shows":
            shown(block, output)
        elif block.purpose != "run: java":
            output = start(block, folder, environment)
    assert output.startswith("sent 01957dfe-"), "the program in Python, which is the last"
    assert known_of(settings) == [(HEAD, False, dt.date(2025, 3, 9)), (WIFE, None, None)]


@pytest.mark.kafka
def test_the_commands_of_java_run(environment: dict[str, str], folder: Path) -> None:
    if not list(JARS.glob("avro-*.jar")):
        pytest.skip(f"avro's jar is missing from {JARS}: remove {JARS}/.complete and run `make setup`")
    if not shutil.which("javac"):
        pytest.skip("javac is missing: install a JDK 17 (Debian: openjdk-17-jdk-headless)")
    (block,) = (it for it in BLOCKS if it.purpose == "run: java")
    assert f"sent to {environment['TOPIC']}[2]@0, id " in start(block, folder, environment)


def test_no_command_of_the_page_is_left_out() -> None:
    assert len(BLOCKS) == told_fences(PAGE) > 10


def test_the_table_of_the_page_is_the_registry() -> None:
    known = contracts()
    rows = [
        f"| {event.name} | `{event.topic}` | {', '.join(senders)} |"
        for event in known.events
        for senders in [[it.code for it in known.producers_by_code.values() if event.name in it.events]]
    ]
    assert re.findall(r"^\| \w+ \| `.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == rows


def test_every_finding_has_its_mending_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    codes = re.findall(r"^\| ([A-Z_]+) \| [^|]+\. \| [^|]+\. \|$", page, re.MULTILINE)
    assert codes == [code.name for code in Finding]
