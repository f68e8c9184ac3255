"""Aims at: a year on a real Kafka is what the simulator knows it to be: persons, refusals, lists, payers' copies."""

import asyncio
import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from agents.clients.payer import history, sync
from agents.clients.reading import KafkaSource
from agents.clients.tables import list_table
from agents.counting import producer_counts
from agents.demo.backwards import Past
from agents.demo.checks import Seen, look_at
from agents.people import WIB
from agents.register.scanning import authorities, rows_of
from agents.rejections import producers
from agents.reported import rules_of
from schemas.registry import contracts
from streams.changes import holdings_digest
from streams.facts import facts_frame
from streams.persons import AsOf, persons
from streams.quarters import Quarter
from tests.system.conftest import Year, simulated
from tests.system.realm import Realm

pytestmark = pytest.mark.kafka


def test_every_quarter_is_as_the_simulator_knows_it(year: Year) -> None:
    seen = Seen()
    journal = year.realm.journal()
    for name in year.quarters:
        look_at(seen, journal.quarters[name], simulated("XS", 4).truth(name), year.rejected[name])
    assert not seen.wrong
    assert not seen.missing()


def test_every_person_stands_where_the_simulator_knows(year: Year) -> None:
    found = stored_persons(year.realm, year.quarters[-1]).select("nik", "alive", "died_on", "no_kk", "status")
    due = simulated("XS", 4).truth(year.quarters[-1]).persons
    assert found.height == due.height
    both = due.join(found.with_columns(pl.col("status").cast(pl.String)), on="nik", suffix="_found")
    for column in ("died_on", "no_kk", "status"):
        wrong = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_found")))
        assert wrong.is_empty(), f"{wrong.height} persons have another {column}: {wrong.head(3)}"


def stored_persons(realm: Realm, quarter: str) -> pl.DataFrame:
    """The persons of all partitions' stores, by all their facts, on a quarter's last day."""
    as_of = AsOf(Quarter.parse(quarter).last_day, 90, "31")
    parts = []
    for number in range(realm.settings.partitions):
        with realm.store(number) as store:
            facts, copies = store.scans(1_000_000)
            rows = rows_of(next(facts), list(copies))
            parts.append(persons(facts_frame(rows, contracts().by_name["fact"], authorities()), as_of))
    return pl.concat(parts)


def test_no_event_is_lost_or_doubled(year: Year) -> None:
    """Invariant 32: every record is one rejection or the facts 1 to n of one event, each fact once in the store."""
    simulation = simulated("XS", 4)
    due = sum(int(simulation.truth(name).events["facts"].sum()) for name in year.quarters)
    rows = copies = 0
    for number in range(year.realm.settings.partitions):
        with year.realm.store(number) as store:
            facts, further = store.scans(1_000_000)
            rows += sum(len(chunk) for chunk in facts)
            copies += sum(len(chunk) for chunk in further)
    assert rows + copies == due
    assert copies > 0, "the simulator repeats events"


def test_the_days_of_all_producers_add_up_to_what_was_sent(year: Year) -> None:
    """Accepted, repeated and late events by type, and refused records, as the simulator knows them."""
    today = dt.datetime.now(WIB).date()
    yesterday = today - dt.timedelta(days=1)  # the year may have been sent before midnight
    found: dict[str, list[int]] = {}
    refused = 0
    for producer in producers():
        for row in asyncio.run(producer_counts(year.realm.settings, producer, yesterday, today)):
            counted = [row["accepted"], row["repeated"], row["late"]]
            found[row["event_type"]] = list(
                map(sum, zip(found.get(row["event_type"], [0, 0, 0]), counted, strict=True))
            )
            refused += row["refused"]
    truths = [simulated("XS", 4).truth(name) for name in year.quarters]
    events = pl.concat([it.events for it in truths]).group_by("contract").agg(pl.exclude("contract").sum())
    late = dict(pl.concat([it.late for it in truths]).group_by("contract").len().iter_rows())
    assert found == {
        row["contract"]: [row["accepted"] - row["repeated"], row["repeated"], late.get(row["contract"], 0)]
        for row in events.filter(pl.col("accepted") > 0).iter_rows(named=True)
    }
    assert refused == events.select((pl.col("records") - pl.col("accepted")).sum()).item() > 0


def test_payers_hold_what_the_register_holds(year: Year, tmp_path: Path) -> None:
    held = []
    for number in range(year.realm.settings.partitions):
        with year.realm.store(number) as store:
            assert store.holdings_quarter == year.quarters[-1]
            held.append(store.holdings())
    register = pl.concat(held)
    with KafkaSource(year.realm.settings) as source:
        copies = [sync(source, payer, tmp_path / payer).copy.holdings for payer in contracts().payers]
        assert not sync(source, "kemensos", tmp_path / "kemensos").applied, "nothing is applied twice"
    assert holdings_digest(pl.concat(copies)) == holdings_digest(register)
    assert register.height == sum(copy.height for copy in copies)


def test_what_was_paid_to_the_dead_is_taken_back_as_the_simulator_knows_them(year: Year) -> None:
    past, taken = Past(), dict[str, list[tuple[pl.DataFrame, pl.DataFrame]]]()
    with KafkaSource(year.realm.settings) as source:
        for payer in contracts().payers:
            for manifest, _, back, holdings in history(source, payer):
                taken.setdefault(manifest.quarter, []).append((list_table(holdings), back.frame))
    journal = year.realm.journal()
    for quarter, copies in sorted(taken.items()):
        run = journal.quarters[quarter].sealed_run
        assert run is not None
        lists, adjusted = (pl.concat(frames) for frames in zip(*copies, strict=True))
        past.take(quarter, simulated("XS", 4).truth(quarter), lists, adjusted, rules_of(journal, run))
    assert not past.wrong
    assert past.taken_back, "somebody died before the end of a quarter that had paid"


def test_a_payer_that_starts_late_gets_the_same_list(year: Year, tmp_path: Path) -> None:
    with KafkaSource(year.realm.settings) as source:
        whole = sync(source, "kemensos", tmp_path / "whole").copy
    assert whole.manifest is not None
    assert whole.manifest.content_digest.hex() == year.digests[year.quarters[-1]]["kemensos"]
