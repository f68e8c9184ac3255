"""Aims at: of any bytes, exactly the rows that the strict decoder refuses are named, with its code and field."""

import random
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from schemas import framing, slow
from schemas.columnar import decode, join
from schemas.registry import Contract
from tests.schemas import strict
from tests.schemas.golden_files import example
from tests.schemas.strategies import COLUMNAR, batches


def _check(contract: Contract, bodies: Sequence[bytes]) -> None:
    """Errors are the strict decoder's, and the good rows are what they are without the bad ones."""
    verdicts = [strict.verdict(contract.schema, body) for body in bodies]
    joined = join(bodies)
    decoded = decode(contract, joined.arena, joined.starts, joined.lengths)
    expected = [(row, *verdict) for row, verdict in enumerate(verdicts) if verdict]
    assert decoded.errors.rows() == expected
    good = [row for row, verdict in enumerate(verdicts) if verdict is None]
    assert decoded.frame.get_column("row").to_list() == good
    alone = join([bodies[row] for row in good])
    clean = decode(contract, alone.arena, alone.starts, alone.lengths)
    renumbered = pl.Series("row", good, pl.UInt32)
    assert clean.errors.is_empty()
    assert_frame_equal(decoded.frame, clean.frame.with_columns(renumbered))
    for path, child in clean.children.items():
        rows = renumbered.gather(child.get_column("row"))
        assert_frame_equal(decoded.children[path], child.with_columns(rows.alias("row")))


@st.composite
def _mutated(draw: st.DrawFn, contract: Contract) -> list[bytes]:
    bodies = [
        bytearray(slow.encode_one(contract, record)[framing.HEADER_BYTES :]) for record in draw(batches(contract, 8))
    ]
    for body in bodies:
        for _ in range(draw(st.integers(0, 2))):
            place = draw(st.integers(0, len(body)))
            match draw(st.sampled_from(["set", "cut", "insert", "append", "delete", "flood"])):
                case "set" if place < len(body):
                    body[place] = draw(st.integers(0, 255))
                case "cut":
                    del body[place:]
                case "insert":
                    body[place:place] = draw(st.binary(min_size=1, max_size=11))
                case "append":
                    body.extend(draw(st.binary(min_size=1, max_size=3)))
                case "delete":
                    del body[place : place + draw(st.integers(1, 4))]
                case "flood":
                    body[place : place + 10] = b"\xff" * 9 + b"\x01"  # the smallest long
    return [bytes(body) for body in bodies]


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_mutated_records(contract: Contract, data: st.DataObject) -> None:
    _check(contract, data.draw(_mutated(contract)))


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
@settings(max_examples=5, deadline=None)
@given(bodies=st.lists(st.binary(max_size=200), max_size=8))
def test_random_bytes(contract: Contract, bodies: list[bytes]) -> None:
    _check(contract, bodies)


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
@settings(max_examples=5, deadline=None)
@given(data=st.data(), shift=st.integers(-40, 40))
def test_row_boundaries_moved_by_any_number_of_bytes(contract: Contract, data: st.DataObject, shift: int) -> None:
    """Invariant 31."""
    values = [slow.encode_one(contract, record)[framing.HEADER_BYTES :] for record in data.draw(batches(contract, 6))]
    whole = b"".join(values)
    edges = np.clip(np.cumsum([0, *map(len, values)]) + shift, 0, len(whole)).tolist()
    _check(contract, [whole[a:b] for a, b in pairwise(edges)])


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
def test_hundreds_of_corruptions_in_one_batch(contract: Contract) -> None:
    """Random, but the same each time: up to three bytes of a record replaced, cut out or put in."""
    dice = random.Random(contract.fingerprint)
    sources = [
        slow.encode_one(contract, example(contract, full=full))[framing.HEADER_BYTES :] for full in (True, False)
    ]
    bodies = []
    for _ in range(400):
        body = bytearray(dice.choice(sources))
        for _ in range(dice.randrange(4)):
            place = dice.randrange(len(body) + 1)
            body[place : place + dice.choice([0, 1, 1, 3])] = dice.randbytes(dice.choice([0, 1, 1, 2, 10]))
        bodies.append(bytes(body))
    _check(contract, bodies)


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
def test_every_prefix_and_every_single_byte_changed(contract: Contract) -> None:
    body = slow.encode_one(contract, example(contract, full=True))[framing.HEADER_BYTES :]
    _check(contract, [body[:size] for size in range(len(body) + 1)])
    for byte in (0x00, 0x02, 0x7F, 0x80, 0xFF):
        _check(contract, [body[:place] + bytes([byte]) + body[place + 1 :] for place in range(len(body))])
