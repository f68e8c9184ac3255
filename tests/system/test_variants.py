"""Aims at: same events, same bytes (invariants 1, 14, 15), whatever the batches, partitions, workers, repetitions."""

import contextlib

import polars as pl
import pytest

from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.realm import Realm

pytestmark = pytest.mark.kafka

FIRST, SECOND = "2025-Q1", "2025-Q2"


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


def test_a_backlog_of_a_quarter(make_realm: MakeRealm, year: Year) -> None:
    """Everything was sent before any stage ran: the largest batches."""
    realm = make_realm()
    realm.send(events(FIRST))
    realm.open(FIRST, "XS")
    realm.send(events(SECOND))  # behind the cut, before the command: the scan leaves it out
    with realm.worker():
        assert realm.outcome(FIRST) == "SEALED", realm.breaks(FIRST)
        realm.seal(SECOND)
    assert_as(year, realm)


@pytest.mark.parametrize(("event_partitions", "partitions"), [(1, 1), (5, 3)])
def test_other_partition_counts(make_realm: MakeRealm, year: Year, event_partitions: int, partitions: int) -> None:
    realm = make_realm(event_partitions=event_partitions, partitions=partitions)
    with realm.worker():
        for quarter in (FIRST, SECOND):
            realm.send(events(quarter))
            realm.seal(quarter)
    assert_as(year, realm)


def test_every_event_twice_and_in_another_order(make_realm: MakeRealm, year: Year) -> None:
    realm = make_realm()
    with realm.worker():
        for quarter in (FIRST, SECOND):
            realm.send(shuffled(quarter))
            realm.seal(quarter)
    assert_as(year, realm)


def test_four_workers_of_the_register(make_realm: MakeRealm, year: Year) -> None:
    """Each with a disk of its own; one joins in mid-year, and one leaves."""
    realm = make_realm()
    with realm.worker("intake", "families", "checkpoints"), contextlib.ExitStack() as workers:
        for instance in "12":
            workers.enter_context(realm.stage("register", instance))
        realm.send(events(FIRST))
        with realm.stage("register", "3"), realm.stage("register", "4"):
            realm.seal(FIRST)
        realm.send(events(SECOND))
        realm.seal(SECOND)
    assert_as(year, realm)
