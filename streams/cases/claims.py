"""What facts say about cases: one row per fact of the group claim that is not void."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from schemas.codes import GROUP_BITS
from streams.cases.columns import KINDS, OTHER_KIND, Kind

I64: TypeAlias = npt.NDArray[np.int64]

KEY = ("nik", "programme", "kind", "quarter")  # of a case
CLAIMS = pl.Schema(
    {
        "row": pl.UInt32(),  # of the facts frame
        "nik": pl.String(),
        "programme": pl.String(),
        "kind": Kind,
        "quarter": pl.String(),
        "decides": pl.Boolean(),
        "status": pl.String(),
        "frivolous": pl.Boolean(),
        "since": pl.Date(),  # when it was made, or decided
        "recorded_at": pl.Datetime("ms", "UTC"),
        "event": pl.Binary(),
        "producer": pl.UInt16(),
        "authority": pl.Int32(),
        "channel": pl.String(),
        "reason": pl.String(),
        "evidence": pl.List(pl.String),
        "office": pl.String(),
    }
)


def claims_in(facts: pl.DataFrame, voids: I64) -> pl.DataFrame:
    """Columns CLAIMS, in the order of being made: since, recorded_at, event.

    `facts` as `streams.facts.facts_frame` gives them; `voids` as `streams.voids.void_masks` says of them. Whatever is
    not TERBUKA decides: a putusan_kasus always, and an objection or a complaint that says so itself.
    """
    counts = facts.get_column("claim").to_numpy() & (voids & GROUP_BITS["claim"] == 0)
    rows = np.flatnonzero(counts)
    if not len(rows):
        return pl.DataFrame(schema=CLAIMS)
    kind = pl.coalesce(pl.col("claim.perkara").cast(pl.String), pl.col("claim.jenis").cast(pl.String))
    status = pl.col("claim.status").cast(pl.String)
    return (
        facts[rows]
        .select(
            pl.Series("row", rows, pl.UInt32),
            "nik",
            pl.col("claim.program").alias("programme"),
            pl.when(kind.is_in(KINDS)).then(kind).otherwise(pl.lit(OTHER_KIND)).cast(Kind).alias("kind"),
            pl.col("claim.triwulan").alias("quarter"),
            (status != "TERBUKA").alias("decides"),
            status.alias("status"),
            pl.col("claim.tidak_berdasar").fill_null(value=False).alias("frivolous"),
            pl.col("effective_on").alias("since"),
            "recorded_at",
            (pl.col("producer_number") + pl.col("event_id")).alias("event"),
            pl.col("producer_number").bin.reinterpret(dtype=pl.UInt16, endianness="big").alias("producer"),
            "authority",
            pl.col("claim.saluran").cast(pl.String).alias("channel"),
            pl.col("claim.alasan").alias("reason"),
            pl.col("claim.bukti").alias("evidence"),
            pl.col("claim.kantor").alias("office"),
        )
        .cast(CLAIMS)
        .sort("since", "recorded_at", "event")
    )


def opening(claims: pl.DataFrame) -> pl.DataFrame:
    """The first claim of each case: rows of CLAIMS."""
    return claims.filter(~pl.col("decides")).unique(KEY, keep="first", maintain_order=True)


def deciding(claims: pl.DataFrame) -> pl.DataFrame:
    """The decision that counts of each case: rows of CLAIMS. The office that is set highest decides, of one office what
    it said last.
    """
    order = ["authority", "since", "recorded_at", "event"]
    return claims.filter("decides").sort(order).unique(KEY, keep="last", maintain_order=True)
