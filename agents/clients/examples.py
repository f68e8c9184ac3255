"""A filled-in record of each event type, to start from: made from its schema, with synthetic numbers."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from agents.clients.events import contract_of
from agents.errors import OperatorError
from schemas.registry import contracts

WIB = dt.timezone(dt.timedelta(hours=7))
NULL = "null"
PEOPLE = ("3171900102800012", "3171904502820003")  # the first is a man, the second a woman

# What a field is filled with by its name, where its schema has no `example`; other texts say what they are, other
# numbers and codes are 1.
VALUES: Mapping[str, Any] = MappingProxyType(
    {
        "nik": PEOPLE[0],
        "nik_ibu": PEOPLE[1],
        "no_kk": "3171951001200001",
        "no_kk_lama": "3171951001100009",
        "nama": "Budi Santoso",
        "kelurahan": "3174051001",
        "kelurahan_asal": "3174051001",
        "kabupaten_tujuan": "3201",
        "alamat": "Jl. Melati No. 12 RT 003 RW 05",
        "nomor_skpwni": "SKPWNI/3174/000001",
        "nomor_akta": "3174-AKTA-0001",
        "office": "Kelurahan Kebayoran Lama Utara",
        "petugas": "petugas-0001",
        "program": "SEMBAKO",
        "instansi": "Kementerian Contoh",
        "jenjang": "SD",
        "provinsi_sekolah": "31",
        "npsn": "20100001",
        "nama_panti": "Panti Contoh",
        "luas_lantai": 36,
        "lintang_e6": -6_240_000,
        "bujur_e6": 106_780_000,
        "njop_rupiah": 250_000_000,
        "aktif": False,
    }
)


def example(event_type: str, producer: str | None = None, now: dt.datetime | None = None) -> dict[str, Any]:
    """A STATE event of today as JSON holds it, that the door takes.

    `producer`: by default the first who may send the type. Raises OperatorError for an unknown event type or
    a producer who may not send it.
    """
    contract = contract_of(event_type)
    allowed = [it.code for it in contracts().producers_by_code.values() if event_type in it.events]
    if producer is not None and producer not in allowed:
        raise OperatorError(f"{producer} may not send {event_type}; these may: {', '.join(allowed)}.")
    moment = (now or dt.datetime.now(WIB)).astimezone(WIB).replace(microsecond=0)
    content = next(field["type"] for field in contract.schema["fields"] if field["name"] == "content")
    return {
        "effective_on": moment.date().isoformat(),
        "recorded_at": moment.isoformat(),
        "producer": producer or allowed[0],
        "office": VALUES["office"],
        "kind": "STATE",
        "corrects": None,
        "content": _filled(content, "content", moment, 0),
    }


def _filled(schema: Any, name: str, moment: dt.datetime, place: int) -> Any:
    """A value of a schema; `place` is that of the item of a list in which it stands."""
    if isinstance(schema, list):
        (schema,) = (each for each in schema if each != NULL)
    if isinstance(schema, str):
        schema = {"type": schema}
    kind = schema["type"]
    if kind == "record":
        return {
            it["name"]: it["example"] if "example" in it else _filled(it["type"], it["name"], moment, place)
            for it in schema["fields"]
        }
    if kind == "array":
        people = isinstance(schema["items"], Mapping) and any(it["name"] == "nik" for it in schema["items"]["fields"])
        return [_filled(schema["items"], name, moment, it) for it in range(len(PEOPLE) if people else 1)]
    return _scalar(schema, name, moment, place)


def _scalar(schema: Any, name: str, moment: dt.datetime, place: int) -> Any:
    if name == "nik":
        return PEOPLE[place]
    if name == "hubungan":
        return (1, 3)[place]  # head of the family, wife
    if name == "triwulan":
        return f"{moment.year}-Q{(moment.month + 2) // 3}"
    if name in VALUES:
        return VALUES[name]
    if schema.get("logicalType") == "date":
        return moment.date().isoformat()
    if schema.get("logicalType") == "timestamp-millis":
        return moment.isoformat()
    return {"enum": schema.get("symbols", [None])[0], "boolean": True, "string": name}.get(schema["type"], 1)
