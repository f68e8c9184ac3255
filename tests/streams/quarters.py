"""A whole evaluation without a shell: every step over several partitions of families, as the stages do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from streams.answers import answer_step
from streams.deciles import cut_points
from streams.families import Formed, form
from streams.programmes import quota_cuts, units_step
from streams.score import combine_counts, score_step
from tests.streams.villages import Person, holdings, members, nik

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from streams.rules import Rules


@dataclass(frozen=True)
class Evaluated:
    """What a run decided."""

    answers: pl.DataFrame
    points: list[int]
    cuts: dict[str, int | None]
    units: pl.DataFrame
    reserved: pl.DataFrame
    parts: list[Formed]

    def of(self, number: int) -> dict[str, Any]:
        """The answer for one person."""
        return self.answers.row(by_predicate=pl.col("nik") == nik(number), named=True)

    def verdicts(self, programme: str) -> dict[int, str]:
        """Number of the person -> verdict."""
        rows = self.answers.select("nik", f"{programme}.verdict").rows()
        return {int(name[-4:]): verdict for name, verdict in rows}


def evaluate(
    people: Sequence[Person],
    rules: Rules,
    held: Iterable[tuple[int, str] | tuple[int, str, int]] | pl.DataFrame = (),
    partitions: int = 1,
) -> Evaluated:
    """Evaluate a village, its cards spread over some partitions."""
    lines = held if isinstance(held, pl.DataFrame) else holdings(*held)
    parts = [
        form(members([it for it in people if it.kk % partitions == place]), lines, rules, rules.as_of)
        for place in range(partitions)
    ]
    points = cut_points(combine_counts([score_step(part) for part in parts]), rules.ranking)
    cuts: dict[str, int | None] = {}
    all_units, all_reserved = [], []
    for wave in range(1, len(rules.waves) + 1):
        told = [units_step(part, rules, wave, points, cuts) for part in parts]
        units, reserved = [it[0] for it in told], [it[1] for it in told]
        cuts |= quota_cuts(units, reserved, rules, wave)
        all_units += units
        all_reserved += reserved
    answers = pl.concat([answer_step(part, rules, points, cuts) for part in parts]).sort("nik")
    return Evaluated(answers, points, cuts, pl.concat(all_units), pl.concat(all_reserved), parts)
