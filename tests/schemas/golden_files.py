"""Golden bytes: two records per schema version, kept for ever.

`python -m tests.schemas.golden_files` writes a file for every schema version that has none, and never
changes one. So: change a schema (its fingerprint changes), keep the old version readable, run it, commit
the new file. A file that the tests can no longer read means that old bytes on Kafka cannot be read either.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas import slow
from schemas.registry import Contract, contracts
from tests.schemas.strategies import Record, named_types

FOLDER = Path(__file__).parent / "golden"
DAY = dt.date(2025, 3, 31)
MOMENT = dt.datetime(2025, 3, 31, 16, 59, 59, 999000, tzinfo=dt.UTC)


def path_of(contract: Contract) -> Path:
    """Where a schema version's golden file stands."""
    return FOLDER / f"{contract.name}-{contract.fingerprint:016x}.json"


def example(contract: Contract, *, full: bool) -> Record:
    """A record with everything that can be there, or with nothing that need not be."""
    record: Record = _example(contract.schema, "", full=full, types=named_types(contract.schema))
    return record


def readable(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {key: readable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [readable(entry) for entry in value]
    if isinstance(value, bytes):
        return value.hex(" ", 4)
    return value.isoformat() if isinstance(value, dt.date) else value


def _example(schema: Any, name: str, *, full: bool, types: Mapping[str, Any]) -> Any:  # noqa: C901, PLR0912 - a case per Avro type
    if isinstance(schema, str):
        schema = types.get(schema, {"type": schema})
    if isinstance(schema, list):
        other = next(branch for branch in schema if branch != "null")
        return _example(other, name, full=full, types=types) if full else None
    match schema["type"]:
        case "record":
            return {
                entry["name"]: _example(entry["type"], entry["name"], full=full, types=types)
                for entry in schema["fields"]
            }
        case "array":
            item = [_example(schema["items"], name, full=optional, types=types) for optional in (True, False)]
            return item if full else []
        case "map":
            return {"contoh": _example(schema["values"], name, full=full, types=types)} if full else {}
        case "enum":
            return schema["symbols"][-1 if full else 0]
        case "fixed":
            return bytes(range(schema["size"])) if full else bytes(schema["size"])
        case "bytes":
            return bytes(range(256)) if full else b""
        case "string":
            return f"contoh {name} é ✓" if full else ""
        case "boolean":
            return full
        case "int" if schema.get("logicalType") == "date":
            return DAY
        case "long" if schema.get("logicalType"):
            return MOMENT
        case "int":
            return -70_000 if full else 0
        case _:
            return 9_000_000_000 if full else 0


def _document(contract: Contract) -> dict[str, Any]:
    examples = [example(contract, full=full) for full in (True, False)]
    return {
        "schema": contract.name,
        "fingerprint": f"{contract.fingerprint:016x}",
        "values": [{"hex": slow.encode_one(contract, one).hex(" ", 4), "record": readable(one)} for one in examples],
    }


if __name__ == "__main__":
    for it in contracts().by_fingerprint.values():
        if not path_of(it).exists():
            path_of(it).write_text(json.dumps(_document(it), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(f"wrote {path_of(it).name}")
