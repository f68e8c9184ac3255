"""Who is taken for eligible through a reactivation, though some conditions are not met."""

import polars as pl

from streams.programmes.conditions import holds
from streams.rules import Programme
from streams.rules.facts import fact_of


def reactivated_by(programme: Programme, people: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
    """Boolean per person: one of the programme's reactivations counts (`streams.rules.model.Reactivation`).

    `people`: as `streams.families.people` gives them; `found`: as `streams.programmes.conditions.outcomes` does. An
    accepted case alone brings nothing: the facts must bear it out, those of all conditions or the one that is asked for
    in their stead.
    """
    name = programme.name
    table = pl.concat([people, found], how="horizontal")
    passed = {c.id: pl.col(f"ok.{i}").fill_null(c.passes_when_unknown) for i, c in enumerate(programme.conditions)}
    never = pl.repeat(value=False, n=pl.len())
    counts = [never]
    for way in programme.reactivations:
        fact = fact_of(way.ask.fact)
        if fact is None:
            raise AssertionError(f"the rules were loaded with an unknown fact: {way.ask.fact}")
        asked = holds(way.ask, pl.col(fact.column)).fill_null(way.ask.passes_when_unknown)
        rest = pl.all_horizontal([~never, *(ok for it, ok in passed.items() if it not in way.instead_of)])
        if way.by_case:
            borne_out = pl.all_horizontal([~never, *passed.values()]) | (asked & rest)
            counts.append(pl.col(f"{name}.reactivation").is_not_null() & borne_out)
        else:
            counts.append(pl.col(f"{name}.holds") & asked & rest)
    return table.select(pl.any_horizontal(counts).alias("reactivated")).to_series().rename("reactivated")
