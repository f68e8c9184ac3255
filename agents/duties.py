"""The steps of a run, done beside the stream.

A command is only noted by the stream. What follows from it is found by asking the log and the store
(`Stage.duties`), done one after another, and reported to the log. A process that is killed finds the
same duty again, because the log does not hold its report.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from agents.keeper import Keeper
from agents.metrics import STEP_DURATION
from streams.runs import Entry, Journal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Duty:
    """A step that this process owes to a run for one of its partitions; `do` returns the entry that reports it."""

    name: str
    step: str
    partition: int
    do: Callable[[], Awaitable[Entry | None]]


class Duties:
    """Runs what `find` names, one at a time, and starts anew whenever the log or the assignment changes."""

    def __init__(self, stage: str, keeper: Keeper, find: Callable[[Journal], Iterable[Duty]]) -> None:
        self._stage = stage
        self._keeper = keeper
        self._find = find
        self._wake = asyncio.Event()
        self._current: tuple[Duty, asyncio.Task[Entry | None]] | None = None
        self._blocked: set[int] = set()
        keeper.on_change(self.wake)

    def wake(self) -> None:
        self._wake.set()

    @property
    def current(self) -> str | None:
        """What is being done, for pages and logs."""
        return self._current[0].name if self._current else None

    async def run(self) -> None:
        """Do duties for ever; an error in one ends the process (crash, don't limp)."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while await self._do_one():
                pass

    async def _do_one(self) -> bool:
        # The log is read to its end first: a step that somebody else has reported is nobody's duty.
        journal = await self._keeper.catch_up()
        duty = next((duty for duty in self._find(journal) if duty.partition not in self._blocked), None)
        if duty is None:
            return False
        started = time.monotonic()
        log.info("%s begins", duty.name)
        task = asyncio.ensure_future(duty.do())
        self._current = (duty, task)
        try:
            entry = await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if not task.cancelled() or current is None or current.cancelling():
                raise  # this process stops
            log.info("%s was called off: its partition went to another worker", duty.name)
            return True
        finally:
            self._current = None
        if entry is not None:
            await self._keeper.append(entry)
        seconds = time.monotonic() - started
        STEP_DURATION.labels(self._stage, duty.step).observe(seconds)
        log.info("%s done in %.1f s", duty.name, seconds)
        return True

    async def call_off(self, partitions: set[int]) -> None:
        """Stop the duty in hand if it belongs to one of these partitions, and start none of theirs.

        Returns when no slice of theirs runs any more, so that their stores can be closed.
        """
        self._blocked |= partitions
        if self._current and self._current[0].partition in partitions:
            task = self._current[1]
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([task])

    def allow(self, partitions: set[int]) -> None:
        """The partitions are this process's again."""
        self._blocked -= partitions
        self.wake()
