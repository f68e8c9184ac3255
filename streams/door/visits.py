"""Accepted groundchecks to visits, for the integrity stage: one per event, in columns."""

from __future__ import annotations

import numpy as np
import polars as pl

from schemas.columnar.arena import Bool
from schemas.registry import Contracts
from streams.digests import frame_lanes
from streams.door.reading import Reading
from streams.integrity.visits import PHOTOS, VISITS

ANSWERS = ("content.perumahan.", "content.aset.")
CONTENT = ("kelurahan", "no_kk", "lintang_e6", "bujur_e6", *PHOTOS)


def visits_of(reading: Reading, good: Bool, contracts: Contracts) -> pl.DataFrame:
    """Columns VISITS of the events marked in `good` (bool[G]), in their order."""
    places = np.flatnonzero(good)
    events = reading.frame[places]
    numbers = {code: it.number.to_bytes(2, "big") for code, it in contracts.producers_by_code.items()}
    answers = events.select(name for name in events.columns if name.startswith(ANSWERS))
    seen = pl.col("content.perumahan") & True
    owners = pl.Series("place", reading.owners["content.anggota"])
    people = (
        reading.children["content.anggota"]
        .select("nik")
        .insert_column(0, owners)
        .group_by("place", maintain_order=True)
        .agg(pl.col("nik").sort())
    )
    niks = pl.DataFrame({"place": places}).join(people, on="place", how="left", maintain_order="left")
    return events.select(
        pl.col("producer").replace_strict(numbers, return_dtype=pl.Binary).alias("producer_number"),
        "event_id",
        pl.col("kind").cast(pl.String).cast(VISITS["kind"]),
        "corrects",
        pl.col("corrects.producer")
        .replace_strict(numbers, default=None, return_dtype=pl.Binary)
        .alias("corrects.producer_number"),
        "corrects.event_id",
        "effective_on",
        "recorded_at",
        # blanks around the number would make two officers of one
        pl.col("content.petugas").str.strip_chars().alias("petugas"),
        *(pl.col(f"content.{name}").alias(name) for name in CONTENT),
        *(pl.col(f"content.{name}").cast(pl.String).alias(name) for name in ("hasil_kontak", "putusan")),
        *(pl.col(f"content.{name}").to_physical().alias(name) for name in ("mulai", "selesai", "waktu_perangkat")),
        pl.when(seen).then(answers_digest(answers)).alias("jawaban"),
        niks.get_column("nik"),
    ).select(pl.col(name).cast(dtype) for name, dtype in VISITS.items())


def answers_digest(answers: pl.DataFrame) -> pl.Series:
    """Of each row of coded answers a number (Int64) that equal rows have in common."""
    return pl.Series("jawaban", frame_lanes(answers).low.view(np.int64))
