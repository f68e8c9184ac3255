"""How a cluster differs from the list of topics, and how it is brought in line."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError

from agents.errors import OperatorError
from agents.settings import Settings
from agents.topics import Topic

CONNECT_SECONDS = 5.0
SEEN_SECONDS = 30.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Drift:
    """One difference between the list and the cluster."""

    topic: str
    what: str  # "topic", "partitions" or the name of a setting
    wanted: str
    found: str


@dataclass
class Applied:
    """What `apply` did, and what it left."""

    created: list[str] = field(default_factory=list)
    changed: list[Drift] = field(default_factory=list)
    left: list[Drift] = field(default_factory=list)


@contextmanager
def admin_client(settings: Settings) -> Iterator[Any]:
    """An admin client. Raises OperatorError when no broker answers or it refuses what was asked."""
    addresses = settings.broker.split(",")
    if not any(map(_answers, addresses)):  # kafka-python would try for half a minute, and leave its sockets open
        raise OperatorError(
            f"No broker answers at {settings.broker}: "
            "start one with `dtsen broker start`, or set DTSEN_BROKER to host:port of another."
        )
    try:
        client = KafkaAdminClient(bootstrap_servers=addresses, client_id="dtsen-topics")
    except KafkaError as error:
        raise OperatorError(f"What answers at {settings.broker} does not speak as a Kafka broker: {error}") from error
    try:
        yield client
    except KafkaError as error:
        raise OperatorError(f"The broker at {settings.broker} refused: {error}") from error
    finally:
        client.close()


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True


def drift(client: Any, wanted: list[Topic]) -> list[Drift]:
    """How the cluster differs from `wanted`; topics that are not in the list are not ours to judge."""
    found = _partitions(client)
    there = [topic for topic in wanted if topic.name in found]
    settings = _settings(client, there)
    differences = [Drift(topic.name, "topic", "exists", "missing") for topic in wanted if topic.name not in found]
    for topic in there:
        if found[topic.name] != topic.partitions:
            differences.append(Drift(topic.name, "partitions", str(topic.partitions), str(found[topic.name])))
        of_topic = settings[topic.name]
        differences += [
            Drift(topic.name, key, value, of_topic.get(key, "unset"))
            for key, value in topic.config.items()
            if of_topic.get(key) != value
        ]
    return differences


def apply(client: Any, wanted: list[Topic], *, yes: bool) -> Applied:
    """Create what is missing. With `yes`, also mend settings and add partitions where that moves nobody.

    Nothing is deleted; a topic is never given fewer partitions.
    """
    done = Applied()
    by_name = {topic.name: topic for topic in wanted}
    to_set: dict[str, dict[str, str]] = {}
    to_grow: dict[str, int] = {}
    for difference in drift(client, wanted):
        topic = by_name[difference.topic]
        if difference.what == "topic":
            done.created.append(topic.name)
        elif difference.what == "partitions" and yes and topic.may_grow and int(difference.found) < topic.partitions:
            to_grow[topic.name] = topic.partitions
            done.changed.append(difference)
        elif difference.what != "partitions" and yes:
            to_set.setdefault(topic.name, {})[difference.what] = difference.wanted
            done.changed.append(difference)
        else:
            done.left.append(difference)
    if done.created:
        client.create_topics({name: _creation(by_name[name]) for name in done.created}, wait_for_metadata=True)
    if to_grow:
        client.create_partitions(to_grow)
    if to_set:
        _alter(client, to_set)
    _wait_until_seen(client, [by_name[change.topic] for change in done.changed], done.changed)
    return done


def _wait_until_seen(client: Any, wanted: list[Topic], changed: list[Drift]) -> None:
    """The controller has accepted; brokers learn of it a moment later."""
    end = time.monotonic() + SEEN_SECONDS
    while set(changed) & set(drift(client, wanted)):
        if time.monotonic() > end:
            raise OperatorError(f"The cluster accepted changes but does not show them after {SEEN_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def _creation(topic: Topic) -> dict[str, Any]:
    return {"num_partitions": topic.partitions, "replication_factor": topic.replicas, "configs": topic.config}


def _alter(client: Any, settings: Mapping[str, Mapping[str, str]]) -> None:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, dict(values)) for name, values in settings.items()]
    results = client.alter_configs(resources)["topic"]
    refused = {name: result for name, result in results.items() if result != "OK"}
    if refused:
        raise OperatorError(f"The broker did not take these settings: {refused}")


def partition_count(settings: Settings, topic: str) -> int:
    """How many partitions a topic has (name with realm). Raises OperatorError when there is no such topic."""
    with admin_client(settings) as client:
        known = _partitions(client)
    if topic not in known:
        raise OperatorError(f"{settings.broker} has no topic {topic}: make it with `dtsen topics apply`.")
    return known[topic]


def _partitions(client: Any) -> dict[str, int]:
    return {topic["name"]: len(topic["partitions"]) for topic in client.describe_topics()}


def _settings(client: Any, wanted: list[Topic]) -> dict[str, dict[str, str]]:
    if not wanted:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, t.name, dict.fromkeys(t.config)) for t in wanted]
    described = client.describe_configs(resources, config_filter="all")["topic"]
    return {name: {key: str(entry["value"]) for key, entry in of.items()} for name, of in described.items()}
