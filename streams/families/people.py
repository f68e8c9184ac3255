"""Members with what the rules ask about them: age, presence, what they hold."""

import datetime as dt

import polars as pl

from streams.families.ages import age_years
from streams.families.circumstances import LOOKED_AT, with_circumstances
from streams.families.objecting import held_out, with_objections
from streams.families.reactivating import with_reactivations
from streams.rules import Rules

KEPT_COLUMNS = (
    "nik",
    "no_kk",
    "status",
    "kab_kota",
    "kelurahan",
    "address",
    "relation",
    "birth_date",
    "occupation",
    "departed_on",
    "birth.event",
    "vital.event",
    "listing.event",
    "residence.event",
    "work.event",
    "nik_status.event",
    "vehicles",
    "njop_rupiah",
    "property.event",
    "school_level",
    "school_private",
    "school_province",
    "education.event",
    "card_before",
    "in_institution",
    "institution.event",
    *LOOKED_AT,
)


def people(members: pl.DataFrame, holdings: pl.DataFrame, rules: Rules, as_of: dt.date) -> pl.DataFrame:
    """One row per member, sorted by no_kk, nik.

    In: members as in docs/contracts.md 6; holdings with nik, programme, amount_rupiah, state, held_since.
    Out: KEPT_COLUMNS and
      family UInt32         row of the family in the families frame
      present Boolean       status TERDAFTAR
      listed Boolean        TERDAFTAR or TRANSIT: gets an answer
      transit Boolean       TRANSIT within the limit of the rules
      age_years Int16?, adult Boolean, province String?
      P.holds Boolean, P.held_rupiah Int64   per programme P of the rules
      what `with_circumstances` derives
      P.held_out Boolean                     has been held back for as long as an objection may hold it
      P.objection Binary?                    the event of an open, timely objection, see `with_objections`
      P.reactivation Binary?                 the decision by which a reactivation counts, see `with_reactivations`
    Raises ValueError when somebody has no card or stands there twice.
    """
    if members["no_kk"].null_count():
        raise ValueError(f"{members['no_kk'].null_count()} members have no card: send only people with a card")
    limit = dt.timedelta(days=rules.transit_limit_days)
    status = pl.col("status").cast(pl.String)
    # Without a date of departure the limit cannot have passed.
    within = (pl.col("departed_on") + limit >= as_of).fill_null(value=True)
    table = (
        members.select(*KEPT_COLUMNS)
        .sort("no_kk", "nik")
        .with_columns(
            status.alias("status"),
            pl.col("occupation", "school_level", "kuliah_status", "kuliah_jenjang").cast(pl.String),
            pl.col("kab_kota").cast(pl.String),
            age_years(pl.col("birth_date"), as_of).alias("age_years"),
            pl.col("kelurahan").str.slice(0, 2).alias("province"),
            (status == "TERDAFTAR").alias("present"),
            status.is_in(["TERDAFTAR", "TRANSIT"]).alias("listed"),
            ((status == "TRANSIT") & within).alias("transit"),
            (pl.col("no_kk").rle_id()).alias("family"),
        )
        .with_columns(
            (pl.col("age_years") >= rules.adult_age_years).fill_null(value=False).alias("adult"),
        )
    )
    if table["nik"].n_unique() != table.height:
        raise ValueError("somebody stands twice among the members: each NIK may come once")
    for name in rules.programmes:
        held = holdings.filter(pl.col("programme").cast(pl.String) == name).select(
            "nik",
            pl.col("amount_rupiah").cast(pl.Int64).alias(f"{name}.held_rupiah"),
            held_out(rules).alias(f"{name}.held_out"),
        )
        table = table.join(held, on="nik", how="left", maintain_order="left").with_columns(
            pl.col(f"{name}.held_rupiah").is_not_null().alias(f"{name}.holds"),
            pl.col(f"{name}.held_rupiah").fill_null(0),
            pl.col(f"{name}.held_out").fill_null(value=False),
        )
    table = with_circumstances(table, rules, as_of)
    return with_reactivations(with_objections(table, members, rules), members, rules)
