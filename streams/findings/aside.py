"""Decisions that set visits of an officer aside, and do not reach what they list; whole persons at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from streams.findings.codes import Finding
from streams.findings.frames import INDICATIONS, VISIT_FOUND, big_endian, no_indications, producer_code, uuid_text
from streams.voids import VISIT

if TYPE_CHECKING:
    from streams.facts import Mask

_NAMED = ["nik", "visit.producer_number", "visit.event_id"]
_EVENT = ["producer", "event_id"]
# Of a visit that is named and there, whether it is reached or not.
KNOWN = (VISIT_FOUND, Finding.SET_ASIDE_NOT_LATER.name, Finding.SET_ASIDE_NOT_ALLOWED.name)


def decisions(facts: pl.DataFrame, inside: Mask, inside_before: Mask) -> pl.DataFrame:
    """What this quarter's new decisions find among their people: columns INDICATIONS, in no order.

    `facts`, `inside`, `inside_before` as of `streams.findings.corrections`. Each person's fact names all visits of the
    decision, also those to others. So three kinds of rows: a person and a visit that is there (a code of KNOWN); a
    person to whom none of the visits was made; and each visit that is named, without a person. `told` puts them
    together for the whole decision. A visit is reached as `streams.voids` says.
    """
    new = inside & ~inside_before & facts.get_column("set_aside").to_numpy()
    if not new.any():
        return no_indications()
    named = (
        facts.filter(pl.Series(new))
        .explode("set_aside.events", empty_as_null=True)
        .with_columns(
            pl.col("set_aside.events").struct.field("producer_number").alias("visit.producer_number"),
            pl.col("set_aside.events").struct.field("event_id").alias("visit.event_id"),
            pl.lit(value=True).alias("stated"),
        )
        .join(_visits(facts.filter(pl.Series(inside))), on=_NAMED, how="left", maintain_order="left")
        .with_columns(_code().alias("code"), _visit().alias("about"))
    )
    known = pl.col("code").is_in(KNOWN)
    nobody = named.filter(~known.any().over(*_EVENT, "nik"))
    parts = [
        named.filter(known),
        nobody.sort("about", nulls_last=True)
        .unique([*_EVENT, "nik"], keep="first", maintain_order=True)
        .with_columns(pl.lit(Finding.SET_ASIDE_WITHOUT_PERSON.name).alias("code")),
        named.filter(pl.col("about").is_not_null())
        .unique([*_EVENT, "about"])
        .with_columns(pl.lit(Finding.SET_ASIDE_WITHOUT_VISIT.name).alias("code"), pl.lit(None, pl.String).alias("nik")),
    ]
    return pl.concat([it.select(pl.col(name).cast(dtype) for name, dtype in INDICATIONS.items()) for it in parts])


def told(indications: pl.DataFrame) -> pl.DataFrame:
    """All indications, with those about decisions put together: columns INDICATIONS.

    A visit is missing that is there for none of the people: this is told about all of them, with the first such visit.
    Where no visit at all is there, it is not told once more that nobody was visited.
    """
    known = indications.filter(pl.col("code").is_in(KNOWN))
    without_visit = pl.col("code") == Finding.SET_ASIDE_WITHOUT_VISIT.name
    without_person = pl.col("code") == Finding.SET_ASIDE_WITHOUT_PERSON.name
    missing = (
        indications.filter(without_visit)
        .join(known, on=[*_EVENT, "about"], how="anti")
        .group_by(_EVENT)
        .agg(pl.col("about").min().alias("missing"))
    )
    people = indications.filter(pl.col("code").is_in(KNOWN) | without_person)
    lost = people.join(missing, on=_EVENT).with_columns(
        pl.col("missing").alias("about"), pl.lit(Finding.SET_ASIDE_WITHOUT_VISIT.name).alias("code")
    )
    strangers = indications.filter(without_person).join(known, on=_EVENT, how="semi")
    others = indications.filter(~without_visit & ~without_person & (pl.col("code") != VISIT_FOUND))
    return pl.concat([others, strangers, lost.select(indications.columns)])


def _visits(facts: pl.DataFrame) -> pl.DataFrame:
    """The visits that can be set aside, by person."""
    return facts.filter(pl.col("event_type") == VISIT).select(
        "nik",
        pl.col("producer_number").alias("visit.producer_number"),
        pl.col("event_id").alias("visit.event_id"),
        pl.col("recorded_at").alias("visit.recorded_at"),
        pl.col("authority").alias("visit.authority"),
    )


def _code() -> pl.Expr:
    """Of a person and a visit that is named: a code of KNOWN, or null where the person has no such visit."""
    later = (pl.col("recorded_at") > pl.col("visit.recorded_at")) | (
        (pl.col("recorded_at") == pl.col("visit.recorded_at")) & (pl.col("event_id") > pl.col("visit.event_id"))
    )
    own = pl.col("producer_number") == pl.col("visit.producer_number")
    return (
        pl.when(pl.col("visit.recorded_at").is_null())
        .then(pl.lit(None, pl.String))
        .when(~later)
        .then(pl.lit(Finding.SET_ASIDE_NOT_LATER.name))
        .when(~own & (pl.col("authority") <= pl.col("visit.authority")))
        .then(pl.lit(Finding.SET_ASIDE_NOT_ALLOWED.name))
        .otherwise(pl.lit(VISIT_FOUND))
    )


def _visit() -> pl.Expr:
    """A visit as a finding names it; null where none is named."""
    producer = producer_code(big_endian(pl.col("visit.producer_number")))
    return pl.format("{}/{}", producer, uuid_text(pl.col("visit.event_id")))
