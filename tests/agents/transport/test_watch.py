"""Aims at: a partition that has work and gets none is noticed after so many looks, and nothing else ever is."""

import pytest
from faust.types import TP

from agents.transport.watch import Look, StalledError, Watch

ONE, TWO = TP("t", 0), TP("t", 1)
LOST = Look(position=7, is_behind=True, is_at_work=False)
AT_WORK = Look(position=7, is_behind=True, is_at_work=True)
IDLE = Look(position=7, is_behind=False, is_at_work=False)
OPENING = Look(position=None, is_behind=True, is_at_work=False)


def look(watch: Watch, times: int, **found: Look) -> None:
    for _ in range(times):
        watch.look({TP("t", {"one": 0, "two": 1}[name]): found[name] for name in found})


def test_work_that_nobody_does_is_noticed_at_the_look_after_the_limit() -> None:
    watch = Watch(patience_seconds=5)
    look(watch, 5, one=LOST, two=IDLE)
    with pytest.raises(StalledError, match=r"t\[0\]: offset 7 is next.* nothing has been done for 5 s"):
        watch.look({ONE: LOST, TWO: IDLE})


def test_a_position_that_never_comes_is_noticed() -> None:
    watch = Watch(patience_seconds=5)
    look(watch, 5, one=OPENING)
    with pytest.raises(StalledError, match="no position is known"):
        watch.look({ONE: OPENING})


@pytest.mark.parametrize("found", [AT_WORK, IDLE])
def test_who_works_or_has_nothing_to_do_is_left_alone(found: Look) -> None:
    watch = Watch(patience_seconds=5)
    look(watch, 50, one=found)


@pytest.mark.parametrize("between", [AT_WORK, IDLE, OPENING, Look(8, is_behind=True, is_at_work=False)])
def test_any_progress_starts_the_count_again(between: Look) -> None:
    watch = Watch(patience_seconds=5)
    for _ in range(5):
        look(watch, 5, one=LOST)
        watch.look({ONE: between})


def test_a_partition_that_was_elsewhere_meanwhile_starts_again() -> None:
    watch = Watch(patience_seconds=5)
    look(watch, 5, one=LOST, two=LOST)
    watch.look({})
    look(watch, 5, one=LOST)
