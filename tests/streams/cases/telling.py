"""Claims and decisions as facts, one readable line each."""

from __future__ import annotations

from typing import Any

import polars as pl

from streams.cases import Terms, cases_of
from tests.streams.strategies import DAY, Fact, facts_frame, nik

DINSOS, KEMENSOS = 7, 3  # producers of the tests: 3 is set above 7
TERMS = Terms(30, {"SANGGAH": 30, "KELUHAN": 30, "USUL": 90, "REAKTIVASI": 90})


def claim(
    event: int,
    kind: str = "SANGGAH",
    channel: str = "CEK_BANSOS",
    day: int = 80,
    hour: int = 0,
    person: int = 1,
    programme: str = "SEMBAKO",
    quarter: str = "2025-Q1",
    evidence: tuple[str, ...] = (),
    reason: str | None = None,
    **more: Any,
) -> Fact:
    """Somebody objects, complains, proposes or asks for reactivation; `day` counts from 1 January 2025."""
    said = {
        "jenis": "SANGGAH" if kind == "SANGGAH" else "KELUHAN",
        "perkara": kind,
        "program": programme,
        "status": "TERBUKA",
        "triwulan": quarter,
        "saluran": channel,
        "alasan": reason,
        "bukti": list(evidence),
        "tenggat": None,
        "kasus": None,
        "kantor": None,
        "tidak_berdasar": None,
    }
    hour = hour or 24 * day
    return Fact(nik(person), event, day=day, hour=hour, event_type=kind.lower(), groups={"claim": said}, **more)


def decision(
    event: int,
    status: str = "DITOLAK",
    kind: str = "SANGGAH",
    day: int = 90,
    producer: int = DINSOS,
    frivolous: bool = False,
    **more: Any,
) -> Fact:
    """An office decides."""
    fact = claim(event, kind, day=day, producer=producer, **more)
    said = {
        **fact.groups["claim"],
        "jenis": "KELUHAN",
        "status": status,
        "saluran": None,
        "alasan": "Diperiksa di lapangan.",
        "kantor": "Suku Dinas Sosial",
        "tidak_berdasar": frivolous,
    }
    return Fact(**{**vars(fact), "groups": {"claim": said}, "event_type": "putusan_kasus"})


def cases(*facts: Fact, day: int = 100) -> pl.DataFrame:
    """The cases of some facts as they stand on a day after 1 January 2025."""
    return cases_of(facts_frame(facts), DAY + (DAY.resolution * day), TERMS)
