"""Aims at the payer's client on a real broker: aborted sends stay unseen, and what is missing is named."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from agents.cli import main
from agents.clients.payer import sync
from agents.clients.reading import KafkaSource
from agents.errors import OperatorError
from agents.settings import Settings
from tests.streams.sealed import PARTITIONS, programmes_of, topic_of, year

PAYER = "kemensos"
pytestmark = pytest.mark.kafka


def _provision(settings: Settings) -> None:
    admin = KafkaAdminClient(bootstrap_servers=settings.broker)
    admin.create_topics(
        [
            NewTopic(settings.topic("checkpoint.manifests"), 1, 1),
            NewTopic(settings.topic(topic_of(PAYER)), PARTITIONS, 1),
        ]
    )
    admin.close()


def _send(producer: Any, topic: str, partition: int, values: Sequence[bytes]) -> None:
    for value in values:
        producer.send(topic, value, partition=partition)
    producer.flush()


@pytest.fixture
def settings(broker: str, realm: str, tmp_path: Path) -> Settings:
    """A realm with a year of sealed quarters, and an aborted transaction behind every range."""
    settings = Settings(broker=broker, realm=realm, home=tmp_path / "run")
    _provision(settings)
    register = year()
    plain = KafkaProducer(bootstrap_servers=broker)
    for n in range(PARTITIONS):
        _send(plain, settings.topic(topic_of(PAYER)), n, register.topics[topic_of(PAYER), n])
    _send(plain, settings.topic("checkpoint.manifests"), 0, [it.to_bytes() for it in register.manifests])
    plain.close()
    torn = KafkaProducer(bootstrap_servers=broker, transactional_id=f"{realm}.torn")
    torn.init_transactions()
    torn.begin_transaction()
    _send(torn, settings.topic("checkpoint.manifests"), 0, [b"never"])
    _send(torn, settings.topic(topic_of(PAYER)), 0, [b"never"])
    torn.abort_transaction()
    torn.close()
    return settings


def test_a_year_is_synced_from_a_broker(settings: Settings, tmp_path: Path) -> None:
    with KafkaSource(settings) as source:
        assert b"never" not in source.manifests()
        synced = sync(source, PAYER, tmp_path / "out")
        assert len(synced.applied) == 3
        assert synced.copy.holdings.equals(programmes_of(year().holdings, PAYER))
        assert sync(source, PAYER, tmp_path / "out").applied == []


def test_the_command_says_what_it_did(settings: Settings, tmp_path: Path) -> None:
    arguments = ["payer", "sync", PAYER, "--out", str(tmp_path / "out")]
    run = CliRunner(env=settings.environment())
    first = run.invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert "2025-Q2  SEMBAKO" in first.output
    assert "recipients, verified" in first.output
    assert "Nothing new since 2025-Q3." in run.invoke(main, arguments).output
    report = json.loads(run.invoke(main, [*arguments, "--json"]).output)
    assert (report["quarter"], report["recipients"], report["applied"]) == ("2025-Q3", 6, [])


def test_missing_topics_are_named(broker: str, realm: str, tmp_path: Path) -> None:
    with (
        KafkaSource(Settings(broker=broker, realm=realm, home=tmp_path / "run")) as source,
        pytest.raises(OperatorError, match=rf"no topic {realm}\.checkpoint\.manifests"),
    ):
        source.manifests()
