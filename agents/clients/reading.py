"""What a payer may read: the manifests, and the ranges that they name. Read committed, without a group."""

import time
from collections.abc import Iterator
from typing import Any, Final, Protocol, Self

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from agents.errors import OperatorError
from agents.settings import Settings
from schemas.columnar import Encoded, join

MANIFESTS: Final = "checkpoint.manifests"
CONNECT_MS: Final = 10_000
POLL_MS: Final = 500
POLL_RECORDS: Final = 10_000
PATIENCE_SECONDS: Final = 30  # without any progress: a broker that is there answers within one fetch


class Source(Protocol):
    """Where manifests and change lines come from. Topics are named without realm."""

    def manifests(self) -> list[bytes]:
        """All values of checkpoint.manifests, in order."""
        ...

    def values(self, topic: str, partition: int, first: int, last: int) -> Iterator[Encoded]:
        """The values with first <= offset <= last, in batches; all that are there now, without waiting for more."""
        ...


class KafkaSource:
    """A source on a broker. Raises OperatorError when the broker or a topic is not there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        try:
            self._consumer: Any = KafkaConsumer(
                bootstrap_servers=settings.broker.split(","),
                group_id=None,
                enable_auto_commit=False,
                isolation_level="read_committed",
                auto_offset_reset="none",
                allow_auto_create_topics=False,
                max_poll_records=POLL_RECORDS,
                bootstrap_timeout_ms=CONNECT_MS,
            )
        except KafkaError as error:
            raise OperatorError(
                f"no broker answers at {settings.broker}: start it, or set DTSEN_BROKER ({error})"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def manifests(self) -> list[bytes]:
        partition = self._partition(MANIFESTS, 0)
        begin, end = self._bounds(partition)
        return [value for batch in self._read(partition, begin, end - 1) for value in batch]

    def values(self, topic: str, partition: int, first: int, last: int) -> Iterator[Encoded]:
        at = self._partition(topic, partition)
        begin, end = self._bounds(at)
        for batch in self._read(at, max(first, begin), min(last, end - 1)):
            yield join(batch)

    def everything(self, topic: str) -> Iterator[Encoded]:
        """All values of a topic, partition by partition, as far as retention goes."""
        known = self._consumer.partitions_for_topic(self._settings.topic(topic)) or {0}
        for partition in sorted(known):
            at = self._partition(topic, partition)
            begin, end = self._bounds(at)
            for batch in self._read(at, begin, end - 1):
                yield join(batch)

    def _partition(self, topic: str, partition: int) -> TopicPartition:
        name = self._settings.topic(topic)
        known = self._consumer.partitions_for_topic(name)
        if not known or partition not in known:
            raise OperatorError(
                f"{self._settings.broker} has no topic {name} with a partition {partition}: check DTSEN_BROKER and "
                "DTSEN_REALM, or create the topics with `dtsen topics apply`"
            )
        return TopicPartition(name, partition)

    def _bounds(self, at: TopicPartition) -> tuple[int, int]:
        try:
            return int(self._consumer.beginning_offsets([at])[at]), int(self._consumer.end_offsets([at])[at])
        except KafkaError as error:
            raise OperatorError(f"the broker at {self._settings.broker} does not answer: {error}") from error

    def _read(self, at: TopicPartition, first: int, last: int) -> Iterator[list[bytes]]:
        if first > last:
            return
        self._consumer.assign([at])
        self._consumer.seek(at, first)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (position := self._consumer.position(at)) <= last:
            records = self._consumer.poll(timeout_ms=POLL_MS).get(at, [])
            batch = [record.value for record in records if record.offset <= last and record.value is not None]
            if batch:
                yield batch
            if self._consumer.position(at) > position:
                deadline = time.monotonic() + PATIENCE_SECONDS
            elif time.monotonic() > deadline:
                raise OperatorError(
                    f"{at.topic}[{at.partition}] gives nothing from offset {position} on for {PATIENCE_SECONDS} s, "
                    f"but should reach {last}: check the broker, then sync again"
                )
