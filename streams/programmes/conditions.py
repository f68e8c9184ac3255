"""Conditions over columns: who passes, who fails, what is not known, and which event is behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from streams.families import Formed
from streams.rules import Ask, Condition, Programme
from streams.rules.facts import Fact, Level, fact_of

# What a child has of whom nothing is recorded.
OF_CHILDREN: Mapping[str, str | int] = {"occupation": "TIDAK_BEKERJA", "vehicles": 0, "njop_rupiah": 0, "daya_va": 0}
# Programme -> Boolean per family: somebody in it is served; of personal ones, "receives.P" -> Boolean per person.
Served = Mapping[str, pl.Series]


def holds(condition: Condition | Ask, column: pl.Expr) -> pl.Expr:
    """Boolean: does the condition hold? Null where the fact is not known."""
    value = condition.value
    match condition.operator, value:
        case "eq", _:
            return column.eq(value)
        case "ne", _:
            return column.ne(value)
        case "le", int():
            return column.le(value)
        case "ge", int():
            return column.ge(value)
        case "between", (low, high):
            return column.is_between(low, high)
        case "in", tuple():
            return column.is_in(value)
        case "not_in", tuple():
            return ~column.is_in(value)
        case _:
            raise AssertionError(f"the rules were loaded with a condition that cannot be computed: {condition}")


def outcomes(programme: Programme, formed: Formed, families: pl.DataFrame, served: Served) -> pl.DataFrame:
    """Per subject (families for family programmes, people for personal ones) and condition i:
    ok.i Boolean? (null: not known) and event.i Binary? (the cause).

    `families`: formed.families with desil, components and components.event. Raises ValueError when a
    condition asks for a programme whose wave has not been decided: the waves are out of order.
    """
    asked = {level: list[_Asked]() for level in Level}
    for number, condition in enumerate(programme.conditions):
        fact = fact_of(condition.fact)
        if fact is None:
            raise AssertionError(f"the rules were loaded with an unknown fact: {condition.fact}")
        asked[fact.level].append(_Asked(number, condition, fact))
    by_family = {
        **_served(programme, [(it, it.fact.column) for it in asked[Level.SERVED]], served),
        **_every_member(asked[Level.MEMBERS], formed),
        **_of(families, asked[Level.FAMILY]),
    }
    by_person = {
        **_served(programme, [(it, it.condition.fact) for it in asked[Level.RECEIVES]], served),
        **_of(formed.people, asked[Level.PERSON]),
    }
    names = [f"{part}.{number}" for number in range(len(programme.conditions)) for part in ("ok", "event")]
    if programme.is_family:
        return pl.DataFrame(by_family).select(names)
    # gathered by the row of each person's family
    rows = formed.people["family"]
    spread = pl.DataFrame(by_family).select(pl.all().gather(rows)).to_dict() if by_family else {}
    return (
        pl.DataFrame({**spread, **by_person})
        .select(names)
        .with_columns(
            (pl.col(f"ok.{number}") | formed.people[f"{programme.name}.holds"]).alias(f"ok.{number}")
            for number, condition in enumerate(programme.conditions)
            if condition.newcomers
        )
    )


@dataclass(frozen=True)
class _Asked:
    """Condition `number` of a programme. All conditions of a level go into one query: each costs more than its rows."""

    number: int
    condition: Condition
    fact: Fact

    @property
    def names(self) -> tuple[str, str]:
        return f"ok.{self.number}", f"event.{self.number}"


def _served(programme: Programme, asked: Sequence[tuple[_Asked, str]], served: Served) -> dict[str, pl.Series]:
    """Conditions about who is served by others, each with its name in `served`; no event is behind them."""
    found: dict[str, pl.Series] = {}
    for it, other in asked:
        column = served.get(other)
        if column is None:
            raise ValueError(
                f"{programme.name} asks who is served by {it.fact.column}, which is not decided yet: "
                f"its wave must be cut before the wave of {programme.name}"
            )
        ok = column.to_frame("served").select(holds(it.condition, pl.col("served"))).to_series()
        found |= dict(zip(it.names, (ok, _nothing(len(ok))), strict=True))
    return found


def _nothing(count: int) -> pl.Series:
    return pl.Series([None], dtype=pl.Binary).new_from_index(0, count)


def _of(frame: pl.DataFrame, asked: Sequence[_Asked]) -> dict[str, pl.Series]:
    """Conditions about a column of the frame."""
    schema = frame.schema
    queries = []
    for it in asked:
        column = pl.col(it.fact.column)
        plain = column.cast(pl.String) if isinstance(schema[it.fact.column], pl.Enum) else column
        cause = pl.lit(None, pl.Binary) if it.fact.cause is None else pl.col(it.fact.cause).cast(pl.Binary)
        ok, event = it.names
        queries += [
            holds(it.condition, plain).alias(ok),
            # spread over the rows also when it is a constant
            pl.when(column.is_not_null()).then(cause).alias(event),
        ]
    return frame.select(queries).to_dict() if queries else {}


def _every_member(asked: Sequence[_Asked], formed: Formed) -> dict[str, pl.Series]:
    """Conditions that all present members must meet: false if one fails, else unknown if one is unknown.

    A child without a recorded occupation or property has none; that is not unknown.
    """
    if not asked:
        return {}
    people, count = formed.people.filter("present"), formed.families.height
    rows = people["family"].to_numpy()
    answers = people.select(holds(it.condition, _of_member(it.fact.column)).alias(it.names[0]) for it in asked)
    found: dict[str, pl.Series] = {}
    for it in asked:
        name, event = it.names
        ok = answers[name]
        unknown = ok.is_null().to_numpy()
        fails = ~ok.fill_null(value=True).to_numpy()
        failing = np.bincount(rows[fails], minlength=count) > 0
        open_ = (np.bincount(rows[unknown], minlength=count) > 0) & ~failing
        # people are sorted by card and NIK: the first index per family is its failing member with the smallest NIK
        at, first = np.unique(rows[fails], return_index=True)
        places = np.full(count, -1)
        places[at] = np.flatnonzero(fails)[first]
        known = pl.DataFrame({"passes": ~failing, "open": open_, "place": places}).select(
            pl.when(~pl.col("open")).then("passes").alias("ok"), pl.when(pl.col("place") >= 0).then("place")
        )
        found[name] = known["ok"]
        cause = it.fact.cause
        found[event] = people[cause].gather(known["place"]).cast(pl.Binary) if cause else _nothing(count)
    return found


def _of_member(column: str) -> pl.Expr:
    value = pl.col(column)
    if column not in OF_CHILDREN:
        return value
    return pl.when(value.is_null() & ~pl.col("adult")).then(pl.lit(OF_CHILDREN[column])).otherwise(value)


def judge(programme: Programme, found: pl.DataFrame) -> pl.DataFrame:
    """The conditions together, one row per row of `found` (as `outcomes` gives it).

    eligible Boolean; reason String? (of the first condition that failed); failed, unknown UInt64 (bit i = condition i).
    """
    passed = [pl.col(f"ok.{i}").fill_null(c.passes_when_unknown) for i, c in enumerate(programme.conditions)]
    reason = pl.lit(None, pl.String)
    for condition, ok in reversed(list(zip(programme.conditions, passed, strict=True))):
        reason = pl.when(~ok).then(pl.lit(condition.reason)).otherwise(reason)
    return found.select(
        pl.all_horizontal(passed).alias("eligible"),
        reason.alias("reason"),
        _bits([~ok for ok in passed]).alias("failed"),
        _bits([pl.col(f"ok.{i}").is_null() for i in range(len(passed))]).alias("unknown"),
    )


def _bits(flags: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal([flag.cast(pl.UInt64) * (1 << i) for i, flag in enumerate(flags)]).cast(pl.UInt64)
