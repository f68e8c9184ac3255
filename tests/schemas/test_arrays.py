"""Aims at: arrays in any legal form are read, and no count or size, however large, costs memory or time."""

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.columnar import decode, encode, join
from schemas.columnar.blocks import MOST_ITEMS
from tests.schemas import strict
from tests.schemas.contracts_made import record

ITEM = {
    "type": "record",
    "name": "Item",
    "fields": [{"name": "n", "type": "int"}, {"name": "t", "type": ["null", "string"]}],
}
LISTS = record(
    ("items", {"type": "array", "items": ITEM}), ("tail", "int"), ("names", {"type": "array", "items": "string"})
)


def _number(value: int) -> bytes:
    raw = (value << 1) ^ (value >> 63)
    out = bytearray()
    while raw > 0x7F:
        out.append(raw & 0x7F | 0x80)
        raw >>= 7
    return bytes([*out, raw])


def _item(n: int, text: str | None) -> bytes:
    return _number(n) + (b"\0" if text is None else b"\2" + _number(len(text.encode())) + text.encode())


Items = list[tuple[int, str | None]]


def _array(blocks: list[tuple[bool, Items]]) -> bytes:
    out = b""
    for sized, items in blocks:
        body = b"".join(_item(*item) for item in items)
        out += _number(-len(items)) + _number(len(body)) + body if sized else _number(len(items)) + body
    return out + b"\0"


BLOCKS = st.lists(
    st.tuples(
        st.booleans(),
        st.lists(st.tuples(st.integers(-300, 300), st.none() | st.text(max_size=5)), min_size=1, max_size=4),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(BLOCKS, st.integers(-9, 9)), max_size=6))
def test_several_blocks_and_negative_counts(rows: list[tuple[list[tuple[bool, Items]], int]]) -> None:
    joined = join([_array(blocks) + _number(tail) + b"\0" for blocks, tail in rows])
    starts = joined.starts.copy()
    decoded = decode(LISTS, joined.arena, starts, joined.lengths)
    assert starts.tolist() == joined.starts.tolist(), "the caller's spans are left alone"
    assert decoded.errors.is_empty()
    assert decoded.frame.get_column("tail").to_list() == [tail for _, tail in rows]
    expected = [(row, *item) for row, (blocks, _) in enumerate(rows) for _, items in blocks for item in items]
    assert decoded.children["items"].rows() == expected
    one_block = encode(LISTS, decoded.frame, decoded.children, header=False).to_list()
    merged = [[(False, [item for _, items in blocks for item in items])] if blocks else [] for blocks, _ in rows]
    assert one_block == [_array(blocks) + _number(tail) + b"\0" for blocks, (_, tail) in zip(merged, rows, strict=True)]


GOOD = _array([(False, [(1, "a"), (2, None)])]) + _number(5) + b"\0"


@pytest.mark.parametrize(
    "bad",
    [
        _number(1 << 62) + b"\0" * 40,
        _number(-(1 << 63)) + b"\0" * 40,
        _number((1 << 63) - 1),
        _number(MOST_ITEMS + 1) + b"\0\0" * (MOST_ITEMS + 1) + b"\0\0\0",
        (_number(-1) + _number(1 << 40) + b"\0\0") + b"\0\0\0",
        (_number(-1) + _number(3) + b"\0\0") + b"\0\0\0\0",
        (_number(-1) + _number(1) + b"\0\0") + b"\0\0\0",
        (_number(-1) + _number(-2) + b"\0\0") + b"\0\0\0",
        b"\0\0" + _number(1) + _number(1 << 61) + b"\0",
        b"\0\0" + _number(1) + _number(-1) + b"\0",
        _number(2) + b"\0\0",
        b"",
    ],
)
def test_a_lie_about_a_count_or_a_size_is_named_and_costs_nothing(bad: bytes) -> None:
    bodies = [GOOD, bad, GOOD]
    joined = join(bodies)
    began = time.perf_counter()
    decoded = decode(LISTS, joined.arena, joined.starts, joined.lengths)
    assert time.perf_counter() - began < 20, "the time must not depend on what a row claims"
    verdict = strict.verdict(LISTS.schema, bad)
    assert verdict is not None
    assert decoded.errors.rows() == [(1, *verdict)]
    assert decoded.children["items"].rows() == [(0, 1, "a"), (0, 2, None), (2, 1, "a"), (2, 2, None)]


def test_as_many_items_as_are_allowed() -> None:
    items: Items = [(n, None) for n in range(MOST_ITEMS)]
    joined = join([GOOD, _array([(False, items[:7]), (True, items[7:])]) + b"\0\0"])
    decoded = decode(LISTS, joined.arena, joined.starts, joined.lengths)
    assert decoded.errors.is_empty()
    assert decoded.children["items"].filter(pl.col("row") == 1).get_column("n").to_list() == list(range(MOST_ITEMS))


def test_more_items_than_are_read_are_not_written() -> None:
    frame = pl.DataFrame({"tail": pl.Series([0], dtype=pl.Int32)})
    names = pl.DataFrame({"row": [0] * (MOST_ITEMS + 1), "names": "x"})
    with pytest.raises(ValueError, match=f"names has {MOST_ITEMS + 1} items"):
        encode(LISTS, frame, {"names": names}, header=False)
