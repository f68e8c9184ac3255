"""Aims at what a producer is told (invariants 2, 6, 32): its findings after the seal, and each of its days in numbers,
on a real Kafka, with a register that is killed in the middle of telling."""

import asyncio
import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from agents.cli import main
from agents.clients.events import check
from agents.keeper import values_of
from agents.points import VARIABLE
from agents.rejections import told_findings
from agents.simulator.scenarios.telling import CHILD, HEAD, WIFE, Said, cancelled, card, known, man, named, woman, works
from agents.topics import rejected
from agents.transport.log import LogReader
from schemas.registry import contracts
from tests.system.conftest import MakeRealm
from tests.system.realm import Realm, until

pytestmark = pytest.mark.kafka

FIRST, SECOND = "2025-Q1", "2025-Q2"
BUDI, SITI, ANI = man("Budi", 1980), woman("Siti", 1982), woman("Ani", 2012)
OFFICE, WORK = "dukcapil-dki", "bkn"

OLD_CARD = card(1, (BUDI, HEAD), (SITI, WIFE), (ANI, CHILD), day="2025-01-10")
NEW_CARD = card(1, (BUDI, HEAD), (SITI, WIFE), day="2025-05-10")
NEVER_SENT = works(BUDI, "SWASTA", day="2025-01-05")
JOB = works(BUDI, "MANDIRI", day="2025-02-01")
OTHER_JOB = Said(
    "pekerjaan", {**works(BUDI, "ASN", day="2025-02-01").record, "event_id": uuid.UUID(bytes=named(JOB)[2:])}
)
LATE_JOB = works(SITI, "SWASTA", day="2025-03-01")  # arrives in the second quarter
NO_NIK = Said("pekerjaan", {**JOB.record, "content": {"nik": "3171903201800012", "kategori": "SWASTA"}})


def frame(*events: Said) -> pl.DataFrame:
    """The events as a producer's client writes them, whatever the door will say."""
    rows = []
    for event in events:
        value = check(event.event_type, [event.record]).good[0].value if event is not NO_NIK else _bytes_of_no_nik()
        topic, source = contracts().by_name[event.event_type].topic, f"urn:dtsen:{event.record['producer']}:x"
        rows.append({"topic": topic, "key": None, "value": value, "ce_source": source, "ce_id": "-", "ce_type": "-"})
    return pl.DataFrame(rows).with_columns(pl.lit("-").alias("ce_time"), pl.col("key").cast(pl.Binary))


def _bytes_of_no_nik() -> bytes:
    good = check("pekerjaan", [JOB.record]).good[0].value
    return good.replace(BUDI.nik.encode(), b"3171903201800012")


def findings(realm: Realm, producer: str) -> pl.DataFrame:
    return asyncio.run(told_findings(realm.settings, producer))


def stored_findings(realm: Realm, producer: str) -> list[bytes]:
    """Every value of the record `finding` in a producer's topic, repetitions too."""

    async def read() -> list[bytes]:
        async with LogReader(realm.settings.broker, realm.settings.topic(rejected(producer)), 0) as reader:
            return [value async for records in reader.read_to_end(0) for value in values_of(records) if value]

    header = contracts().by_name["finding"].header
    return [value for value in asyncio.run(read()) if value.startswith(header)]


def said(realm: Realm, *arguments: str) -> Any:
    environment = realm.settings.environment()
    result = CliRunner().invoke(main, [*arguments, "--json"], env=environment, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def days(realm: Realm, producer: str) -> dict[str, tuple[int, ...]]:
    """Event type -> accepted, refused, late, repeated, of all days together."""
    found = said(realm, "producers", "counts", producer)["days"]
    assert {it["day"] for it in found} <= {str(dt.date.fromisoformat(it["day"])) for it in found}
    total: dict[str, tuple[int, ...]] = {}
    for row in found:
        counted = tuple(row[name] for name in ("accepted", "refused", "late", "repeated"))
        before = total.get(row["event_type"], (0, 0, 0, 0))
        total[row["event_type"]] = tuple(map(sum, zip(before, counted, strict=True)))
    return total


def test_a_producer_is_told(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm = make_realm()
    people = (BUDI, SITI, ANI)
    with realm.worker(environment={VARIABLE: f"register.findings_told@{tmp_path}"}):
        realm.send(frame(*known(*people), OLD_CARD, JOB, NO_NIK, cancelled(NEVER_SENT, BUDI, recorded="2025-02-02")))
        realm.passed_by_intake()
        assert findings(realm, WORK).is_empty(), "nothing is told before the seal"
        realm.seal(FIRST)
        realm.send(frame(NEW_CARD, NEW_CARD, OTHER_JOB, LATE_JOB))
        realm.seal(SECOND)
        until("the second quarter is rolled", lambda: len(realm.journal().quarters[SECOND].rolled) == 4)
        while_it_runs = {producer: days(realm, producer) for producer in (OFFICE, WORK)}
    assert (tmp_path / "register.findings_told").exists()
    _told_once(realm)
    assert while_it_runs == {
        OFFICE: {"biodata": (3, 0, 0, 0), "kartu_keluarga": (2, 0, 0, 1)},
        WORK: {"pekerjaan": (3, 1, 1, 1)},
    }
    assert {producer: days(realm, producer) for producer in (OFFICE, WORK)} == while_it_runs, "as the stores say"
    shown = said(realm, "checkpoint", "show", SECOND)
    assert {(it["producer"], it["event_type"], it["late"]) for it in shown["records"] if it["late"]} == {
        (WORK, "pekerjaan", 1)
    }
    assert {it["book"] for it in shown["books"]} >= {"records", "door"}


def _told_once(realm: Realm) -> None:
    """Each finding is there with what helps to mend it; what was sent twice has the same bytes."""
    (absent,) = findings(realm, OFFICE).to_dicts()
    assert (absent["code"], absent["quarter"], absent["people"]) == ("ABSENT_FROM_CARD", SECOND, 1)
    assert absent["event_id"] == named(NEW_CARD)[2:]
    assert absent["nik"] == [f"{ANI.nik[:4]}********{ANI.nik[-4:]}"]
    found = {(it["code"], it["quarter"]): it for it in findings(realm, WORK).to_dicts()}
    assert set(found) == {("CORRECTION_WITHOUT_TARGET", FIRST), ("TWO_CONTENTS", SECOND)}
    assert found["CORRECTION_WITHOUT_TARGET", FIRST]["about"] == f"bkn/{uuid.UUID(bytes=named(NEVER_SENT)[2:])}"
    assert found["TWO_CONTENTS", SECOND]["event_id"] == named(JOB)[2:]
    assert found["TWO_CONTENTS", SECOND]["topic"] == "enrichment.pekerjaan"
    for producer, count in ((OFFICE, 1), (WORK, 2)):
        stored = stored_findings(realm, producer)
        assert len(set(stored)) == count <= len(stored)
    listed = said(realm, "rejected", "list", "--producer", WORK)
    assert [(it["code"], it["records"]) for it in listed["counts"]] == [("NIK_DATE", 1)]
    assert sum(it["findings"] for it in listed["findings"]) == 2
    told = said(realm, "rejected", "findings", "--producer", WORK, "--code", "TWO_CONTENTS")["last"][0]
    assert said(realm, "rejected", "show", told["finding_id"])["sentence_id"] == told["sentence_id"]
