"""Aims at: bad input never stops the good and never disappears (invariants 31, 32), on a real Kafka."""

import asyncio
import random

import polars as pl
import pytest

from agents.rejections import producers, rejections
from agents.topics import FACTS
from agents.transport.log import LogReader
from schemas.registry import contracts
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import Realm

pytestmark = pytest.mark.kafka

LAHIR = "population.lahir"


def refused(realm: Realm) -> pl.DataFrame:
    async def read() -> pl.DataFrame:
        return pl.concat([await rejections(realm.settings, producer) for producer in producers()])

    return asyncio.run(read())


def facts(realm: Realm) -> int:
    """How many records stand in register.facts."""

    async def count(partition: int) -> int:
        async with LogReader(realm.settings.broker, realm.settings.topic(FACTS), partition) as reader:
            return sum([len(records) async for records in reader.read_to_end(0)])

    return sum(asyncio.run(count(partition)) for partition in range(realm.settings.partitions))


def damaged(good: bytes, dice: random.Random) -> bytes:
    """A value with one kind of damage."""
    kinds = (
        lambda: good[: dice.randrange(1, len(good))],
        lambda: good + bytes([dice.randrange(256)]),
        lambda: dice.randbytes(dice.randrange(1, 200)),
        lambda: b"\xff" * 40,
        lambda: contracts().by_name["mati"].header + good[10:],
        lambda: b"",
    )
    return dice.choice(kinds)()


def test_a_poison_batch(make_realm: MakeRealm) -> None:
    """Half of a batch is garbage: exactly that half is refused with its raw bytes, and the rest is applied."""
    realm = make_realm(event_partitions=1, partitions=1)
    events = simulated("XS", 4).events("2025-Q1").filter(pl.col("topic") == LAHIR, pl.col("value").is_not_null())
    good = good_lahir(events, 400)
    dice = random.Random(11)
    bad = [damaged(value, dice) for value in good.get_column("value")]
    poison = good.with_columns(pl.Series("value", bad, pl.Binary))
    mixed = pl.concat([good, poison]).sample(fraction=1.0, shuffle=True, seed=3)
    with realm.worker("intake"):
        realm.send(mixed)
        realm.passed_by_intake()
    found = refused(realm)
    assert sorted(found.get_column("raw")) == sorted(bad)
    assert found.select("topic", "partition", "offset").is_unique().all()
    assert found.get_column("sentence_id").str.len_chars().min() > 20  # type: ignore[operator]
    assert facts(realm) == good.height


def good_lahir(events: pl.DataFrame, count: int) -> pl.DataFrame:
    """Births that nothing is wrong with: the simulator's own, of people of the first load."""
    keys = pl.col("key").cast(pl.String)
    sound = events.filter(keys.str.contains(r"^31719\d{11}$"), pl.col("ce_source").str.contains("dukcapil"))
    return sound.unique("key", keep="none", maintain_order=True).head(count)
