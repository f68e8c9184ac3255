"""The same card under several sets of changed facts, all judged at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from streams.kenapa.looked import Judged, Looked, judged
from streams.programmes.conditions import holds
from streams.programmes.decide import UNRANKED
from streams.rules import Condition

CARDS = ("no_kk", "card_before")


@dataclass(frozen=True, slots=True)
class Change:
    """A column of the members' frame set to a value: for one person, or (nik None) for everybody on the card who has
    one, or whose value fails `condition`.
    """

    column: str
    value: Any
    nik: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, eq=False)
class Worlds:
    """Several judged alternatives; the number of one stands behind each NIK and card in it."""

    judged: Judged

    def nik(self, nik: str, world: int) -> str:
        """Under which name the person stands in a world."""
        return _named(nik, world)


def worlds(looked: Looked, alternatives: Sequence[Sequence[Change]]) -> Worlds:
    """Judge a card once per alternative; the cut points and the cuts stay those of the quarter.

    One family weighs nothing among all, so what it would be is told by the line that was drawn without it.
    """
    members = pl.concat([_renamed(_changed(looked.members, it), n) for n, it in enumerate(alternatives)])
    holdings = pl.concat([_renamed(looked.holdings, n) for n in range(len(alternatives))])
    stopped = pl.concat([_renamed(looked.stopped, n) for n in range(len(alternatives))])
    cuts = {name: UNRANKED if name in looked.with_room else cut for name, cut in looked.cuts.items()}
    return Worlds(judged(replace(looked, members=members, holdings=holdings, stopped=stopped, cuts=cuts)))


def _changed(members: pl.DataFrame, changes: Sequence[Change]) -> pl.DataFrame:
    for change in changes:
        column, dtype = pl.col(change.column), members.schema[change.column]
        if change.nik is not None:
            where = pl.col("nik") == change.nik
        elif change.condition is not None:
            value = column.cast(pl.String) if isinstance(dtype, pl.Enum) else column
            where = ~holds(change.condition, value).fill_null(value=change.condition.passes_when_unknown)
        else:
            where = column.is_not_null()
        changed = pl.when(where).then(pl.lit(change.value).cast(dtype)).otherwise(column)
        members = members.with_columns(changed.alias(change.column))
    return members


def _renamed(frame: pl.DataFrame, world: int) -> pl.DataFrame:
    """NIK and card numbers with the world's number behind them, so that no two worlds touch."""
    names = [name for name in frame.columns if name == "nik" or name.rpartition(".")[2] in CARDS]
    return frame.with_columns(pl.concat_str(pl.col(name), pl.lit(_named("", world))).alias(name) for name in names)


def _named(text: str, world: int) -> str:
    return f"{text}~{world:04d}"
