"""From facts to cases."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from streams.cases.claims import KEY, claims_in, deciding, opening
from streams.cases.columns import CASES, OPEN, OVERDUE, Terms
from streams.quarters import Quarter
from streams.voids import void_masks

if TYPE_CHECKING:
    from collections.abc import Mapping

ID_BYTES = 6


def case_id(event: pl.Expr) -> pl.Expr:
    """The id of the case that an event opens: K and the last 12 hexadecimal digits of the event's id.

    Those are the random part of a UUIDv7, so that an id says nothing about the person.
    """
    return pl.lit("K") + event.bin.slice(-ID_BYTES, ID_BYTES).bin.encode("hex").str.to_uppercase()


def cases_of(facts: pl.DataFrame, day: dt.date, terms: Terms) -> pl.DataFrame:
    """The cases that some facts speak of, as they stand on a day: columns CASES, sorted by what a case is one of.

    `facts` as `streams.facts.facts_frame` gives them: whole persons, in any order. One case per person, programme, kind
    and quarter: what comes by several channels is one. It is decided by a decision about the same four, also where its
    claim is heard of later (`streams.cases.claims.deciding`); a decision without a claim is a case too. Nothing is
    lost: late, repeated and frivolous ones are cases, and hold nothing (`streams.families.objecting`).
    """
    claims = claims_in(facts, void_masks(facts))
    first = opening(claims).select(*KEY, pl.col("since").alias("made_on"), pl.col("event").alias("opens"))
    decided = deciding(claims).select(
        *KEY,
        pl.col("since").alias("decided_on"),
        pl.col("recorded_at").alias("decided_at"),
        pl.col("event").alias("decision"),
        "office",
        pl.col("producer").alias("decided_by"),
        pl.col("reason").alias("decision_reason"),
        pl.when("frivolous").then(pl.lit("TIDAK_BERDASAR")).otherwise("status").alias("decided"),
    )
    table = (
        _gathered(claims, decided)
        .join(first, on=KEY, how="left")
        .join(decided, on=KEY, how="left")
        .with_columns(pl.coalesce("made_on", "decided_on").alias("opened_on"))
        .with_columns(
            _plus_days("opened_on", pl.col("kind").cast(pl.String), terms.case_days).alias("deadline"),
            _timely(claims, terms).alias("timely"),
        )
    )
    open_state = pl.when(pl.col("deadline") < day).then(pl.lit(OVERDUE)).otherwise(pl.lit(OPEN))
    age = (pl.coalesce("decided_on", pl.lit(day)) - pl.col("opened_on")).dt.total_days()
    return (
        table.with_columns(
            case_id(pl.coalesce("opens", "decision")).alias("case"),
            pl.coalesce("decided", open_state).alias("state"),
            pl.max_horizontal(age, 0).alias("age_days"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in CASES.items())
        .sort(KEY)
    )


def _gathered(claims: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """One row per case: what its claims and decisions say together."""
    claimed, of_claim = ~pl.col("decides"), pl.col("channel").is_not_null()
    told = claims.join(decided.select(*KEY, "decided_at"), on=KEY, how="left", maintain_order="left")
    lists = told.group_by(KEY).agg(
        case_id(pl.col("event")).filter(claimed | claimed.any().not_()).unique().sort().alias("ids"),
        pl.col("channel").filter(claimed & of_claim).unique().sort().alias("channels"),
        claimed.sum().cast(pl.Int64).alias("claims"),
        (claimed & (pl.col("recorded_at") > pl.col("decided_at"))).sum().cast(pl.Int64).alias("repeats"),
        pl.col("reason").filter(claimed).drop_nulls().first().alias("reason"),
        pl.col("event").sort().alias("events"),
    )
    evidence = (
        told.select(*KEY, "evidence")
        .explode("evidence")
        .group_by(KEY)
        .agg(pl.col("evidence").drop_nulls().unique().sort())
    )
    return lists.join(evidence, on=KEY, how="left")


def _plus_days(start: str, kind: pl.Expr, days: Mapping[str, int]) -> pl.Expr:
    """A day so many days later, by kind; null for a kind without a term."""
    term = kind.replace_strict(dict(days), default=None, return_dtype=pl.Int64)
    return pl.col(start) + pl.duration(days=term)


def _timely(claims: pl.DataFrame, terms: Terms) -> pl.Expr:
    """False for an objection made after its time; the list of a quarter is heard until its last day and some more."""
    quarters = claims.get_column("quarter").unique().to_list()
    last = {text: Quarter.parse(text).last_day + dt.timedelta(days=terms.objection_days) for text in quarters}
    heard = pl.col("quarter").replace_strict(last, default=None, return_dtype=pl.Date)
    return (pl.col("kind") != "SANGGAH") | (pl.col("opened_on") <= heard)


def cases_with(facts: pl.DataFrame) -> pl.Series:
    """The NIK of whom some facts state the group claim, sorted: whose cases are worth asking for."""
    return facts.filter(pl.col("claim")).get_column("nik").unique().sort()


def chosen(cases: pl.DataFrame, case: str) -> pl.DataFrame:
    """The cases with this id, by any of their claims."""
    return cases.filter(pl.col("ids").list.contains(case))
