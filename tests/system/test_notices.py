"""Aims at notices on a real register (invariant 27): once, seconds after a death, withdrawn with its cancellation."""

import asyncio
import datetime as dt
from typing import Any

import polars as pl
import pytest

from agents.clients.notices import open_notices
from agents.clients.reading import KafkaSource
from agents.topics import NOTICES
from agents.transport.log import LogReader
from agents.transport.sender import Sender
from schemas import slow
from schemas.columnar.arena import join
from schemas.registry import contracts
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import Realm, until

pytestmark = pytest.mark.kafka


def mati(nik: str, number: int, kind: str = "STATE") -> bytes:
    """The death of somebody, or (CANCEL) that it did not happen."""
    died = dt.date(2025, 6, 1)
    event = {
        "event_id": event_id(number),
        "effective_on": died,
        "recorded_at": dt.datetime(2025, 6, 2, 3, number, tzinfo=dt.UTC),
        "producer": "dukcapil-dki",
        "office": "sudin-dukcapil-3174",
        "kind": kind,
        "corrects": None,
        "content": {"nik": nik, "tanggal_meninggal": died, "nomor_akta": None},
    }
    if kind == "CANCEL":
        corrected = {"producer": "dukcapil-dki", "event_id": event_id(number - 1), "nik": [nik]}
        event |= {"corrects": corrected, "content": None, "effective_on": dt.date(2025, 6, 2)}
    return slow.encode_one(contracts().by_name["mati"], event)


def event_id(number: int) -> bytes:
    return bytes.fromhex("019730000000 7000 8000") + number.to_bytes(6, "big")


def send(realm: Realm, value: bytes) -> None:
    async def sent() -> None:
        async with Sender(realm.settings.broker) as sender:
            await sender.send(realm.settings.topic("population.mati"), 0, None, join([value]))

    asyncio.run(sent())


def records(realm: Realm) -> list[dict[str, Any]]:
    """Everything that was ever noticed, in order."""

    async def read() -> list[dict[str, Any]]:
        found = []
        for number in range(realm.settings.partitions):
            async with LogReader(realm.settings.broker, realm.settings.topic(NOTICES), number) as reader:
                async for batch in reader.read_to_end(0):
                    starts, lengths = batch.value_starts.tolist(), batch.value_lengths.tolist()
                    values = [batch.arena[s : s + n].tobytes() for s, n in zip(starts, lengths, strict=True)]
                    found += [slow.decode_one(contracts().by_name["notice"], value) for value in values]
        return found

    return asyncio.run(read())


def noticed(realm: Realm, nik: str) -> list[tuple[str, bool]]:
    return [(it["programme"], it["withdrawn"]) for it in records(realm) if it["nik"] == nik]


def test_a_death_between_two_seals(make_realm: MakeRealm) -> None:
    realm = make_realm()
    with realm.worker():
        realm.send(simulated("XS", 4).events("2025-Q1"))
        realm.seal("2025-Q1")
        nik, programmes = holder(realm)
        first = len(records(realm))
        send(realm, mati(nik, 1))
        until("the death is noticed", lambda: len(noticed(realm, nik)) == len(programmes))
        assert sorted(noticed(realm, nik)) == [(name, False) for name in programmes]
        send(realm, mati(nik, 1))  # the same event again
        send(realm, mati(nik, 2, "CANCEL"))
        until("it is withdrawn", lambda: len(noticed(realm, nik)) == 2 * len(programmes))
    ids = {(it["notice_id"], it["withdrawn"]) for it in records(realm) if it["nik"] == nik}
    assert len({notice for notice, _ in ids}) == len(programmes), "withdrawn under the id of the notice"
    assert first == len(records(realm)) - 2 * len(programmes), "nobody else was noticed"
    with KafkaSource(realm.settings) as source:
        assert open_notices(source, "kemensos").filter(pl.col("nik") == nik).is_empty()
    # A refill notices nothing anew.
    for number in range(realm.settings.partitions):
        with realm.store(number) as store:
            store.delete(realm.store_folder(number))
    before = noticed(realm, nik)
    with realm.worker():
        realm.send(simulated("XS", 4).events("2025-Q2"))
        realm.open("2025-Q2", "XS")
        assert realm.outcome("2025-Q2") == "SEALED", realm.breaks("2025-Q2")
    assert noticed(realm, nik) == before


def holder(realm: Realm) -> tuple[str, list[str]]:
    """Somebody who holds two programmes or more after the first seal, and which."""
    shown = realm.holders()
    counted = (
        shown.group_by("nik").agg(pl.col("programme").sort()).filter(pl.col("programme").list.len() > 1).sort("nik")
    )
    row = counted.row(0, named=True)
    return row["nik"], row["programme"]
