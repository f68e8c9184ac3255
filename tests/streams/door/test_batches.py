"""Aims at batches: every record is decided once, by itself, whatever stands beside it; no NIK leaks into a refusal."""

import re
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.door import DoorResult
from streams.door.batches import REFUSALS
from tests.schemas.strategies import records
from tests.streams.door.cases import CASES
from tests.streams.door.made import (
    ALL,
    CHILD,
    CONTENTS,
    HEAD,
    OTHER,
    WIFE,
    Sent,
    changed,
    encoded,
    good,
    numbered,
    opened,
)

# no deadline: the cores are shared, and the first batch of a type is slow
FEW = settings(max_examples=40, deadline=None)
PEOPLE = st.lists(st.sampled_from([HEAD, WIFE, CHILD, OTHER]), max_size=4)
EVENT_TYPES = sorted(CONTENTS)
BY_TYPE = {event_type: [case for case in CASES if case.event_type == event_type] for event_type in EVENT_TYPES}


@st.composite
def values(draw: st.DrawFn, event_type: str) -> bytes | None:
    """A record of a topic: good, wrong in a known way, of any fields, cut, of another topic, rubbish, or null."""
    kind = draw(st.sampled_from(["STATE", "CORRECT", "CANCEL"]))
    record = good(event_type, draw(st.integers(1, 9)), kind=kind)
    if kind != "STATE":
        record = changed(record, corrects__nik=draw(PEOPLE))
    sound = encoded(event_type, record)
    match draw(st.integers(0, 9)):
        case 0:
            return None
        case 1:
            return draw(st.binary(max_size=40))
        case 2:
            return sound[: draw(st.integers(0, len(sound)))] + draw(st.binary(max_size=3))
        case 3:
            place = draw(st.integers(0, len(sound) - 1))
            return sound[:place] + draw(st.binary(min_size=1, max_size=1)) + sound[place + 1 :]
        case 4:
            return encoded("mati", good("mati"))
        case 5:
            return encoded(event_type, draw(records(ALL.by_name[event_type])))
        case 6 | 7:
            return draw(st.sampled_from(BY_TYPE[event_type])).value() if BY_TYPE[event_type] else sound
        case _:
            return sound


@st.composite
def batches(draw: st.DrawFn) -> tuple[str, list[Sent]]:
    event_type = draw(st.sampled_from(EVENT_TYPES))
    drawn = draw(st.lists(values(event_type), max_size=8))
    # holes between offsets, as transactions and compaction leave them
    return event_type, [Sent(value, offset=10 * place) for place, value in enumerate(drawn)]


def decisions(result: DoorResult, first: int = 0) -> tuple[list[tuple[int, bytes, bytes]], list[dict[str, object]]]:
    """Facts (row, NIK, bytes) and rejections, rows counted from `first`."""
    rows = (result.facts.input_row + first).tolist()
    made = list(zip(rows, map(bytes, result.facts.nik), result.facts.values.to_list(), strict=True))
    return made, result.rejected.with_columns(pl.col("row") + first).to_dicts()


@FEW
@given(batches())
def test_consumed_is_accepted_and_rejected(batch: tuple[str, list[Sent]]) -> None:
    event_type, sent = batch
    result = opened(event_type, sent)
    accepted, rejected = set(result.facts.input_row.tolist()), result.rejected["row"].to_list()
    assert sorted([*accepted, *rejected]) == list(range(len(sent)))
    assert sum(result.accepted.values()) == len(accepted)
    assert sum(result.refused.values()) == len(rejected)
    for row in accepted:
        mine = [(nik, value) for at, nik, value in decisions(result)[0] if at == row]
        assert [nik for nik, _ in mine] == sorted({nik for nik, _ in mine}), "each NIK once, in order"
        places = [(value[42:44], value[44:46]) for _, value in mine]
        assert places == [(n.to_bytes(2, "big"), len(mine).to_bytes(2, "big")) for n in range(1, len(mine) + 1)]


@FEW
@given(batches(), st.data())
def test_neither_neighbours_nor_the_size_of_a_batch_matter(batch: tuple[str, list[Sent]], data: st.DataObject) -> None:
    event_type, sent = batch
    whole = decisions(opened(event_type, sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=3)))
    bounds = list(zip([0, *cuts], [*cuts, len(sent)], strict=True))
    parts = [decisions(opened(event_type, sent[start:end]), start) for start, end in bounds]
    assert whole == ([fact for made, _ in parts for fact in made], [row for _, rows in parts for row in rows])


@FEW
@given(batches(), st.data())
def test_both_framings_of_an_event_give_the_same_facts(batch: tuple[str, list[Sent]], data: st.DataObject) -> None:
    event_type, sent = batch
    header = ALL.by_name[event_type].header
    other = [
        replace(it, value=numbered(event_type, it.value))
        if it.value is not None and it.value.startswith(header) and data.draw(st.booleans())
        else it
        for it in sent
    ]
    made, refused = decisions(opened(event_type, sent))
    made_of_other, refused_of_other = decisions(opened(event_type, other))
    assert made == made_of_other
    for row, row_of_other in zip(refused, refused_of_other, strict=True):
        assert row_of_other.pop("raw") == (other[int(str(row_of_other["row"]))].value or b"")
        assert row.pop("raw") == (sent[int(str(row["row"]))].value or b"")
        assert row == row_of_other


@FEW
@given(batches())
def test_no_whole_number_is_shown(batch: tuple[str, list[Sent]]) -> None:
    event_type, sent = batch
    for row in opened(event_type, sent).rejected.to_dicts():
        shown = " ".join(str(row[name]) for name in ("masked_value", "sentence_id", "sentence_en"))
        # a schema's fingerprint may have only digits by chance, and is nobody's
        assert not re.search(r"(?<!0x)\d{16}", re.sub(r"[ .-]", "", shown))


@pytest.mark.parametrize(
    "path", ["producer", "content__kelurahan", "content__no_kk", "content__nik", "content__alamat"]
)
@pytest.mark.parametrize(
    "written", [HEAD, f"x{HEAD}", " ".join(HEAD[at : at + 4] for at in range(0, 16, 4)), HEAD * 40]
)
def test_no_number_is_shown_wherever_it_was_written(path: str, written: str) -> None:
    rejected = opened("lahir", [encoded("lahir", changed(good("lahir"), **{path: written}))]).rejected
    for row in rejected.to_dicts():
        shown = f"{row['masked_value']} {row['sentence_id']} {row['sentence_en']}"
        assert HEAD not in re.sub(r"\s", "", shown)


def test_an_empty_batch() -> None:
    result = opened("mati", [])
    assert (len(result.facts), result.rejected.height, result.accepted, result.refused) == (0, 0, {}, {})
    assert set(REFUSALS) <= set(result.rejected.columns)


def test_a_batch_of_which_nothing_is_good() -> None:
    result = opened("groundcheck", [None, b"", b"\xc3\x01"])
    assert result.refused == {"": 3}
    assert len(result.facts) == 0


def test_offsets_and_append_times_are_those_of_each_record() -> None:
    sent = [replace(Sent(None), offset=5, received_ms=1000), replace(Sent(b""), offset=9, received_ms=2000)]
    rejected = opened("mati", sent, partition=3).rejected
    assert rejected["offset"].to_list() == [5, 9]
    assert rejected["received_at"].to_physical().to_list() == [1000, 2000]
    assert rejected["partition"].to_list() == [3, 3]
    assert rejected["topic"].to_list() == ["population.mati"] * 2
