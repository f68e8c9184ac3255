"""A producer's connection to Kafka: acknowledged by all, idempotent, and a sentence when nobody answers."""

import socket
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from agents.errors import OperatorError
from agents.settings import Settings

KNOCK_SECONDS = 3
CONNECT_MS = 10_000
# The codec that kafka-python brings without further packages; readers take every codec of Kafka.
CODEC = "gzip"


def connect(settings: Settings, client_id: str, **more: Any) -> Any:
    """A KafkaProducer, with `more` of its options. Raises OperatorError when no broker answers."""
    addresses = settings.broker.split(",")
    # kafka-python retries for half a minute and then leaves sockets open, so we knock first.
    if not any(map(_answers, addresses)):
        raise OperatorError(
            f"No broker answers at {settings.broker}. Start one with `dtsen broker start`, or set DTSEN_BROKER."
        )
    try:
        return KafkaProducer(
            bootstrap_servers=addresses,
            acks="all",
            enable_idempotence=True,
            compression_type=CODEC,
            client_id=client_id,
            bootstrap_timeout_ms=CONNECT_MS,
            **more,
        )
    except KafkaError as error:
        raise OperatorError(f"What answers at {settings.broker} is no broker ({error}): check DTSEN_BROKER.") from error


def _answers(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True
