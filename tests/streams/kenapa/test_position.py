"""Aims at: the place among those who wait is what a plain sort of them gives, and ties are a range."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.deciles import quota_cut
from streams.kenapa import has_room, position
from streams.programmes.quotas import RESERVED, UNITS
from tests.streams.villages import rules

RULES = rules({"SEMBAKO": 7})
SEMBAKO = RULES.programmes["SEMBAKO"]


def frames(scores: list[int], parts: int) -> list[pl.DataFrame]:
    """The UNITS of several partitions."""
    return [
        pl.DataFrame([("SEMBAKO", score, part.count(score)) for score in sorted(set(part))], schema=UNITS, orient="row")
        for part in (scores[place::parts] for place in range(parts))
    ]


@settings(deadline=None)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=30), st.integers(1, 3), st.integers(0, 9))
def test_the_place_is_that_of_a_plain_sort(scores: list[int], parts: int, kept: int) -> None:
    units = frames(scores, parts)
    reserved = [pl.DataFrame([("SEMBAKO", "CADENCE", kept)], schema=RESERVED, orient="row")]
    cut = quota_cut(pl.concat(units), kept, SEMBAKO.quota)
    waiting = sorted(it for it in scores if cut is None or it > cut)
    assert has_room(units, reserved, SEMBAKO, cut) == (len(scores) + kept < SEMBAKO.quota)
    for score in set(waiting):
        place = position(units, reserved, SEMBAKO, score, cut)
        assert waiting[place.first - 1 : place.last] == [score] * waiting.count(score)
        assert (place.waiting, place.quota) == (len(waiting), SEMBAKO.quota)
        assert place.filled == len(scores) - len(waiting) + kept
    for score in set(scores) - set(waiting):
        with pytest.raises(ValueError, match="nobody of rank"):
            position(units, reserved, SEMBAKO, score, cut)
