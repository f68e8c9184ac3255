"""Reads one partition from an offset on, without a group: for `checkpoint.log`, and for ranges that a report names."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final, Self

import aiokafka
from aiokafka.errors import KafkaConnectionError, KafkaError, NoError
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.structs import TopicPartition

from agents.errors import OperatorError
from agents.transport.records import Records
from agents.transport.taking import PARTITION_FETCH_BYTES, Taken, wait_and_take

POLL_SECONDS: Final = 1.0
LOOKS: Final = 10
LOOK_SECONDS: Final = 0.5
MAKE: Final = "or create the topics with `dtsen topics apply`"
FETCH_WAIT_MS: Final = 200  # how long the broker holds an empty answer back


class LogReader:
    """One partition, read committed. One `follow`, `read_to_end` or `read_range` at a time; `end_offset` at any."""

    def __init__(self, broker: str, topic: str, partition: int) -> None:
        self._broker = broker
        self._tp = TopicPartition(topic, partition)
        self._consumer: Any = None
        self._asking: Any = None
        self._asking_turn = asyncio.Lock()

    async def start(self) -> None:
        """Connect. Raises KafkaError when no broker answers or the partition does not exist."""
        self._consumer = self._new_consumer()
        try:
            await self._consumer.start()
            await self._check_partition()
        except KafkaConnectionError as error:
            await self.stop()
            raise OperatorError(
                f"No broker answers at {self._broker}: see `dtsen broker status`, or check DTSEN_BROKER."
            ) from error
        except BaseException:
            await self.stop()
            raise
        self._consumer.assign([self._tp])

    def _new_consumer(self) -> Any:
        return aiokafka.AIOKafkaConsumer(
            bootstrap_servers=self._broker.split(","),
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="none",
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
        )

    async def _check_partition(self) -> None:
        for _ in range(LOOKS):  # a topic that was just made may not be known to every broker
            if await self._is_there():
                break
            await asyncio.sleep(LOOK_SECONDS)
        else:
            raise OperatorError(
                f"{self._broker} has no topic {self._tp.topic}: check DTSEN_BROKER and DTSEN_REALM, {MAKE}"
            )
        known = await self._consumer._client._wait_on_metadata(self._tp.topic)  # noqa: SLF001 - see the contract test
        if self._tp.partition not in known:
            raise KafkaError(f"topic {self._tp.topic} has no partition {self._tp.partition}: provision the topics")

    async def _is_there(self) -> bool:
        """Whether a broker knows the topic. It is asked about this one alone: of all there are thousands."""
        client = self._consumer._client  # noqa: SLF001 - as above
        question = MetadataRequest([self._tp.topic], allow_auto_topic_creation=False)
        answer = await client.send(client.get_random_node(), question)
        return any(error == NoError.errno for error, *_ in answer.topics)

    async def stop(self) -> None:
        for name in ("_consumer", "_asking"):
            if (consumer := getattr(self, name)) is not None:
                setattr(self, name, None)
                await consumer.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def end_offset(self) -> int:
        """The position behind everything that can be read now (open transactions are not).

        It is asked over a connection that fetches nothing: a broker answers one connection in order, and would let
        the question wait behind a fetch that waits for records.
        """
        async with self._asking_turn:
            if self._asking is None:
                asking = self._new_consumer()
                await asking.start()
                self._asking = asking
                # a consumer that was told of no topic asks about all
                await asking._client._wait_on_metadata(self._tp.topic)  # noqa: SLF001 - as above
            asking = self._asking
        ends = await asking.end_offsets([self._tp])
        return int(ends[self._tp])

    async def beginning_offset(self) -> int:
        """The first offset that retention has left."""
        starts = await self._consumer.beginning_offsets([self._tp])
        return int(starts[self._tp])

    async def follow(self, offset: int) -> AsyncIterator[Records]:
        """All records from `offset` on, for ever; batches without a record (transaction markers) too."""
        self._consumer.seek(self._tp, offset)
        expected = offset
        while True:
            for taken in await self._take():
                if taken.position != expected:
                    raise KafkaError(
                        f"{self._tp.topic}[{self._tp.partition}]: records from {taken.position} came where "
                        f"{expected} was due; part of the log is missing"
                    )
                expected = taken.records.next_offset
                yield taken.records

    async def read_to_end(self, offset: int) -> AsyncIterator[Records]:
        """All records from `offset` to where the log ended when this was called."""
        async for records in self.read_range(offset, await self.end_offset() - 1):
            yield records

    async def read_range(self, first: int, last: int) -> AsyncIterator[Records]:
        """The records with first <= offset <= last; waits until the log reaches `last`."""
        if first > last:
            return
        async for records in self.follow(first):
            yield records.between(first, last)
            if records.next_offset > last:
                return

    async def _take(self) -> list[Taken]:
        return await wait_and_take(self._consumer._fetcher, {self._tp}, POLL_SECONDS)  # noqa: SLF001 - as above


async def read_range(broker: str, topic: str, partition: int, first: int, last: int) -> AsyncIterator[Records]:
    """`LogReader.read_range` over a connection of its own."""
    async with LogReader(broker, topic, partition) as reader:
        async for records in reader.read_range(first, last):
            yield records
