"""What register partitions send to families: people with a card, and the family lines whose payee is gone."""

from __future__ import annotations

import polars as pl

from streams.canonical import cells_of
from streams.findings import fresh_listings
from streams.partitions import murmur2_spans, to_partitions
from streams.persons import PERSONS

# card_before: the card on which the person was listed at the previous cut; null if on none, or not known then.
# institution_before: in_institution at the previous cut. fresh: card, listing event or status is another than then.
MEMBERS = PERSONS | {"card_before": pl.String(), "institution_before": pl.Boolean(), "fresh": pl.Boolean()}
GONE = ("MENINGGAL", "NONAKTIF", "LUAR")  # statuses that end what a payee held
# A family line whose payee is gone, and the card on which that payee was left behind.
STOPPED = pl.Schema({"no_kk": pl.String, "programme": pl.String, "nik": pl.String, "event": pl.Binary})


def listed(found: pl.DataFrame, before: pl.DataFrame, holders: pl.Series, partitions: int) -> dict[int, pl.DataFrame]:
    """The members to send, by partition of `checkpoint.members` (murmur2 of no_kk), each sorted by no_kk, nik.

    `found` and `before` are persons frames of this cut and the previous one (NIK in one chunk are in both),
    `holders` the NIK of those who hold something. Sent is who has a card and is TERDAFTAR or TRANSIT, and holders
    with a card whatever their status: columns MEMBERS. Every partition has a frame, so that an empty part is
    sent as such.
    """
    members = (
        found.filter(
            pl.col("no_kk").is_not_null()
            & (
                pl.col("status").is_in(["TERDAFTAR", "TRANSIT"])
                | pl.col("nik").is_in(holders.cast(pl.String).implode())
            )
        )
        .join(before.select("nik", card_before="no_kk", institution_before="in_institution"), on="nik", how="left")
        .with_columns(pl.col("nik").is_in(fresh_listings(found, before).get_column("nik").implode()).alias("fresh"))
        .sort("no_kk", "nik")
    )
    cards = cells_of(members.get_column("no_kk").rechunk(), "no_kk")
    hashes = murmur2_spans(cards.arena, cards.starts, cards.lengths)
    targets = pl.Series("partition", to_partitions(hashes, partitions))
    return {number: members.filter(targets == number) for number in range(partitions)}


def stopped(found: pl.DataFrame, holdings: pl.DataFrame) -> pl.DataFrame:
    """What is held by people who are gone: columns STOPPED, sorted.

    Every families partition is sent all of it: when a new card comes in the quarter of a death, the family stands
    in another partition than the payee, who stays on the old card (architecture.md 7: succession, without a
    lineage of cards). `found`: a persons frame; `holdings`: nik, programme, of anybody.
    """
    gone = found.filter(pl.col("no_kk").is_not_null() & pl.col("status").cast(pl.String).is_in(GONE))
    return (
        holdings.select("nik", pl.col("programme").cast(pl.String))
        .join(gone.select("nik", "no_kk", stop_event().alias("event")), on="nik", how="inner")
        .select(pl.col(name).cast(dtype) for name, dtype in STOPPED.items())
        .sort("no_kk", "programme", "nik")
    )


def stop_event() -> pl.Expr:
    """The event by which somebody is gone: the death, the voided NIK, or the departure."""
    status = pl.col("status").cast(pl.String)
    return (
        pl.when(status == "MENINGGAL")
        .then("vital.event")
        .when(status == "NONAKTIF")
        .then("nik_status.event")
        .otherwise("residence.event")
    )
