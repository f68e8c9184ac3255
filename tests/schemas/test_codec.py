"""Aims at: frames and bytes are two forms of the same records, byte for byte as avro and fastavro write them."""

import io
import json
from functools import cache
from typing import Any

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from schemas import framing, slow
from schemas.columnar import Encoded, decode, encode, join
from schemas.registry import Contract
from tests.schemas.strategies import COLUMNAR, Record, batches, frames_of

FEW = settings(max_examples=12, deadline=None)


@cache
def _fastavro_schema(contract: Contract) -> Any:
    return fastavro.parse_schema(json.loads(json.dumps(contract.schema)))


def _fastavro(contract: Contract, record: Record) -> bytes:
    out = io.BytesIO()
    out.write(contract.header)
    fastavro.schemaless_writer(out, _fastavro_schema(contract), record)
    return out.getvalue()


def _bodies(values: list[bytes]) -> Encoded:
    joined = join(values)
    return Encoded(joined.arena, *framing.bodies(joined.starts, joined.lengths))


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
@FEW
@given(data=st.data())
def test_bytes_and_frames_agree_with_both_libraries(contract: Contract, data: st.DataObject) -> None:
    records = data.draw(batches(contract))
    official = [slow.encode_one(contract, record) for record in records]
    assert official == [_fastavro(contract, record) for record in records]
    frame, children = frames_of(contract, records)
    assert encode(contract, frame, children, header=True).to_list() == official
    bodies = _bodies(official)
    decoded = decode(contract, bodies.arena, bodies.starts, bodies.lengths)
    assert decoded.errors.is_empty()
    assert_frame_equal(decoded.frame, frame)
    assert decoded.children.keys() == children.keys()
    for path, child in children.items():
        assert_frame_equal(decoded.children[path], child)


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_rows_may_be_chosen_and_reordered_before_encoding(contract: Contract, data: st.DataObject) -> None:
    records = data.draw(batches(contract, most=6))
    order = data.draw(st.permutations(range(len(records))))[: data.draw(st.integers(0, 6))]
    frame, children = frames_of(contract, records)
    chosen = frame[list(order)]
    kept = {path: child.join(chosen.select("row"), on="row", how="semi") for path, child in children.items()}
    expected = [slow.encode_one(contract, records[row])[framing.HEADER_BYTES :] for row in order]
    assert encode(contract, chosen, kept, header=False).to_list() == expected


@FEW
@given(data=st.data())
def test_the_slow_path_reads_what_it_writes(data: st.DataObject) -> None:
    contract = data.draw(st.sampled_from(COLUMNAR))
    for record in data.draw(batches(contract, most=3)):
        assert slow.decode_one(contract, slow.encode_one(contract, record)) == record


def test_spans_may_lie_anywhere_in_the_arena_and_overlap() -> None:
    contract = next(it for it in COLUMNAR if it.name == "command")
    one = {"run": "r", "quarter": "2025-Q1", "step": "SCAN", "wave": 0}
    body = slow.encode_one(contract, one)[framing.HEADER_BYTES :]
    joined = join([b"\xff" * 7, body, b"\xff" * 100])
    starts, lengths = joined.starts[[1, 1, 1]], joined.lengths[[1, 1, 1]]
    decoded = decode(contract, joined.arena, starts, lengths)
    assert decoded.frame.get_column("step").to_list() == ["SCAN"] * 3
    assert joined.starts[1] == starts[0] == 7, "the caller's spans are left alone"
