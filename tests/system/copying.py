"""Copies the log of one realm to another, record by record: so that one can be left out, as if it had been lost."""

import asyncio
from collections.abc import Callable

import aiokafka
import numpy as np
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from agents.checkpoints.passed import INTAKE
from agents.rejections import producers
from agents.settings import Settings
from agents.topics import FACTS
from agents.topics import rejected as rejected_topic
from agents.transport.log import LogReader
from agents.transport.records import Records
from agents.transport.sender import Sender
from schemas.columnar import Encoded
from schemas.registry import contracts

Keep = Callable[[str, Records], "np.ndarray[tuple[int], np.dtype[np.bool_]]"]


def copy_log(source: Settings, target: Settings, keep: Keep) -> None:
    """Copy events, rejections and facts, of which `keep` (topic, records) chooses; intake has passed all of it."""
    asyncio.run(_copy(source, target, keep))


async def _copy(source: Settings, target: Settings, keep: Keep) -> None:
    events = [contract.topic or "" for contract in contracts().events]
    async with Sender(target.broker) as sender:
        for topic in events:
            for partition in range(source.event_partitions):
                await _copy_partition(source, target, sender, topic, partition, keep)
        for producer in producers():
            await _copy_partition(source, target, sender, rejected_topic(producer), 0, keep)
        for partition in range(source.partitions):
            await _copy_partition(source, target, sender, FACTS, partition, keep)
    await _commit(target, events)


async def _copy_partition(
    source: Settings, target: Settings, sender: Sender, topic: str, partition: int, keep: Keep
) -> None:
    async with LogReader(source.broker, source.topic(topic), partition) as reader:
        async for records in reader.read_to_end(0):
            chosen = keep(topic, records)
            keys = Encoded(records.arena, records.key_starts[chosen], records.key_lengths[chosen])
            values = Encoded(records.arena, records.value_starts[chosen], records.value_lengths[chosen])
            await sender.send(target.topic(topic), partition, keys, values)


async def _commit(target: Settings, topics: list[str]) -> None:
    """Let the group of intake stand at the end of its topics."""
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=target.broker, group_id=target.group(INTAKE), enable_auto_commit=False
    )
    await consumer.start()
    try:
        places = [TopicPartition(target.topic(t), n) for t in topics for n in range(target.event_partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.commit({tp: OffsetAndMetadata(end, "") for tp, end in ends.items()})
    finally:
        await consumer.stop()
