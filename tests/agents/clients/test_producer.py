"""Aims at the producer's client: what the door would refuse stays here, with its words; what leaves is taken."""

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer, TopicPartition

from agents.cli import main
from agents.clients.cloudevents import headers_of
from agents.clients.events import check, event_id_of, facts_of, verdicts
from agents.clients.examples import example
from agents.clients.fitting import Misfit, fit
from agents.clients.producer import ProducerClient
from agents.errors import OperatorError
from agents.provisioning import admin_client, apply
from agents.settings import Profile, Settings
from agents.simulator import simulate
from agents.topics import topics
from schemas.registry import contracts
from schemas.slow import decode_one
from streams.door import Code
from tests.streams.door.case import Case
from tests.streams.door.cases import CASES
from tests.streams.door.made import HEAD, OTHER, PEOPLE, RECEIVED_MS, changed, encoded, good, opened
from tests.streams.door.test_codes import RAW

TYPES = [event.name for event in contracts().events]
NOBODY = Settings(broker="127.0.0.1:1")
# What an Avro library and the right topic cannot produce; `verdicts` tells them of bytes that came from elsewhere.
OF_BYTES = {case[0] for case in RAW} | {Code.BAD_BOOLEAN}
PRODUCER = "dukcapil-dki"
DEATH: dict[str, Any] = {
    "effective_on": "2025-03-10",
    "recorded_at": "2025-03-10T10:00:00+07:00",
    "office": "Kelurahan Kebayoran Lama Utara",
    "content": {"nik": HEAD, "tanggal_meninggal": "2025-03-10"},
}


def plain(value: Any, name: str = "") -> Any:
    """A record of the door's tests (days and milliseconds as numbers) with Python's own types."""
    if isinstance(value, dict):
        return {key: plain(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each, name) for each in value]
    if isinstance(value, int) and (
        name in {"effective_on", "dari", "sampai", "perkiraan_lahir"} or name.startswith("tanggal_")
    ):
        return dt.date.fromordinal(min(max(value + 719163, 1), dt.date.max.toordinal()))
    if name in {"recorded_at", "mulai", "selesai", "waktu_perangkat"} and value is not None:
        return dt.datetime.fromtimestamp(value / 1000, dt.UTC)
    return value


def json_of(value: Any) -> Any:
    """The same as JSON holds it."""

    def told(it: Any) -> str:
        if isinstance(it, bytes):
            return str(uuid.UUID(bytes=it)) if len(it) == 16 else it.hex()
        return str(it)

    return json.loads(json.dumps(value, default=told))


def run(settings: Settings, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(
        main, ["send", *arguments], input=text, env=settings.environment(), catch_exceptions=False
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.name}-{case.event_type}")
def test_what_the_door_would_refuse_is_refused_with_its_words(case: Case) -> None:
    record = plain(changed(good(case.event_type, kind=case.kind), **case.change))
    (row,) = opened(case.event_type, [case.value()]).rejected.to_dicts()
    checked = check(case.event_type, [record, plain(good(case.event_type, 2))], now_ms=RECEIVED_MS)
    (refused,) = checked.refused
    assert refused.record == 1
    for name in ("code", "field", "masked_value", "sentence_id", "sentence_en"):
        assert getattr(refused, name) == row[name]
    assert [event.record for event in checked.good] == [2]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.name}-{case.event_type}")
def test_nothing_of_it_is_sent(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: RECEIVED_MS / 1000)
    with ProducerClient(NOBODY) as client:  # it would say that no broker answers, if it had anything to send
        outcome = client.send(case.event_type, [plain(changed(good(case.event_type, kind=case.kind), **case.change))])
    assert (outcome.sent, [it.code for it in outcome.refused]) == ([], [case.code.name])


@pytest.mark.parametrize(("code", "value", "field"), [case[:3] for case in RAW])
def test_bytes_get_the_codes_of_the_door(code: Code, value: bytes | None, field: str | None) -> None:
    (found,) = verdicts(contracts().by_name["mati"], [value], profile="simulation").values()
    assert (found["code"], found["field"]) == (code.name, field)


def test_every_code_of_the_door_is_given_before_sending() -> None:
    synthetic = check("mati", [DEATH], producer=PRODUCER, profile="production").refused[0].code
    given = {case.code for case in CASES} | {Code[synthetic]}
    assert {*Code, *contracts().refusals.values()} - given == OF_BYTES


@pytest.mark.parametrize("kind", ["STATE", "CORRECT", "CANCEL"])
@pytest.mark.parametrize("event_type", TYPES)
def test_good_events_pass_byte_for_byte(event_type: str, kind: str) -> None:
    record = good(event_type, kind=kind)
    for form in (plain(record), json_of(plain(record))):
        checked = check(event_type, [form], now_ms=RECEIVED_MS)
        (event,) = checked.good
        assert event.value == encoded(event_type, record), "as an encoder writes it that is not ours"
        assert event.key.decode() in PEOPLE[event_type]
        assert checked.refused == []


@pytest.mark.parametrize("event_type", TYPES)
def test_examples_pass(event_type: str) -> None:
    checked = check(event_type, [example(event_type)])
    assert (len(checked.good), checked.refused) == (1, [])


def test_ids_are_of_version_7_and_lasting() -> None:
    twice = [check("mati", [DEATH], producer=PRODUCER).good[0].event_id for _ in range(2)]
    assert twice[0] == twice[1]
    assert (twice[0].version, twice[0].variant) == (7, uuid.RFC_4122)
    assert dt.datetime.fromtimestamp((twice[0].int >> 80) / 1000, dt.UTC).isoformat() == "2025-03-10T03:00:00+00:00"
    others = [
        {**DEATH, "office": "Lain"},
        {**DEATH, "content": {**DEATH["content"], "nomor_akta": "1"}},
        {**DEATH, "recorded_at": "2025-03-10T10:00:00.001+07:00"},
    ]
    ids = {event.event_id for event in check("mati", [DEATH, *others], producer=PRODUCER).good}
    assert len(ids) == 4
    assert min(ids) < max(ids) == check("mati", others[2:], producer=PRODUCER).good[0].event_id, "later is greater"


def test_ids_outside_the_range_of_a_uuid_are_still_written() -> None:
    contract = contracts().by_name["mati"]
    for moment in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999+00:00"):
        record = {**DEATH, "recorded_at": moment, "kind": "STATE", "producer": "x", "event_id": bytes(16)}
        assert event_id_of(contract, fit(contract, record)).version == 7


def test_an_id_and_a_key_may_be_given() -> None:
    name = uuid.UUID("01958000-0000-7000-a000-000000000009")
    records = [{**DEATH, "event_id": str(name)}, {**DEATH, "event_id": name}]
    checked = check("mati", records, producer=PRODUCER, key=lambda record: record["office"].encode())
    assert {event.event_id for event in checked.good} == {name}
    assert checked.good[0].key == DEATH["office"].encode()


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"office": None}, Misfit.FIELD_MISSING, "office"),
        ({"recorded_at": "2025-03-10T10:00:00"}, Misfit.FIELD_FORM, "recorded_at"),
        ({"recorded_at": "0001-01-01T00:00:00+07:00"}, Misfit.FIELD_FORM, "recorded_at"),
        ({"effective_on": "10-03-2025"}, Misfit.FIELD_FORM, "effective_on"),
        ({"effective_on": dt.datetime(2025, 3, 10, tzinfo=dt.UTC)}, Misfit.FIELD_FORM, "effective_on"),
        ({"event_id": "7"}, Code.EVENT_ID, "event_id"),
        ({"event_id": 7}, Misfit.FIELD_FORM, "event_id"),
        ({"event_id": str(uuid.UUID(int=0, version=4))}, Code.EVENT_ID, "event_id"),
        ({"kind": "NEW"}, Code.BAD_ENUM, "kind"),
        ({"office": "\ud800"}, Code.BAD_UTF8, "office"),
        ({"content": []}, Misfit.FIELD_FORM, "content"),
        ({"content": {"nik": HEAD}}, Misfit.FIELD_MISSING, "content.tanggal_meninggal"),
        ({"content": {**DEATH["content"], "nik": int(HEAD)}}, Misfit.FIELD_FORM, "content.nik"),
        ({"content": {**DEATH["content"], HEAD: 1}}, Misfit.FIELD_UNKNOWN, "content.3171********0012"),
        ({"corrects": {"event_id": "0", "nik": HEAD}}, Code.EVENT_ID, "corrects.event_id"),
        ({"corrects": {"event_id": str(uuid.UUID(int=0)), "nik": HEAD}}, Misfit.FIELD_FORM, "corrects.nik"),
    ],
)
def test_what_cannot_be_written_is_named(change: dict[str, Any], code: Code | Misfit, field: str) -> None:
    (refused,) = check("mati", [{**DEATH, **change}], producer=PRODUCER).refused
    assert (refused.code, refused.field) == (code.name, field)
    for sentence in (refused.sentence_id, refused.sentence_en):
        assert field in sentence
        assert "{" not in sentence
        assert HEAD not in sentence


def test_a_name_that_is_unknown_comes_with_those_that_are_known() -> None:
    (refused,) = check(
        "mati", [{**DEATH, "content": {"nik": HEAD, "tanggal": "2025-03-10"}}], producer=PRODUCER
    ).refused
    for sentence in (refused.sentence_id, refused.sentence_en):
        assert sentence.endswith(": nik, tanggal_meninggal, nomor_akta.")


def test_who_names_no_sender_is_told_how(tmp_path: Path) -> None:
    nameless = json.dumps({name: value for name, value in DEATH.items() if name != "producer"})
    environment = {"DTSEN_HOME": str(tmp_path), "DTSEN_BROKER": ""}
    refused = CliRunner(env=environment).invoke(main, ["send", "mati", "-", "--check"], input=nameless)
    assert (refused.exit_code, "give --producer CODE" in refused.output) == (1, True)
    named = ["send", "mati", "-", "--check", "--producer", PRODUCER]
    assert "--producer" not in CliRunner(env=environment).invoke(main, named, input=nameless).output


@pytest.mark.parametrize("value", [True, 1.0, "1", 2**31, -(2**31) - 1, []])
def test_a_whole_number_is_nothing_else(value: Any) -> None:
    record = changed(plain(good("lahir")), content__hubungan=value)
    (refused,) = check("lahir", [record]).refused
    assert (refused.code, refused.field) == ("FIELD_FORM", "content.hubungan")


def test_what_is_no_object_is_said() -> None:
    assert [it.field for it in check("mati", [5, None, "x"]).refused] == [None] * 3


def test_bytes_and_headers_are_those_of_the_simulated_producers() -> None:
    compared = set()
    events = simulate("XXS", quarters=1, first="2025-Q1", seed=1).events("2025-Q1")
    for row in events.group_by("topic", maintain_order=True).head(5).iter_rows(named=True):
        contract = next(event for event in contracts().events if event.topic == row["topic"])
        if row["value"] is None or verdicts(contract, [row["value"]], profile="simulation"):
            continue  # planted
        (event,) = check(contract.name, [decode_one(contract, row["value"])]).good
        assert (event.value, event.headers) == (row["value"], headers_of(row))
        compared.add(contract.name)
    assert len(compared) > 5


def test_the_command_checks_without_a_broker(tmp_path: Path) -> None:
    environment = {"DTSEN_HOME": str(tmp_path), "DTSEN_BROKER": ""}
    shown = CliRunner(env=environment).invoke(main, ["send", "mati", "--example"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["producer"] == PRODUCER
    checked = CliRunner(env=environment).invoke(main, ["send", "mati", "-", "--check"], input=shown.output)
    assert (checked.exit_code, checked.output.splitlines()[-1]) == (0, "1 good, 0 refused; nothing was sent.")


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (["deaths", "-"], "{}", "There is no event type 'deaths'; known are bantuan_lain, biodata"),
        (["mati"], None, "`dtsen send mati --example` prints one"),
        (["mati", "-", "--check"], '{"a": 1', "is no JSON at line 1, column 8"),
        (["mati", "-", "--check"], "[]", "holds an empty list"),
        (["mati", "-", "--producer", "x"], "{}", "no producer 'x'; known are dukcapil-dki"),
        (["mati", "--example", "--producer", "bps"], None, "bps may not send mati; these may: dukcapil-dki"),
        (["mati", "-", "--producer", PRODUCER], json.dumps(DEATH), "No broker answers at 127.0.0.1:1"),
    ],
)
def test_what_the_command_cannot_do_is_said(arguments: list[str], text: str | None, said: str) -> None:
    result = run(NOBODY, *arguments, text=text)
    assert result.exit_code == 1
    assert said in result.output


def test_a_file_of_another_encoding_is_said(tmp_path: Path) -> None:
    file = tmp_path / "deaths.json"
    file.write_bytes(b'{"office": "Caf\xe9"}')
    result = run(NOBODY, "mati", str(file), "--check")
    assert (result.exit_code, "deaths.json is not UTF-8 at byte 15" in result.output) == (1, True)


def test_a_refusal_is_shown_in_both_languages_without_the_nik() -> None:
    wrong = {**DEATH, "content": {**DEATH["content"], "nik": HEAD[:12] + "0000"}}
    result = run(NOBODY, "mati", "-", "--check", "--producer", PRODUCER, text=json.dumps([DEATH, wrong]))
    assert result.exit_code == 1
    assert "record 1: good, id 01957dfe-b780-7" in result.output
    assert "record 2: refused, NIK_SERIAL" in result.output
    assert "content.nik (3171********0000) berakhir dengan 0000" in result.output
    assert "content.nik (3171********0000) ends in 0000" in result.output
    assert HEAD[:12] not in result.output


@pytest.fixture
def provided(settings: Settings) -> Settings:
    """A realm with its topics."""
    with admin_client(settings) as client:
        apply(client, topics(settings), yes=False)
    return settings


def read_all(settings: Settings, event_type: str) -> list[Any]:
    """Every record of an event type's topic."""
    name = settings.topic(str(contracts().by_name[event_type].topic))
    places = [TopicPartition(name, part) for part in range(settings.event_partitions)]
    consumer = KafkaConsumer(bootstrap_servers=settings.broker, enable_auto_commit=False)
    try:
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found = []
        while any(consumer.position(place) < end for place, end in ends.items()):
            found += [record for batch in consumer.poll(timeout_ms=500).values() for record in batch]
        return found
    finally:
        consumer.close()


@pytest.mark.kafka
def test_what_is_sent_is_taken_by_the_door(provided: Settings) -> None:
    for event_type in TYPES:
        contract = contracts().by_name[event_type]
        records = [example(event_type), {**example(event_type), "office": "Kantor Lain"}]
        with ProducerClient(provided) as client:
            outcome = client.send(event_type, records)
        assert outcome.refused == []
        found = {(it.partition, it.offset): it for it in read_all(provided, event_type)}
        assert set(found) == {(sent.partition, sent.offset) for sent in outcome.sent}
        for sent in outcome.sent:
            it = found[sent.partition, sent.offset]
            assert verdicts(contract, [it.value], profile="simulation", now_ms=it.timestamp) == {}
            read = decode_one(contract, it.value)
            assert it.key.decode() in json.dumps(records[0]["content"])
            assert dict(it.headers) == {
                "ce_specversion": b"1.0",
                "content-type": b"application/avro",
                "ce_id": str(sent.event_id).encode(),
                "ce_source": f"urn:dtsen:{read['producer']}:{read['office']}".encode(),
                "ce_type": f"id.go.dtsen.{event_type}".encode(),
                "ce_time": read["recorded_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z").encode(),
            }
            assert read["event_id"] == sent.event_id.bytes


@pytest.mark.kafka
def test_the_command_sends_the_good_ones_and_may_be_repeated(provided: Settings, tmp_path: Path) -> None:
    file = tmp_path / "deaths.json"
    file.write_text(json.dumps([{**DEATH, "content": {}}, DEATH, {**DEATH, "kind": "CANCEL"}]), encoding="utf-8")
    reports = []
    for _ in range(2):
        result = run(provided, "mati", str(file), "--producer", PRODUCER, "--json")
        assert result.exit_code == 1
        reports.append(json.loads(result.output))
    assert [it["code"] for it in reports[0]["refused"]] == ["FIELD_MISSING", "CORRECTS_MISSING"]
    assert [it["record"] for it in reports[0]["sent"]] == [2]
    first, second = read_all(provided, "mati")
    assert (first.value, first.key, first.partition) == (second.value, second.key, second.partition)
    assert [report["sent"][0]["offset"] for report in reports] == [first.offset, second.offset]
    assert reports[0]["refused"] == reports[1]["refused"]


@pytest.mark.kafka
def test_a_missing_topic_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.clients.producer.BLOCK_MS", 500)
    result = run(settings, "mati", "-", "--producer", PRODUCER, text=json.dumps(DEATH))
    assert result.exit_code == 1
    assert "Acknowledged before: 0. Create missing topics with `dtsen topics apply`" in result.output


@pytest.mark.kafka
def test_an_event_that_is_too_large_is_named(provided: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.clients.producer.PIECE_EVENTS", 2)
    large = {**DEATH, "office": "K" * 3_000_000}
    with (
        ProducerClient(provided, PRODUCER) as client,
        pytest.raises(OperatorError, match=r"refused record 4 for .*mati: MessageSizeTooLarge.*before: 3\. Mend"),
    ):
        client.send("mati", [DEATH, DEATH, DEATH, large])
    assert len(read_all(provided, "mati")) == 3


def test_production_refuses_synthetic_numbers() -> None:
    client = ProducerClient(Settings(broker="127.0.0.1:1", profile=Profile.PRODUCTION), PRODUCER)
    assert [it.code for it in client.check("mati", [DEATH]).refused] == ["SYNTHETIC_NUMBER"]


def test_facts_of_a_correction_are_told_before_sending() -> None:
    """What the register would keep, per person: of those that a correction drops, nothing."""
    given = changed(good("kartu_keluarga", kind="CORRECT"), corrects__nik=[HEAD, OTHER])
    checked = check("kartu_keluarga", [plain(given)], now_ms=RECEIVED_MS)
    kept = facts_of("kartu_keluarga", checked.good, now_ms=RECEIVED_MS)[1]
    assert kept[OTHER] == {}
    assert kept[HEAD]["listing.hubungan"] == 1
    assert {name.partition(".")[0] for name in kept[HEAD]} == {"listing", "civil", "residence"}
    assert facts_of("kartu_keluarga", []) == {}


def test_facts_go_with_the_check(tmp_path: Path) -> None:
    file = tmp_path / "death.json"
    file.write_text(json.dumps(DEATH), encoding="utf-8")
    arguments = ["send", "mati", str(file), "--producer", PRODUCER, "--facts"]
    said = json.loads(CliRunner().invoke(main, [*arguments, "--check", "--json"]).output)
    assert said["facts"] == {"1": {HEAD: {"vital.hidup": False, "vital.tanggal_meninggal": "2025-03-10"}}}
    refused = CliRunner().invoke(main, arguments)
    assert (refused.exit_code, "it goes with --check" in refused.output) == (1, True)
