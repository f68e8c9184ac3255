"""A producer's client: checks records as the door will, and sends those that are good.

    with ProducerClient(settings, "dukcapil-dki") as client:
        outcome = client.send("mati", [{"effective_on": ..., "recorded_at": ..., "office": ..., "content": {...}}])

It needs nothing but write access to the topics of its event types. What is refused is not sent; sending the
same records again does no harm, since they have the same ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from kafka.errors import KafkaError, KafkaTimeoutError

from agents.clients.connecting import connect
from agents.clients.events import Checked, Event, KeyOf, Refusal, check, contract_of
from agents.errors import OperatorError
from agents.settings import Settings
from agents.topics import MAX_MESSAGE_BYTES

PIECE_EVENTS = 2_000  # what waits for acknowledgement at one time
LINGER_MS = 20
BLOCK_MS = 10_000  # how long to wait for a topic's partitions before saying that it is missing
WAIT_SECONDS = 60


@dataclass(frozen=True)
class Sent:
    """One event in the log, acknowledged by all in-sync replicas."""

    record: int  # which of those given, from 1
    event_id: UUID
    topic: str  # without realm
    partition: int
    offset: int


@dataclass(frozen=True)
class Outcome:
    """What became of the records given: each is in one of the two."""

    sent: list[Sent]
    refused: list[Refusal]


class ProducerClient:
    """Sends as `producer` (a code of schemas/producers.yaml), where a record names no other. Connects when needed."""

    def __init__(self, settings: Settings, producer: str | None = None) -> None:
        self._settings = settings
        self._producer = producer
        self._kafka: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._kafka is not None:
            self._kafka.close(timeout=WAIT_SECONDS)

    def check(self, event_type: str, records: Sequence[Any], key: KeyOf | None = None) -> Checked:
        """What the door would say. Nothing is sent, and no broker is needed."""
        return check(event_type, records, producer=self._producer, profile=self._settings.profile.value, key=key)

    def send(self, event_type: str, records: Sequence[Any], key: KeyOf | None = None) -> Outcome:
        """Check records, and send those that are good in their order (`key`: by default the first NIK).

        Returns when all of them are acknowledged. Raises OperatorError when no broker answers, the topic is
        missing, or an event is not taken; those before it are in the log, and sending all again does no harm.
        """
        checked = self.check(event_type, records, key)
        topic = str(contract_of(event_type).topic)
        sent: list[Sent] = []
        for first in range(0, len(checked.good), PIECE_EVENTS):
            sent += self._send(topic, checked.good[first : first + PIECE_EVENTS], already=first)
        return Outcome(sent, checked.refused)

    def _send(self, topic: str, events: Sequence[Event], already: int) -> list[Sent]:
        if self._kafka is None:
            self._kafka = connect(
                self._settings,
                "dtsen-producer",
                linger_ms=LINGER_MS,
                max_block_ms=BLOCK_MS,
                max_request_size=MAX_MESSAGE_BYTES,
            )
        name = self._settings.topic(topic)
        waiting: list[tuple[Event, Any]] = []
        try:
            try:
                for event in events:
                    future = self._kafka.send(name, value=event.value, key=event.key, headers=event.headers)
                    waiting.append((event, future))
            finally:  # what was handed over is settled before anything is said
                self._kafka.flush(timeout=WAIT_SECONDS)
            return [_sent(topic, event, future.get(timeout=WAIT_SECONDS)) for event, future in waiting]
        except KafkaTimeoutError as error:
            raise OperatorError(
                f"The broker at {self._settings.broker} did not take the events of {name} in time ({error}). "
                f"{_standing(waiting, already)} Create missing topics with `dtsen topics apply`, then send all again: "
                "repetition does no harm."
            ) from error
        except KafkaError as error:
            failed = next((event for event, future in waiting if future.failed()), None)
            number = failed.record if failed else events[len(waiting)].record
            raise OperatorError(
                f"The broker at {self._settings.broker} refused record {number} for {name}: {error!r}. "
                f"{_standing(waiting, already)} Mend it and send all again: repetition does no harm."
            ) from error


def _sent(topic: str, event: Event, place: Any) -> Sent:
    return Sent(event.record, event.event_id, topic, int(place.partition), int(place.offset))


def _standing(waiting: Sequence[tuple[Event, Any]], already: int) -> str:
    """How many are in the log for certain."""
    acknowledged = already + sum(future.succeeded() for _, future in waiting)
    return f"Acknowledged before: {acknowledged}."
