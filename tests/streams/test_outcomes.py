"""Aims at what became of accepted records (invariants 6, 23): each is counted once, as on time, late or repeated."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from streams.outcomes import add_outcomes, late_events
from streams.persons import AsOf
from streams.scan import Viewpoint, combine, scan
from tests.streams.strategies import AUTHORITIES, DAY, FACT, FEW, Copy, Fact, cut, nik, store_rows

Counted = dict[tuple[str, bool], int]  # outcome, between the cuts -> records
FIRST = AsOf(DAY, transit_limit_days=90)  # 1 January: an hour from 5 on (17:00 UTC) is the 2nd in Jakarta
SECOND = AsOf(DAY + timedelta(days=90), transit_limit_days=90)
LOW, LOW_COMMAND, HIGH, HIGH_COMMAND = 10, 100, 20, 200


def at(offset: int, command: int, as_of: AsOf) -> Viewpoint:
    return Viewpoint(cut({(3, 0): offset, (3, 1): offset}), command, as_of)


NOW, BEFORE = at(HIGH, HIGH_COMMAND, SECOND), at(LOW, LOW_COMMAND, FIRST)


def counted(sample: list[Fact], copies: list[Copy] | None = None, before: Viewpoint | None = BEFORE) -> Counted:
    found = scan(store_rows(sample, copies or []), FACT, AUTHORITIES, NOW, before).outcomes
    summed = found.group_by("outcome", "between").agg(pl.col("records").sum())
    return {(outcome, between): records for outcome, between, records in summed.iter_rows()}


def fact(offset: int, facts_offset: int, hour: int = 6, event: int = 1) -> Fact:
    return Fact(nik(1), event, hour=hour, offset=offset, facts_offset=facts_offset)


def test_the_day_in_jakarta_decides_what_is_late() -> None:
    assert counted([fact(15, 150, hour=4)]) == {("LATE", True): 1}
    assert counted([fact(15, 150, hour=5)]) == {("ON_TIME", True): 1}
    assert counted([fact(15, 150, hour=4)], before=None) == {("ON_TIME", True): 1}, "nothing is late in the first"


def test_what_the_previous_quarter_took_is_not_counted_again() -> None:
    taken = fact(5, 50, hour=4)
    assert counted([taken]) == {}
    assert counted([taken], [Copy(taken, offset=15, facts_offset=150)]) == {("REPEATED", True): 1}
    assert counted([taken], [Copy(taken, offset=15, facts_offset=150, same=False)]) == {("REPEATED", True): 1}
    assert counted([taken], [Copy(taken, offset=5, facts_offset=150)]) == {}, "intake read its topics again"
    assert counted([fact(25, 150)]) == {}, "the next quarter takes it"


def test_below_the_cut_and_behind_the_command_is_late_and_stands_between_no_cuts() -> None:
    """Invariant 23: refused in its quarter, and accepted by newer code after the seal."""
    assert counted([fact(5, 150)]) == {("LATE", False): 1}


def test_the_copy_below_the_cut_counts_though_the_other_was_stored_first() -> None:
    high_first = fact(25, 150, hour=4)
    assert counted([high_first], [Copy(high_first, offset=15, facts_offset=160)]) == {("LATE", True): 1}
    twice = fact(15, 150)
    both = [Copy(twice, offset=16, facts_offset=160), Copy(twice, offset=16, facts_offset=170)]
    assert counted([twice], both) == {("ON_TIME", True): 1, ("REPEATED", True): 1}


COPIES = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 250), st.booleans()), max_size=4)


@given(st.lists(st.tuples(st.integers(0, 250), st.integers(0, 9), COPIES), max_size=6), st.booleans())
@FEW
def test_every_record_between_the_cuts_has_one_outcome(
    made: list[tuple[int, int, list[tuple[int, int, bool]]]], has_before: bool
) -> None:
    """By the rules, one record after another. Coordinates are unique: 30 offsets for each fact."""
    sample, copies = [], []
    due: Counted = {}
    for number, (facts_offset, hour, further) in enumerate(made, start=1):
        own = Fact(nik(number), number, hour=hour, offset=14, facts_offset=facts_offset, partition=0)
        places = {(0, 14): (facts_offset, True)}
        sample.append(own)
        for offset, behind, same in further:
            at_place = (1, offset)
            if at_place not in places:
                places[at_place] = (facts_offset + 1 + behind, same)
                copies.append(Copy(own, partition=1, offset=offset, facts_offset=facts_offset + 1 + behind, same=same))
        _add(due, places, hour, has_before=has_before)
    assert counted(sample, copies, BEFORE if has_before else None) == due


def _add(due: Counted, places: dict[tuple[int, int], tuple[int, bool]], hour: int, *, has_before: bool) -> None:
    def inside(place: tuple[int, int], offset: int, command: int) -> bool:
        behind, same = places[place]
        return same and place[1] < offset and behind < command

    taken = has_before and any(inside(it, LOW, LOW_COMMAND) for it in places)
    candidates = [it for it in places if inside(it, HIGH, HIGH_COMMAND)]
    counts = None if taken or not candidates else min(candidates, key=lambda it: places[it][0])
    recorded = date(2025, 1, 2) if hour >= 5 else date(2025, 1, 1)
    for place in places:
        between = place[1] < HIGH and not (has_before and place[1] < LOW)
        if place == counts:
            late = has_before and (recorded <= FIRST.day or not between)
            outcome = "LATE" if late else "ON_TIME"
        elif between:
            outcome = "REPEATED"
        else:
            continue
        due[outcome, between] = due.get((outcome, between), 0) + 1


def test_parts_add_up() -> None:
    parts = [
        scan(
            store_rows([Fact(nik(number), number, hour=hour, offset=15, facts_offset=150)]),
            FACT,
            AUTHORITIES,
            NOW,
            BEFORE,
        )
        for number, hour in ((1, 4), (2, 4), (3, 6))
    ]
    whole = combine(parts).outcomes
    assert whole.equals(add_outcomes(part.outcomes for part in reversed(parts)))
    assert late_events(whole).rows() == [("kartu_keluarga", 1, 2)]
