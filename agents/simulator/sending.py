"""Events to Kafka, as producers send them: one record each, partition by key, acknowledged by all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.errors import KafkaError, KafkaTimeoutError

from agents.clients.cloudevents import headers_of
from agents.clients.connecting import connect
from agents.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from agents.settings import Settings

PIECE_ROWS = 2_000  # between two reports of progress; bounds what waits for acknowledgement
LINGER_MS = 20
BATCH_BYTES = 256 * 1024
BLOCK_MS = 10_000  # how long to wait for a topic's partitions before saying that it is missing
WAIT_SECONDS = 60


def send(events: pl.DataFrame, settings: Settings, progress: Callable[[int], None] | None = None) -> dict[str, int]:
    """`send_all` of one frame."""
    return send_all([events], settings, progress)


def send_all(
    frames: Iterable[pl.DataFrame], settings: Settings, progress: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Send frames of `wire.WIRE` in their order; return the number of records by topic (without realm).

    `progress` is told how many records were acknowledged since it was last told. Raises OperatorError
    when no broker answers, a topic is missing, or a record is not taken; records before it may be in
    the log, and sending them again does no harm.
    """
    sent: dict[str, int] = {}
    sender = connect(settings, "dtsen-simulator", linger_ms=LINGER_MS, batch_size=BATCH_BYTES, max_block_ms=BLOCK_MS)
    try:
        for piece in (part for frame in frames for part in frame.iter_slices(PIECE_ROWS)):
            _send_piece(sender, piece, settings)
            for topic, count in piece.group_by("topic").len().sort("topic").iter_rows():
                sent[topic] = sent.get(topic, 0) + count
            if progress is not None:
                progress(piece.height)
    except KafkaTimeoutError as error:
        raise OperatorError(
            f"The broker at {settings.broker} did not take the events in time ({error}). "
            "Create missing topics with `dtsen topics apply`, then send again: repetition does no harm."
        ) from error
    except KafkaError as error:
        raise OperatorError(
            f"The broker at {settings.broker} refused an event: {error!r}. Mend it and send again."
        ) from error
    finally:
        sender.close(timeout=WAIT_SECONDS)
    return sent


def _send_piece(sender: Any, piece: pl.DataFrame, settings: Settings) -> None:
    names = {topic: settings.topic(topic) for topic in piece["topic"].unique()}
    waiting = [
        sender.send(names[row["topic"]], value=row["value"], key=row["key"], headers=headers_of(row))
        for row in piece.iter_rows(named=True)
    ]
    sender.flush(timeout=WAIT_SECONDS)
    for each in waiting:
        if not each.succeeded():
            raise each.exception or KafkaTimeoutError(f"not acknowledged within {WAIT_SECONDS} s")
