"""Claims and decisions, told in a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.simulator.scenarios.telling import said

if TYPE_CHECKING:
    from agents.simulator.scenarios.telling import Person, Said


def objects(person: Person, programme: str, quarter: str, *, day: str, channel: str = "CEK_BANSOS") -> Said:
    content = {"nik": person.nik, "program": programme, "saluran": channel, "status": "TERBUKA", "triwulan": quarter}
    return said("sanggah", day, {**content, "alasan": "DATA_SALAH", "bukti": ["foto-rumah-01"]}, producer="kemensos")


def asks_back(person: Person, programme: str, quarter: str, *, day: str) -> Said:
    content = {"nik": person.nik, "program": programme, "saluran": "SIKS_NG", "triwulan": quarter}
    told = {**content, "alasan": "KATASTROPIK", "bukti": ["surat-rs-01"]}
    return said("reaktivasi", day, told, producer="dinsos-dki")


def decides(person: Person, kind: str, programme: str, quarter: str, status: str, *, day: str) -> Said:
    content: dict[str, Any] = {
        "nik": person.nik,
        "program": programme,
        "perkara": kind,
        "triwulan": quarter,
        "kasus": None,
        "status": status,
        "tidak_berdasar": False,
        "alasan": "Diperiksa di lapangan.",
        "bukti": [],
    }
    return said("putusan_kasus", day, content, producer="dinsos-dki")


def ill(person: Person, *, day: str) -> Said:
    return said("kesehatan", day, {"nik": person.nik, "katastropik": True}, producer="bpjs-kesehatan")
