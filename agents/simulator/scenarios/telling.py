"""People, cards, visits and deaths in short sentences, as their offices would send them."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from typing import Any

from agents.clients.events import event_id_of
from agents.clients.fitting import fit
from agents.simulator.identity import SERIALS
from schemas.codes import ASET_YA_TIDAK, TERNAK
from schemas.registry import contracts

HEAD, WIFE, CHILD, IN_LAW, GRANDCHILD, KIN, HELPER = 1, 3, 4, 5, 6, 9, 10  # SHDK
KEBAYORAN, PONDOK_PINANG, MENTENG, BOGOR = "3174051001", "3174051003", "3171061001", "3271011001"
STREET = "Jl. Melati No. 12 RT 003 RW 05"
SENDERS = {
    "groundcheck": "bps",
    "pekerjaan": "bkn",
    "sekolah": "disdik-dki",
    "kepemilikan": "bapenda-dki",
    "listrik": "pln",
    "disabilitas": "dinsos-dki",
    "kehamilan": "dinkes-dki",
    "kuliah": "kemdiktisaintek",
    "bantuan_lain": "kemdiktisaintek",
}  # of all else: the civil registry
TOLD_NUMBERS = 1_000  # serials that the simulator leaves free
MORNING = dt.time(3, tzinfo=dt.UTC)  # 10:00 in Jakarta

# Desil 1 and desil 7 under the nation's cut points, which a village of a few families is ranked by.
POOR = {"status_bangunan": 2, "lantai": 8, "dinding": 6, "penerangan": 4, "fasilitas_bab": 6, "luas_lantai": 12}
COMFORTABLE = {
    "status_bangunan": 1,
    "bukti_lahan": 1,
    "lantai": 1,
    "dinding": 1,
    "atap": 1,
    "air_minum": 2,  # refilled; branded bottles would end what DKI pays
    "penerangan": 1,
    "daya": 5,
    "bahan_bakar": 3,
    "fasilitas_bab": 1,
    "kloset": 1,
    "luas_lantai": 400,
}
SMALL_COMFORTS = ("lemari_es", "ac", "komputer", "televisi", "emas", "smartphone")


@dataclass(frozen=True)
class Person:
    """Somebody whose life is told, with a synthetic NIK after birth, sex and name, which no simulated person has."""

    name: str
    born: dt.date
    female: bool

    @property
    def nik(self) -> str:
        day = self.born.day + 40 * self.female
        return f"317191{day:02}{self.born:%m%y}{SERIALS.stop + zlib.crc32(self.name.encode()) % TOLD_NUMBERS:04}"


@dataclass(frozen=True)
class Said:
    """One event of a type, as its producer writes it."""

    event_type: str
    record: dict[str, Any]


def woman(name: str, year: int, month: int = 5, day: int = 5) -> Person:
    return Person(name, dt.date(year, month, day), female=True)


def man(name: str, year: int, month: int = 5, day: int = 5) -> Person:
    return Person(name, dt.date(year, month, day), female=False)


def on(text: str) -> dt.date:
    """A day as 2025-01-31."""
    return dt.date.fromisoformat(text)


def kk(number: int) -> str:
    """A synthetic card number, from 1 to 999, that no simulated family has."""
    return f"317195010120{SERIALS.stop + number:04}"


def place(kelurahan: str, address: str) -> dict[str, Any]:
    return {"kelurahan": kelurahan, "skema_wilayah": "KEMENDAGRI", "alamat": address}


def said(event_type: str, day: str, content: dict[str, Any], *, recorded: str = "", producer: str = "") -> Said:
    """True from `day` on; written down the same day, or on `recorded`."""
    return Said(
        event_type,
        {
            "effective_on": on(day),
            "recorded_at": dt.datetime.combine(on(recorded or day), MORNING),
            "producer": producer or SENDERS.get(event_type, "dukcapil-dki"),
            "office": "Kelurahan Kebayoran Lama Utara",
            "content": content,
        },
    )


def known(*people: Person) -> list[Said]:
    """The population book knows these people: name, birth and sex."""
    return [said("biodata", max("2024-11-01", f"{it.born}"), {"nik": it.nik, **_birth(it)}) for it in people]


def _birth(it: Person) -> dict[str, Any]:
    sex = "PEREMPUAN" if it.female else "LAKI_LAKI"
    return {"nama": it.name, "tanggal_lahir": it.born, "jenis_kelamin": sex}


def birth(child: Person, mother: Person, number: int, *, recorded: str, address: str = STREET) -> Said:
    more = {"no_kk": kk(number), "hubungan": CHILD, "nik_ibu": mother.nik, **place(KEBAYORAN, address)}
    return said("lahir", f"{child.born}", {"nik": child.nik, **_birth(child), **more}, recorded=recorded)


def card(
    number: int,
    *members: tuple[Person, int],
    day: str,
    because: str = "PERUBAHAN",
    replaces: int = 0,
    kelurahan: str = KEBAYORAN,
    address: str = STREET,
    recorded: str = "",
) -> Said:
    """A family card: (person, relation to the head) for everybody on it."""
    content = {
        "no_kk": kk(number),
        "no_kk_lama": kk(replaces) if replaces else None,
        "alasan": because,
        **place(kelurahan, address),
        "anggota": [{"nik": it.nik, "hubungan": relation, "status_kawin": 1} for it, relation in members],
    }
    return said("kartu_keluarga", day, content, recorded=recorded)


def visit(
    number: int,
    *people: Person,
    day: str,
    home: dict[str, int],
    owns: tuple[str, ...] = (),
    kelurahan: str = KEBAYORAN,
    address: str = STREET,
    found: dict[str, str] | None = None,
) -> Said:
    """An officer of BPS saw the home; `found`: name -> what the officer says of that person, else BERSAMA."""
    aset = {**dict.fromkeys(ASET_YA_TIDAK, False), **dict.fromkeys(TERNAK, 0), **dict.fromkeys(owns, True)}
    content = {
        **_visited(number, people, kelurahan, address, found or {}),
        "hasil_kontak": "LENGKAP",
        "perumahan": home,
        "aset": aset,
    }
    return said("groundcheck", day, content)


def comfortable(number: int, *people: Person, day: str, owns: tuple[str, ...] = SMALL_COMFORTS) -> Said:
    """A visit to a home that is too good for PKH, Sembako and PBI-JK."""
    return visit(number, *people, day=day, home=COMFORTABLE, owns=owns)


def knocked(
    number: int, *people: Person, day: str, contact: str, kelurahan: str = KEBAYORAN, address: str = STREET
) -> Said:
    """An officer came and saw no home."""
    found = dict.fromkeys([it.name for it in people], "TIDAK_DITEMUKAN")
    return said("groundcheck", day, {**_visited(number, people, kelurahan, address, found), "hasil_kontak": contact})


def _visited(
    number: int, people: tuple[Person, ...], kelurahan: str, address: str, found: dict[str, str]
) -> dict[str, Any]:
    return {
        "petugas": "bps-0001",
        "putusan": "BELUM_DIPUTUSKAN",
        "no_kk": kk(number),
        **place(kelurahan, address),
        "anggota": [{"nik": it.nik, "keberadaan": found.get(it.name, "BERSAMA")} for it in people],
    }


def death(person: Person, *, died: str, recorded: str = "", producer: str = "") -> Said:
    content = {"nik": person.nik, "tanggal_meninggal": on(died)}
    return said("mati", died, content, recorded=recorded, producer=producer)


def named(event: Said) -> bytes:
    """How a change line names an event that caused it: producer number and event id."""
    number = contracts().producers_by_code[event.record["producer"]].number
    return number.to_bytes(2, "big") + _event_id(event)


def cancelled(target: Said, *people: Person, recorded: str) -> Said:
    """The same office takes an event back."""
    record = said(target.event_type, f"{target.record['effective_on']}", {}, recorded=recorded).record
    corrects = {
        "producer": target.record["producer"],
        "event_id": _event_id(target),
        "nik": [it.nik for it in people],
    }
    return Said(target.event_type, {**record, "kind": "CANCEL", "corrects": corrects, "content": None})


def _event_id(event: Said) -> bytes:
    contract = contracts().by_name[event.event_type]
    filled = {"kind": "STATE", "event_id": bytes(16), **event.record}
    return event_id_of(contract, fit(contract, filled)).bytes


def works(person: Person, category: str, *, day: str) -> Said:
    return said("pekerjaan", day, {"nik": person.nik, "kategori": category})


def school(person: Person, level: str, *, day: str) -> Said:
    content = {"nik": person.nik, "jenjang": level, "swasta": False, "provinsi_sekolah": "31"}
    return said("sekolah", day, content)


def cars(person: Person, count: int, *, day: str) -> Said:
    """What the register of vehicles (STNK) says."""
    return said("kepemilikan", day, {"nik": person.nik, "kendaraan_roda_empat": count, "njop_rupiah": 0})


def power(person: Person, va: int, *, day: str, subsidised: bool = False) -> Said:
    """What PLN supplies in somebody's name."""
    return said("listrik", day, {"nik": person.nik, "daya_va": va, "bersubsidi": subsidised})


def disabled(person: Person, *, day: str, severe: bool = False, registered: bool = True) -> Said:
    """An entry in the register of Dinsos."""
    return said("disabilitas", day, {"nik": person.nik, "terdaftar": registered, "berat": severe})


def expects(person: Person, *, day: str, due: str, number: int = 1) -> Said:
    """The health office knows of a pregnancy."""
    content = {"nik": person.nik, "hamil": True, "kehamilan_ke": number, "perkiraan_lahir": on(due)}
    return said("kehamilan", day, content)


def expects_no_longer(person: Person, *, day: str, number: int = 1) -> Said:
    """A pregnancy ended on this day."""
    return said("kehamilan", day, {"nik": person.nik, "hamil": False, "kehamilan_ke": number})


def studies(person: Person, *, day: str, semester: int, marks: int | None, status: str = "AKTIF") -> Said:
    """What PDDikti says of a student of the social sciences at a state university, from a school in DKI."""
    content = {
        "nik": person.nik,
        "status": status,
        "jenjang": "S1",
        "negeri": True,
        "akreditasi": "UNGGUL",
        "semester": semester,
        "ipk_x100": marks,
        "rumpun": "SOSIAL",
        "reguler": True,
        "provinsi_sekolah": "31",
        "lulus_sekolah_tahun": 2024,
    }
    return said("kuliah", day, content)


def receives(person: Person, programme: str, *, day: str, until: str = "", kind: str = "BEASISWA") -> Said:
    """A benefit that the state pays elsewhere; with `until`, its last day."""
    item = {"program": programme, "jenis": kind, "anggaran": "APBN", "sampai": on(until) if until else None}
    return said("bantuan_lain", day, {"nik": person.nik, "penerimaan": [item]})


def married(one: Person, other: Person, *, day: str) -> Said:
    return said("kawin", day, {"tanggal_kawin": on(day), "pasangan": [{"nik": one.nik}, {"nik": other.nik}]})


def moved(
    number: int, *people: tuple[Person, int], day: str, kelurahan: str = KEBAYORAN, address: str, recorded: str = ""
) -> Said:
    """A move that one office records by itself."""
    movers = [{"nik": it.nik, "hubungan": relation} for it, relation in people]
    content = {"no_kk": kk(number), **place(kelurahan, address), "pindah": movers}
    return said("pindah_dalam", day, content, recorded=recorded)


def left(*people: Person, day: str, skpwni: str, to: str = "3271") -> Said:
    content = {"nomor_skpwni": skpwni, "kelurahan_asal": KEBAYORAN, "skema_wilayah": "KEMENDAGRI"}
    return said("pindah_keluar", day, {**content, "kabupaten_tujuan": to, "pindah": [{"nik": it.nik} for it in people]})


def arrived(number: int, *people: tuple[Person, int], day: str, skpwni: str, kelurahan: str) -> Said:
    movers = [{"nik": it.nik, "hubungan": relation} for it, relation in people]
    content = {"nomor_skpwni": skpwni, "no_kk": kk(number), **place(kelurahan, "Jl. Baru No. 1"), "pendatang": movers}
    return said("pindah_datang", day, content, producer="dukcapil-pusat")
