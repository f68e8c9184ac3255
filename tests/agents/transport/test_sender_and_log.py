"""Aims at: what a Sender sends comes back byte for byte, to our reader and to aiokafka's own, cut into batches."""

import asyncio

import aiokafka
import numpy as np
import pytest

from agents.errors import OperatorError
from agents.transport.fetch import headers_of
from agents.transport.log import LogReader, read_range
from agents.transport.sender import BATCH_BYTES, Sender
from tests.agents.transport.conftest import MakeTopic
from tests.agents.transport.reading import keys_of, read_all, run, spans_of, values_of

pytestmark = pytest.mark.kafka


def test_what_is_sent_is_read(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic(2)
    generator = np.random.default_rng(1)
    values: list[bytes | None] = [generator.bytes(int(n)) for n in generator.integers(0, 700, 9_000)]
    values[17], values[4_000] = None, b""
    keys: list[bytes | None] = [b"%016d" % n for n in range(9_000)]
    keys[5] = None

    async def work() -> None:
        async with Sender(broker) as sender:
            assert await sender.send(topic, 1, spans_of(keys), spans_of(values)) == (0, 8_999)
            header = [("kind", b"x"), ("none", None)]
            assert await sender.send(topic, 1, None, spans_of([b"tail"]), headers=header) == (9_000, 9_000)
            assert await sender.send(topic, 1, None, spans_of([])) == (-1, -1)
        batches = await read_all(broker, topic, 1)
        assert [v for records in batches for v in values_of(records)] == [*values, b"tail"]
        assert [k for records in batches for k in keys_of(records)] == [*keys, None]
        offsets = np.concatenate([records.offsets for records in batches])
        assert offsets.tolist() == list(range(9_001))
        assert batches[-1].next_offset == 9_001
        assert headers_of(batches[-1], len(batches[-1]) - 1) == header
        assert headers_of(batches[0], 0) == []
        assert all(not records.arena[-64:].any() for records in batches)

    run(work())


def test_aiokafka_reads_our_batches(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic()
    values = [bytes([n % 251]) * n for n in range(0, 3_000, 7)]

    async def work() -> None:
        async with Sender(broker) as sender:
            await sender.send(
                topic, 0, spans_of([b"k%d" % len(v) for v in values]), spans_of(list(values)), headers=[("h", b"1")]
            )
        consumer = aiokafka.AIOKafkaConsumer(
            topic, bootstrap_servers=broker, auto_offset_reset="earliest", enable_auto_commit=False
        )
        await consumer.start()
        try:
            for expected in values:
                record = await consumer.getone()
                assert (record.key, record.value, record.headers) == (
                    b"k%d" % len(expected),
                    expected,
                    (("h", b"1"),),
                )
        finally:
            await consumer.stop()

    run(work())


def test_large_records_stand_alone_and_too_large_ones_are_refused(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic()
    noise = np.random.default_rng(2).bytes(BATCH_BYTES + 1)

    async def work() -> None:
        async with Sender(broker) as sender:
            values = [noise[:880_000], b"small", bytes(3_000_000), noise[:870_000]]
            assert await sender.send(topic, 0, None, spans_of(list(values))) == (0, 3)
            assert [v for r in await read_all(broker, topic) for v in values_of(r)] == values
            with pytest.raises(ValueError, match="cut it into smaller parts"):
                await sender.send(topic, 0, None, spans_of([noise]))

    run(work())


def test_sends_to_one_partition_at_once_do_not_mix(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic()
    one = spans_of([b"a" * 1_000] * 2_000)

    async def work() -> None:
        async with Sender(broker) as sender:
            ranges = await asyncio.gather(*(sender.send(topic, 0, None, one) for _ in range(3)))
        assert sorted(ranges) == [(0, 1_999), (2_000, 3_999), (4_000, 5_999)]

    run(work())


def test_ranges_and_following(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic()

    async def work() -> None:
        async with Sender(broker) as sender, LogReader(broker, topic, 0) as reader:
            assert [r async for r in reader.read_to_end(0)] == []
            followed: list[bytes | None] = []

            async def follow() -> None:
                async for records in reader.follow(0):
                    followed.extend(values_of(records))
                    if len(followed) == 40:
                        return

            task = asyncio.create_task(follow())
            assert await asyncio.gather(*(reader.end_offset() for _ in range(5))) == [0] * 5  # several ask at once
            for n in range(4):
                await sender.send(topic, 0, None, spans_of([b"%d" % m for m in range(10 * n, 10 * n + 10)]))
            await task
            assert followed == [b"%d" % n for n in range(40)]
            assert await reader.end_offset() == 40
            chunks = [r async for r in read_range(broker, topic, 0, 7, 31)]
            assert [v for r in chunks for v in values_of(r)] == [b"%d" % n for n in range(7, 32)]
            assert chunks[-1].next_offset == 32

    run(work())


def test_an_unknown_topic_is_an_error(broker: str) -> None:
    async def work() -> None:
        async with LogReader(broker, "no-such-topic", 0):
            pass

    with pytest.raises(OperatorError, match="dtsen topics apply"):
        run(work())


def test_a_broker_that_does_not_answer_is_named() -> None:
    async def work() -> None:
        async with LogReader("127.0.0.1:1", "no-such-topic", 0):
            pass

    with pytest.raises(OperatorError, match="No broker answers"):
        run(work())
