"""Follows `checkpoint.log`, keeps its fold, and appends to it."""

import asyncio
import contextlib
from collections.abc import Callable

from agents.settings import Settings
from agents.topics import LOG
from agents.transport.log import LogReader
from agents.transport.records import Records
from agents.transport.sender import Sender
from schemas import slow
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.runs import Entry, Journal


class Keeper:
    """The log as this process knows it.

    One task (`follow`) reads the log from its start and folds every entry; `catch_up` waits until the fold
    holds everything that was in the log at the time of the call. `append` does not fold: an entry counts
    when it is read back, in the order in which the log holds it.
    """

    def __init__(self, settings: Settings, sender: Sender) -> None:
        self.topic = settings.topic(LOG)
        self.journal = Journal()
        self._reader = LogReader(settings.broker, self.topic, 0)
        self._sender = sender
        self._changed = asyncio.Condition()
        self._position = 0
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each batch of entries was folded."""
        self._listeners.append(listener)

    async def start(self) -> None:
        await self._reader.start()

    async def stop(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader.stop()

    async def follow(self) -> None:
        """Fold the log for ever."""
        async for records in self._reader.follow(0):
            for entry in entries(records):
                self.journal.apply(entry)
            async with self._changed:
                self._position = records.next_offset
                self._changed.notify_all()
            for listener in self._listeners:
                listener()

    async def catch_up(self) -> Journal:
        """The fold, holding at least all that the log held when this was called."""
        end = await self._reader.end_offset()
        async with self._changed:
            await self._changed.wait_for(lambda: self._position >= end)
        return self.journal

    async def append(self, entry: Entry) -> int:
        """Write one entry, acknowledged by the broker; its offset. It counts once it is read back."""
        value = slow.encode_one(contracts().by_name["report"], entry.to_record())
        key = join([entry.quarter.encode()])
        first, _ = await self._sender.send(self.topic, 0, key, join([value]))
        return first


async def read_journal(settings: Settings) -> Journal:
    """The log folded up to its end: for commands, which look once."""
    journal = Journal()
    async with LogReader(settings.broker, settings.topic(LOG), 0) as reader:
        async for records in reader.read_to_end(0):
            for entry in entries(records):
                journal.apply(entry)
    return journal


def entries(records: Records) -> list[Entry]:
    """The entries of a batch of the log; these are few (tens a quarter), so the slow path reads them."""
    report = contracts().by_name["report"]
    values = values_of(records)
    return [
        Entry.from_record(slow.decode_one(report, value), offset, written_ms)
        for value, offset, written_ms in zip(
            values, records.offsets.tolist(), records.timestamps_ms.tolist(), strict=True
        )
        if value is not None
    ]


def values_of(records: Records) -> list[bytes | None]:
    """The values as bytes, null as None: for topics of few and large records."""
    data = records.arena
    return [
        None if length < 0 else data[start : start + length].tobytes()
        for start, length in zip(records.value_starts.tolist(), records.value_lengths.tolist(), strict=True)
    ]
