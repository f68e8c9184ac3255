"""Aims at: same events, same bytes (invariants 1, 14, 15), whatever the batches, partitions, workers, repetitions."""

import asyncio
import contextlib

import aiokafka
import polars as pl
import pytest

from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.realm import Realm, until

pytestmark = pytest.mark.kafka

FIRST, SECOND = "2025-Q1", "2025-Q2"
LAHIR = "population.lahir"


def events(quarter: str) -> pl.DataFrame:
    return simulated("XS", 4).events(quarter)


def shuffled(quarter: str) -> pl.DataFrame:
    """The quarter's events in another order, each of them twice."""
    twice = pl.concat([events(quarter), events(quarter)])
    return twice.sample(fraction=1.0, shuffle=True, seed=7)


def assert_as(year: Year, realm: Realm) -> None:
    found = realm.digests()
    assert {name: year.digests[name] for name in found} == found
    assert SECOND in found


def test_a_backlog_of_a_quarter_in_one_partition(make_realm: MakeRealm, year: Year) -> None:
    """Everything was sent before any stage ran, and nothing is split: the largest batches."""
    realm = make_realm(event_partitions=1, partitions=1)
    realm.send(events(FIRST))
    realm.open(FIRST, "XS")
    realm.send(events(SECOND))  # behind the cut, before the command: the scan leaves it out
    with realm.worker():
        assert realm.outcome(FIRST) == "SEALED", realm.breaks(FIRST)
        realm.seal(SECOND)
    assert_as(year, realm)


def test_every_event_twice_in_another_order_and_other_partitions(make_realm: MakeRealm, year: Year) -> None:
    """And at the end of a topic there is what nobody can read (invariant 24): an aborted batch, then a marker."""
    realm = make_realm(event_partitions=5, partitions=3)
    with realm.worker():
        for quarter in (FIRST, SECOND):
            realm.send(shuffled(quarter))
            asyncio.run(abort_in(realm, LAHIR))
            realm.seal(quarter)
    assert_as(year, realm)


async def abort_in(realm: Realm, topic: str) -> None:
    """A tail that readers of what is committed never see."""
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=realm.settings.broker, transactional_id=f"{realm.settings.realm}-aborts"
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        await producer.send_and_wait(realm.settings.topic(topic), b"never seen", partition=0)
        await producer.abort_transaction()
        await producer.begin_transaction()
        await producer.send_and_wait(realm.settings.topic(topic), b"", partition=1)
        await producer.commit_transaction()
    finally:
        await producer.stop()


def test_second_workers_join_and_the_first_leave_in_mid_run(make_realm: MakeRealm, year: Year) -> None:
    """Two workers of each stage, four of the register, each with a disk of its own."""
    realm = make_realm()
    stages = ("intake", "register", "families", "checkpoints")
    with contextlib.ExitStack() as leaving, contextlib.ExitStack() as joining:
        for stage, instance in (*((stage, "1") for stage in stages), ("register", "2")):
            leaving.enter_context(realm.stage(stage, instance))
        realm.send(events(FIRST))
        realm.open(FIRST)
        for stage, instance in (*((stage, "3") for stage in stages), ("register", "4")):
            joining.enter_context(realm.stage(stage, instance))
        until("the run is under way", lambda: bool(realm.journal().quarters[FIRST].runs))
        leaving.close()
        assert realm.outcome(FIRST) == "SEALED", realm.breaks(FIRST)
        realm.send(events(SECOND))
        realm.seal(SECOND)
    assert_as(year, realm)
