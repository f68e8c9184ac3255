"""When an event was received: the append time of its first copy, asked of the topic itself."""

import asyncio
import datetime as dt
from collections.abc import Iterable

from agents.settings import Settings
from agents.transport.log import LogReader
from schemas.registry import contracts

Coordinate = tuple[int, int, int]  # topic number, partition, offset


async def append_times(settings: Settings, wanted: Iterable[Coordinate]) -> dict[Coordinate, dt.datetime]:
    """Coordinate -> when the broker took the record (UTC). What retention has deleted is left out."""
    by_partition: dict[tuple[int, int], set[int]] = {}
    for number, partition, offset in wanted:
        by_partition.setdefault((number, partition), set()).add(offset)
    found = await asyncio.gather(
        *(_of(settings, number, partition, offsets) for (number, partition), offsets in by_partition.items())
    )
    return {coordinate: time for times in found for coordinate, time in times.items()}


async def _of(settings: Settings, number: int, partition: int, offsets: set[int]) -> dict[Coordinate, dt.datetime]:
    topic = next((it.topic for it in contracts().events if it.topic_number == number), None)
    if topic is None:
        return {}  # a newer register made it
    found = {}
    async with LogReader(settings.broker, settings.topic(topic), partition) as reader:
        begin = await reader.beginning_offset()
        for offset in sorted(it for it in offsets if it >= begin):
            async for records in reader.read_range(offset, offset):
                for at, milliseconds in zip(records.offsets.tolist(), records.timestamps_ms.tolist(), strict=True):
                    found[number, partition, int(at)] = dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
    return found
