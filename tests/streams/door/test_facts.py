"""Aims at who states what: the facts of each event type and kind, their places, their fixed bytes, their voids."""

import struct
from typing import Any

import numpy as np
import pytest

from schemas.codes import ASET_YA_TIDAK, GROUP_BITS, GROUPS
from streams.door import open_batch
from streams.partitions import murmur2, murmur2_spans
from tests.streams.door.made import (
    ALL,
    CARD,
    CHILD,
    CONTENTS,
    FACT,
    HEAD,
    KELURAHAN,
    OTHER,
    PEOPLE,
    TODAY,
    WIFE,
    Fact,
    Sent,
    changed,
    encoded,
    event_id,
    facts,
    good,
    opened,
)

ADDRESS = "Jl. Melati No. 12 RT 003 RW 05"
LIVES: dict[str, Any] = {"kelurahan": KELURAHAN, "alamat": ADDRESS, "skpwni": None, "kabupaten_tujuan": None}
SKPWNI = "SKPWNI/3174/10032025/0001"


def stated(fact: Fact) -> dict[str, Any]:
    """The groups that a fact states."""
    return {group: fact.record[group] for group in GROUPS if fact.record.get(group) is not None}


def through(event_type: str, record: dict[str, Any]) -> dict[str, Fact]:
    """The facts of one event by NIK."""
    return {fact.nik: fact for fact in facts(opened(event_type, [encoded(event_type, record)]))}


def bits(*groups: str) -> int:
    return sum(GROUP_BITS[group] for group in groups)


def test_a_birth() -> None:
    (fact,) = through("lahir", good("lahir")).values()
    assert fact.nik == CHILD
    assert stated(fact) == {
        "birth": {"nama": "Siti Lestari", "tanggal_lahir": TODAY, "jenis_kelamin": "PEREMPUAN"},
        "vital": {"hidup": True, "tanggal_meninggal": None},
        "listing": {"no_kk": CARD, "hubungan": 4},
        "residence": {**LIVES, "fase": "MENETAP"},
    }


def test_a_death() -> None:
    (fact,) = through("mati", good("mati")).values()
    assert stated(fact) == {"vital": {"hidup": False, "tanggal_meninggal": TODAY}}


def test_a_card() -> None:
    found = through("kartu_keluarga", good("kartu_keluarga"))
    assert list(found) == [HEAD, CHILD, WIFE]
    for nik, relation, marital in ((HEAD, 1, 2), (WIFE, 3, 2), (CHILD, 4, 1)):
        assert stated(found[nik]) == {
            "listing": {"no_kk": CARD, "hubungan": relation},
            "civil": {"status_kawin": marital},
            "residence": {**LIVES, "fase": "MENETAP"},
        }


def test_a_departure_and_an_arrival() -> None:
    for nik, fact in through("pindah_keluar", good("pindah_keluar")).items():
        assert nik in {HEAD, WIFE}
        gone = {**LIVES, "alamat": "", "fase": "KELUAR", "skpwni": SKPWNI, "kabupaten_tujuan": "3201"}
        assert stated(fact) == {"residence": gone}
    for nik, fact in through("pindah_datang", good("pindah_datang")).items():
        assert stated(fact) == {
            "listing": {"no_kk": CARD, "hubungan": {HEAD: 1, WIFE: 3}[nik]},
            "residence": {**LIVES, "fase": "DATANG", "skpwni": SKPWNI},
        }


def test_a_groundcheck_never_touches_the_vital_group() -> None:
    record = changed(good("groundcheck"), content__aset__mobil=True, content__aset__sapi=2)
    found = through("groundcheck", record)
    for nik, presence in ((HEAD, "MENINGGAL"), (WIFE, "BERSAMA")):
        groups = stated(found[nik])
        assert set(groups) == {"household", "assets", "field"}
        assert groups["household"].items() >= {"no_kk": CARD, "kelurahan": KELURAHAN, "alamat": ADDRESS}.items()
        assert groups["household"]["luas_lantai"] == 36
        assert groups["household"]["pembuangan_tinja"] == 1
        assert {name for name in ASET_YA_TIDAK if groups["assets"][name]} == {"mobil"}
        assert groups["assets"]["sapi"] == 2
        assert groups["field"] == {
            "hasil_kontak": "LENGKAP",
            "keberadaan": presence,
            "putusan": "LAYAK",
            "no_kk": CARD,
            "kelurahan": KELURAHAN,
            "alamat": ADDRESS,
            "petugas": record["content"]["petugas"],
        }


def test_a_visit_without_a_house_states_the_field_alone() -> None:
    change = {"content__hasil_kontak": "MENOLAK", "content__perumahan": None, "content__aset": None}
    found = through("groundcheck", changed(good("groundcheck"), **change))
    assert [set(stated(fact)) for fact in found.values()] == [{"field"}, {"field"}]


def test_an_occupation() -> None:
    (fact,) = through("pekerjaan", good("pekerjaan")).values()
    assert stated(fact) == {"work": {"kategori": "ASN"}}


def test_a_legacy_listing_repeats_its_receipts_for_each_member() -> None:
    first = changed(good("daftar_lama"), content__anggota=[{"nik": OTHER}], content__penerimaan=[])
    values = [encoded("daftar_lama", record) for record in (first, good("daftar_lama"))]
    found = {fact.nik: stated(fact) for fact in facts(opened("daftar_lama", values))}
    received = [
        {"program": "PKH", "anggaran": "APBN", "sampai": TODAY},
        {"program": "KLJ", "anggaran": "APBD", "sampai": None},
    ]
    assert {nik: groups["receipt"]["penerimaan"] for nik, groups in found.items()} == {
        OTHER: [],
        HEAD: received,
        WIFE: received,
    }
    assert found[HEAD]["receipt"]["sumber"] == "DTKS"
    assert set(found[HEAD]) == {"household", "receipt"}


@pytest.mark.parametrize("event_type", CONTENTS)
def test_the_fixed_bytes_are_where_the_register_looks(event_type: str) -> None:
    contract, producer = ALL.by_name[event_type], ALL.producers_by_code[good(event_type)["producer"]]
    sent = [Sent(encoded(event_type, good(event_type, 3)), offset=2**40 + 5), Sent(None, 1)]
    found = facts(opened(event_type, sent, partition=77))
    people = PEOPLE[event_type]
    assert [fact.nik for fact in found] == people
    for place, fact in enumerate(found, start=1):
        assert fact.row == 0
        assert fact.value[:10] == FACT.header
        assert fact.value[10:28] == struct.pack(">H", producer.number) + event_id(3)
        assert fact.value[28:42] == struct.pack(">HIQ", contract.topic_number, 77, 2**40 + 5)
        assert fact.value[42:46] == struct.pack(">HH", place, len(people))
        assert fact.record["event_type"] == event_type
        assert fact.record["kind"] == "STATE"
        assert (fact.record["effective_on"], fact.record["corrects"], fact.record["voids"]) == (TODAY, None, 0)


def test_a_correction_speaks_of_those_it_keeps_adds_and_drops() -> None:
    record = changed(
        good("kartu_keluarga", kind="CORRECT"),
        corrects__nik=[OTHER, HEAD],
        content__anggota=[
            {"nik": WIFE, "hubungan": 3, "status_kawin": 2},
            {"nik": HEAD, "hubungan": 1, "status_kawin": 2},
        ],
    )
    found = through("kartu_keluarga", record)
    assert list(found) == [HEAD, OTHER, WIFE]
    assert [fact.value[42:46] for fact in found.values()] == [struct.pack(">HH", i, 3) for i in (1, 2, 3)]
    assert all(
        fact.record["corrects"] == {"producer_number": struct.pack(">H", 1), "event_id": event_id(7)}
        for fact in found.values()
    )
    assert {nik: set(stated(fact)) for nik, fact in found.items()} == {
        HEAD: {"listing", "civil", "residence"},
        WIFE: {"listing", "civil", "residence"},
        OTHER: set(),
    }
    assert {fact.record["voids"] for fact in found.values()} == {bits("listing", "civil", "residence")}


def test_a_correction_acts_only_on_what_it_states_but_drops_everything() -> None:
    change = {"content__hasil_kontak": "MENOLAK", "content__perumahan": None, "content__aset": None}
    record = changed(good("groundcheck", kind="CORRECT"), corrects__nik=[HEAD, OTHER], **change)
    voids = {nik: fact.record["voids"] for nik, fact in through("groundcheck", record).items()}
    assert voids == {HEAD: bits("field"), WIFE: bits("field"), OTHER: bits("household", "assets", "field")}


@pytest.mark.parametrize("event_type", CONTENTS)
def test_a_cancellation_states_nothing_and_acts_on_all_that_its_type_may_state(event_type: str) -> None:
    found = through(event_type, good(event_type, kind="CANCEL"))
    assert list(found) == PEOPLE[event_type]
    for fact in found.values():
        assert stated(fact) == {}
        assert fact.record["kind"] == "CANCEL"
        assert fact.record["voids"] == bits(*ALL.by_name[event_type].groups)


def test_the_keys_are_the_niks() -> None:
    out = opened("kartu_keluarga", [encoded("kartu_keluarga", good("kartu_keluarga"))]).facts
    keys = out.keys()
    assert keys.to_list() == [HEAD.encode(), CHILD.encode(), WIFE.encode()]
    assert murmur2(out.nik).tolist() == murmur2_spans(keys.arena, keys.starts, keys.lengths).tolist()


def test_a_topic_without_contract_is_refused() -> None:
    none, no_lengths = np.zeros(0, np.int64), np.zeros(0, np.int32)
    with pytest.raises(ValueError, match=r"no event type has the topic 'population\.ibu_hamil'"):
        open_batch(
            "population.ibu_hamil",
            np.zeros(64, np.uint8),
            none,
            no_lengths,
            none,
            none,
            0,
            profile="simulation",
            contracts=ALL,
        )
