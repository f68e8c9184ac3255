"""Facts for tests: one readable line per fact, and Hypothesis strategies in which ids and clocks collide."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import fastavro
import numpy as np
import polars as pl
from hypothesis import settings
from hypothesis import strategies as st

from schemas.codes import GROUP_BITS
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.facts import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.registry import Contract

# producer number -> authority; 1 and 2 are equals
AUTHORITIES = {1: 50, 2: 50, 3: 30, 7: 10}
DAY = date(2025, 1, 1)
NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
# no deadline: the cores are shared, and the first call of a frame is slow
FEW = settings(max_examples=25, deadline=None)
FACT = contracts().by_name["fact"]


@dataclass(frozen=True)
class Fact:
    """One fact, in small numbers: days and hours after 1 January 2025, ids by number."""

    nik: str
    event: int
    producer: int = 1
    hour: int = 0  # of recording
    day: int = 0  # effective
    kind: str = "STATE"
    corrects: tuple[int, int] | None = None  # producer, event
    voids: tuple[str, ...] = ()
    event_type: str = "kartu_keluarga"
    topic: int = 3
    partition: int = 0
    offset: int = 0
    facts_offset: int = 0
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int, int]:
        """What is unique: person, producer, event."""
        return self.nik, self.producer, self.event

    @property
    def clock(self) -> tuple[int, int]:
        """By what corrections are compared."""
        return self.hour, self.event


def nik(number: int) -> str:
    """A synthetic NIK: 3171 + 90, born 1 January 1990."""
    return f"317190010190{number:04d}"


def event_id(number: int) -> bytes:
    """An id of 16 bytes, in the order of its number."""
    return bytes(12) + number.to_bytes(4, "big")


def vital(*, alive: bool = True) -> dict[str, Any]:
    return {"hidup": alive, "tanggal_meninggal": None if alive else DAY}


def birth(nama: str = "Ani") -> dict[str, Any]:
    return {"nama": nama, "tanggal_lahir": date(1990, 1, 1), "jenis_kelamin": "PEREMPUAN"}


def listing(card: int = 1) -> dict[str, Any]:
    return {"no_kk": f"317191{card:010d}", "hubungan": 1}


def residence(kelurahan: str = "3171011001", fase: str = "MENETAP", skpwni: str | None = None) -> dict[str, Any]:
    return {"kelurahan": kelurahan, "alamat": "Jl. A 1", "fase": fase, "skpwni": skpwni, "kabupaten_tujuan": None}


def work(kategori: str = "SWASTA") -> dict[str, Any]:
    return {"kategori": kategori}


def finding(
    keberadaan: str = "BERSAMA", alamat: str | None = None, card: int | None = None, contact: str = "LENGKAP"
) -> dict[str, Any]:
    return {
        "hasil_kontak": contact,
        "keberadaan": keberadaan,
        "putusan": "LAYAK",
        "no_kk": card and listing(card)["no_kk"],
        "kelurahan": "3171011001",
        "alamat": alamat,
    }


def dwelling(card: int | None = None, alamat: str = "Jl. A 1", luas_lantai: int = 30) -> dict[str, Any]:
    no_kk = card and listing(card)["no_kk"]
    return {"no_kk": no_kk, "kelurahan": "3171011001", "alamat": alamat, "luas_lantai": luas_lantai}


def benefit(*items: tuple[str, str, int | None]) -> dict[str, Any]:
    """What is received elsewhere: programme, kind, day of the end."""
    return {
        "penerimaan": [
            {
                "program": program,
                "jenis": jenis,
                "anggaran": "APBN",
                "sampai": None if days is None else DAY + timedelta(days=days),
            }
            for program, jenis, days in items
        ]
    }


def set_aside(*events: tuple[int, int]) -> dict[str, Any]:
    """Visits that a supervisor set aside: producer and event of each."""
    return {"events": [{"producer_number": it.to_bytes(2, "big"), "event_id": event_id(n)} for it, n in events]}


def pregnancy(number: int | None = 1, *, pregnant: bool = True) -> dict[str, Any]:
    return {"hamil": pregnant, "kehamilan_ke": number, "perkiraan_lahir": DAY if pregnant else None}


def record(fact: Fact) -> dict[str, Any]:
    """The fact as an Avro record."""
    return {
        "producer_number": fact.producer.to_bytes(2, "big"),
        "event_id": event_id(fact.event),
        "coordinate": struct.pack(">HIQ", fact.topic, fact.partition, fact.offset),
        "place": struct.pack(">HH", 1, 1),
        "kind": fact.kind,
        "event_type": fact.event_type,
        "effective_on": DAY + timedelta(days=fact.day),
        "recorded_at": NOON + timedelta(hours=fact.hour),
        "corrects": fact.corrects
        and {"producer_number": fact.corrects[0].to_bytes(2, "big"), "event_id": event_id(fact.corrects[1])},
        "voids": sum(GROUP_BITS[group] for group in fact.voids),
        **fact.groups,
    }


def facts_frame(facts: Iterable[Fact]) -> pl.DataFrame:
    """The facts frame of contracts.md 5, made by hand: no codec has part in it."""
    lines = []
    for fact in facts:
        line: dict[str, Any] = {
            "nik": fact.nik,
            "producer": fact.producer,
            "authority": AUTHORITIES[fact.producer],
            "facts_offset": fact.facts_offset,
            "topic_number": fact.topic,
            "partition": fact.partition,
            "offset": fact.offset,
        }
        lines.append(line | _flat(record(fact), FACT.schema))
    return pl.DataFrame(lines, schema=FACTS, orient="row")


def _flat(values: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Nested records as dotted columns, their presence under their own name."""
    line: dict[str, Any] = {}
    for part in schema["fields"]:
        value, inner = values.get(part["name"]), _record_in(part["type"])
        if inner is None:
            line[part["name"]] = None if value == [] else value  # a list without items is null
        else:
            line[part["name"]] = value is not None
            line |= {f"{part['name']}.{name}": item for name, item in _flat(value or {}, inner).items()}
    return line


def _record_in(kind: Any) -> Any:
    branches = kind if isinstance(kind, list) else [kind]
    return next((it for it in branches if isinstance(it, dict) and it["type"] == "record"), None)


def _columns(schema: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for part in schema["fields"]:
        name, inner = prefix + part["name"], _record_in(part["type"])
        if inner is not None:
            columns |= {name: pl.Boolean, **_columns(inner, f"{name}.")}
        elif not _is_list(part["type"]):
            columns[name] = _dtype(part["type"])
    return columns


def _lists(schema: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Arrays of the groups: they stand behind all other columns."""
    columns: dict[str, Any] = {}
    for part in schema["fields"]:
        name, inner = prefix + part["name"], _record_in(part["type"])
        if inner is not None:
            columns |= _lists(inner, f"{name}.")
        elif _is_list(part["type"]):
            columns[name] = _dtype(part["type"])
    return columns


def _is_list(kind: Any) -> bool:
    return isinstance(kind, dict) and kind["type"] == "array"


def _dtype(kind: Any) -> Any:
    """The column type of contracts.md 2: lists for arrays."""
    if isinstance(kind, list):
        return _dtype(next(branch for branch in kind if branch != "null"))
    if isinstance(kind, str):
        plain = {"string": pl.String, "int": pl.Int32, "long": pl.Int64, "boolean": pl.Boolean}
        return plain.get(kind, pl.Binary)  # else a fixed by its name
    if kind.get("logicalType") == "date":
        return pl.Date
    if kind.get("logicalType") == "timestamp-millis":
        return pl.Datetime("ms", "UTC")
    if kind["type"] == "enum":
        return pl.Enum(kind["symbols"])
    if kind["type"] == "array":
        return pl.List(_dtype(kind["items"]))
    if kind["type"] == "record":
        return pl.Struct({part["name"]: _dtype(part["type"]) for part in kind["fields"]})
    return pl.Binary


FACTS: dict[str, Any] = {
    "nik": pl.String,
    "producer": pl.UInt16,
    "authority": pl.Int32,
    "facts_offset": pl.Int64,
    "topic_number": pl.UInt16,
    "partition": pl.UInt32,
    "offset": pl.Int64,
    **_columns(FACT.schema),
    **_lists(FACT.schema),
}


# --- rows of the store ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Copy:
    """A further copy of a fact."""

    of: Fact
    topic: int = 3
    partition: int = 0
    offset: int = 0
    facts_offset: int = 0
    same: bool = True


def row_key(fact: Fact) -> bytes:
    return fact.nik.encode() + fact.producer.to_bytes(2, "big") + event_id(fact.event)


@cache
def _parsed(version: Contract) -> Any:
    return fastavro.parse_schema(dict(version.schema))


def row_value(fact: Fact, version: Contract = FACT) -> bytes:
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, _parsed(version), record(fact))
    return fact.facts_offset.to_bytes(8, "big") + version.header + buffer.getvalue()


def store_rows(facts: Iterable[Fact], copies: Sequence[Copy] = (), version: Contract = FACT) -> Rows:
    """Facts and copies as the store keeps them, in the order of their keys; written in a version of the schema."""
    ordered = sorted(facts, key=row_key)
    keys = np.frombuffer(b"".join(map(row_key, ordered)), np.uint8).reshape(len(ordered), 34)
    further = sorted(
        (row_key(it.of) + struct.pack(">HIQQ", it.topic, it.partition, it.offset, it.facts_offset), it.same)
        for it in copies
    )
    values = join([row_value(fact, version) for fact in ordered])
    return Rows(
        keys,
        values.arena,
        values.starts,
        values.lengths,
        np.frombuffer(b"".join(key for key, _ in further), np.uint8).reshape(len(further), 56),
        np.array([[0, 1, 0, 1, not same] for _, same in further], np.uint8).reshape(len(further), 5),
    )


def cut(offsets: Mapping[tuple[int, int], int]) -> pl.DataFrame:
    """A cut from {(topic number, partition): offset}."""
    lines = [(topic, partition, offset) for (topic, partition), offset in offsets.items()]
    return pl.DataFrame(
        lines, schema={"topic_number": pl.UInt16, "partition": pl.UInt32, "offset": pl.Int64}, orient="row"
    )


# --- strategies -----------------------------------------------------------------------------------------

GROUP_VALUES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "birth": st.builds(birth, st.sampled_from(["Ani", "Budi"])),
    "vital": st.builds(vital, alive=st.booleans()),
    "listing": st.builds(listing, st.integers(1, 3)),
    "residence": st.builds(
        residence,
        st.sampled_from(["3171011001", "3172011001", "3201011001"]),
        st.sampled_from(["MENETAP", "KELUAR", "DATANG"]),
        st.sampled_from([None, "S1", "S2"]),
    ),
    "work": st.builds(work, st.sampled_from(["SWASTA", "ASN"])),
    "household": st.builds(dwelling, st.sampled_from([None, 1, 2]), st.sampled_from(["Jl. A 1", "Jl. B 2"])),
    "field": st.builds(
        finding,
        st.sampled_from(["BERSAMA", "MENINGGAL"]),
        st.sampled_from([None, "jl a no 1", "JL A, 01"]),
        st.sampled_from([None, 1]),
        st.sampled_from(["LENGKAP", "TIDAK_DITEMUKAN"]),
    ),
    "pregnancy": st.builds(pregnancy, st.sampled_from([None, 1, 2]), pregnant=st.booleans()),
    "benefit": st.lists(
        st.tuples(
            st.sampled_from(["KIP_KULIAH", "BEASISWA_DAERAH"]),
            st.sampled_from(["BEASISWA", "LAINNYA"]),
            st.sampled_from([None, -2, 2]),
        ),
        max_size=2,
        unique_by=lambda it: it[0],
    ).map(lambda items: benefit(*items)),
    "set_aside": st.lists(st.tuples(st.sampled_from([1, 2, 3, 7]), st.integers(1, 6)), max_size=3).map(
        lambda events: set_aside(*events)
    ),
}
NAMES = tuple(GROUP_VALUES)


@st.composite
def facts(draw: st.DrawFn, people: int = 2, most: int = 12) -> list[Fact]:
    """Facts of few people with few producers, ids and hours, so that corrections meet, cross and collide."""
    keys = draw(
        st.lists(
            st.tuples(st.integers(1, people), st.sampled_from([1, 2, 3, 7]), st.integers(1, 6)),
            max_size=most,
            unique=True,
        )
    )
    made = []
    for offset, (person, producer, event) in enumerate(keys):
        kind = draw(st.sampled_from(["STATE", "CORRECT", "CORRECT", "CANCEL"]))
        voids = () if kind == "STATE" else tuple(draw(st.sets(st.sampled_from(NAMES), min_size=1)))
        stated = set() if kind == "CANCEL" else draw(st.sets(st.sampled_from(NAMES)))
        made.append(
            Fact(
                nik(person),
                event,
                producer,
                hour=draw(st.integers(0, 4)),
                day=draw(st.integers(-3, 3)),
                kind=kind,
                corrects=None if kind == "STATE" else (draw(st.sampled_from([1, 2, 3, 7])), draw(st.integers(1, 6))),
                voids=voids,
                event_type=draw(st.sampled_from(["lahir", "groundcheck"])),
                partition=draw(st.integers(0, 1)),
                offset=offset,
                facts_offset=offset,
                groups={name: draw(GROUP_VALUES[name]) for name in sorted(stated)},
            )
        )
    return made
