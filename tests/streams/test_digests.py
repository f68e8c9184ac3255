"""Aims at digests: golden values for ever, no trace of order or storage, every byte and cell counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.columnar.arena import join
from streams.digests import (
    NO_ROWS,
    Lanes,
    as_bytes,
    content_digest,
    frame_digest,
    frame_lanes,
    joined,
    row_lanes,
    sum_digests,
    total,
)
from tests.streams.strategies import FEW

MASK = (1 << 64) - 1
ROWS = st.lists(st.binary(max_size=200), max_size=12)

# computed once, when the register began; a change here breaks every sealed digest
GOLDEN_ROWS = [
    "48218226ff3cd4bf7d766cadee7404de",
    "f9612296cefe4d57fd0e924329c89a43",
    "179ae8dd53ab12c0cde78c733f94ee8e",
    "95717c044668381b6159b149ffecbcc0",
]
GOLDEN_FRAME = "cac57b1301340fb491b54164c44c20de"
GOLDEN_CONTENT = "70ccbe4c13fe8ef0f57fe5b06d3268b4355397359f957603d8b8e861dc21ae87"

FRAME = pl.DataFrame(
    {
        "number": [1, None, -3],
        "text": ["x", None, "Ń"],
        "bytes": [b"a", b"", None],
        "truth": [True, None, False],
        "day": [date(2025, 1, 1), None, date(1969, 12, 31)],
        "moment": pl.Series([datetime(2025, 1, 1, tzinfo=UTC), None, None], dtype=pl.Datetime("ms", "UTC")),
        "symbol": pl.Series(["p", "q", None], dtype=pl.Enum(["q", "p"])),
        "causes": pl.Series([[b"a", b"b"], [], None], dtype=pl.List(pl.Binary)),
    }
)


def lanes_of(rows: list[bytes]) -> Lanes:
    spans = join(rows)
    return row_lanes(spans.arena, spans.starts, spans.lengths)


def ints(lanes: Lanes) -> list[int]:
    return [(high << 64) + low for high, low in zip(lanes.high.tolist(), lanes.low.tolist(), strict=True)]


def mix(word: int) -> int:
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def by_hand(row: bytes) -> int:
    """The definition, one word at a time."""
    golden, high, low = 0x9E3779B97F4A7C15, 0, 0
    padded = row + bytes(-len(row) % 64)
    for place in range(0, len(padded), 8):
        key = mix((place // 8 + 1) * golden & MASK)
        word = mix(int.from_bytes(padded[place : place + 8], "little") ^ key)
        high = (high + word) & MASK
        word = ((word ^ (word >> 32)) * 0xD6E8FEB86659FD93) & MASK
        low = (low + (word ^ (word >> 29))) & MASK
    upper = mix(high ^ mix((len(row) + golden) & MASK))
    salt = mix((len(row) * 0x2545F4914F6CDD1D + golden) & MASK)
    return (upper << 64) + mix(((low ^ salt) + upper * 0x2545F4914F6CDD1D) & MASK)


def test_golden_rows_never_change() -> None:
    assert [as_bytes(it).hex() for it in ints(lanes_of([b"", b"a", bytes(8), bytes(range(200))]))] == GOLDEN_ROWS


def test_golden_frame_never_changes() -> None:
    assert frame_digest(FRAME).hex() == GOLDEN_FRAME
    assert content_digest({"quarter": "2025-Q1", "totals": [1, None, True]}, FRAME).hex() == GOLDEN_CONTENT


@given(ROWS)
@FEW
def test_rows_are_digested_as_defined(rows: list[bytes]) -> None:
    assert ints(lanes_of(rows)) == [by_hand(row) for row in rows]


def test_many_rows_are_digested_as_few() -> None:
    rows = [bytes([k % 251]) * (k % 150) for k in range(9000)]
    assert ints(lanes_of(rows))[8990:] == [by_hand(row) for row in rows[8990:]]


def test_neighbours_in_the_arena_do_not_count() -> None:
    for filler in (0x00, 0xFF):
        arena = np.full(200, filler, np.uint8)
        arena[50:61] = 7
        lanes = row_lanes(arena, np.array([50]), np.array([11]))
        assert ints(lanes) == [by_hand(bytes([7] * 11))]


@given(ROWS, st.integers(0, 12), st.randoms())
@FEW
def test_a_set_has_one_digest_in_any_order_and_split(rows: list[bytes], at: int, random: object) -> None:
    whole = total(lanes_of(rows))
    assert whole == sum(map(by_hand, rows)) % (1 << 128)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    parts = [as_bytes(total(lanes_of(part))) for part in (shuffled[:at], shuffled[at:])]
    assert sum_digests(parts) == as_bytes(whole)


@given(st.binary(min_size=1, max_size=150), st.data())
@FEW
def test_one_bit_or_zero_byte_more_is_another_row(row: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, 8 * len(row) - 1))
    flipped = (int.from_bytes(row, "little") ^ (1 << bit)).to_bytes(len(row), "little")
    found = ints(lanes_of([row, flipped, row + b"\0"]))
    assert len(set(found)) == 3
    assert len({it >> 64 for it in found}) == 3
    assert len({it & MASK for it in found}) == 3


def test_pairs_have_an_order() -> None:
    first, second = lanes_of([b"a"]), lanes_of([b"b"])
    assert ints(joined(first, second)) != ints(joined(second, first))


def test_a_row_outside_the_arena_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes of padding"):
        row_lanes(np.zeros(70, np.uint8), np.array([0]), np.array([7]))


@given(st.permutations(range(3)), st.permutations(FRAME.columns), st.integers(0, 3))
@FEW
def test_a_frame_is_its_rows(order: list[int], columns: list[str], at: int) -> None:
    other = FRAME[order].select(columns)
    assert frame_digest(other) == frame_digest(FRAME)
    chunked = pl.concat([other[:at], other[at:]], rechunk=False)
    assert frame_digest(chunked) == frame_digest(FRAME)
    assert sum_digests([frame_digest(other[:at]), frame_digest(other[at:])]) == frame_digest(FRAME)


def test_many_rows_of_a_frame_are_digested_as_few() -> None:
    """Numbers are taken side by side, some thousand cells at a time."""
    numbers = pl.int_range(9000, eager=True)
    frame = pl.DataFrame(
        {
            "signed": numbers.set(numbers % 7 == 0, None),
            "truth": numbers % 3 == 0,
            "unsigned": numbers.cast(pl.UInt64) + (1 << 63),
            "text": numbers.cast(pl.String),
        }
    )
    lanes = ints(frame_lanes(frame))
    assert len(set(lanes)) == frame.height
    assert [lanes[it] for it in (0, 2729, 2730, 8999)] == [
        ints(frame_lanes(frame[it : it + 1]))[0] for it in (0, 2729, 2730, 8999)
    ]


def test_storage_does_not_count() -> None:
    narrow = FRAME.with_columns(pl.col("number").cast(pl.Int8), pl.col("symbol").cast(pl.String))
    assert frame_digest(narrow) == frame_digest(FRAME)
    assert frame_digest(FRAME[:0]) == NO_ROWS


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", pl.lit(0)),
        ("text", pl.lit("")),
        ("bytes", pl.lit(b"b")),
        ("truth", pl.lit(value=False)),
        ("day", pl.lit(date(2025, 1, 2))),
        ("moment", pl.lit(None, dtype=pl.Datetime("ms", "UTC"))),
        ("symbol", pl.lit("q", dtype=pl.Enum(["q", "p"]))),
        ("causes", pl.lit([b"b", b"a"], dtype=pl.List(pl.Binary))),
        ("causes", pl.lit([b"a", b"b", b""], dtype=pl.List(pl.Binary))),
    ],
)
def test_each_cell_counts(column: str, value: pl.Expr) -> None:
    row = FRAME[:1]
    assert frame_digest(row.with_columns(value.alias(column))) != frame_digest(row)


def test_names_and_kinds_count() -> None:
    cells = [
        pl.DataFrame({"a": [1]}),
        pl.DataFrame({"b": [1]}),
        pl.DataFrame({"a": [True]}),
        pl.DataFrame({"a": ["1"]}),
        pl.DataFrame({"a": [[1]]}),
        pl.DataFrame({"a": [1], "b": [None]}),
        pl.DataFrame({"a": [None], "b": [1]}),
    ]
    assert len({frame_digest(frame) for frame in cells}) == len(cells)


def test_empty_and_null_lists_and_texts_differ() -> None:
    lists = pl.DataFrame({"a": [[], None, [None], [""], [None, None]]}, schema={"a": pl.List(pl.String)})
    assert len(set(ints(frame_lanes(lists)))) == lists.height


def test_fractions_are_refused_everywhere() -> None:
    with pytest.raises(TypeError, match="'amount'"):
        frame_digest(pl.DataFrame({"amount": [1.0]}))
    with pytest.raises(TypeError, match=r"0\.5"):
        content_digest({"share": [0.5]})  # type: ignore[list-item]


def test_content_digest_knows_order_but_not_the_order_of_keys() -> None:
    assert content_digest({"a": 1, "b": 2}) == content_digest({"b": 2, "a": 1})
    assert content_digest({"a": 1}, FRAME) != content_digest({"a": 1}, FRAME[::-1])
    assert content_digest({"a": 1}, FRAME, FRAME) != content_digest({"a": 1}, FRAME)
