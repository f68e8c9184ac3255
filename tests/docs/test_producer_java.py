"""Aims at the producer in Java: it compiles, it sends, and the door takes its bytes as they are."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from agents.broker import JARS
from agents.clients.events import check, verdicts
from agents.settings import Settings
from schemas.registry import ROOT, contracts
from schemas.slow import decode_one
from tests.streams.door.made import HEAD

SOURCE = Path(__file__).parents[2] / "docs" / "how-to" / "producer" / "SendDeath.java"
LIMIT_SECONDS = 120
MATI = contracts().by_name["mati"]
pytestmark = pytest.mark.kafka


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path with the compiled program."""
    if not list(JARS.glob("avro-*.jar")):
        pytest.skip(f"avro's jar is missing from {JARS}: remove {JARS}/.complete and run `make setup`")
    if not shutil.which("javac"):
        pytest.skip("javac is missing: install a JDK 17 (Debian: openjdk-17-jdk-headless)")
    out = tmp_path_factory.mktemp("classes")
    run("javac", "-Xlint:all", "-Werror", "-cp", f"{JARS}/*", "-d", str(out), str(SOURCE))
    return f"{out}:{JARS}/*"


def test_the_door_takes_what_java_sends(classes: str, settings: Settings) -> None:
    topic = settings.topic(str(MATI.topic))
    admin = KafkaAdminClient(bootstrap_servers=settings.broker)
    admin.create_topics([NewTopic(topic, 1, 1, topic_configs={"message.timestamp.type": "LogAppendTime"})])
    admin.close()
    schema = str(ROOT / "events" / "mati.avsc")
    said = run("java", "-cp", classes, "SendDeath", settings.broker, topic, schema, HEAD, "2025-03-10")
    consumer = KafkaConsumer(bootstrap_servers=settings.broker, auto_offset_reset="earliest", enable_auto_commit=False)
    consumer.assign([TopicPartition(topic, 0)])
    (record,) = next(iter(consumer.poll(timeout_ms=10_000).values()))
    consumer.close()
    assert verdicts(MATI, [record.value], profile="simulation", now_ms=record.timestamp) == {}
    read = decode_one(MATI, record.value)
    name = UUID(bytes=read["event_id"])
    assert said == f"sent to {topic}[0]@0, id {name}\n"
    assert (name.version, name.int >> 80) == (7, round(read["recorded_at"].timestamp() * 1000))
    assert read["content"] == {"nik": HEAD, "tanggal_meninggal": dt.date(2025, 3, 10), "nomor_akta": None}
    # Read and written by the Python client, it is the same event to the byte, with the same key and headers.
    (event,) = check("mati", [read], now_ms=record.timestamp).good
    assert (event.value, event.key) == (record.value, record.key)
    java = dict(record.headers)
    python = dict(event.headers)
    for headers in (java, python):
        headers["ce_time"] = str(dt.datetime.fromisoformat(headers["ce_time"].decode())).encode()
    assert java == python
