"""Aims at facts: the store's rows as columns, and membership of a quarter by any copy (invariant 6)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.facts import CUT, Rows, below, copies_frame
from streams.facts import facts_frame as from_store
from tests.streams.strategies import (
    AUTHORITIES,
    FACT,
    FACTS,
    FEW,
    Copy,
    Fact,
    birth,
    cut,
    facts,
    facts_frame,
    nik,
    row_key,
    store_rows,
)

ANI = Fact(nik(1), 1, offset=10, facts_offset=100, groups={"birth": birth()})


@given(facts())
@FEW
def test_rows_of_the_store_become_the_frame(sample: list[Fact]) -> None:
    found = from_store(store_rows(sample), FACT, AUTHORITIES)
    expected = facts_frame(sorted(sample, key=row_key))
    assert set(found.columns) >= set(FACTS)
    assert found.select(*FACTS).equals(expected)


COORDINATES = st.tuples(st.sampled_from([3, 5]), st.integers(0, 1), st.integers(0, 6), st.integers(0, 6))


@given(
    st.lists(st.tuples(COORDINATES, st.lists(st.tuples(COORDINATES, st.booleans()), max_size=3)), max_size=6),
    st.dictionaries(st.tuples(st.sampled_from([3, 5]), st.integers(0, 1)), st.integers(0, 6)),
    st.integers(0, 6),
)
@FEW
def test_a_fact_belongs_iff_one_copy_lies_below_both(
    placed: list[tuple[tuple[int, int, int, int], list[tuple[tuple[int, int, int, int], bool]]]],
    limits: dict[tuple[int, int], int],
    command: int,
) -> None:
    sample: list[Fact] = []
    copies: dict[tuple[int, ...], Copy] = {}
    expected = []
    for number, (first, further) in enumerate(placed, start=1):
        fact = Fact(nik(number), 1, 1, topic=first[0], partition=first[1], offset=first[2], facts_offset=first[3])
        sample.append(fact)
        copies |= {(number, *at): Copy(fact, *at, same=same) for at, same in further}
        known = [first, *(at for key, it in copies.items() for at in [key[1:]] if it.of == fact and it.same)]
        expected.append(
            any(offset < limits.get((topic, part), 0) and at < command for topic, part, offset, at in known)
        )
    rows = store_rows(sample, list(copies.values()))
    found = below(from_store(rows, FACT, AUTHORITIES), copies_frame(rows), cut(limits), command)
    assert found.tolist() == expected


def inside(fact: Fact, *copies: Copy, limit: int, command: int) -> bool:
    rows = store_rows([fact], copies)
    frame = from_store(rows, FACT, AUTHORITIES)
    return bool(below(frame, copies_frame(rows), cut({(3, 0): limit, (3, 1): limit}), command)[0])


def test_copies_on_both_sides_of_a_cut_count_for_the_lower() -> None:
    high, low = (10, 100), (4, 200)  # offset in the topic, offset in register.facts
    for first, second in [(high, low), (low, high)]:
        fact = replace(ANI, offset=first[0], facts_offset=first[1])
        copy = Copy(fact, offset=second[0], facts_offset=second[1])
        assert inside(fact, copy, limit=5, command=300)
        assert not inside(fact, copy, limit=5, command=150)  # the lower copy came after the command
        assert not inside(fact, copy, limit=4, command=300)


def test_both_bounds_must_hold_for_the_same_copy() -> None:
    fact = replace(ANI, offset=10, facts_offset=100)  # in time, but above the cut
    assert not inside(fact, Copy(fact, offset=4, facts_offset=200), limit=5, command=150)


def test_a_copy_with_other_content_is_none() -> None:
    assert not inside(ANI, Copy(ANI, offset=4, facts_offset=101, same=False), limit=5, command=300)


def test_a_cut_without_the_partition_is_not_above_it() -> None:
    frame, none = facts_frame([ANI]), copies_frame(store_rows([ANI]))
    assert below(frame, none, pl.DataFrame(schema=CUT), 1000).tolist() == [False]


def test_a_cut_names_a_partition_once() -> None:
    twice = pl.concat([cut({(3, 0): 1}), cut({(3, 0): 2})])
    with pytest.raises(ValueError, match="names a partition twice"):
        below(facts_frame([ANI]), copies_frame(store_rows([ANI])), twice, 1000)


def changed(rows: Rows, place: int, value: int) -> Rows:
    arena = rows.arena.copy()
    arena[rows.starts[-1] + place] = value
    return replace(rows, arena=arena)


def test_damage_is_named() -> None:
    rows = store_rows([ANI, replace(ANI, event=2)])
    with pytest.raises(ValueError, match="first at 1, are not of the contract 'fact'"):
        from_store(changed(rows, 9, 0), FACT, AUTHORITIES)
    with pytest.raises(ValueError, match="row 1 of the store names another event"):
        from_store(changed(rows, 20, 9), FACT, AUTHORITIES)
    with pytest.raises(ValueError, match="cannot be read, the first at row 1"):
        from_store(changed(rows, 54, 99), FACT, AUTHORITIES)
    with pytest.raises(ValueError, match="has 53 bytes"):
        from_store(replace(rows, lengths=np.full(2, 53, np.int32)), FACT, AUTHORITIES)
    with pytest.raises(ValueError, match=r"producers \[1\] are not in"):
        from_store(rows, FACT, {2: 50})
    letters = rows.keys.copy()
    letters[0, 3] = ord("x")
    with pytest.raises(ValueError, match="16 digits"):
        from_store(replace(rows, keys=letters), FACT, AUTHORITIES)


def test_a_copy_without_its_row_is_refused() -> None:
    other = replace(ANI, nik=nik(2))
    with pytest.raises(ValueError, match="belong to no fact of this chunk"):
        copies_frame(store_rows([ANI], [Copy(other)]))


def test_keys_that_end_in_zeros_are_told_apart() -> None:
    # numpy ignores trailing zeros of byte strings
    first, second = replace(ANI, event=0), replace(ANI, event=256)
    rows = store_rows([first, second], [Copy(second, offset=3)])
    assert copies_frame(rows)["row"].to_list() == [1]
