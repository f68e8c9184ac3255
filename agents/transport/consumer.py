"""The Faust consumer that hands over whole batches and starts each partition where its stage says.

Differences from Faust's own: one event per fetched batch (`_drain_messages`); the greatest acknowledgement is the
position, since a partition is handled in order (`ack`, `_new_offset`, `_add_gap`); the start comes from the store
(`seek_to_committed`), checked against the log. The names overridden are held by test_private_names.py.

Batches are taken only between a seek that was not overtaken and the next stop of the flow, and are dropped only when
the flow has stopped: then there is always another seek before more is taken, so that what was dropped comes again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode import Service
from mode.utils.futures import notify

from agents.transport.taking import Taken
from agents.transport.thread import NO_SEEK, BatchConsumerThread
from agents.transport.watch import LOOK_SECONDS, Look, StalledError, Watch

if TYPE_CHECKING:
    from agents.transport.app import BatchApp

log = logging.getLogger(__name__)

IN_HAND: Final = 2  # batches per partition: one at work and one waiting, so that the lane never idles
POLL_SECONDS: Final = 0.5
POLL_FULL_SECONDS: Final = 0.02  # while a lane is full: look again soon, for it may have room before data arrives


class PositionError(RuntimeError):
    """A stage's position does not fit the log: going on would lose or repeat records unseen."""


class Consumer(driver.Consumer):
    """Reads whole batches; the app is a `BatchApp`."""

    app: "BatchApp"
    _thread: BatchConsumerThread
    consumer_stopped_errors: ClassVar[tuple[type[BaseException], ...]] = driver.Consumer.consumer_stopped_errors

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._due: dict[TP, int] = {}  # the next offset to hand over
        self._done: dict[TP, int] = {}  # the next offset after what is handled
        self._in_hand: Counter[TP] = Counter()
        self._assignment_lock = asyncio.Lock()
        self._open: set[TP] = set()
        self._seek_number: int | None = None  # the seek from which batches may be taken; None while there is none
        self._flow_stops = 0  # tells a seek whether it was overtaken
        self._revoking = False

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    # --- where to start

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Ask the stage for its positions, check them against the log, and seek.

        Faust calls this after every assignment and before the flow resumes, but it may do so late, when the partitions
        are being revoked again, and then resumes the flow all the same: hence the stop here. A task of its own, so that
        an assignment which is overtaken by the next cannot leave a store half open.
        """
        self.stop_flow()
        return await asyncio.shield(asyncio.ensure_future(self._seek_or_end(self._flow_stops)))

    async def _seek_or_end(self, flow_stops: int) -> Mapping[TP, int]:
        try:
            return await self._seek_to_positions(flow_stops)
        except Exception as error:
            if flow_stops != self._flow_stops:
                log.info("a seek that was overtaken failed: %r", error)
                return {}
            await self.crash(error)  # Faust may have stopped waiting, and would then not hear of it
            raise

    async def _seek_to_positions(self, flow_stops: int) -> Mapping[TP, int]:
        async with self._assignment_lock:
            if self._revoking or flow_stops != self._flow_stops:
                return {}  # these partitions are closed, or about to be; the next assignment comes with a seek
            assigned = {TP(tp.topic, tp.partition) for tp in self.assignment()}
            if not assigned:
                return {}
            starts = await self.earliest_offsets(*assigned)
            if self.app.positions is None:
                committed = await self._thread.committed(assigned)
                positions = {tp: starts[tp] if offset is None else offset for tp, offset in committed.items()}
            else:
                self._open |= assigned
                positions = {**await self.app.positions(assigned)}
            # asked after the positions, which may be long in coming: the log never ends before one that was true
            ends = await self.highwaters(*assigned)
            check_positions(assigned, positions, starts, ends)
            number = await self._thread.seek_to(positions)
            if flow_stops != self._flow_stops:
                return {}
            self._forget(assigned)
            self._due.update(positions)
            self._done.update(positions)
            self._seek_number = number
            self.app.lanes.resume()
            return positions

    def stop_flow(self) -> None:
        """Take nothing more, and after `resume_flow` only once there was another seek."""
        super().stop_flow()
        self._flow_stops += 1
        self._seek_number = None

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Faust seeks after this."""
        self._revoking = False
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish the batches in hand, commit, then let the stage close its stores.

        This runs before the group is joined again, so nobody else owns a partition yet.
        """
        self._revoking = True
        try:
            await super().on_partitions_revoked(revoked)
            await self._close(revoked)
        except Exception as error:  # aiokafka would only log it, and join the group with the stores open
            await self.crash(error)
            raise

    async def on_stop(self) -> None:
        """As on revoke: a stop is no revocation to Faust."""
        await super().on_stop()
        await self._close(set(self._open) or set(self._due))
        await self.app.lanes.stop()

    async def _close(self, revoked: set[TP]) -> None:
        async with self._assignment_lock:
            self._forget(revoked)
            for tp in revoked:
                self._due.pop(tp, None)
                self._done.pop(tp, None)
            self._open -= revoked
            if self.app.on_revoked is not None and revoked:
                await self.app.on_revoked(revoked)

    def _forget(self, partitions: Iterable[TP]) -> None:
        """Drop acknowledgements of an earlier assignment, which the position may have gone back behind."""
        for tp in partitions:
            self._acked.pop(tp, None)
            self._committed_offset.pop(tp, None)
            self._in_hand.pop(tp, None)

    # --- one event per batch

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            while not (self.should_stop or fetcher.should_stop):
                if not self.flow_active:
                    await self.wait_first(self.can_resume_flow.wait())
                    continue
                number = self._seek_number
                for taken in await self._take(number):
                    if not self.flow_active or self._seek_number != number:
                        break  # what was taken lies beyond the next seek, and comes again
                    await self._hand_over(taken, self.app.consumer_generation_id)
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError as error:
            if not (self.app.should_stop or self.should_stop or fetcher.should_stop):
                raise RuntimeError("the taking of batches was cancelled") from error  # Faust would go on without

    async def _take(self, seek_number: int | None) -> list[Taken]:
        """What has come of the partitions whose positions are known and whose lanes have room."""
        active = self._get_active_partitions() if seek_number is not None else set()
        ready = {tp for tp in active if tp in self._due and self._in_hand[tp] < IN_HAND}
        timeout_seconds = POLL_SECONDS if len(ready) == len(active) else POLL_FULL_SECONDS
        taken: list[Taken] = await self._thread.take(ready, timeout_seconds, seek_number or NO_SEEK)
        await asyncio.sleep(0)
        return taken

    async def _hand_over(self, taken: Taken, generation: int) -> None:
        records = taken.records
        tp = TP(records.topic, records.partition)
        due = self._due[tp]
        if taken.position > due:
            raise PositionError(
                f"{tp.topic}[{tp.partition}]: a batch starts at {taken.position} where {due} is due: a batch was lost. "
                "The process ends, and the next one starts at the stored position"
            )
        if records.next_offset <= due:
            return
        if taken.position < due:
            records = records.between(due, records.next_offset - 1)
        message = ConsumerMessage(
            tp.topic,
            tp.partition,
            records.next_offset - 1,
            float(records.timestamps_ms[-1]) / 1000 if len(records) else 0.0,
            0,
            None,
            None,
            cast("bytes", records),  # what Faust hands through without a look at it
            None,
            0,
            int(records.arena.nbytes),
            tp,
            generation_id=generation,
        )
        self._due[tp] = records.next_offset
        self._in_hand[tp] += 1
        await self.wait_first(self.callback(message), self.suspend_flow.wait())

    # --- what is done

    def ack(self, message: Any) -> bool:
        """The batch is done, and with it all before it in its partition."""
        if message.acked:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        tp = message.tp
        if message.generation_id != self.app.consumer_generation_id or tp not in self._due:
            return False  # of an earlier assignment: its offset may lie beyond the position of this one
        self._in_hand[tp] -= 1
        self._done[tp] = message.offset + 1
        self._acked[tp] = [max(message.offset, *self._acked[tp])] if self._acked[tp] else [message.offset]
        self._n_acked += 1
        notify(self._waiting_for_ack)
        return True

    def _new_offset(self, tp: TP) -> int | None:
        acked = self._acked[tp]
        return acked[-1] + 1 if acked else None

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps (transaction markers, compaction) are inside batches; there is nothing to keep."""

    async def wait_empty(self) -> None:
        """Before a rebalance or a stop: finish what is in hand and drop what waits, which will be read again."""
        await self.app.lanes.settle()
        self._unacked_messages.clear()
        # commit() returns False without committing when it finds another commit under way
        if not await self.commit(start_new_transaction=False):
            await self.commit(start_new_transaction=False)

    # --- whether it goes on

    @Service.task
    async def _watch(self) -> None:
        """End the process when a partition has work and nothing is done for it."""
        watch = Watch(self.app.patience_seconds)
        while not self.should_stop:
            await self.sleep(LOOK_SECONDS)
            if not self.should_stop:
                watch.look(await self._looks())

    async def _looks(self) -> dict[TP, Look]:
        positions = {tp: self._done.get(tp) for tp in self.assignment()}
        try:
            async with asyncio.timeout(self.app.patience_seconds):
                behind = await self._thread.behind(positions)
        except TimeoutError as error:
            raise StalledError("the thread of the Kafka consumer does not answer. The process ends") from error
        busy = self.app.lanes.busy
        # before a rebalance all wait for the last batch in hand; the lock is held while the stage opens and closes
        is_held_up = self._assignment_lock.locked() or (bool(busy) and not self.flow_active)
        return {
            tp: Look(position, tp in behind, is_held_up or (tp.topic, tp.partition) in busy)
            for tp, position in positions.items()
        }


def check_positions(
    assigned: set[TP], positions: Mapping[TP, int], starts: Mapping[TP, int], ends: Mapping[TP, int]
) -> None:
    """Raises PositionError unless every assigned partition has a position within the log."""
    for tp in sorted(assigned):
        where = f"{tp.topic}[{tp.partition}]"
        position = positions.get(tp)
        if position is None:
            raise PositionError(f"{where}: the stage gave no position for a partition that it was assigned")
        if position < starts[tp]:
            raise PositionError(
                f"{where}: position {position} lies before the first offset kept, {starts[tp]}: the records between "
                "are gone from the log. Restore the topic, or rebuild the stage from a store that is further on"
            )
        if position > ends[tp]:
            raise PositionError(
                f"{where}: position {position} lies beyond the end of the log, {ends[tp]}: the topic was cut or made "
                "anew. Restore the topic; if it was meant, delete this partition's store to read from the start"
            )
