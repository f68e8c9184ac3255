"""Families with all that ranking and rules ask about them."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from streams.families.observations import candidates, chosen
from streams.families.payees import lines
from streams.families.people import people
from streams.members import STOPPED
from streams.rules import Rules
from streams.rules.facts import FAMILY_STATUSES
from streams.score import scores

NOTHING_STOPPED = pl.DataFrame(schema=STOPPED)
FamilyStatus = pl.Enum(FAMILY_STATUSES)


@dataclass(frozen=True)
class Formed:
    """The families of one partition.

    `people`: as `streams.families.people.people` says, sorted by no_kk, nik.
    `families`, one row per card, sorted by no_kk:
      family UInt32 (its own row number), no_kk, members Int16 (present), family_status Enum, score Int64?
      (null unless RANKED), mobil Boolean?, hasil_kontak String?, air_minum Int32?, household.event, assets.event,
      field.event Binary?, and the columns of `streams.families.payees.lines`.
      (null unless RANKED), mobil Boolean?, hasil_kontak String?, groundcheck String? and groundcheck_on Date? (what
      the last visit at the present address found, and when), household.event, assets.event, field.event Binary?,
      and the columns of `streams.families.payees.lines`.
    """

    people: pl.DataFrame
    families: pl.DataFrame


def form(
    members: pl.DataFrame, holdings: pl.DataFrame, rules: Rules, as_of: dt.date, stopped: pl.DataFrame = NOTHING_STOPPED
) -> Formed:
    """Form the families of some members, whole cards at a time.

    members: everybody with a card (columns `streams.members.MEMBERS`), in any order; holdings: what these people
    hold; stopped: family lines whose payee is gone, of all cards (columns `streams.members.STOPPED`). All people of
    one card must be among them; other cards change nothing. Families are RANKED, or BELUM_TERDATA (no present
    member's home was ever seen), INCOMPLETE (no present adult) or NOT_A_FAMILY (more present members than the rules
    allow, or several who all live in an institution). Raises ValueError as `people` does.
    """
    persons = people(members, holdings, rules, as_of)
    rows = candidates(members, persons)
    housing = sorted({*rules.score.housing, "luas_lantai", "air_minum"})
    belongings = sorted({*rules.score.assets, *rules.score.livestock, "mobil"})
    home = chosen(rows, "household", ["household.event", *(f"household.{field}" for field in housing)])
    owned = chosen(rows, "assets", ["assets.event", *(f"assets.{field}" for field in belongings)])
    visit = chosen(rows, "field", ["field.event", "field.hasil_kontak", "field.putusan", "field.observed_on"])
    families = persons.group_by("family", maintain_order=True).agg(
        pl.col("no_kk").first(),
        pl.col("present").sum().cast(pl.Int16).alias("members"),
        (pl.col("present") & pl.col("adult")).any().alias("has_adult"),
        (pl.col("present") & ~pl.col("in_institution").fill_null(value=False)).any().alias("keeps_house"),
    )
    for part in (home, owned, visit):
        families = families.join(part, on="family", how="left", maintain_order="left")
    families = families.with_columns(
        pl.when((pl.col("members") > rules.max_family_size) | ((pl.col("members") > 1) & ~pl.col("keeps_house")))
        .then(pl.lit("NOT_A_FAMILY"))
        .when(~pl.col("has_adult"))
        .then(pl.lit("INCOMPLETE"))
        .when(pl.col("household.event").is_null())
        .then(pl.lit("BELUM_TERDATA"))
        .otherwise(pl.lit("RANKED"))
        .cast(FamilyStatus)
        .alias("family_status")
    )
    families = families.select(
        "family",
        "no_kk",
        "members",
        "family_status",
        pl.when(pl.col("family_status") == "RANKED").then(scores(families, rules.score)).alias("score"),
        pl.col("assets.mobil").alias("mobil"),
        pl.col("field.hasil_kontak").cast(pl.String).alias("hasil_kontak"),
        pl.col("household.air_minum").alias("air_minum"),
        pl.col("field.putusan").cast(pl.String).alias("groundcheck"),
        pl.col("field.observed_on").alias("groundcheck_on"),
        "household.event",
        "assets.event",
        "field.event",
    )
    return Formed(people=persons, families=lines(persons, families, rules, stopped))
