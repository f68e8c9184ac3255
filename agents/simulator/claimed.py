"""Cases as the simulator knows them: what was claimed, by which channel, and what an office said, by its events."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from agents.simulator.log import Events
    from agents.simulator.quarters import Quarter

CLAIMS = ("sanggah", "keluhan", "usul", "reaktivasi")
DECISION = "putusan_kasus"
# Days from the opening of a case to its deadline, and from a quarter's last day to the last objection to its list
# (register.yaml, defaults).
CASE_DAYS = {"SANGGAH": 30, "KELUHAN": 30, "USUL": 90, "REAKTIVASI": 90}
OBJECTION_DAYS = 30
NO_CHANNEL = "-"
KEY = ["nik", "kind", "programme", "quarter"]
ORDER = ["effective_on", "recorded_at", "event_id"]
BY = ["kind", "channel", "quarter", "state", "timely"]


def cases_told(known: dict[str, Events], quarter: Quarter) -> pl.DataFrame:
    """Columns BY, cases, joined, repeated at the end of `quarter`, from the good events known. What was claimed about
    one person, kind, programme and quarter is one case, of the first of its channels by name.
    """
    void = pl.concat([each.frame.select(event_id="corrects.event_id") for each in known.values()]).drop_nulls()
    claims = pl.concat([_claims(known, name).join(void, on="event_id", how="anti") for name in CLAIMS])
    decided = _decided(known).join(void, on="event_id", how="anti").sort(ORDER).group_by(KEY).last()
    opened = claims.group_by(KEY).agg(
        pl.col("effective_on").min().alias("opened"), pl.col("channel").drop_nulls().min(), pl.len().alias("claims")
    )
    told_again = claims.join(decided, on=KEY, suffix="_decided").filter(
        pl.col("recorded_at") > pl.col("recorded_at_decided")
    )
    table = opened.join(decided.drop("event_id", "recorded_at"), on=KEY, how="full", coalesce=True).join(
        told_again.group_by(KEY).agg(pl.len().alias("again")), on=KEY, how="left"
    )
    table = table.with_columns(pl.coalesce("opened", "effective_on"), pl.col("channel").fill_null(NO_CHANNEL))
    return (
        table.with_columns(_state(quarter), _timely(table))
        .group_by(BY)
        .agg(
            pl.len().cast(pl.Int64).alias("cases"),
            (pl.col("claims") - 1).fill_null(0).sum().cast(pl.Int64).alias("joined"),
            pl.col("again").fill_null(0).sum().cast(pl.Int64).alias("repeated"),
        )
        .sort(BY)
    )


def _claims(known: dict[str, Events], name: str) -> pl.DataFrame:
    return known[name].frame.select(
        nik="content.nik",
        kind=pl.lit(name.upper()),
        programme="content.program",
        quarter="content.triwulan",
        channel=pl.col("content.saluran").cast(pl.String),
        effective_on="effective_on",
        recorded_at="recorded_at",
        event_id="event_id",
    )


def _decided(known: dict[str, Events]) -> pl.DataFrame:
    return known[DECISION].frame.select(
        nik="content.nik",
        kind=pl.col("content.perkara").cast(pl.String),
        programme="content.program",
        quarter="content.triwulan",
        said=pl.when("content.tidak_berdasar").then(pl.lit("TIDAK_BERDASAR")).otherwise("content.status"),
        effective_on="effective_on",
        recorded_at="recorded_at",
        event_id="event_id",
    )


def _state(quarter: Quarter) -> pl.Expr:
    days = pl.col("kind").replace_strict(CASE_DAYS, return_dtype=pl.Int64)
    overdue = pl.col("opened") + pl.duration(days=days) < pl.lit(quarter.last_day.astype(object))
    waiting = pl.when(overdue).then(pl.lit("LEWAT_TENGGAT")).otherwise(pl.lit("TERBUKA"))
    return pl.coalesce(pl.col("said").cast(pl.String), waiting).alias("state")


def _timely(table: pl.DataFrame) -> pl.Expr:
    """Whether an objection was made while its list was heard; what is no objection is never late."""
    heard = {text: _last_day(text) + dt.timedelta(days=OBJECTION_DAYS) for text in table["quarter"].unique()}
    until = pl.col("quarter").replace_strict(heard, return_dtype=pl.Date)
    return ((pl.col("kind") != "SANGGAH") | (pl.col("opened") <= until)).alias("timely")


def _last_day(text: str) -> dt.date:
    year, number = int(text[:4]), int(text[-1])
    return dt.date(year + number // 4, 3 * number % 12 + 1, 1) - dt.timedelta(days=1)
