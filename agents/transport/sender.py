"""Sends columns of keys and values to one partition, and returns when all of it is safe."""

import asyncio
import time
from collections import defaultdict
from typing import Any, Final, Self

import aiokafka
import numpy as np

from agents.transport.batches import FinishedBatch, Headers, encode_headers, record_sizes, records_of
from agents.transport.records import I64, Spans

BATCH_BYTES: Final = 900_000  # decisions.md: parts of at most 900 KB, below the broker's limit of 1 MiB
REQUEST_TIMEOUT_SECONDS: Final = 60


class Sender:
    """Whole record batches (format v2, lz4) by an idempotent producer, acknowledged by all in-sync replicas."""

    def __init__(self, broker: str, *, client_id: str = "dtsen-sender") -> None:
        self._settings: dict[str, Any] = {
            "bootstrap_servers": broker.split(","),
            "client_id": client_id,
            "acks": "all",
            "enable_idempotence": True,
            "linger_ms": 0,
            "request_timeout_ms": REQUEST_TIMEOUT_SECONDS * 1000,
        }
        self._producer: Any = None
        self._turns: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self) -> None:
        """Connect. Raises aiokafka.errors.KafkaConnectionError when no broker answers."""
        self._producer = aiokafka.AIOKafkaProducer(**self._settings)
        try:
            await self._producer.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Wait for what is under way, and disconnect."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def send(
        self, topic: str, partition: int, keys: Spans | None, values: Spans, *, headers: Headers = ()
    ) -> tuple[int, int]:
        """Append `values` (row i under key i; all with `headers`) and return the first and last offset.

        Lengths of -1 are nulls. Two sends of one Sender to one partition never mix; those of other producers may stand
        between the first and the last offset when several batches are needed. Nothing to send is (-1, -1).

        Raises ValueError for a record that no batch can hold, and aiokafka's KafkaError when a batch was not
        acknowledged; parts of the rows may then be in the log, and the caller sends all of them again.
        """
        if self._producer is None:
            raise RuntimeError("the sender is not started, or was stopped: call start() first")
        count = len(values.starts)
        if count == 0:
            return -1, -1
        constant = encode_headers(headers)
        cuts = cut(record_sizes(keys, values, len(constant)))
        timestamp_ms = time.time_ns() // 1_000_000
        async with self._turns[topic, partition]:
            waiting = []
            for first, last in cuts:
                records = await asyncio.to_thread(records_of, keys, values, slice(first, last), constant)
                batch = await asyncio.to_thread(FinishedBatch, records, last - first, timestamp_ms)
                if len(batch) > BATCH_BYTES:
                    raise ValueError(
                        f"record {first} for {topic}[{partition}] takes {len(batch):,} bytes compressed, and a batch "
                        f"holds {BATCH_BYTES:,}: cut it into smaller parts before sending"
                    )
                waiting.append(await self._producer.send_batch(batch, topic, partition=partition))
            done = await asyncio.gather(*waiting)
        return done[0].offset, done[-1].offset + cuts[-1][1] - cuts[-1][0] - 1


def cut(sizes: I64) -> list[tuple[int, int]]:
    """Ranges (first, behind) of rows whose sizes add up to at most BATCH_BYTES each; a larger row stands alone."""
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    cuts, first = [], 0
    while first < len(sizes):
        behind = int(np.searchsorted(running, running[first] + BATCH_BYTES, side="right")) - 1
        behind = max(behind, first + 1)
        cuts.append((first, behind))
        first = behind
    return cuts
