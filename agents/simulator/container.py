"""Events in an Avro object container: written with deterministic bytes, read with bounded memory."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import avro.datafile
import avro.errors
import avro.io
import polars as pl

from agents.clients.cloudevents import CONTENT_TYPE, HEADERS, SPECIFICATION
from agents.simulator.wire import WIRE
from schemas.canonical import canonical_form, fingerprint
from schemas.columnar import encode
from schemas.framing import header_of
from schemas.registry import Contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MAGIC = b"Obj\x01"
BLOCK_ROWS = 1_000
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "Message",
    "namespace": "id.go.dtsen.simulator",
    "doc": "One Kafka record to be produced, in the order of the file.",
    "fields": [
        {"name": "topic", "type": "string", "doc": "Topic without realm."},
        {"name": "key", "type": ["null", "bytes"], "doc": "Key as the producer chose it."},
        {
            "name": "headers",
            "doc": "Headers in their order.",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Header",
                    "fields": [{"name": "name", "type": "string"}, {"name": "value", "type": "bytes"}],
                },
            },
        },
        {"name": "value", "type": ["null", "bytes"], "doc": "Value as it stands in Kafka; null: a tombstone."},
    ],
}


def write_container(path: Path, frames: Iterable[pl.DataFrame], seed: int) -> int:
    """Write frames of `wire.WIRE` one after another; return the number of records.

    The same frames and seed give the same bytes: the sync marker comes from the seed.
    """
    contract = _contract()
    sync = hashlib.sha256(f"dtsen simulator {seed}".encode()).digest()[:16]
    written = 0
    with path.open("wb") as file:
        file.write(MAGIC + _metadata() + sync)
        for frame in frames:
            for block in frame.iter_slices(BLOCK_ROWS):
                if block.height == 0:
                    continue
                rows, headers = _rows(block)
                encoded = encode(contract, rows, {"headers": headers}, header=False)
                size = int(encoded.lengths.sum())
                body = encoded.arena[encoded.starts[0] :][:size].tobytes()
                file.write(_long(block.height) + _long(size) + body + sync)
                written += block.height
    return written


def read_container(path: Path) -> Iterator[pl.DataFrame]:
    """The records of a file in frames of `wire.WIRE` of at most BLOCK_ROWS rows.

    Raises ValueError when the file is no container of these records.
    """
    try:
        with path.open("rb") as file, avro.datafile.DataFileReader(file, avro.io.DatumReader()) as reader:
            _check(reader.meta)
            rows: list[dict[str, Any]] = []
            record: Any  # a datum of SCHEMA
            for record in reader:
                varying = {each["name"]: each["value"].decode() for each in record["headers"]}
                rows.append({name: record.get(name, varying.get(name)) for name in WIRE})
                if len(rows) == BLOCK_ROWS:
                    yield pl.DataFrame(rows, schema=WIRE)
                    rows = []
            if rows:
                yield pl.DataFrame(rows, schema=WIRE)
    except (avro.errors.AvroException, ValueError, KeyError) as error:
        raise ValueError(f"{path} is not a file written by `dtsen simulate --out`: {error}") from error


def _check(metadata: Mapping[str, bytes]) -> None:
    name = json.loads(metadata["avro.schema"])["name"]
    if name != SCHEMA["name"]:
        raise ValueError(f"it holds records of {name}, not of {SCHEMA['name']}")


def _rows(block: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames of the container's schema: records, and their headers."""
    numbered = block.with_row_index("row")
    constant = [pl.lit(text).alias(name) for name, text in (SPECIFICATION, CONTENT_TYPE)]
    names = [SPECIFICATION[0], CONTENT_TYPE[0], *HEADERS]
    headers = (
        numbered.select("row", *constant, *HEADERS)
        .unpivot(index="row", on=names, variable_name="name", value_name="value")
        # Unpivoting goes header by header; a stable sort brings each record's together again.
        .sort("row", maintain_order=True)
        .with_columns(pl.col("value").cast(pl.Binary))
    )
    return numbered.select("row", "topic", "key", "value"), headers


def _contract() -> Contract:
    number = fingerprint(canonical_form(SCHEMA))
    return Contract("simulator message", SCHEMA, number, header_of(number), None, None, None)


def _metadata() -> bytes:
    entries = {"avro.codec": b"null", "avro.schema": json.dumps(SCHEMA, separators=(",", ":")).encode()}
    body = b"".join(_long(len(name)) + name.encode() + _long(len(text)) + text for name, text in entries.items())
    return _long(len(entries)) + body + _long(0)


def _long(value: int) -> bytes:
    """Avro's zigzag varint of a number that is not negative."""
    value <<= 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
