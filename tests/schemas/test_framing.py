"""Aims at: headers are read for all rows at once, and what has none is said to have none."""

import numpy as np
import pytest

from schemas import framing, slow
from schemas.columnar import join
from schemas.registry import contracts
from tests.schemas.versions_made import versions

COMMAND = contracts().by_name["command"]
RECORD = {"run": "r1", "quarter": "2025-Q1", "step": "SCAN", "wave": 0}


def test_headers_are_found_and_their_absence_too() -> None:
    good = slow.encode_one(COMMAND, RECORD)
    values = [good, b"", b"\xc3", good[:9], good[:10], b"\xc3\x02" + good[2:], good, b"{" + b"x" * 20]
    joined = join(values)
    fingerprints, framed = framing.read_headers(joined.arena, joined.starts, joined.lengths)
    assert framed.tolist() == [True, False, False, False, True, False, True, False]
    assert set(fingerprints[framed].tolist()) == {COMMAND.fingerprint}
    assert not fingerprints[~framed].any()
    assert fingerprints.dtype == np.uint64


def test_schema_ids_are_found_and_their_absence_too() -> None:
    numbered = b"\0\0\0\x03\xe9"
    values = [numbered + b"body", b"", b"\0", numbered[:4], numbered, b"\x01" + numbered, b"\0\xff\xff\xff\xff"]
    joined = join(values)
    ids, framed = framing.read_schema_ids(joined.arena, joined.starts, joined.lengths)
    assert ids.tolist() == [1001, -1, -1, -1, 1001, -1, (1 << 32) - 1]
    assert framed.tolist() == [True, False, False, False, True, False, True]
    nothing = np.full(len(values), -1, np.int32)
    assert not framing.read_schema_ids(joined.arena, joined.starts, nothing)[1].any()
    starts, lengths = framing.bodies(joined.starts[:1], joined.lengths[:1], framing.CONFLUENT_BYTES)
    assert joined.arena[starts[0] : starts[0] + lengths[0]].tobytes() == b"body"


def test_null_values_have_no_header() -> None:
    joined = join([slow.encode_one(COMMAND, RECORD)])
    _, framed = framing.read_headers(joined.arena, joined.starts, np.array([-1], np.int32))
    assert not framed.any()


def test_spans_outside_the_arena_are_refused() -> None:
    joined = join([b"x" * 20])
    with pytest.raises(ValueError, match="padding"):
        framing.read_headers(joined.arena, joined.starts, joined.lengths + np.int32(1))


def test_one_value_at_a_time() -> None:
    value = slow.encode_one(COMMAND, RECORD)
    assert framing.split_header(value) == (COMMAND.fingerprint, value[10:])
    with pytest.raises(ValueError, match="c301"):
        framing.split_header(value[1:])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"", "c301"),
        (contracts().by_name["door"].header, "not a command"),
        (slow.encode_one(COMMAND, RECORD) + b"\0", "1 bytes follow"),
        (slow.encode_one(COMMAND, RECORD)[:-1], "not a record of command"),
        (COMMAND.header + b"\x02\xff", "not a record of command"),
    ],
)
def test_the_slow_path_refuses_what_is_no_record(value: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        slow.decode_one(COMMAND, value)


@pytest.mark.parametrize(
    "record", [{}, {**RECORD, "wave": "one"}, {**RECORD, "wave": 1 << 31}, {**RECORD, "step": None}]
)
def test_the_slow_path_refuses_to_write_what_does_not_fit(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="does not fit the schema of command"):
        slow.encode_one(COMMAND, record)


def test_the_slow_path_reads_older_versions() -> None:
    schema = dict(COMMAND.schema)
    schema["fields"] = [*schema["fields"], {"name": "note", "type": "string", "default": "-"}]
    newest = versions(COMMAND.schema, schema, name="command")
    assert slow.decode_one(newest, slow.encode_one(COMMAND, RECORD)) == {**RECORD, "note": "-"}
    with pytest.raises(ValueError, match="not a command"):
        slow.decode_one(COMMAND, slow.encode_one(newest, {**RECORD, "note": "x"}))
