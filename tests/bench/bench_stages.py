"""How fast events pass the two stages that see them all, on a real Kafka, against a plain Python loop in the same run.

`make bench`, or `python -m tests.bench.bench_stages [EVENTS]`. A backlog of simulated births is put on one event
topic; intake reads it as one process, then register reads the facts. The plain loop reads the same topic with aiokafka,
record by record, and decodes with fastavro: it neither validates nor writes. What counts is the ratio: machines differ.
"""

import asyncio
import json
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

import aiokafka
import fastavro
import polars as pl
from aiokafka.structs import TopicPartition

from agents.broker import Broker
from agents.rates import samples
from agents.settings import Settings
from agents.simulator import simulate
from agents.transport.sender import Sender
from schemas import slow
from schemas.columnar import join
from schemas.registry import contracts
from tests.system.realm import Realm, until
from tests.system.test_bad_input import good_lahir

TOPIC = "population.lahir"


def main(events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        broker = Broker(home, tie=True)
        address = broker.start().address
        assert address is not None
        try:
            realm = Realm(Settings(broker=address, home=home / "run", realm="bench", event_partitions=2))
            sent = asyncio.run(backlog(realm, events))
            loop = asyncio.run(plain_loop(realm))
            intake = pace(realm, "intake", TOPIC, sent)
            facts = asyncio.run(total(realm, "register.facts"))
            register = pace(realm, "register", "register.facts", facts)
        finally:
            broker.stop()
    print(f"{sent:,} events, {facts:,} facts")
    print(f"plain loop  {loop:>10,.0f} records/s  (aiokafka, one object per record, fastavro; does nothing with them)")
    print(f"intake      {intake:>10,.0f} records/s  {intake / loop:5.1f} x  (validates all, writes facts)")
    print(f"register    {register:>10,.0f} records/s  {register / loop:5.1f} x  (stores facts in RocksDB)")


async def backlog(realm: Realm, events: int) -> int:
    """Births in whole batches, spread over the partitions; each with a NIK and an id of its own."""
    made = simulate("S", 1).events("2025-Q1").filter(pl.col("topic") == TOPIC, pl.col("value").is_not_null())
    values = [value for value in good_lahir(made, made.height).get_column("value") if _sound(value)]
    sent = 0
    async with Sender(realm.settings.broker) as sender:
        round_ = 0
        while sent < events:
            piece = [_another(value, round_) for value in values[: events - sent]]
            half = len(piece) // 2
            for partition, rows in enumerate((piece[:half], piece[half:])):
                await sender.send(realm.settings.topic(TOPIC), partition, None, join(rows))
            sent += len(piece)
            round_ += 1
    return sent


def _sound(value: bytes) -> bool:
    """The simulator plants damage, which the plain loop could not pass over."""
    try:
        slow.decode_one(contracts().by_name["lahir"], value)
    except ValueError:
        return False
    return True


def _another(value: bytes, round_: int) -> bytes:
    """The same birth as another event: two bytes of its id are changed."""
    return value[:20] + round_.to_bytes(2) + value[22:]


async def total(realm: Realm, topic: str) -> int:
    consumer = aiokafka.AIOKafkaConsumer(bootstrap_servers=realm.settings.broker, group_id=None)
    await consumer.start()
    try:
        name = realm.settings.topic(topic)
        known = await consumer._client._wait_on_metadata(name)
        return sum((await consumer.end_offsets([TopicPartition(name, p) for p in known])).values())
    finally:
        await consumer.stop()


async def plain_loop(realm: Realm) -> float:
    schema = fastavro.parse_schema(json.loads(json.dumps(contracts().by_name["lahir"].schema)))
    consumer = aiokafka.AIOKafkaConsumer(bootstrap_servers=realm.settings.broker, group_id=None)
    await consumer.start()
    try:
        name = realm.settings.topic(TOPIC)
        places = [TopicPartition(name, p) for p in range(2)]
        await consumer._client._wait_on_metadata(name)
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        for place in places:
            consumer.seek(place, 0)
        count, began = 0, time.perf_counter()
        while count < sum(ends.values()):
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                for record in records:
                    fastavro.schemaless_reader(BytesIO(record.value[10:]), schema)
                    count += 1
        return count / (time.perf_counter() - began)
    finally:
        await consumer.stop()


def pace(realm: Realm, stage: str, topic: str, due: int) -> float:
    """Records per second in which the stage has a batch in hand."""
    with realm.stage(stage, "1"):

        def found() -> dict[str, float]:
            return asyncio.run(samples(realm.disk("1"), stage))

        until(f"{stage} has read {due} of {topic}", lambda: found().get("dtsen_records_total", 0) >= due, 600)
        return found()["dtsen_records_total"] / found()["dtsen_busy_seconds_total"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)
