"""Events for the door's tests: a good one of each type as a record, changed by dotted path, and batches of them."""

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import fastavro
import numpy as np

from schemas.codes import ASET_YA_TIDAK, PERUMAHAN, TERNAK
from schemas.columnar.arena import join
from schemas.registry import Contract, contracts
from schemas.slow import decode_one
from streams.door import DoorResult, Profile, open_batch

ALL = contracts()
FACT = ALL.by_name["fact"]
EPOCH = dt.date(1970, 1, 1)
TODAY = dt.date(2025, 3, 10)
RECORDED_MS = int(dt.datetime(2025, 3, 10, 3, 0, tzinfo=dt.UTC).timestamp() * 1000)
RECEIVED_MS = RECORDED_MS + 60_000
HEAD, WIFE, CHILD, OTHER = "3171900102800012", "3171904502820003", "3171901003250001", "3171900505500007"
CARD, OLD_CARD = "3171951001200001", "3171951001100009"
KELURAHAN = "3174051001"

Record = dict[str, Any]


def event_id(number: int) -> bytes:
    """A UUIDv7 by number."""
    return bytes.fromhex("01958000 0000 7000 a000") + number.to_bytes(6, "big")


def days(date: dt.date) -> int:
    """Days since 1970."""
    return (date - EPOCH).days


_PLACE = {"kelurahan": KELURAHAN, "skema_wilayah": "KEMENDAGRI", "alamat": "Jl. Melati No. 12 RT 003 RW 05"}
PERUMAHAN_CONTENT: Record = {"luas_lantai": 36, **dict.fromkeys(PERUMAHAN, 1)}
ASET_CONTENT: Record = {**dict.fromkeys(ASET_YA_TIDAK, False), **dict.fromkeys(TERNAK, 0)}
CONTENTS: dict[str, Record] = {
    "lahir": {
        **_PLACE,
        "nik": CHILD,
        "nama": "Siti Lestari",
        "tanggal_lahir": days(TODAY),
        "jenis_kelamin": "PEREMPUAN",
        "no_kk": CARD,
        "hubungan": 4,
        "nik_ibu": WIFE,
        "nomor_akta": None,
    },
    "mati": {"nik": HEAD, "tanggal_meninggal": days(TODAY), "nomor_akta": "3174-KM-10032025-0001"},
    "kartu_keluarga": {
        **_PLACE,
        "no_kk": CARD,
        "no_kk_lama": OLD_CARD,
        "alasan": "GANTI_KEPALA",
        "anggota": [
            {"nik": WIFE, "hubungan": 3, "status_kawin": 2},
            {"nik": HEAD, "hubungan": 1, "status_kawin": 2},
            {"nik": CHILD, "hubungan": 4, "status_kawin": 1},
        ],
    },
    "pindah_keluar": {
        "nomor_skpwni": "SKPWNI/3174/10032025/0001",
        "kelurahan_asal": KELURAHAN,
        "skema_wilayah": "KEMENDAGRI",
        "kabupaten_tujuan": "3201",
        "pindah": [{"nik": WIFE}, {"nik": HEAD}],
    },
    "pindah_datang": {
        **_PLACE,
        "nomor_skpwni": "SKPWNI/3174/10032025/0001",
        "no_kk": CARD,
        "pendatang": [{"nik": WIFE, "hubungan": 3}, {"nik": HEAD, "hubungan": 1}],
    },
    "groundcheck": {
        **_PLACE,
        "petugas": "bps-0001",
        "hasil_kontak": "LENGKAP",
        "putusan": "LAYAK",
        "no_kk": CARD,
        "anggota": [{"nik": WIFE, "keberadaan": "BERSAMA"}, {"nik": HEAD, "keberadaan": "MENINGGAL"}],
        "perumahan": PERUMAHAN_CONTENT,
        "aset": ASET_CONTENT,
        "mulai": RECORDED_MS - 60 * 60_000,
        "selesai": RECORDED_MS - 30 * 60_000,
        "waktu_perangkat": RECORDED_MS - 29 * 60_000,
        "lintang_e6": -6_240_000,
        "bujur_e6": 106_780_000,
        "foto_depan": bytes(range(32)),
        "foto_dalam": bytes(range(1, 33)),
        "foto_kk": None,
    },
    "pekerjaan": {"nik": HEAD, "kategori": "ASN", "instansi": "Kementerian Contoh"},
    "daftar_lama": {
        **_PLACE,
        "sumber": "DTKS",
        "no_kk": CARD,
        "anggota": [{"nik": WIFE}, {"nik": HEAD}],
        "perumahan": PERUMAHAN_CONTENT,
        "penerimaan": [
            {"program": "PKH", "anggaran": "APBN", "sampai": days(TODAY)},
            {"program": "KLJ", "anggaran": "APBD", "sampai": None},
        ],
    },
}
CONTENTS |= {
    "pindah_dalam": {**_PLACE, "no_kk": CARD, "pindah": [{"nik": WIFE, "hubungan": 3}, {"nik": HEAD, "hubungan": 1}]},
    "kawin": {"tanggal_kawin": days(TODAY), "pasangan": [{"nik": WIFE}, {"nik": HEAD}], "nomor_akta": None},
    "cerai": {"tanggal_cerai": days(TODAY), "pasangan": [{"nik": WIFE}, {"nik": HEAD}], "nomor_akta": "3174-AC-0001"},
    "biodata": {
        "nik": CHILD,
        "nama": "Siti Lestari",
        "tanggal_lahir": days(TODAY) - 1,
        "jenis_kelamin": "PEREMPUAN",
    },
    "status_nik": {"nik": HEAD, "aktif": False, "alasan": "MENINGGAL"},
    "sekolah": {
        "nik": CHILD,
        "jenjang": "SD",
        "swasta": True,
        "provinsi_sekolah": "31",
        "npsn": "20100001",
        "kelas": 4,
    },
    "kepemilikan": {"nik": HEAD, "kendaraan_roda_empat": 1, "njop_rupiah": 1_200_000_000},
    "panti": {"nik": HEAD, "tinggal": True, "nama_panti": "Panti Contoh"},
    "sanggah": {
        "nik": HEAD,
        "program": "SEMBAKO",
        "saluran": "CEK_BANSOS",
        "status": "TERBUKA",
        "triwulan": "2025-Q1",
        "alasan": "DATA_SALAH",
        "bukti": ["foto-rumah-depan-01", "token-listrik-01"],
    },
    "keluhan": {
        "nik": HEAD,
        "program": "KLJ",
        "saluran": "JAKI",
        "status": "TERBUKA",
        "triwulan": "2025-Q1",
        "alasan": None,
        "bukti": [],
    },
    "usul": {
        "nik": HEAD,
        "program": "PKH",
        "saluran": "CEK_BANSOS",
        "triwulan": "2025-Q1",
        "alasan": "RUMAH_TIDAK_LAYAK",
        "bukti": ["foto-rumah-depan-02"],
    },
    "reaktivasi": {
        "nik": HEAD,
        "program": "PBI_JK",
        "saluran": "SIKS_NG",
        "triwulan": "2025-Q1",
        "alasan": "KATASTROPIK",
        "bukti": ["surat-rs-001"],
    },
    "putusan_kasus": {
        "nik": HEAD,
        "program": "SEMBAKO",
        "perkara": "SANGGAH",
        "triwulan": "2025-Q1",
        "kasus": "K0123456789AB",
        "status": "DITOLAK",
        "tidak_berdasar": True,
        "alasan": "Foto menunjukkan rumah lain.",
        "bukti": ["berita-acara-001"],
    },
    "listrik": {"nik": HEAD, "daya_va": 900, "bersubsidi": True},
    "disabilitas": {"nik": CHILD, "terdaftar": True, "berat": True},
    "kehamilan": {"nik": WIFE, "hamil": True, "kehamilan_ke": 2, "perkiraan_lahir": days(TODAY) + 180},
    "kesehatan": {"nik": HEAD, "katastropik": True},
    "kuliah": {
        "nik": CHILD,
        "status": "AKTIF",
        "jenjang": "S1",
        "negeri": True,
        "akreditasi": "UNGGUL",
        "semester": 3,
        "ipk_x100": 325,
        "rumpun": "EKSAKTA",
        "reguler": True,
        "provinsi_sekolah": "31",
        "lulus_sekolah_tahun": 2023,
    },
    "bantuan_lain": {
        "nik": CHILD,
        "penerimaan": [
            {"program": "KIP_KULIAH", "jenis": "BEASISWA", "anggaran": "APBN", "sampai": None},
            {"program": "BEASISWA_DAERAH", "jenis": "BEASISWA", "anggaran": "APBD", "sampai": days(TODAY) + 30},
        ],
    },
}
CONTENTS |= {
    "pengesampingan": {
        "pengirim": "dinsos-dki",
        "petugas": "dinsos-dki-0001",
        "dari": days(TODAY) - 30,
        "sampai": days(TODAY) - 10,
        "alasan": "Foto yang sama di tujuh rumah",
        "peristiwa": [{"producer": "dinsos-dki", "event_id": event_id(number)} for number in (3, 4)],
        "orang": [{"nik": WIFE}, {"nik": HEAD}],
    },
}
SENDERS = {
    "groundcheck": "bps",
    "pengesampingan": "bps",
    "pekerjaan": "bkn",
    "daftar_lama": "legacy",
    "sekolah": "disdik-dki",
    "kepemilikan": "bapenda-dki",
    "panti": "dinsos-dki",
    "sanggah": "kemensos",
    "keluhan": "dinsos-dki",
    "listrik": "pln",
    "disabilitas": "dinsos-dki",
    "kehamilan": "dinkes-dki",
    "kesehatan": "bpjs-kesehatan",
    "kuliah": "kemdiktisaintek",
    "bantuan_lain": "kemdiktisaintek",
    "usul": "kemensos",
    "reaktivasi": "dinsos-dki",
    "putusan_kasus": "dinsos-dki",
}
PEOPLE = {
    "lahir": [CHILD],
    "mati": [HEAD],
    "kartu_keluarga": [HEAD, CHILD, WIFE],  # in the order of the digits
    "pindah_keluar": [HEAD, WIFE],
    "pindah_datang": [HEAD, WIFE],
    "groundcheck": [HEAD, WIFE],
    "pengesampingan": [HEAD, WIFE],
    "pekerjaan": [HEAD],
    "kehamilan": [WIFE],
    "daftar_lama": [HEAD, WIFE],
    **{name: [HEAD, WIFE] for name in ("pindah_dalam", "kawin", "cerai")},
    **{name: [CHILD] for name in ("biodata", "sekolah", "disabilitas", "kuliah", "bantuan_lain")},
    **{name: [HEAD] for name in ("status_nik", "kepemilikan", "panti", "listrik", "kesehatan")},
    **{name: [HEAD] for name in ("sanggah", "keluhan", "usul", "reaktivasi", "putusan_kasus")},
}


def good(event_type: str, number: int = 1, kind: str = "STATE") -> Record:
    """A good event; CORRECT and CANCEL are about event 7 and the people of the content."""
    record = {
        "event_id": event_id(number),
        "effective_on": days(TODAY),
        "recorded_at": RECORDED_MS,
        "producer": SENDERS.get(event_type, "dukcapil-dki"),
        "office": "Kelurahan Kebayoran Lama Utara",
        "kind": kind,
        "corrects": None,
        "content": CONTENTS[event_type] if kind != "CANCEL" else None,
    }
    if kind != "STATE":
        corrected = {"producer": record["producer"], "event_id": event_id(7), "nik": PEOPLE[event_type]}
        record["corrects"] = corrected
    return copy.deepcopy(record)


def changed(record: Record, **values: Any) -> Record:
    """The record with other values; `content__anggota__0__nik` names a place within it."""
    record = copy.deepcopy(record)
    for path, value in values.items():
        *way, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        place: Any = record
        for step in way:
            place = place[step]
        place[last] = value
    return record


def encoded(event_type: str, record: Record) -> bytes:
    """The framed value, by an encoder that is not ours."""
    contract = ALL.by_name[event_type]
    out = BytesIO()
    out.write(contract.header)
    fastavro.schemaless_writer(out, _schema(contract), record)
    return out.getvalue()


def numbered(event_type: str, value: bytes) -> bytes:
    """A value in Confluent framing instead of its own."""
    ids = [number for number, contract in ALL.by_confluent_id.items() if contract is ALL.by_name[event_type]]
    return b"\0" + ids[0].to_bytes(4, "big") + value[10:]


def _schema(contract: Contract) -> Any:
    return fastavro.parse_schema(dict(contract.schema))


@dataclass(frozen=True)
class Sent:
    """One record of a batch."""

    value: bytes | None
    offset: int = 0
    received_ms: int = RECEIVED_MS


@dataclass(frozen=True)
class Fact:
    """One fact as the register gets it."""

    nik: str
    row: int
    value: bytes
    record: Record = field(compare=False)


def opened(
    event_type: str, sent: Sequence[Sent | bytes | None], *, profile: Profile = "simulation", partition: int = 0
) -> DoorResult:
    """A batch through the door; bare values get their place as offset."""
    records = [it if isinstance(it, Sent) else Sent(it, place) for place, it in enumerate(sent)]
    values = join([it.value or b"" for it in records])
    lengths = np.where([it.value is None for it in records], -1, values.lengths).astype(np.int32)
    topic = ALL.by_name[event_type].topic
    assert topic is not None
    return open_batch(
        topic,
        values.arena,
        values.starts,
        lengths,
        np.array([it.offset for it in records], np.int64),
        np.array([it.received_ms for it in records], np.int64),
        partition,
        profile=profile,
        contracts=ALL,
    )


def facts(result: DoorResult) -> list[Fact]:
    """The facts of a batch, read by the official library."""
    niks = [bytes(nik).decode() for nik in result.facts.nik]
    rows = result.facts.input_row.tolist()
    return [
        Fact(nik, row, value, decode_one(FACT, value))
        for nik, row, value in zip(niks, rows, result.facts.values.to_list(), strict=True)
    ]
