"""Aims at each code of the door: a good event with one thing wrong gets it, with its field and a masked value."""

import re

import pytest

from schemas.columnar import cursor, decode, encode
from streams.door import UNKNOWN_PRODUCER, Code
from tests.streams.door.case import Case
from tests.streams.door.cases import CASES
from tests.streams.door.made import ALL, CARD, HEAD, changed, encoded, good, numbered, opened

# Bytes that are wrong: code, what to send to the topic population.mati, field, event type, producer
GOOD = encoded("mati", good("mati"))
RAW: list[tuple[Code, bytes | None, str | None, str | None, str]] = [
    (Code.NO_VALUE, None, None, None, "unknown"),
    (Code.NO_HEADER, b"", None, None, "unknown"),
    (Code.NO_HEADER, GOOD[10:], None, None, "unknown"),
    (Code.FINGERPRINT_UNKNOWN, b"\xc3\x01no such!" + GOOD[10:], None, None, "unknown"),
    (Code.SCHEMA_ID_UNKNOWN, b"\0\0\0\0\1" + GOOD[10:], None, None, "unknown"),
    (Code.SCHEMA_ID_UNKNOWN, b"\0\xff\xff\xff\xff", None, None, "unknown"),
    (Code.NO_HEADER, b"\0\0\0\x03", None, None, "unknown"),
    (Code.WRONG_TOPIC, encoded("lahir", good("lahir")), None, "lahir", "dukcapil-dki"),
    (Code.WRONG_TOPIC, numbered("lahir", encoded("lahir", good("lahir"))), None, "lahir", "dukcapil-dki"),
    (Code.TRUNCATED, numbered("mati", GOOD[:-1]), "content.nomor_akta", "mati", "dukcapil-dki"),
    (Code.WRONG_TOPIC, ALL.by_name["fact"].header + GOOD[10:], None, None, "unknown"),
    (Code.TRUNCATED, GOOD[:-1], "content.nomor_akta", "mati", "dukcapil-dki"),
    (Code.TRUNCATED, GOOD[:20], "event_id", "mati", "unknown"),
    (Code.TRAILING_BYTES, GOOD + b"\0", None, "mati", "dukcapil-dki"),
    (Code.BAD_VARINT, GOOD[:26] + b"\xff" * 12 + GOOD[26:], "effective_on", "mati", "unknown"),
    (
        Code.BAD_BRANCH,
        GOOD.replace(b"\x02\x2a3174-KM", b"\x06\x2a3174-KM"),
        "content.nomor_akta",
        "mati",
        "dukcapil-dki",
    ),
    (Code.BAD_UTF8, GOOD.replace(b"Kebayoran", b"Kebayor\xff\xfe"), "office", "mati", "dukcapil-dki"),
    (Code.BAD_ENUM, GOOD.replace(b"Utara\x00\x00", b"Utara\x08\x00"), "kind", "mati", "dukcapil-dki"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.name}-{case.event_type}")
def test_one_thing_wrong(case: Case) -> None:
    result = opened(case.event_type, [case.value()])
    assert len(result.facts) == 0
    (row,) = result.rejected.to_dicts()
    assert (row["code"], row["field"], row["event_type"]) == (case.code.name, case.field, case.event_type)
    assert row["masked_value"] == case.masked
    assert (row["producer"] == UNKNOWN_PRODUCER) == (case.code is Code.PRODUCER_UNKNOWN)
    assert result.refused == {case.event_type: 1}
    assert result.accepted == {}


@pytest.mark.parametrize(("code", "value", "field", "event_type", "producer"), RAW)
def test_bytes_that_are_wrong(
    code: Code, value: bytes | None, field: str | None, event_type: str | None, producer: str
) -> None:
    (row,) = opened("mati", [value]).rejected.to_dicts()
    assert (row["code"], row["field"], row["event_type"], row["producer"]) == (code.name, field, event_type, producer)
    assert row["raw"] == (value or b"")


def test_a_boolean_that_is_neither() -> None:
    fields = ("mulai", "selesai", "waktu_perangkat", "lintang_e6", "bujur_e6", "foto_depan", "foto_dalam", "foto_kk")
    nothing_after = {f"content__{name}": None for name in fields}
    value = encoded("groundcheck", changed(good("groundcheck"), **nothing_after))
    # before these nulls stand the assets: 16 nullable booleans (branch, value), then five counts
    place = len(value) - len(fields) - 6
    wrong = value[:place] + b"\x02" + value[place + 1 :]
    (row,) = opened("groundcheck", [wrong]).rejected.to_dicts()
    assert (row["code"], row["field"]) == ("BAD_BOOLEAN", "content.aset.rumah_lain")


@pytest.mark.parametrize("number", [HEAD, CARD])
def test_synthetic_numbers_outside_the_simulation(number: str) -> None:
    for field, event_type in (("content__nik", "mati"), ("content__no_kk", "lahir")):
        record = changed(good(event_type), **{field: number})
        (row,) = opened(event_type, [encoded(event_type, record)], profile="production").rejected.to_dicts()
        assert row["code"] == "SYNTHETIC_NUMBER"


def test_every_code_occurs_here() -> None:
    occurring = {case.code for case in CASES} | {case[0] for case in RAW}
    elsewhere = {Code.BAD_BOOLEAN, Code.SYNTHETIC_NUMBER}
    assert {*Code, *ALL.refusals.values()} - occurring == elsewhere


def test_every_code_of_the_codec_is_a_code_of_the_door() -> None:
    known = {code.name for code in Code} | {cursor.BAD_LENGTH}
    assert set(cursor.CODES) <= known


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.name}-{case.event_type}")
def test_sentences_are_filled_in_and_say_what_to_do(case: Case) -> None:
    (row,) = opened(case.event_type, [case.value()]).rejected.to_dicts()
    for sentence, template in (
        (row["sentence_id"], case.code.indonesian),
        (row["sentence_en"], case.code.english),
    ):
        assert sentence == template.format(field=case.field, value=case.masked)
        assert re.search(r": \w.*\.$", sentence), "what is wrong: what to do."


def test_a_rejection_is_encoded_as_it_is() -> None:
    rejected = ALL.by_name["rejected"]
    result = opened("mati", [None, GOOD, GOOD[:-1], encoded("mati", changed(good("mati"), producer="x"))])
    written = encode(rejected, result.rejected, {}, header=True)
    read = decode(rejected, written.arena, written.starts + 10, written.lengths - 10)
    assert read.errors.height == 0
    assert read.frame.drop("row").equals(result.rejected.drop("row"))
    assert result.rejected.get_column("row").to_list() == [0, 2, 3]
    assert result.rejected.get_column("offset").to_list() == [0, 2, 3]
