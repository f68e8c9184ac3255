"""Records as Python objects, for comparison."""

import asyncio
from collections.abc import Awaitable

import numpy as np

from agents.transport.log import LogReader
from agents.transport.records import I32, I64, Records
from schemas.columnar.arena import Encoded, join

LIMIT_SECONDS = 120


def run(work: Awaitable[object]) -> None:
    """Run a test's coroutine; generous, for a loaded machine."""
    asyncio.run(asyncio.wait_for(work, LIMIT_SECONDS))


def spans_of(values: list[bytes | None]) -> Encoded:
    joined = join([value or b"" for value in values])
    lengths = np.where([value is None for value in values], -1, joined.lengths).astype(np.int32)
    return Encoded(joined.arena, joined.starts, lengths)


def _objects(records: Records, starts: I64, lengths: I32) -> list[bytes | None]:
    return [
        None if length < 0 else records.arena[start : start + length].tobytes()
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)
    ]


def values_of(records: Records) -> list[bytes | None]:
    return _objects(records, records.value_starts, records.value_lengths)


def keys_of(records: Records) -> list[bytes | None]:
    return _objects(records, records.key_starts, records.key_lengths)


async def read_all(broker: str, topic: str, partition: int = 0, offset: int = 0) -> list[Records]:
    async with LogReader(broker, topic, partition) as reader:
        return [records async for records in reader.read_to_end(offset)]
