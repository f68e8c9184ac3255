"""Has intake passed a cut? Only then does every event of the quarter stand in register.facts."""

from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient

from agents.settings import Settings
from agents.transport.log import LogReader
from streams.runs.journal import Cut

INTAKE = "intake"


async def committed_offsets(settings: Settings, group: str) -> Mapping[tuple[str, int], int]:
    """The group's committed offset per topic (with realm) and partition; what was never committed is not in it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.broker.split(","))
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(settings.group(group))
    finally:
        await admin.close()
    return {(tp.topic, tp.partition): meta.offset for tp, meta in offsets.items() if meta.offset >= 0}


async def not_passed(settings: Settings, cut: Cut) -> list[str]:
    """The partitions in which intake still has readable records below the cut, as sentences; empty: it has passed.

    A committed offset may stay below the cut for ever when only transaction markers or aborted records lie
    between (invariant 24): so the rest is read, and nothing readable is as good as passed. One partition with
    something readable is enough to wait; those behind it are told unread, since each read costs a connection.
    """
    committed = await committed_offsets(settings, INTAKE)
    places = [(topic, partition, end) for topic, ends in sorted(cut.items()) for partition, end in enumerate(ends)]
    behind = [
        (topic, partition, position, end)
        for topic, partition, end in places
        if (position := committed.get((settings.topic(topic), partition), 0)) < end
    ]
    for number, (topic, partition, position, end) in enumerate(behind):
        if await _readable(settings, settings.topic(topic), partition, position, end):
            return [f"intake is at {at} of {of} in {name}[{place}]" for name, place, at, of in behind[number:]]
    return []


async def _readable(settings: Settings, topic: str, partition: int, first: int, end: int) -> bool:
    async with LogReader(settings.broker, topic, partition) as reader:
        first = max(first, await reader.beginning_offset())
        async for records in reader.read_range(first, end - 1):
            if len(records):
                return True
    return False
