"""Cases with what an officer wants to see beside them, and as JSON can hold them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from agents.naming import event_names
from streams.cases import CASES, Terms, cases_of, cases_with
from streams.persons import AsOf, persons

# Where the person lives now, and whether an officer was there since the case was opened.
ABOUT = {"nama": pl.String(), "kelurahan": pl.String(), "kab_kota": pl.String(), "visited": pl.Boolean()}
TOLD = pl.Schema({**CASES, "events": pl.List(pl.String), **ABOUT})

Question = Mapping[str, Any]


def told_cases(facts: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The cases of some facts (whole persons): columns TOLD."""
    facts = facts.filter(pl.col("nik").is_in(cases_with(facts).implode()))
    if facts.is_empty():
        return pl.DataFrame(schema=TOLD)
    day = dt.date.fromisoformat(question["day"])
    people = persons(facts, AsOf(day, question["transit_limit_days"], question["scope"]))
    found = cases_of(facts, day, Terms(question["objection_days"], question["case_days"]))
    return (
        found.join(people.select("nik", "nama", "kelurahan", "kab_kota", "field.observed_on"), on="nik", how="left")
        .with_columns(
            (pl.col("field.observed_on") >= pl.col("opened_on")).fill_null(value=False).alias("visited"),
            pl.col("events").list.eval(event_names(pl.element())),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in TOLD.items())
    )


def cases_json(cases: pl.DataFrame) -> list[dict[str, Any]]:
    """Cases (columns TOLD) as JSON can hold them: days in ISO."""
    return cases.with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts()


def cases_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """What `cases_json` wrote."""
    days = [name for name, dtype in TOLD.items() if dtype == pl.Date]
    text = pl.Schema({name: pl.String() if name in days else dtype for name, dtype in TOLD.items()})
    return pl.DataFrame(rows, schema=text).with_columns(pl.col(days).str.to_date())
