"""Visits: one row per groundcheck event, as intake hands them on; the same event again is the same visit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.codes import GROUP_BITS
from streams.voids import void_masks

PHOTOS = ("foto_depan", "foto_dalam", "foto_kk")
# Columns of the record `visit`. A CANCEL has no content: its columns from petugas on are null.
VISITS = pl.Schema(
    {
        "producer_number": pl.Binary(),
        "event_id": pl.Binary(),
        "kind": pl.Enum(["STATE", "CORRECT", "CANCEL"]),
        "corrects": pl.Boolean(),
        "corrects.producer_number": pl.Binary(),
        "corrects.event_id": pl.Binary(),
        "effective_on": pl.Date(),
        "recorded_at": pl.Datetime("ms", "UTC"),
        "petugas": pl.String(),
        "kelurahan": pl.String(),
        "no_kk": pl.String(),
        "hasil_kontak": pl.String(),
        "putusan": pl.String(),
        "jawaban": pl.Int64(),  # digest of the coded answers; null where the home was not seen
        "mulai": pl.Int64(),  # ms since 1970, as the next two
        "selesai": pl.Int64(),
        "waktu_perangkat": pl.Int64(),
        "lintang_e6": pl.Int32(),
        "bujur_e6": pl.Int32(),
        **{name: pl.Binary() for name in PHOTOS},
        "nik": pl.List(pl.String()),
    }
)
EVENT = ("producer_number", "event_id")
SEEN = ("LENGKAP", "TIDAK_LENGKAP")  # contacts by which an officer saw the family


def counting(visits: pl.DataFrame, authorities: Mapping[int, int]) -> pl.DataFrame:
    """The visits that are neither corrected nor cancelled, each once, by recording (columns VISITS and below).

    Of one event that is there with two contents the first row counts, as in the register.
    Added: officer (`producer number/petugas`), period (quarter of the visit), visit (UInt32, the place in this frame).
    `authorities`: by producer number, as for corrections of facts, whose rules hold here too.
    """
    once = visits.unique(EVENT, keep="first", maintain_order=True).sort("recorded_at", "event_id", "producer_number")
    field = GROUP_BITS["field"]
    numbers = once.get_column("producer_number").bin.reinterpret(dtype=pl.UInt16, endianness="big")
    facts = once.select(
        *EVENT, "kind", "corrects", "corrects.producer_number", "corrects.event_id", "recorded_at"
    ).with_columns(
        pl.lit("").alias("nik"),  # an event is judged as a whole
        numbers.replace_strict(authorities, return_dtype=pl.Int32).alias("authority"),
        pl.when(pl.col("kind") == "STATE").then(0).otherwise(field).cast(pl.Int32).alias("voids"),
        pl.lit("groundcheck").alias("event_type"),
        pl.lit(value=False).alias("set_aside"),
        pl.lit(value=False).alias("residence"),
        pl.lit(None, pl.String).alias("residence.skpwni"),
        pl.lit(None, pl.String).alias("residence.fase"),
    )
    counts = pl.Series(void_masks(facts) & field == 0)
    day = pl.col("effective_on")
    return (
        once.with_columns(pl.format("{}/{}", numbers, "petugas").alias("officer"))
        .filter(counts & pl.Series(once.get_column("petugas").is_not_null()))
        .with_columns(pl.format("{}-Q{}", day.dt.year(), day.dt.quarter()).alias("period"))
        .with_row_index("visit")
    )
