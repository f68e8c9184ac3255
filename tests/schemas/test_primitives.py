"""Aims at: the moves and numbers below the codec (spans, varints, UTF-8), each against one line of Python."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.columnar import join, texts, varints
from schemas.columnar.arena import check_spans, copy_spans, pad, starts_of, windows
from schemas.columnar.texts import not_utf8, views_of

LONGS = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(0, 63).map(lambda bits: 1 << bits) | st.integers(-200, 200)


def _zigzag(value: int) -> bytes:
    raw = (value << 1) ^ (value >> 63)
    out = bytearray()
    while raw > 0x7F:
        out.append(raw & 0x7F | 0x80)
        raw >>= 7
    return bytes([*out, raw])


@settings(max_examples=80, deadline=None)
@given(values=st.lists(LONGS.filter(lambda it: it < 1 << 63), max_size=30))
def test_varints_are_written_and_read(values: list[int]) -> None:
    cells, sizes = varints.write(np.array(values, np.int64))
    written = [bytes(row[:size]) for row, size in zip(cells, sizes, strict=True)]
    assert written == [_zigzag(value) for value in values]
    joined = join(written)
    read, read_sizes, bad = varints.read(joined.arena, joined.starts, 10)
    assert read.tolist() == values
    assert read_sizes.tolist() == sizes.tolist()
    assert bad is None


def test_every_length_of_varint_beside_every_other() -> None:
    values = [sign * (1 << bits) + off for bits in range(63) for sign in (1, -1) for off in (-1, 0, 1)]
    joined = join([_zigzag(value) for value in values])
    assert varints.read(joined.arena, joined.starts, 10)[0].tolist() == values


@pytest.mark.parametrize(
    ("data", "longest", "is_bad"),
    [
        (b"\xff\xff\xff\xff\x0f", 5, False),
        (b"\xff\xff\xff\xff\x1f", 5, True),
        (b"\x80\x80\x80\x80\x80\x00", 5, True),
        (b"\x80\x00", 5, False),  # longer than need be, but within its type
        (b"\xff" * 9 + b"\x01", 10, False),
        (b"\xff" * 9 + b"\x02", 10, True),
        (b"\xff" * 10, 10, True),
        (b"\x80" * 9 + b"\x00", 10, False),
    ],
)
def test_varints_too_long_are_bad(data: bytes, longest: int, is_bad: bool) -> None:
    joined = join([b"\x02", data, b"\x80\x01"])
    bad = varints.read(joined.arena, joined.starts, longest)[2]
    assert (bad is not None and bad.tolist() == [False, True, False]) is is_bad
    assert bad is None or is_bad


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_spans_are_copied_exactly(data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.binary(max_size=150), max_size=15))
    gaps = data.draw(st.lists(st.integers(0, 3), min_size=len(pieces), max_size=len(pieces)))
    source = join(pieces)
    target = np.full(sum(map(len, pieces)) + sum(gaps), 7, np.uint8)
    room = np.array([len(piece) + gap for piece, gap in zip(pieces, gaps, strict=True)], np.int64)
    copy_spans(target, starts_of(room), source.arena, source.starts, source.lengths)
    assert target.tobytes() == b"".join(piece + b"\7" * gap for piece, gap in zip(pieces, gaps, strict=True))
    assert source.to_list() == pieces


def test_windows_see_every_position() -> None:
    arena = np.arange(10, dtype=np.uint8)
    assert windows(arena, 4)[np.array([0, 3, 6])].tobytes() == bytes([0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9])
    assert len(windows(arena, 4)) == 7
    assert len(windows(arena, 11)) == 0


def test_an_arena_without_padding_is_refused() -> None:
    arena = np.zeros(10, np.uint8)
    starts, ends = np.array([0, 5]), np.array([5, 10])
    with pytest.raises(ValueError, match="padding"):
        check_spans(arena, starts, ends)
    check_spans(pad(arena), starts, ends)
    with pytest.raises(ValueError, match="-1"):
        check_spans(pad(arena), starts - 1, ends)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return False
    return True


HARD = [
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xe0\x9f\xbf",
    b"\xf4\x90\x80\x80",
    b"\xf0\x8f\xbf\xbf",
    b"\xf8\x88\x80\x80\x80",
]


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(
        st.binary(max_size=6)
        | st.text(max_size=20).map(lambda it: it.encode())
        | st.lists(
            st.sampled_from([0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xA0, 0x9F, 0x8F]), max_size=16
        ).map(bytes),
        max_size=12,
    )
)
@example(texts=HARD)
@example(texts=["é".encode(), "✓".encode(), "😀".encode(), b"\xc3", b"\xa9", b"\xe2\x9c", b"\xf0\x9f\x98"])
def test_utf8_is_judged_as_python_judges_it(texts: list[bytes]) -> None:
    joined = join(texts)
    lengths = joined.lengths.astype(np.int64)
    bad = not_utf8(joined.arena, joined.starts, lengths, views_of(joined.arena, joined.starts, lengths))
    found = [False] * len(texts) if bad is None else bad.tolist()
    assert found == [not _is_utf8(text) for text in texts]


def test_utf8_of_a_large_column_is_judged_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "PART_BYTES", 8)
    joined = join([b"abc", b"\xc3", b"", b"x" * 30, b"\xff" * 9, "é".encode() * 5, b"", b"\xa9"])
    lengths = joined.lengths.astype(np.int64)
    bad = not_utf8(joined.arena, joined.starts, lengths, views_of(joined.arena, joined.starts, lengths))
    assert bad is not None
    assert bad.tolist() == [False, True, False, False, True, False, False, True]
