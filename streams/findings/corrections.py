"""Corrections and cancellations that do not reach what they name, whole persons at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from schemas.codes import GROUPS
from streams.findings.codes import Finding
from streams.findings.frames import FOUND, INDICATIONS, big_endian, producer_code, uuid_text

if TYPE_CHECKING:
    from streams.facts import Mask

_TARGET = ["nik", "corrects.producer_number", "corrects.event_id"]


def corrections(facts: pl.DataFrame, inside: Mask, inside_before: Mask) -> pl.DataFrame:
    """What this quarter's new corrections find: columns INDICATIONS, one row per correction and person, in no order.

    `facts` as `streams.facts.facts_frame` gives them; `inside` and `inside_before`: which of them belong to this
    quarter, and to the previous one. A correction reaches its target as `streams.voids` says; its code is FOUND then.
    It is judged in the quarter in which it comes, by all that is known by then: a target that comes in a later quarter
    is corrected all the same.
    """
    known = facts.select(
        "nik",
        pl.col("producer_number").alias("corrects.producer_number"),
        pl.col("event_id").alias("corrects.event_id"),
        pl.col("recorded_at").alias("target.recorded_at"),
        pl.col("authority").alias("target.authority"),
        pl.lit(value=True).alias("known"),
    ).filter(pl.Series(inside))
    groups = [name for name in GROUPS if name in facts.columns]
    later = (pl.col("recorded_at") > pl.col("target.recorded_at")) | (
        (pl.col("recorded_at") == pl.col("target.recorded_at")) & (pl.col("event_id") > pl.col("corrects.event_id"))
    )
    own = pl.col("producer_number") == pl.col("corrects.producer_number")
    code = (
        pl.when(pl.col("known").is_null())
        .then(pl.lit(Finding.CORRECTION_WITHOUT_TARGET.name))
        .when(~later)
        .then(pl.lit(Finding.CORRECTION_NOT_LATER.name))
        .when(~own & (pl.col("authority") <= pl.col("target.authority")))
        .then(pl.lit(Finding.CORRECTION_NOT_ALLOWED.name))
        .otherwise(pl.lit(FOUND))
    )
    about = pl.format(
        "{}/{}", producer_code(big_endian(pl.col("corrects.producer_number"))), uuid_text(pl.col("corrects.event_id"))
    )
    return (
        facts.lazy()
        .filter(pl.Series(inside & ~inside_before) & (pl.col("kind") != "STATE") & pl.col("corrects"))
        .join(known.lazy(), on=_TARGET, how="left")
        .with_columns(code.alias("code"), about.alias("about"), pl.any_horizontal(groups).alias("stated"))
        .select(pl.col(name).cast(dtype) for name, dtype in INDICATIONS.items())
        .collect()
    )
