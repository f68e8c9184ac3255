"""The thread in which aiokafka's consumer lives, with its own event loop."""
# ruff: noqa: SLF001  # Faust's driver leans on the same private names; test_private_names.py holds them

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, Final

import aiokafka
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode import Service

from agents.transport.taking import PARTITION_FETCH_BYTES, Taken, wait_and_take

FETCH_WAIT_MS: Final = 200  # how long the broker holds an empty answer back; what an idle partition adds to a batch
LOOK_SECONDS: Final = 1.0  # between two looks at aiokafka's tasks
NO_SEEK: Final = 0  # the number of no seek


class BatchConsumerThread(driver.AIOKafkaConsumerThread):
    """Makes a consumer that reads committed, never resets a position by itself, and gives whole batches.

    To take is to move the fetcher on, so a batch that is taken and then dropped is lost unless a seek comes after.
    Hence each take names the seek whose positions it goes on from, and gets nothing once there was another: then
    what was taken before is sought again, and what comes after is not taken by who would drop it.
    """

    seek_number: int = NO_SEEK  # written and compared in this thread's loop alone

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        conf = self.app.conf
        # By topic: topics of one partition count go to the same workers, partition by partition (architecture.md 5).
        self._assignor = RangePartitionAssignor
        return aiokafka.AIOKafkaConsumer(
            bootstrap_servers=driver.server_list(transport.url, transport.default_port),
            client_id=conf.broker_client_id,
            group_id=conf.id,
            group_instance_id=conf.consumer_group_instance_id,
            partition_assignment_strategy=[self._assignor],
            enable_auto_commit=False,
            auto_offset_reset="none",  # a lost position is an error, never a new start
            isolation_level="read_committed",
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
        )

    async def seek_to(self, positions: Mapping[TP, int]) -> int:
        """Seek, and return the number of this seek."""
        number: int = await self.call_thread(self._seek_to, positions)
        return number

    async def _seek_to(self, positions: Mapping[TP, int]) -> int:
        self.seek_number += 1
        number = self.seek_number
        await self._seek_wait(self._ensure_consumer(), positions)  # all seeks come before its first wait
        return number

    async def take(self, partitions: Collection[TP], timeout_seconds: float, seek_number: int) -> list[Taken]:
        """`taking.wait_and_take` in the consumer's loop; nothing while the flow is stopped or after another seek."""
        taken: list[Taken] = await self.call_thread(self._take, partitions, timeout_seconds, seek_number)
        return taken

    async def _take(self, partitions: Collection[TP], timeout_seconds: float, seek_number: int) -> list[Taken]:
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher
        subscriptions = fetcher._subscriptions

        def wanted() -> bool:
            # the flow may have stopped while the call was queued, or while it waited
            going = self.consumer.flow_active and not subscriptions.reassignment_in_progress
            return going and seek_number == self.seek_number

        if not self.consumer.flow_active:
            return []
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        with subscriptions.fetch_context():  # aiokafka lets a member go that takes nothing for long
            if not wanted():
                await asyncio.sleep(timeout_seconds)
                return []
            return await wait_and_take(fetcher, partitions, timeout_seconds, wanted)

    async def committed(self, partitions: Collection[TP]) -> dict[TP, int | None]:
        """The group's committed offset of each partition; None where there is none."""
        committed: dict[TP, int | None] = await self.call_thread(self._committed, partitions)
        return committed

    async def _committed(self, partitions: Collection[TP]) -> dict[TP, int | None]:
        consumer = self._ensure_consumer()
        return {tp: await consumer.committed(driver.ensure_aiokafka_TP(tp)) for tp in partitions}

    async def behind(self, positions: Mapping[TP, int | None]) -> set[TP]:
        """Of these partitions, those with records beyond the position, which is None where none is known.

        By what the broker has said by itself: nothing is asked of it, and while it does not answer, nothing counts.
        """
        behind: set[TP] = await self.call_thread(self._behind, positions)
        return behind

    async def _behind(self, positions: Mapping[TP, int | None]) -> set[TP]:
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher
        if consumer._coordinator.coordinator_id is None:
            return set()
        subscription = fetcher._subscriptions.subscription
        if subscription is None or subscription.assignment is None:
            return set()
        behind = set()
        for tp, position in positions.items():
            state = subscription.assignment.state_value(driver.ensure_aiokafka_TP(tp))
            if state is not None and (position is None or (state.lso is not None and state.lso > position)):
                behind.add(tp)
        return behind

    @Service.task
    async def _watch_aiokafka(self) -> None:
        """Raise what ended or stopped one of aiokafka's tasks.

        It keeps such an error for who takes next. During a rebalance nobody does, and the member would wait for ever.
        """
        while not self.should_stop:
            await self.sleep(LOOK_SECONDS)
            consumer = self._consumer
            if consumer is None or consumer._closed or self.should_stop:
                continue
            consumer._coordinator.check_errors()
            if consumer._fetcher.error_future.done():
                consumer._fetcher.error_future.result()
