"""The thread in which aiokafka's consumer lives, with its own event loop."""
# ruff: noqa: SLF001  # Faust's driver leans on the same private names; test_private_names.py holds them

from collections.abc import Collection
from typing import Any, Final

import aiokafka
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from agents.transport.taking import PARTITION_FETCH_BYTES, Taken, wait_and_take

FETCH_WAIT_MS: Final = 200  # how long the broker holds an empty answer back; what an idle partition adds to a batch


class BatchConsumerThread(driver.AIOKafkaConsumerThread):
    """Makes a consumer that reads committed, never resets a position by itself, and gives whole batches."""

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

    async def take(self, partitions: Collection[TP], timeout_seconds: float) -> list[Taken]:
        """`taking.wait_and_take` in the consumer's loop; nothing while the flow is stopped."""
        taken: list[Taken] = await self.call_thread(self._take, partitions, timeout_seconds)
        return taken

    async def _take(self, partitions: Collection[TP], timeout_seconds: float) -> list[Taken]:
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher
        # Asked again here: the flow may have stopped while the call was queued, and to wait then would be a deadlock.
        if not self.consumer.flow_active or fetcher._subscriptions.reassignment_in_progress:
            return []
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        with fetcher._subscriptions.fetch_context():
            return await wait_and_take(fetcher, partitions, timeout_seconds)

    async def committed(self, partitions: Collection[TP]) -> dict[TP, int | None]:
        """The group's committed offset of each partition; None where there is none."""
        committed: dict[TP, int | None] = await self.call_thread(self._committed, partitions)
        return committed

    async def _committed(self, partitions: Collection[TP]) -> dict[TP, int | None]:
        consumer = self._ensure_consumer()
        return {tp: await consumer.committed(driver.ensure_aiokafka_TP(tp)) for tp in partitions}
