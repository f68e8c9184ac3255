"""Aims at: whole batches are read as aiokafka's own reader reads them: codecs, transactions, times, damage."""

import numpy as np
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.structs import TopicPartition
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.transport import varints
from agents.transport.fetch import HEADER, Batch, headers_of, to_records
from agents.transport.records import Records
from tests.agents.transport.conftest import MakeTopic
from tests.agents.transport.reading import keys_of, read_all, run, values_of

Row = tuple[int, int, bytes | None, bytes | None, tuple[tuple[str, bytes | None], ...]]


def rows_of(batches: list[Records]) -> list[Row]:
    rows: list[Row] = []
    for records in batches:
        headers = [tuple(headers_of(records, row)) for row in range(len(records))]
        columns = (
            records.offsets.tolist(),
            records.timestamps_ms.tolist(),
            keys_of(records),
            values_of(records),
            headers,
        )
        rows += zip(*columns, strict=True)
    return rows


async def rows_by_aiokafka(broker: str, topic: str) -> list[Row]:
    """The oracle: aiokafka's own unpacking, record by record."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    tp = TopicPartition(topic, 0)
    consumer.assign([tp])
    await consumer.seek_to_beginning(tp)
    end = (await consumer.end_offsets([tp]))[tp]
    rows: list[Row] = []
    try:
        while await consumer.position(tp) < end:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                rows += [(r.offset, r.timestamp, r.key, r.value, r.headers) for r in records]
    finally:
        await consumer.stop()
    return rows


@pytest.mark.kafka
def test_all_codecs_in_one_log(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic()

    async def work() -> None:
        for codec in (None, "gzip", "snappy", "lz4", "zstd"):
            producer = AIOKafkaProducer(bootstrap_servers=broker, compression_type=codec, linger_ms=20)
            await producer.start()
            for n in range(300):
                key = None if n % 7 == 0 else b"%d" % n
                headers = [("codec", str(codec).encode()), ("null", None)][: n % 3]
                value = None if key and n % 11 == 0 else bytes([n % 256]) * (n % 90)
                await producer.send(topic, value, key=key, headers=headers, timestamp_ms=1_700_000_000_000 + 37 * n)
            await producer.stop()
        expected = await rows_by_aiokafka(broker, topic)
        assert len(expected) == 1_500
        assert rows_of(await read_all(broker, topic)) == expected
        assert rows_of(await read_all(broker, topic, offset=777)) == expected[777:]

    run(work())


@pytest.mark.kafka
def test_broker_time_is_honoured(broker: str, make_topic: MakeTopic) -> None:
    topic = make_topic(message_timestamp_type="LogAppendTime")

    async def work() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=broker)
        await producer.start()
        for n in range(5):
            await producer.send_and_wait(topic, b"%d" % n, timestamp_ms=1_000)
        await producer.stop()
        rows = rows_of(await read_all(broker, topic))
        assert rows == await rows_by_aiokafka(broker, topic)
        assert all(row[1] > 1_700_000_000_000 for row in rows)

    run(work())


@pytest.mark.kafka
def test_aborted_and_open_transactions_and_markers(broker: str, make_topic: MakeTopic) -> None:
    """Committed, aborted and committed again, by two producers whose transactions interleave; one left open."""
    topic = make_topic()

    async def work() -> None:
        producers = [AIOKafkaProducer(bootstrap_servers=broker, transactional_id=f"{topic}-{n}") for n in range(3)]
        for producer in producers:
            await producer.start()
        one, two, three = producers
        await one.begin_transaction()
        await two.begin_transaction()
        for n in range(3):
            await one.send_and_wait(topic, b"aborted %d" % n, partition=0)
            await two.send_and_wait(topic, b"good %d" % n, partition=0)
        await one.abort_transaction()
        await two.commit_transaction()
        await one.begin_transaction()
        await one.send_and_wait(topic, b"good again", partition=0)
        await one.commit_transaction()
        await two.begin_transaction()
        await two.send_and_wait(topic, b"aborted tail", partition=0)
        await two.abort_transaction()
        batches = await read_all(broker, topic)
        rows = rows_of(batches)
        assert [row[3] for row in rows] == [b"good 0", b"good 1", b"good 2", b"good again"]
        assert rows == await rows_by_aiokafka(broker, topic)
        # 8 records and 4 markers: the position passes an aborted tail and its marker, though no record is there
        assert batches[-1].next_offset == 12
        await three.begin_transaction()
        await three.send_and_wait(topic, b"open", partition=0)
        assert rows_of(await read_all(broker, topic)) == rows
        await three.commit_transaction()
        for producer in producers:
            await producer.stop()
        assert [row[3] for row in rows_of(await read_all(broker, topic))][-1] == b"open"

    run(work())


def built(rows: list[tuple[bytes | None, bytes | None]], base_offset: int = 5, codec: int = 0) -> bytearray:
    """A batch by aiokafka's builder."""
    builder = DefaultRecordBatchBuilder(
        2, codec, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=-1, batch_size=1 << 30
    )
    for n, (key, value) in enumerate(rows):
        builder.append(n, 1_000 + n, key, value, [])
    data = bytearray(builder.build())
    data[:8] = base_offset.to_bytes(8)
    return data


ROW = st.tuples(st.none() | st.binary(max_size=40), st.none() | st.binary(max_size=300))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(ROW, min_size=1, max_size=30), min_size=1, max_size=5), st.integers(0, 120))
def test_any_batches_and_any_position(batches: list[list[tuple[bytes | None, bytes | None]]], position: int) -> None:
    data, base, expected = [], 0, []
    for rows in batches:
        data.append(Batch.parse(memoryview(built(rows, base))))
        expected += [(base + n, 1_000 + n, *row, ()) for n, row in enumerate(rows)]
        base += len(rows)
    records = to_records("topic", 0, data, position, base)
    assert rows_of([records]) == [row for row in expected if row[0] >= position]
    assert records.next_offset == base


def test_damage_is_an_error() -> None:
    data = built([(b"key", b"value")] * 20)
    batch = Batch.parse(memoryview(data))
    batch.check_crc()
    data[70] ^= 1
    with pytest.raises(CorruptRecordException, match="checksum"):
        batch.check_crc()
    for count in (19, 21):
        wrong = built([(b"key", b"value")] * 20)
        wrong[HEADER.size - 4 : HEADER.size] = count.to_bytes(4)
        with pytest.raises(CorruptRecordException):
            to_records("topic", 0, [Batch.parse(memoryview(wrong))], 0, 25)
    longer_key = built([(b"key", b"value")] * 20)
    longer_key[HEADER.size + 4] = 200 & 0x7E  # the key's length, beyond its record
    with pytest.raises(CorruptRecordException, match="beyond its end"):
        to_records("topic", 0, [Batch.parse(memoryview(longer_key))], 0, 25)
    old = built([(None, b"v")])
    old[16] = 1
    with pytest.raises(CorruptRecordException, match="format v1"):
        Batch.parse(memoryview(old))


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=50))
def test_varints_come_back(numbers: list[int]) -> None:
    column = np.array(numbers, np.int64)
    sizes = varints.sizes(column)
    target = np.zeros(int(sizes.sum()) + 1, np.uint8)
    starts = np.cumsum(sizes) - sizes
    assert varints.write(target, starts, column).tolist() == np.cumsum(sizes).tolist()
    read, behind = varints.read(target, starts)
    assert read.tolist() == numbers
    assert behind.tolist() == np.cumsum(sizes).tolist()
    assert target[:-1].tobytes() == b"".join(map(varints.scalar, numbers))


def test_a_varint_without_end_is_refused() -> None:
    with pytest.raises(varints.MalformedVarintError):
        varints.read(np.full(12, 0x80, np.uint8), np.zeros(1, np.int64))
