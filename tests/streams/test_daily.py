"""Aims at a producer's daily counts: each record of the days asked for is counted once, by what the store holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from streams.daily import DAILY, WINDOWS, add_daily, daily, dated
from streams.outcomes import EVER, Bounds
from tests.streams.strategies import AUTHORITIES, DAY, FACT, FEW, Copy, Fact, cut, nik, store_rows

Counts = dict[dt.date, tuple[int, int, int]]  # accepted, late, repeated
MONDAY, TUESDAY = dt.date(2025, 4, 7), dt.date(2025, 4, 8)
# offsets 10 to 14 came on Monday, 15 to 19 on Tuesday; nothing between midnight and midnight in partition 1
WINDOW = pl.DataFrame(
    [(3, 0, MONDAY, 10, 15), (3, 0, TUESDAY, 15, 20), (3, 1, MONDAY, 10, 10), (3, 1, TUESDAY, 10, 20)],
    schema=WINDOWS,
    orient="row",
)


def bounds(offset: int, command: int, last_day: dt.date) -> Bounds:
    return Bounds(cut({(3, 0): offset, (3, 1): offset}), command, last_day)


FIRST, SECOND = bounds(12, 100, DAY), bounds(17, 200, DAY + timedelta(days=90))


def counts(
    sample: list[Fact], copies: list[Copy] | None = None, quarters: tuple[Bounds, ...] = (FIRST, SECOND)
) -> Counts:
    found = daily(store_rows(sample, copies or []), FACT, AUTHORITIES, 1, WINDOW, quarters)
    assert found.schema == DAILY
    return {row["day"]: (row["accepted"], row["late"], row["repeated"]) for row in found.to_dicts()}


def fact(offset: int, facts_offset: int = 0, hour: int = 6, partition: int = 0, producer: int = 1) -> Fact:
    """At noon UTC plus hours: up to 4 it is still 1 January in Jakarta, which the first quarter ends with."""
    stored = facts_offset or offset
    return Fact(nik(1), 1, producer, hour=hour, offset=offset, facts_offset=stored, partition=partition)


def test_only_this_producers_records_of_these_days() -> None:
    assert counts([replace(fact(9), nik=nik(2)), fact(10)]) == {MONDAY: (1, 0, 0)}
    assert counts([fact(14)]) == {MONDAY: (1, 0, 0)}
    assert counts([fact(15)]) == counts([fact(15, partition=1)]) == {TUESDAY: (1, 0, 0)}
    assert counts([fact(20)]) == counts([fact(9)]) == counts([fact(10, producer=2)]) == {}
    assert counts([]) == {}


def test_late_is_what_a_quarter_did_not_take_though_it_was_written_down() -> None:
    """Also what no quarter has taken yet, and what is in no opened quarter's reach."""
    assert counts([fact(11, hour=4)]) == {MONDAY: (1, 0, 0)}, "the first quarter took it"
    assert counts([fact(13, hour=4)]) == {MONDAY: (1, 1, 0)}
    assert counts([fact(13, hour=5)]) == {MONDAY: (1, 0, 0)}
    assert counts([fact(18, hour=4)]) == counts([fact(18, hour=24 * 80)]) == {TUESDAY: (1, 1, 0)}
    assert counts([fact(18, hour=24 * 91)]) == {TUESDAY: (1, 0, 0)}
    assert counts([fact(18, hour=4)], quarters=()) == {TUESDAY: (1, 0, 0)}, "no quarter was opened"
    opened = bounds(17, EVER, SECOND.last_day)
    assert counts([fact(13, hour=4)], quarters=(FIRST, opened)) == {MONDAY: (1, 1, 0)}


def test_behind_the_command_is_late() -> None:
    """Invariant 23: its record lay below the cut, and was accepted after the seal."""
    assert counts([fact(11, 150)]) == {MONDAY: (1, 1, 0)}


def test_a_repetition_counts_on_its_own_day_and_reading_again_counts_nothing() -> None:
    once = fact(11)
    assert counts([once], [Copy(once, offset=16, facts_offset=16)]) == {MONDAY: (1, 0, 0), TUESDAY: (0, 0, 1)}
    assert counts([once], [Copy(once, offset=16, facts_offset=16, same=False)]) == {
        MONDAY: (1, 0, 0),
        TUESDAY: (0, 0, 1),
    }
    assert counts([once], [Copy(once, offset=11, facts_offset=160)]) == {MONDAY: (1, 0, 0)}
    twice = [Copy(once, offset=16, facts_offset=behind) for behind in (16, 160)]
    assert counts([once], twice) == {MONDAY: (1, 0, 0), TUESDAY: (0, 0, 1)}
    before = fact(3)
    assert counts([before], [Copy(before, offset=16, facts_offset=16)]) == {TUESDAY: (0, 0, 1)}


@given(st.lists(st.tuples(st.integers(5, 24), st.integers(0, 1), st.lists(st.integers(5, 24), max_size=3)), max_size=8))
@FEW
def test_the_days_add_up_to_the_records(made: list[tuple[int, int, list[int]]]) -> None:
    sample, copies, places = [], [], set()
    for number, (offset, partition, further) in enumerate(made, start=1):
        own = Fact(nik(number), number, offset=100 * number + offset, partition=partition, facts_offset=number)
        sample.append(own)
        copies += [
            Copy(own, partition=partition, offset=100 * number + at, facts_offset=50 + place)
            for place, at in enumerate(further)
        ]
        places |= {(partition, own.offset), *((partition, 100 * number + at) for at in further)}
    windows = pl.DataFrame([(3, p, MONDAY, 0, 2000) for p in (0, 1)], schema=WINDOWS, orient="row")
    parts = [
        daily(store_rows([it], [c for c in copies if c.of == it]), FACT, AUTHORITIES, 1, windows, ()) for it in sample
    ]
    whole = add_daily(parts)
    assert whole.equals(daily(store_rows(sample, copies), FACT, AUTHORITIES, 1, windows, ()))
    assert whole.select(
        pl.col("accepted").sum(), pl.sum_horizontal("accepted", "repeated").sum().alias("all")
    ).rows() == [(len(made), len(places))]


def test_a_day_without_records_takes_none_of_its_neighbours() -> None:
    places = pl.DataFrame([(3, 1, 9), (3, 1, 10), (3, 1, 19), (3, 1, 20), (4, 0, 12)], orient="row").rename(
        {"column_0": "topic_number", "column_1": "partition", "column_2": "offset"}
    )
    typed = places.cast({"topic_number": pl.UInt16, "partition": pl.UInt32})
    assert dated(typed, WINDOW).select("offset", "day").rows() == [(10, TUESDAY), (19, TUESDAY)]
