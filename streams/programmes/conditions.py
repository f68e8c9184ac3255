"""Conditions over columns: who passes, who fails, what is not known, and which event is behind it."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from streams.families import Formed
from streams.rules import Ask, Condition, Programme
from streams.rules.facts import Level, fact_of

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
    by_family: dict[str, pl.Series] = {}
    by_person: dict[str, pl.Series] = {}
    for number, condition in enumerate(programme.conditions):
        fact = fact_of(condition.fact)
        if fact is None:
            raise AssertionError(f"the rules were loaded with an unknown fact: {condition.fact}")
        names = (f"ok.{number}", f"event.{number}")
        match fact.level:
            case Level.SERVED:
                ok, event = _served(programme, condition, fact.column, served.get(fact.column))
                by_family |= {names[0]: ok, names[1]: event}
            case Level.RECEIVES:
                ok, event = _served(programme, condition, fact.column, served.get(condition.fact))
                by_person |= {names[0]: ok, names[1]: event}
            case Level.MEMBERS:
                ok, event = _every_member(condition, fact.column, fact.cause, formed)
                by_family |= {names[0]: ok, names[1]: event}
            case Level.FAMILY:
                ok, event = _of(families, condition, fact.column, fact.cause)
                by_family |= {names[0]: ok, names[1]: event}
            case Level.PERSON:
                ok, event = _of(formed.people, condition, fact.column, fact.cause)
                by_person |= {names[0]: ok, names[1]: event}
    per_family = pl.DataFrame(by_family)
    if programme.is_family:
        return per_family
    # gathered by the row of each person's family
    spread = {name: column.gather(formed.people["family"]) for name, column in by_family.items()}
    return pl.DataFrame({**spread, **by_person}).with_columns(
        (pl.col(f"ok.{number}") | formed.people[f"{programme.name}.holds"]).alias(f"ok.{number}")
        for number, condition in enumerate(programme.conditions)
        if condition.newcomers
    )


def _served(
    programme: Programme, condition: Condition, other: str, served: pl.Series | None
) -> tuple[pl.Series, pl.Series]:
    if served is None:
        raise ValueError(
            f"{programme.name} asks who is served by {other}, which is not decided yet: "
            f"its wave must be cut before the wave of {programme.name}"
        )
    ok = served.to_frame("served").select(holds(condition, pl.col("served"))).to_series()
    return ok, pl.Series([None], dtype=pl.Binary).new_from_index(0, len(ok))


def _of(frame: pl.DataFrame, condition: Condition, column: str, event: str | None) -> tuple[pl.Series, pl.Series]:
    cause = pl.lit(None, pl.Binary) if event is None else pl.col(event).cast(pl.Binary)
    plain = pl.col(column)
    if isinstance(frame.schema[column], pl.Enum):
        plain = plain.cast(pl.String)
    found = frame.select(
        holds(condition, plain).alias("ok"),
        # spread over the rows also when it is a constant
        pl.when(pl.col(column).is_not_null()).then(cause).alias("event"),
    )
    return found["ok"], found["event"]


def _every_member(condition: Condition, column: str, event: str | None, formed: Formed) -> tuple[pl.Series, pl.Series]:
    """A condition that all present members must meet: false if one fails, else unknown if one is unknown.

    A child without a recorded occupation or property has none; that is not unknown.
    """
    people = formed.people.filter("present")
    value = pl.col(column)
    if column in OF_CHILDREN:
        value = pl.when(value.is_null() & ~pl.col("adult")).then(pl.lit(OF_CHILDREN[column])).otherwise(value)
    ok = people.select(holds(condition, value)).to_series()
    rows = people["family"].to_numpy()
    count = formed.families.height
    fails = ok.eq(other=False).fill_null(value=False).to_numpy()
    failing = np.bincount(rows[fails], minlength=count) > 0
    unknown = np.bincount(rows[ok.is_null().to_numpy()], minlength=count) > 0
    verdict = pl.select(
        pl.when(pl.Series(failing)).then(pl.lit(value=False)).when(~pl.Series(unknown)).then(pl.lit(value=True))
    ).to_series()
    # people are sorted by card and NIK: the first index per family is its failing member with the smallest NIK
    at, first = np.unique(rows[fails], return_index=True)
    places = np.full(count, -1)
    places[at] = np.flatnonzero(fails)[first]
    gathered = pl.select(pl.when(pl.Series(places) >= 0).then(pl.Series(places))).to_series()
    cause = people[event].gather(gathered) if event else pl.Series([None], dtype=pl.Binary).new_from_index(0, count)
    return verdict, cause.cast(pl.Binary)


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
