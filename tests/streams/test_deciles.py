"""Aims at exact deciles and quota cuts (invariants 11 and 30), against a plain sort of all persons."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.deciles import cut_points, desil, own_cut_points, quota_cut
from streams.rules import Ranking
from streams.score import combine_counts

families = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), min_size=1, max_size=60)  # score, persons


def counts(rows: list[tuple[int, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"score": pl.Int64, "persons": pl.Int64}, orient="row")
    return combine_counts([frame.select("score", pl.lit(1, pl.Int64).alias("families"), "persons")])


def by_sorting(rows: list[tuple[int, int]]) -> list[int]:
    """Decile of each family: line everybody up, and see how many stand before the first of one's own score."""
    line = sorted(score for score, persons in rows for _ in range(persons))
    return [1 + min(9, 10 * line.index(score) // len(line)) for score, _ in rows]


@settings(deadline=None)
@given(families)
@example([(7, 5)])  # one score for all
@example([(1, 95), (2, 5)])  # bands 2 to 9 are empty
@example([(n, 1) for n in range(10)])
@example([(1, 1), (2, 9)])  # a border exactly on a tenth
def test_deciles_equal_a_plain_sort(rows: list[tuple[int, int]]) -> None:
    points = own_cut_points(counts(rows))
    found = desil(pl.Series([score for score, _ in rows]), points)
    assert found.to_list() == by_sorting(rows)
    assert found.dtype == pl.Int8


def test_the_ends() -> None:
    assert own_cut_points(counts([])) == [0] * 9
    assert desil(pl.Series([None, 3, None], dtype=pl.Int64), [1, 2, 3, 4, 5, 6, 7, 8, 9]).to_list() == [None, 3, None]
    assert desil(pl.Series([], dtype=pl.Int64), [0] * 9).to_list() == []
    with pytest.raises(ValueError, match="nine scores that do not descend"):
        desil(pl.Series([1]), [1, 2, 3])
    with pytest.raises(ValueError, match="nine scores that do not descend"):
        desil(pl.Series([1]), [9, 8, 7, 6, 5, 4, 3, 2, 1])


@settings(deadline=None)
@given(families)
def test_given_cut_points_hold_whatever_the_region_looks_like(rows: list[tuple[int, int]]) -> None:
    """Invariant 30: in a rich region desil 1 is not a tenth of the region."""
    national = (2, 4, 6, 8, 10, 12, 14, 16, 18)
    points = cut_points(counts(rows), Ranking("given", national))
    assert points == list(national)
    found = desil(pl.Series([score for score, _ in rows]), points).to_list()
    assert found == [1 + sum(score > point for point in national) for score, _ in rows]
    assert cut_points(counts(rows), Ranking("own", national)) == own_cut_points(counts(rows))


units = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=20)  # score, units


@settings(deadline=None)
@given(units, st.integers(0, 30), st.integers(0, 60))
@example([(5, 3)], 0, 0)  # quota 0
@example([(5, 3), (5, 1)], 0, 3)  # one score for all does not fit: nobody
@example([(5, 3)], 9, 5)  # reservations alone pass the quota
def test_a_quota_cut_equals_a_plain_sort(rows: list[tuple[int, int]], reserved: int, quota: int) -> None:
    line = sorted(score for score, count in rows for _ in range(count))
    room = quota - reserved
    fitting = [score for score in set(line) if sum(other <= score for other in line) <= room]
    frame = pl.DataFrame(rows, schema={"score": pl.Int64, "units": pl.Int64}, orient="row")
    assert quota_cut(frame, reserved, quota) == max(fitting, default=None)
