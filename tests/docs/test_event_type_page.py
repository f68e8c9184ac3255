"""Aims at docs/how-to/event-type.md: its files make a new event type, known to door, view, client and topics."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastavro
import numpy as np
import polars as pl
import pytest
import yaml

from schemas.columnar import decode, join
from schemas.columnar.plan import plan_of
from schemas.framing import bodies
from schemas.registry import Contracts, contracts, read_contracts
from schemas.slow import encode_one
from streams.door import DoorResult, open_batch
from streams.facts import with_lists
from streams.persons import AsOf, persons
from tests.docs.pages import PROJECT, blocks_of, changed_in, module, shown, start, told_fences, workshop
from tests.streams.door.made import HEAD, event_id

PAGE = PROJECT / "docs" / "how-to" / "event-type.md"
BLOCKS = blocks_of(PAGE)
TYPE, TOPIC = "keterangan_domisili", "population.keterangan_domisili"
LETTER: dict[str, Any] = {
    "event_id": event_id(1),
    "effective_on": dt.date(2025, 3, 10),
    "recorded_at": dt.datetime(2025, 3, 10, 3, tzinfo=dt.UTC),
    "producer": "kelurahan-dki",
    "office": "Kelurahan Kebayoran Lama Utara",
    "kind": "STATE",
    "corrects": None,
    "content": {
        "nik": HEAD,
        "kelurahan": "3174051001",
        "skema_wilayah": "KEMENDAGRI",
        "alamat": "Jl. Kenanga No. 3 RT 001 RW 02",
        "nomor_surat": "470/DOM/2025",
        "berlaku_bulan": 6,
    },
}
RECEIVED_MS = 1_741_600_000_000  # 10 March 2025, after the letter was recorded


@dataclass(frozen=True)
class Clone:
    """A clone in which an engineer has followed the page."""

    folder: Path
    known: Contracts

    def opened(self, *events: dict[str, Any]) -> DoorResult:
        """What the door makes of these events, by the clone's contracts."""
        values = join([encode_one(self.known.by_name[TYPE], event) for event in events])
        offsets = np.arange(len(events), dtype=np.int64)
        received = np.full(len(events), RECEIVED_MS)
        return open_batch(
            TOPIC, values.arena, values.starts, values.lengths, offsets, received, 0,
            profile="simulation", contracts=self.known,
        )  # fmt: skip


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    folder = tmp_path_factory.mktemp("clone")
    environment = workshop(folder)
    output = ""
    first = next(place for place, block in enumerate(BLOCKS) if block.purpose == "run: register")
    for block in BLOCKS[:first]:  # the rest needs a register: tests/system/test_pages.py
        if block.purpose == "shows":
            shown(block, output)
        else:
            output = start(block, folder, environment)
    return Clone(folder, read_contracts(folder / "schemas"))


def changed(**content: Any) -> dict[str, Any]:
    return {**LETTER, "content": {**LETTER["content"], **content}}


def test_no_command_of_the_page_is_left_out() -> None:
    assert len(BLOCKS) == told_fences(PAGE) > 10


def test_only_schemas_and_what_is_made_of_them_changed(clone: Clone) -> None:
    """No line of Python, and nothing of the types that were there."""
    golden = f"keterangan_domisili-{clone.known.by_name[TYPE].fingerprint:016x}.json"
    assert changed_in(clone.folder) == [
        "+ schemas/events/keterangan_domisili.avsc",
        f"+ tests/schemas/golden/{golden}",
        "docs/asyncapi.yaml",
        "docs/reference/codes.md",
        "docs/reference/messages.md",
        "docs/reference/schemas.md",
        "docs/reference/topics.md",
        "schemas/confluent.yaml",
        "schemas/producers.yaml",
        "schemas/refusals.yaml",
    ]


def test_the_door_makes_facts_and_the_view_shows_what_they_state(clone: Clone) -> None:
    moved = {**changed(kelurahan="3171061001", alamat="Jl. Melati No. 1"), "event_id": event_id(2)}
    moved |= {"recorded_at": LETTER["recorded_at"] + dt.timedelta(hours=1)}
    result = clone.opened(LETTER, moved)
    assert (result.accepted, result.refused) == ({TYPE: 2}, {})
    fact = clone.known.by_name["fact"]
    values = result.facts.values
    facts = with_lists(decode(fact, values.arena, *bodies(values.starts, values.lengths)))
    assert facts["event_type"].unique().to_list() == [TYPE]
    facts = facts.with_columns(
        pl.Series("nik", [nik.decode() for nik in result.facts.keys().to_list()]),
        pl.Series("producer", [90, 90], pl.UInt16),
        pl.Series("authority", [20, 20], pl.Int32),
    )
    view = persons(facts, AsOf(dt.date(2025, 3, 31), 90, "31"))
    assert view.select("nik", "kelurahan", "address", "phase", "alive").rows() == [
        (HEAD, "3171061001", "Jl. Melati No. 1", "MENETAP", None)
    ]


@pytest.mark.parametrize(
    ("event", "code", "field", "value"),
    [
        (changed(berlaku_bulan=0), "VALIDITY_MONTHS", "content.berlaku_bulan", "0"),
        (changed(berlaku_bulan=13), "VALIDITY_MONTHS", "content.berlaku_bulan", "13"),
        (changed(nomor_surat="470 DOM"), "LETTER_NUMBER", "content.nomor_surat", "470 DOM"),
        (changed(kelurahan="9974051001"), "REGION", "content.kelurahan", "9974051001"),
        (changed(nik="3171903201800012"), "NIK_DATE", "content.nik", "3171********0012"),
        ({**LETTER, "producer": "bkn"}, "PRODUCER_NOT_ALLOWED", "producer", "bkn"),
    ],
)
def test_the_door_refuses_bad_ones_with_code_and_sentences(
    event: dict[str, Any], code: str, field: str, value: str, clone: Clone
) -> None:
    result = clone.opened(event)
    assert (len(result.facts), result.refused) == (0, {TYPE: 1})
    (row,) = result.rejected.to_dicts()
    assert (row["code"], row["field"], row["masked_value"]) == (code, field, value)
    for sentence in (row["sentence_id"], row["sentence_en"]):
        assert re.search(r": \w.*\.$", sentence), "what is wrong: what to do."
        assert field in sentence or code.startswith("PRODUCER")


def test_the_topics_and_the_asyncapi_document_know_it(clone: Clone) -> None:
    listed = json.loads(module(clone.folder, "agents", "topics", "describe", "--json"))
    found = {it["name"]: it["message.timestamp.type"] for it in listed}
    assert (found[TOPIC], found["intake.rejected.kelurahan-dki"]) == ("LogAppendTime", "CreateTime")
    document = yaml.safe_load((clone.folder / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    message = document["components"]["messages"][TYPE]
    assert list(document["channels"][TOPIC]["messages"]) == [TYPE]
    assert message["x-confluent-ids"] == [1090]
    fastavro.parse_schema(message["payload"]["schema"])  # the attributes beside Avro's do no harm
    assert f"receive.{TOPIC}" in document["operations"]


def test_the_producers_client_knows_it(clone: Clone) -> None:
    (row,) = json.loads(
        module(
            clone.folder, "agents", "send", TYPE, "domisili.json", "--producer", "kelurahan-dki", "--check", "--json"
        )
    )["good"]
    assert row["record"] == 1
    example = json.loads((clone.folder / "example.json").read_text(encoding="utf-8"))
    assert (example["producer"], example["content"]["berlaku_bulan"]) == ("kelurahan-dki", 6)


def test_the_table_of_groups_on_the_page_is_the_fact() -> None:
    """Every group, and of each every field that the table names."""
    tables = plan_of(contracts().by_name["fact"]).tables
    groups = [name for name in tables[""].schema if name in tables[""].presence and name != "corrects"]
    rows = dict(re.findall(r"^\| (\w+) \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    rows.pop("group")
    assert sorted(rows) == sorted(groups)
    known = {*tables[""].schema, *tables}
    for group, told in rows.items():
        fields = re.findall(r"[a-z_]{4,}(?=\?|,| \(|$|, )", re.sub(r"\(.*?\)|and the .*$", "", told.strip()))
        assert [it for it in fields if f"{group}.{it}" not in known] == [], group
