"""Aims at the scan of a chunk: two cuts in one pass, chunks in any order, and no lost or altered fact unseen
(invariants 1, 6, 14, 15, 18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.accounts import accounts, flows, unbalanced
from streams.members import listed
from streams.partitions import partition_of
from streams.persons import AsOf, persons
from streams.scan import EMPTY, NO_FACTS, Scan, Tally, Viewpoint, combine, scan
from tests.streams.strategies import (
    AUTHORITIES,
    DAY,
    FACT,
    FEW,
    Copy,
    Fact,
    birth,
    cut,
    facts,
    facts_frame,
    listing,
    nik,
    residence,
    store_rows,
    vital,
)

FIRST = AsOf(DAY + timedelta(days=90), transit_limit_days=90, scope="31")
SECOND = replace(FIRST, day=DAY + timedelta(days=181))


# computed once, when the register began; a change here breaks every sealed tally
GOLDEN_FACT = 58551092267310594822753223700452366565


def at(offset: int, as_of: AsOf = SECOND, command: int = 1000) -> Viewpoint:
    return Viewpoint(cut({(3, 0): offset, (3, 1): offset}), command, as_of)


def scanned(sample: list[Fact], copies: list[Copy], now: Viewpoint, before: Viewpoint | None = None) -> Scan:
    return scan(store_rows(sample, copies), FACT, AUTHORITIES, now, before)


def same(left: Scan, right: Scan) -> bool:
    return left.flows.equals(right.flows) and all(
        one.persons.equals(two.persons) and one.accounts.equals(two.accounts) and one.facts == two.facts
        for one, two in [(left.now, right.now), (left.before, right.before)]
    )


@given(facts(people=3, most=10), st.integers(0, 10), st.integers(0, 10))
@FEW
def test_two_cuts_in_one_pass_are_two_sets_of_facts(sample: list[Fact], one: int, two: int) -> None:
    low, high = sorted([one, two])
    found = scanned(sample, [], at(high), at(low, FIRST))
    now = persons(facts_frame(sample[:high]), SECOND)
    before = persons(facts_frame(sample[:low]), FIRST)
    assert found.now.persons.equals(now)
    assert found.before.persons.equals(before)
    assert found.flows.equals(flows(before, now))
    assert found.now.accounts.equals(accounts(now))
    assert (found.before.facts.count, found.now.facts.count) == (
        min(len(sample), low),
        min(high, len(sample)),
    )
    assert unbalanced(found.before.accounts, found.flows, found.now.accounts).height == 0


@given(facts(people=3, most=10), st.integers(0, 10))
@FEW
def test_todays_closing_is_tomorrows_opening(sample: list[Fact], low: int) -> None:
    sealed = scanned(sample[: low + 2], [], at(low, FIRST))
    later = scanned(sample, [], at(10), at(low, FIRST))
    assert later.before.facts == sealed.now.facts
    assert later.before.accounts.equals(sealed.now.accounts)


@given(facts(people=3, most=10), st.permutations([1, 2, 3]))
@FEW
def test_chunks_in_any_order_are_the_whole(sample: list[Fact], order: list[int]) -> None:
    whole = scanned(sample, [], at(8), at(4, FIRST))
    parts = [scanned([fact for fact in sample if fact.nik == nik(person)], [], at(8), at(4, FIRST)) for person in order]
    assert same(combine(parts), whole)
    assert same(combine([combine(parts[:1]), combine(parts[1:])]), whole)


@given(facts(people=2, most=8), st.data())
@FEW
def test_which_copy_came_first_leaves_no_trace(sample: list[Fact], data: st.DataObject) -> None:
    twice = data.draw(st.sets(st.integers(0, max(0, len(sample) - 1)))) if sample else set()
    other = [replace(sample[k], offset=20 + k, facts_offset=20 + k, partition=1) for k in sorted(twice)]
    first_low = [Copy(sample[k], partition=1, offset=20 + k, facts_offset=20 + k) for k in sorted(twice)]
    first_high = [
        Copy(it, partition=sample[k].partition, offset=sample[k].offset, facts_offset=sample[k].facts_offset)
        for k, it in zip(sorted(twice), other, strict=True)
    ]
    turned = [it for k, it in enumerate(sample) if k not in twice] + other
    assert same(scanned(sample, first_low, at(8), at(4, FIRST)), scanned(turned, first_high, at(8), at(4, FIRST)))


@given(facts(people=2, most=8).filter(bool), st.data())
@FEW
def test_a_lost_or_altered_fact_changes_the_tally(sample: list[Fact], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sample) - 1))
    tally = scanned(sample, [], at(8)).now.facts
    lost = sample[:place] + sample[place + 1 :]
    assert scanned(lost, [], at(8)).now.facts != tally
    for changes in ({"day": 5}, {"hour": 9}, {"groups": {"birth": birth("Citra")}}, {"event": 9}, {"nik": nik(9)}):
        altered = replace(sample[place], **changes)
        found = scanned([*lost, altered], [], at(8)).now.facts
        assert found.count == tally.count
        assert found.digest != tally.digest


def test_the_tally_of_facts_never_changes() -> None:
    for version in FACT.older:  # a fact is kept as its release wrote it
        assert scan(store_rows([ANI], version=version), FACT, AUTHORITIES, at(8), None).now.facts == Tally(
            1, GOLDEN_FACT
        )


def test_an_empty_chunk() -> None:
    found = scanned([], [], at(8), at(4, FIRST))
    assert same(found, EMPTY)
    assert same(combine([]), EMPTY)
    assert found.now.facts == NO_FACTS


def test_a_person_in_two_chunks_is_refused() -> None:
    part = scanned([ANI], [], at(8))
    with pytest.raises(ValueError, match="between two NIK"):
        combine([part, part])


ANI = Fact(nik(1), 1, groups={"vital": vital(), "listing": listing(), "residence": residence(), "birth": birth()})


def test_listed_are_those_with_a_card_and_holders() -> None:
    dead = replace(ANI, nik=nik(2), groups={**ANI.groups, "vital": vital(alive=False), "listing": listing(3)})
    holder = replace(dead, nik=nik(3))
    unlisted = replace(ANI, nik=nik(4), groups={"vital": vital()})
    transit = replace(ANI, nik=nik(5), day=100, groups={**ANI.groups, "residence": residence(fase="KELUAR")})
    found = scanned([ANI, dead, holder, unlisted, transit], [], at(8)).now.persons
    parts = listed(found, found, pl.Series([nik(3), nik(4)]), 4)
    assert sorted(parts) == [0, 1, 2, 3]
    sent = pl.concat(parts.values())
    assert sorted(sent["nik"].to_list()) == [nik(1), nik(3), nik(5)]
    assert pl.concat(listed(found, found, pl.Series([]), 1).values())["nik"].to_list() == [nik(1), nik(5)]
    for number, part in parts.items():
        assert part.equals(part.sort("no_kk", "nik"))
        cards = np.frombuffer("".join(part["no_kk"]).encode(), np.uint8).reshape(part.height, 16)
        assert set(partition_of(cards, 4).tolist()) <= {number}
