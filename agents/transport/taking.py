"""Takes whole record batches out of aiokafka's fetcher, in place of one object per record.

aiokafka's fetcher keeps each partition's response as `MemoryRecords` and unpacks it when asked. The compiled
class does not show its bytes, so `WholeBatches` stands in for it; for other readers of aiokafka in this process it
behaves as before. Everything private that is used here is named in tests/agents/transport/test_private_names.py.
"""
# ruff: noqa: SLF001  # this module is where aiokafka's private parts are touched, and the docstring says why

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.consumer import fetcher as aiokafka_fetcher
from aiokafka.consumer.fetcher import READ_COMMITTED, FetchError
from aiokafka.errors import NoOffsetForPartitionError
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.structs import TopicPartition

from agents.transport.fetch import Batch, to_records
from agents.transport.records import Records

# One `Records` is cut at a batch border once it holds this much: some 20,000 facts, the size beyond which larger
# batches win nothing (fast-path.md), and a bound on the memory that a burst of well compressed batches takes.
TAKE_BYTES: Final = 8 << 20
EXPANSION: Final = 4  # what compression is taken to save, since the size is known only afterwards
PARTITION_FETCH_BYTES: Final = 4 << 20  # fast-path.md: 1 MiB costs 38 %


class WholeBatches(_MemoryRecordsPy):  # type: ignore[misc]
    """A fetch response of one partition that gives its batches as bytes."""

    def next_slice(self) -> memoryview:
        slice_: memoryview = self._next_slice
        self._cache_next()
        return slice_


aiokafka_fetcher.MemoryRecords = WholeBatches


@dataclass(frozen=True, slots=True)
class Taken:
    """`records` and the position from which they were fetched; a position beyond what was due is a lost batch."""

    position: int
    records: Records


def take(fetcher: Any, partitions: Collection[TopicPartition]) -> list[Taken]:
    """What the fetcher holds of `partitions`, at most one `Taken` each. Runs in the consumer's own loop.

    Raises what the fetch raised (CorruptRecordException, authorisation, offset out of range).
    """
    taken: list[Taken] = []
    for tp in list(fetcher._records):
        if tp not in partitions:
            continue
        result = fetcher._records[tp]
        if isinstance(result, FetchError):
            if isinstance(result._error, NoOffsetForPartitionError):
                # The fetcher looked for a committed offset before the stage said where to start. It will say so, and
                # until then there is nothing to take; the seek itself does not remove this error.
                _discard(fetcher, tp)
                continue
            if taken:
                return taken  # the error is raised by the next call
            _discard(fetcher, tp)
            result.check_raise()
        if not result.check_assignment(tp):
            _discard(fetcher, tp)
            continue
        source = result._partition_records
        position = source.next_fetch_offset
        records = _unpack(source)
        result._update_position()
        if not source._records.has_next():
            _discard(fetcher, tp)
        if records.next_offset > position:
            taken.append(Taken(position, records))
    return taken


async def wait_and_take(
    fetcher: Any,
    partitions: Collection[TopicPartition],
    timeout_seconds: float,
    wanted: Callable[[], bool] = lambda: True,
) -> list[Taken]:
    """`take`, after waiting for something to arrive if there is nothing.

    `wanted` is asked again after the wait: what arrived may be of an assignment that was made meanwhile, and to take
    is to move the fetcher on.
    """
    if taken := take(fetcher, partitions):
        return taken
    waiter = fetcher._create_fetch_waiter()
    done, _ = await asyncio.wait([waiter], timeout=timeout_seconds)
    if not done:
        waiter.cancel()
        return []
    waiter.result()  # raises critical errors of the group coordinator
    return take(fetcher, partitions) if wanted() else []


def _discard(fetcher: Any, tp: TopicPartition) -> None:
    del fetcher._records[tp]
    fetcher._notify(fetcher._wait_consume_future)


def _unpack(source: Any) -> Records:
    """Read `source` (aiokafka's PartitionRecords) up to TAKE_BYTES, as its own `_unpack_records` would."""
    batches: list[Batch] = []
    position, size = source.next_fetch_offset, 0
    while source._records.has_next() and size < TAKE_BYTES:
        batch = Batch.parse(source._records.next_slice())
        if source._check_crcs:
            batch.check_crc()
        if not _is_skipped(source, batch):
            batches.append(batch)
            size += len(batch.data) * (EXPANSION if batch.attributes & 0x07 else 1)
        source.next_fetch_offset = batch.next_offset
    return to_records(source._tp.topic, source._tp.partition, batches, position, source.next_fetch_offset)


def _is_skipped(source: Any, batch: Batch) -> bool:
    """Control batches are; so are those of an aborted transaction, for who reads committed.

    The broker lists the aborted transactions of a response by producer and first offset; each ends at its
    producer's abort marker.
    """
    if source._isolation_level == READ_COMMITTED:
        source._consume_aborted_up_to(batch.base_offset)
        if batch.is_control and source._contains_abort_marker(DefaultRecordBatch(bytes(batch.data))):
            source._aborted_producers.discard(batch.producer_id)
        if batch.is_transactional and batch.producer_id in source._aborted_producers:
            return True
    return batch.is_control
