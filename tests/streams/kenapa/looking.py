"""One person's card out of an evaluated village, as `streams.kenapa` looks at it."""

from collections.abc import Iterable, Sequence

import polars as pl

from streams.families.form import NOTHING_STOPPED
from streams.kenapa import Judged, Looked, has_room, judged
from streams.rules import Rules
from tests.streams.quarters import Evaluated
from tests.streams.villages import Person, holdings, members


def look(
    village: Sequence[Person],
    evaluated: Evaluated,
    rules: Rules,
    kk: int = 1,
    held: Iterable[tuple[int, str] | tuple[int, str, int]] = (),
    quarter: str = "2025-Q1",
) -> Looked:
    on_card = [it for it in village if it.kk == kk]
    lines = holdings(*held)
    mine = lines.filter(pl.col("nik").is_in(members(on_card)["nik"].implode()))
    room = frozenset(
        name
        for name, cut in evaluated.cuts.items()
        if has_room([evaluated.units], [evaluated.reserved], rules.programmes[name], cut)
    )
    return Looked(
        quarter, rules, tuple(evaluated.points), evaluated.cuts, members(on_card), mine, NOTHING_STOPPED, room
    )


def judge(
    village: Sequence[Person],
    evaluated: Evaluated,
    rules: Rules,
    kk: int = 1,
    held: Iterable[tuple[int, str] | tuple[int, str, int]] = (),
) -> Judged:
    return judged(look(village, evaluated, rules, kk, held))
