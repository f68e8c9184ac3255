"""On a real Kafka: what was simulated arrives, record for record, from the command and from its file."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer, TopicPartition

from agents.cli import main
from agents.clients.cloudevents import headers_of
from agents.provisioning import admin_client, apply
from agents.settings import Settings
from agents.simulator import Simulation, pieces, simulate, simulate_piece
from agents.topics import topics
from schemas.registry import contracts
from tests.agents.simulator.conftest import SEED

TINY = ["simulate", "--scale", "XXS", "--seed", str(SEED)]


@pytest.fixture
def provided(settings: Settings) -> Settings:
    """A realm with its topics."""
    with admin_client(settings) as client:
        apply(client, topics(settings), yes=False)
    return settings


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=settings.environment(), catch_exceptions=False)


def read_all(
    settings: Settings,
) -> Iterator[tuple[str, int, bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]]:
    """(topic without realm, partition, key, value, headers) of everything in the event topics."""
    consumer = KafkaConsumer(bootstrap_servers=settings.broker, enable_auto_commit=False)
    try:
        names = {settings.topic(str(each.topic)): str(each.topic) for each in contracts().events}
        places = [TopicPartition(name, part) for name in names for part in range(settings.event_partitions)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        while any(consumer.position(place) < end for place, end in ends.items()):
            for batch in consumer.poll(timeout_ms=500).values():
                for record in batch:
                    headers = tuple((name, value) for name, value in record.headers)
                    yield names[record.topic], record.partition, record.key, record.value, headers
    finally:
        consumer.close()


def expected(
    simulation: Simulation, *quarters: str
) -> list[tuple[str, bytes, bytes | None, tuple[tuple[str, bytes], ...]]]:
    events = pl.concat([simulation.events(quarter) for quarter in quarters])
    return sorted_records(
        (row["topic"], row["key"], row["value"], tuple(headers_of(row))) for row in events.iter_rows(named=True)
    )


def sorted_records(records: Iterator[tuple]) -> list[tuple]:  # type: ignore[type-arg]
    return sorted(records, key=lambda each: (each[0], each[1], each[2] or b"", each[3]))


@pytest.mark.kafka
def test_quarters_are_sent_one_after_another(provided: Settings, tiny: Simulation) -> None:
    for quarter in tiny.quarters:
        result = run(provided, *TINY, "--only", quarter)
        assert result.exit_code == 0, result.output
        assert f"{quarter}: {tiny.events(quarter).height:,} records sent" in result.output
    records = list(read_all(provided))
    assert sorted_records((topic, *rest) for topic, _, *rest in records) == expected(tiny, *tiny.quarters)
    keys = {(topic, key, partition) for topic, partition, key, *_ in records}
    assert len(keys) == len({(topic, key) for topic, key, _ in keys}), "a key is always in one partition"
    assert {partition for _, _, partition in keys} == set(range(provided.event_partitions))


@pytest.mark.kafka
def test_a_file_is_sent_as_it_was_simulated(provided: Settings, tiny: Simulation, tmp_path: Path) -> None:
    file = tmp_path / "events.avro"
    result = run(provided, *TINY, "--quarters", "1", "--out", str(file), "--truth", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "2025-Q1" / "persons.parquet").exists()
    assert not list(read_all(provided))
    result = run(provided, "produce", str(file))
    assert result.exit_code == 0, result.output
    assert sorted_records((topic, *rest) for topic, _, *rest in read_all(provided)) == expected(tiny, "2025-Q1")


@pytest.mark.kafka
def test_a_scale_of_several_pieces_is_sent_whole(provided: Settings) -> None:
    arguments = ["simulate", "--scale", "XXM", "--seed", str(SEED), "--quarters", "1"]
    result = run(provided, *arguments)
    assert result.exit_code == 0, result.output
    made = [simulate_piece("XXM", piece, 1, "2025-Q1", SEED) for piece in pieces("XXM")]
    due = [record for simulation in made for record in expected(simulation, "2025-Q1")]
    assert sorted_records((topic, *rest) for topic, _, *rest in read_all(provided)) == sorted_records(iter(due))


@pytest.mark.kafka
def test_missing_topics_are_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.simulator.sending.BLOCK_MS", 500)
    result = run(settings, *TINY, "--only", "2025-Q1")
    assert result.exit_code == 1
    assert "dtsen topics apply" in result.output


def test_no_broker_is_said_in_a_sentence(tmp_path: Path) -> None:
    result = run(Settings(broker="127.0.0.1:1", home=tmp_path), *TINY, "--only", "2025-Q1")
    assert result.exit_code == 1
    assert "No broker answers at 127.0.0.1:1" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scale", "XL"], "use XS, S, M or L"),
        (["--from", "2025"], "write it like 2025-Q1"),
        (["--only", "2024-Q4"], "lies before --from 2025-Q1"),
        (["--scale", "XXS", "--from", "2090-Q1", "--quarters", "1"], "2090-Q1 is not over"),
    ],
)
def test_what_cannot_be_simulated_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = run(Settings(broker="127.0.0.1:1", home=tmp_path), "simulate", *arguments)
    assert result.exit_code == 1
    assert said in result.output


def test_unknown_scales_and_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="use one of XXS, XXM, XS, S, M, L"):
        simulate("XL")
    with pytest.raises(ValueError, match="at least 1"):
        simulate("XXS", quarters=0)
