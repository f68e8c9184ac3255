"""Stage intake, the one door: events in, facts by NIK or a reasoned rejection out; visits by officer. Keeps nothing.

Its committed offset is its position, and is written only after the outputs are acknowledged. A batch
that is read again makes further copies of the same facts, which change nothing.
"""

import asyncio
from collections.abc import Mapping

import numpy as np

from agents.context import Context
from agents.integrity.records import encode_visits
from agents.metrics import FACTS, REJECTED
from agents.points import passed
from agents.threads import in_thread
from agents.topics import FACTS as FACTS_TOPIC
from agents.topics import VISITS
from agents.topics import rejected as rejected_topic
from agents.transport.records import Records
from schemas.columnar import Encoded, encode
from schemas.columnar.arena import Bool
from schemas.registry import contracts
from streams.door import DoorResult, open_batch
from streams.partitions import partition_of

STAGE = "intake"


class Intake:
    """One process of the stage."""

    topics = tuple(contract.topic for contract in contracts().events if contract.topic)

    def __init__(self, context: Context) -> None:
        self._context = context

    async def handle(self, records: Records) -> None:
        """Open a batch, and send what came of it; returns when the broker has acknowledged everything."""
        if not len(records):
            return
        result = await in_thread(self._open, records)
        passed("intake.opened")
        await asyncio.gather(*self._facts(result), *self._visits(result), *self._rejections(result))
        passed("intake.sent")
        for event_type, count in result.accepted.items():
            FACTS.labels(event_type).inc(count)

    def _open(self, records: Records) -> DoorResult:
        return open_batch(
            records.topic.removeprefix(self._context.settings.prefix),
            records.arena,
            records.value_starts,
            records.value_lengths,
            records.offsets,
            records.timestamps_ms,
            records.partition,
            profile=self._context.settings.profile.value,
            contracts=contracts(),
        )

    def _facts(self, result: DoorResult) -> list[asyncio.Task[tuple[int, int]]]:
        partitions = partition_of(result.facts.nik, self._context.settings.partitions)
        keys, values = result.facts.keys(), result.facts.values
        return [
            self._send(
                FACTS_TOPIC, int(number), chosen(keys, partitions == number), chosen(values, partitions == number)
            )
            for number in np.unique(partitions)
        ]

    def _visits(self, result: DoorResult) -> list[asyncio.Task[tuple[int, int]]]:
        if result.visits.is_empty():
            return []
        return [self._send(VISITS, 0, *encode_visits(result.visits))]

    def _rejections(self, result: DoorResult) -> list[asyncio.Task[tuple[int, int]]]:
        tasks = []
        for (producer,), rows in result.rejected.partition_by("producer", as_dict=True, maintain_order=True).items():
            values = encode(contracts().by_name["rejected"], rows, {}, header=True)
            tasks.append(self._send(rejected_topic(str(producer)), 0, None, values))
            counts: Mapping[str, int] = dict(rows.group_by("code").len().iter_rows())
            for code, count in counts.items():
                REJECTED.labels(str(producer), code).inc(count)
        return tasks

    def _send(
        self, topic: str, partition: int, keys: Encoded | None, values: Encoded
    ) -> "asyncio.Task[tuple[int, int]]":
        return asyncio.ensure_future(self._context.sender.send(self._context.topic(topic), partition, keys, values))


def chosen(encoded: Encoded, rows: Bool) -> Encoded:
    """Some rows of `encoded`, over the same arena."""
    return Encoded(encoded.arena, encoded.starts[rows], encoded.lengths[rows])
