"""One record at a time, by the official avro library: for single records, and the oracle of the fast path.

It also reads and writes maps, which the columns don't know (the frames of `report`). It is lenient where
the columns are strict (a boolean of 2 reads as false), so untrusted bytes go through `schemas.columnar`.
"""

import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import avro.errors
import avro.io
import avro.schema

from schemas.framing import header_of, split_header
from schemas.registry import Contract


def encode_one(contract: Contract, record: Mapping[str, Any]) -> bytes:
    """One record with its single-object header.

    Dates are `datetime.date`, timestamps `datetime.datetime` with a time zone, enums their symbols.
    Raises ValueError when the record does not fit the schema.
    """
    out = io.BytesIO()
    out.write(contract.header)
    try:
        avro.io.DatumWriter(_parsed(contract)).write(dict(record), avro.io.BinaryEncoder(out))
    except (avro.errors.AvroException, AttributeError, TypeError) as error:
        raise ValueError(f"the record does not fit the schema of {contract.name}: {error}") from error
    return out.getvalue()


def decode_one(contract: Contract, value: bytes, *, reader: Contract | None = None) -> dict[str, Any]:
    """One record from a value with its single-object header, of this version of the schema or one before it.

    It is read as this version, or as `reader`, another one of them.

    What an older version wrote is resolved by the official library, which knows neither aliases nor defaults of
    enums; `schemas.columnar` does. Raises ValueError for another schema's value, for bytes that are not a record
    of the schema that their header names, and for bytes behind the record.
    """
    fingerprint, body = split_header(value)
    writer = next((version for version in contract.versions if version.fingerprint == fingerprint), None)
    if writer is None:
        found, wanted = header_of(fingerprint)[2:].hex(), contract.header[2:].hex()
        raise ValueError(f"the value is not a {contract.name}: its header names schema {found}, expected {wanted}")
    source = io.BytesIO(body)
    try:
        record: Any = avro.io.DatumReader(_parsed(writer), _parsed(reader or contract)).read(
            avro.io.BinaryDecoder(source)
        )
    except (avro.errors.AvroException, AssertionError, ValueError, IndexError, OverflowError) as error:
        raise ValueError(f"the bytes are not a record of {contract.name}: {error or type(error).__name__}") from error
    if rest := len(body) - source.tell():
        raise ValueError(f"{rest} bytes follow the record of {contract.name}")
    assert isinstance(record, dict)
    return record


def decode_as_older(contract: Contract, values: Sequence[bytes]) -> list[dict[str, Any]]:
    """Values of several versions of a contract, each read as the oldest version among their writers.

    Each version can read each other one (the gate is FULL_TRANSITIVE), so what only newer ones say falls away.
    Raises ValueError as `decode_one` does.
    """
    headers = [value[: len(contract.header)] for value in values]
    oldest = next((it for it in contract.versions if it.header in headers), contract)
    return [decode_one(contract, value, reader=oldest) for value in values]


@cache
def _parsed(contract: Contract) -> avro.schema.Schema:
    return avro.schema.parse(json.dumps(contract.schema))
