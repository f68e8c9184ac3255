"""Plain records, as JSON holds them, brought to what a schema can write; what does not fit is named by its field.

The door's codes are used where the door has one. The codes in `Misfit` are the client's own: a record with such
a fault cannot be written at all, so the door never sees it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final

import polars as pl

from schemas.registry import Contract
from streams.door import Code, masking

NULL: Final = "null"


class Misfit(Enum):
    """Faults that no schema can write. `{wanted}`: a form of FORMS, in the sentence's language; `{known}`: names."""

    def __init__(self, indonesian: str, english: str) -> None:
        self.indonesian = indonesian
        self.english = english

    FIELD_MISSING = (
        "{field} tidak diisi: isi seperti tertulis dalam schemas/events; wajib {wanted}.",
        "{field} is not filled in: fill it in as schemas/events says; it must be {wanted}.",
    )
    FIELD_UNKNOWN = (
        "{field} tidak ada dalam skema: hapus, atau perbaiki namanya; yang ada di situ: {known}.",
        "{field} is not in the schema: leave it out, or mend its name; what may stand there: {known}.",
    )
    FIELD_FORM = (
        "Bentuk {field} salah: tulis {wanted}.",
        "The form of {field} is wrong: write {wanted}.",
    )


# By the name of the type, or of the logical type: Indonesian, English.
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "string": ("teks", "text"),
    "enum": ("salah satu simbol dalam skema", "one of the symbols that the schema lists"),
    "int": ("bilangan bulat antara -2147483648 dan 2147483647", "a whole number from -2147483648 to 2147483647"),
    "long": ("bilangan bulat 64 bit", "a whole number of 64 bits"),
    "boolean": ("true atau false", "true or false"),
    "date": ("tanggal seperti 2025-03-31", "a date like 2025-03-31"),
    "timestamp-millis": (
        "waktu dengan zona, seperti 2025-03-31T09:30:00+07:00",
        "a time with its zone, like 2025-03-31T09:30:00+07:00",
    ),
    "fixed": ("UUID seperti 0195800a-1b2c-7d3e-8f40-112233445566", "a UUID like 0195800a-1b2c-7d3e-8f40-112233445566"),
    "digest": ("sidik SHA-256, 64 angka heksadesimal", "a SHA-256 digest, 64 hexadecimal digits"),
    "array": ("daftar", "a list"),
    "record": ("objek dengan medan menurut skema", "an object with the fields of the schema"),
}
UUID_BYTES: Final = 16  # what is fixed at this size is an event's id; at others, a digest
BITS: Final = {"int": 31, "long": 63}


@dataclass(eq=False)
class Fault(Exception):  # noqa: N818 - a finding about one field, caught and told with its record
    """What keeps a record from being written."""

    code: Code | Misfit
    field: str | None  # dotted path; None: the record itself
    wanted: str = "record"  # of FORMS
    shown: str | None = None  # the masked value, for codes of the door that show one
    known: tuple[str, ...] = ()  # the names that the schema has there

    def sentence(self, language: str) -> str:
        """In Indonesian ("id") or English ("en")."""
        place = 0 if language == "id" else 1
        field = self.field or ("rekaman", "the record")[place]
        text = (self.code.indonesian, self.code.english)[place]
        return text.format(field=field, value=self.shown, wanted=FORMS[self.wanted][place], known=", ".join(self.known))


def fit(contract: Contract, record: Any) -> dict[str, Any]:
    """A record as `schemas.slow.encode_one` takes it. Raises Fault for the first field that does not fit."""
    fitted = _record(contract.schema, record, "", _named(contract))
    assert isinstance(fitted, dict)
    return fitted


@cache
def _named(contract: Contract) -> Mapping[str, Any]:
    """The types that a schema names, by their short names."""
    found: dict[str, Any] = {}

    def look(schema: Any) -> None:
        if isinstance(schema, list):
            for each in schema:
                look(each)
        elif isinstance(schema, Mapping):
            if "name" in schema and schema["type"] in ("record", "enum", "fixed"):
                found[schema["name"]] = schema
            for field in schema.get("fields", ()):
                look(field["type"])
            look(schema.get("items"))

    look(contract.schema)
    return found


def _value(schema: Any, value: Any, field: str, named: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        if value is None:
            return None
        (schema,) = (each for each in schema if each != NULL)  # the contracts know no other unions
    if isinstance(schema, str):
        schema = named.get(schema, {"type": schema})
    kind = str(schema.get("logicalType", schema["type"]))
    if value is None:
        raise Fault(Misfit.FIELD_MISSING, field, kind)
    if kind == "record":
        return _record(schema, value, field, named)
    if kind == "array":
        if not isinstance(value, list | tuple):
            raise Fault(Misfit.FIELD_FORM, field, kind)
        return [_value(schema["items"], item, field, named) for item in value]
    return _scalar(schema, kind, value, field)


def _record(schema: Any, value: Any, path: str, named: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Fault(Misfit.FIELD_FORM, path or None, "record")
    fields = {field["name"]: field for field in schema["fields"]}
    inside = f"{path}." if path else ""
    for name in value:
        if name not in fields:
            raise Fault(Misfit.FIELD_UNKNOWN, inside + _shown(str(name)), known=tuple(fields))
    return {
        name: _value(field["type"], value.get(name, field.get("default")), inside + name, named)
        for name, field in fields.items()
    }


def _scalar(schema: Any, kind: str, value: Any, field: str) -> Any:
    if kind == "string" and isinstance(value, str):
        return _utf8(value, field)
    if kind == "enum" and isinstance(value, str):
        if value not in schema["symbols"]:
            raise Fault(Code.BAD_ENUM, field)
        return value
    if kind == "boolean" and isinstance(value, bool):
        return value
    if kind in BITS and isinstance(value, int) and not isinstance(value, bool) and _inside(value, BITS[kind]):
        return value
    if kind == "date":
        return _date(value, field)
    if kind == "timestamp-millis":
        return _instant(value, field)
    if kind == "fixed":
        return _uuid(value, field) if schema["size"] == UUID_BYTES else _digest(value, schema["size"], field)
    raise Fault(Misfit.FIELD_FORM, field, kind)


def _inside(value: int, bits: int) -> bool:
    return -(1 << bits) <= value < 1 << bits


def _utf8(text: str, field: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair, as JSON can hold it
        raise Fault(Code.BAD_UTF8, field) from None
    return text


def _date(value: Any, field: str) -> dt.date:
    try:
        if isinstance(value, str):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise Fault(Misfit.FIELD_FORM, field, "date")


def _instant(value: Any, field: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(instant, dt.datetime) and instant.tzinfo is not None:
            return instant.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise Fault(Misfit.FIELD_FORM, field, "timestamp-millis")


def _uuid(value: Any, field: str) -> bytes:
    if isinstance(value, uuid.UUID):
        return value.bytes
    if isinstance(value, bytes) and len(value) == UUID_BYTES:
        return value
    try:
        if isinstance(value, str):
            return uuid.UUID(value).bytes
    except ValueError:
        raise Fault(Code.EVENT_ID, field, shown=_shown(value)) from None
    raise Fault(Misfit.FIELD_FORM, field, "fixed")


def _digest(value: Any, size: int, field: str) -> bytes:
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else value
        if isinstance(found, bytes) and len(found) == size:
            return found
    except ValueError:
        pass
    raise Fault(Misfit.FIELD_FORM, field, "digest")


def _shown(text: str) -> str:
    """A text of the sender's as the door would show it: never a whole number of somebody's."""
    return str(pl.select(masking.public(pl.lit(text.encode(errors="replace").decode()))).item())
