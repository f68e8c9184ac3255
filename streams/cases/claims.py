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
REJECTED, WITHDRAWN = "DITOLAK", "DITARIK"
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
    """The claim that opens each case: rows of CLAIMS. It is the first, or the first after the claims that were
    withdrawn, as long as nothing else decides the case: an objection that is made anew is as old as it says.
    """
    merits = deciding(claims).filter(pl.col("status") != WITHDRAWN).select(KEY)
    withdrawn = (
        claims.filter(pl.col("decides"), pl.col("status") == WITHDRAWN)
        .join(merits, on=KEY, how="anti")
        .join(_span(claims), on=KEY)
        .filter(pl.col("since") < pl.col("last"))
        .group_by(KEY)
        .agg(pl.col("since").max().alias("withdrawn"))
    )
    return (
        claims.filter(~pl.col("decides"))
        .join(withdrawn, on=KEY, how="left", maintain_order="left")
        .filter(pl.col("withdrawn").is_null() | (pl.col("since") > pl.col("withdrawn")))
        .select(CLAIMS.names())
        .unique(KEY, keep="first", maintain_order=True)
    )


def deciding(claims: pl.DataFrame) -> pl.DataFrame:
    """The decision that counts of each case: rows of CLAIMS. The office that is set highest decides, of one office what
    it said last.

    Nobody is refused before having asked: a case is not closed by a rejection of before its first claim. A withdrawal
    is no judgement: it closes what was claimed until its day, and only where no office judges; whoever claims anew
    after it has an open case.
    """
    order = ["judges", "authority", "since", "recorded_at", "event"]
    withdraws, rejects = pl.col("status") == WITHDRAWN, pl.col("status") == REJECTED
    unclaimed = pl.col("first").is_null()
    return (
        claims.filter("decides")
        .join(_span(claims), on=KEY, how="left", maintain_order="left")
        .filter(
            unclaimed
            | ~(withdraws | rejects)
            | (rejects & (pl.col("since") >= pl.col("first")))
            | (withdraws & (pl.col("since") >= pl.col("last")))
        )
        .with_columns((~withdraws).alias("judges"))
        .sort(order)
        .unique(KEY, keep="last", maintain_order=True)
        .select(CLAIMS.names())
    )


def _span(claims: pl.DataFrame) -> pl.DataFrame:
    """Of each case that somebody claimed, the days of its `first` and `last` claim."""
    since = pl.col("since")
    return claims.filter(~pl.col("decides")).group_by(KEY).agg(since.min().alias("first"), since.max().alias("last"))
