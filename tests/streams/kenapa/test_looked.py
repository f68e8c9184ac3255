"""Aims at: one card judged again gives the very answers that the run gave to its people."""

import polars as pl
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from tests.streams.kenapa.looking import judge
from tests.streams.quarters import evaluate
from tests.streams.villages import Person, members, rules, villages

RULES = rules({"SEMBAKO": 2, "PKH": 1, "KLJ": 1})


@settings(max_examples=8, deadline=None)
@given(villages(cards=4))
def test_a_card_judged_alone_is_answered_as_in_the_run(village: tuple[list[Person], list[tuple[int, str]]]) -> None:
    people, held = village
    whole = evaluate(people, RULES, held)
    for kk in sorted({it.kk for it in people}):
        mine = members([it for it in people if it.kk == kk])["nik"]
        told = judge(people, whole, RULES, kk, held)
        assert_frame_equal(told.answers, whole.answers.filter(pl.col("nik").is_in(mine.implode())))
        for answer in told.answers.iter_rows(named=True):
            for programme in RULES.programmes:
                failed = sum(1 << n for n, it in enumerate(told.found(answer["nik"], programme)) if not it.passes)
                assert told.subject(answer["nik"], programme)["failed"] in (0, failed)
