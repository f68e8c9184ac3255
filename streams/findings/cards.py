"""Cards: who is listed on one but not on its newest, and cards that are no family's."""

from __future__ import annotations

import polars as pl

from streams.door.masking import personal
from streams.findings.codes import Finding
from streams.findings.frames import INDICATIONS, big_endian

CARD_EVENT = "kartu_keluarga"
NUMBER_BYTES = 2  # of `listing.event`: producer number, then event id


def fresh_listings(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Column nik: whose listing or status is new in this quarter, sorted. Both are persons frames, of one store."""
    keys = ["nik", "no_kk", "listing.event", "status"]
    known = before.select(keys)
    return now.select(keys).join(known, on=keys, how="anti", nulls_equal=True).select("nik").sort("nik")


def card_indications(members: pl.DataFrame, max_family_size: int) -> pl.DataFrame:
    """What is odd about cards and new in this quarter: columns INDICATIONS, about the newest card event of each card.

    `members`: columns `streams.members.MEMBERS` of everybody on these cards, whole cards, in any order.
    Registered people (TERDAFTAR) are absent who are listed by an older act than their card's newest event, which
    therefore did not name them. Nobody is removed. It is new when the person's listing or the card event is. No family
    are more than `max_family_size` people, or several who all live in an institution (`streams.families.form`).
    """
    rows = members.select(
        "nik",
        "no_kk",
        "listing.event",
        "listing.recorded_at",
        pl.col("listing.event").bin.slice(NUMBER_BYTES).alias("event_id"),
        pl.col("listing.event").bin.head(NUMBER_BYTES).alias("number"),
        (pl.col("listing.event_type") == CARD_EVENT).alias("by_card"),
        (pl.col("status").cast(pl.String) == "TERDAFTAR").alias("present"),
        pl.col("in_institution", "institution_before").fill_null(value=False),
        "fresh",
    )
    order = ["listing.recorded_at", "event_id", "number"]
    newest = (
        rows.filter("by_card")
        .sort("no_kk", *order)
        .group_by("no_kk", maintain_order=True)
        .agg(
            *(pl.col(name).last().alias(f"newest.{name}") for name in order),
            pl.col("listing.event").last().alias("event"),
        )
    )
    both = rows.join(newest, on="no_kk", how="inner").with_columns(
        (~pl.col("fresh") & (pl.col("listing.event") == pl.col("event"))).any().over("no_kk").alias("event_known"),
        pl.col("fresh").any().over("no_kk").alias("any_fresh"),
        pl.col("present").sum().over("no_kk").alias("people"),
        (pl.col("present") & ~pl.col("in_institution")).any().over("no_kk").alias("keeps_house"),
        (pl.col("in_institution") & ~pl.col("institution_before")).any().over("no_kk").alias("any_moved_in"),
    )
    older = pl.lit(value=False)
    for name in reversed(order):
        mine, newer = pl.col(name), pl.col(f"newest.{name}")
        older = (mine < newer) | ((mine == newer) & older)
    absent = both.filter(pl.col("present") & older & (pl.col("fresh") | ~pl.col("event_known")))
    large = both.filter(pl.col("present") & pl.col("any_fresh") & (pl.col("people") > max_family_size))
    news = pl.col("any_fresh") | pl.col("any_moved_in")
    several = pl.col("people").is_between(2, max_family_size)
    institution = both.filter(pl.col("present") & ~pl.col("keeps_house") & several & news)
    return pl.concat(
        [
            _indications(absent, Finding.ABSENT_FROM_CARD),
            _indications(large, Finding.CARD_TOO_LARGE),
            _indications(institution, Finding.CARD_OF_INSTITUTION),
        ]
    )


def _indications(rows: pl.DataFrame, code: Finding) -> pl.DataFrame:
    """Columns INDICATIONS about the newest card event of each row's card; where it stands is not known here."""
    nowhere = [pl.lit(None, INDICATIONS[name]).alias(name) for name in ("topic_number", "partition", "offset")]
    return rows.select(
        pl.lit(code.name).alias("code"),
        big_endian(pl.col("newest.number")).alias("producer"),
        pl.col("newest.event_id").alias("event_id"),
        pl.lit(CARD_EVENT).alias("event_type"),
        "nik",
        *nowhere,
        personal(pl.col("no_kk")).alias("about"),
        pl.lit(value=True).alias("stated"),
    )
