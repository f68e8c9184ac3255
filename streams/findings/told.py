"""Findings as their producers read them: one per code and event, with sentences, and NIK masked."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from streams.door.masking import personal
from streams.filled import sentence
from streams.findings import aside
from streams.findings.codes import Finding
from streams.findings.frames import FOUND, producer_code, topic_name
from streams.partitions import murmur2, to_partitions

# Columns of the record `finding`, but for its array of NIK.
FINDINGS = pl.Schema(
    {
        "finding_id": pl.Binary(),
        "quarter": pl.String(),
        "code": pl.String(),
        "sentence_id": pl.String(),
        "sentence_en": pl.String(),
        "event_type": pl.String(),
        "producer": pl.String(),
        "event_id": pl.Binary(),
        "topic": pl.String(),
        "partition": pl.Int32(),
        "offset": pl.Int64(),
        "about": pl.String(),
        "people": pl.Int32(),
        "nik": pl.List(pl.String),
    }
)
_EVENT = ["producer", "event_id"]
_PLACE = ("topic_number", "partition", "offset")
EVENT_ID_BYTES = 16
VALUES = {"about": pl.col("about").fill_null("-"), "people": pl.col("people")}  # in the sentences


def by_event(indications: pl.DataFrame, partitions: int) -> dict[int, pl.DataFrame]:
    """Indications by the partition in which their event is told, so that all about one event come together."""
    ids = b"".join(indications.get_column("event_id").to_list())
    hashes = murmur2(np.frombuffer(ids, np.uint8).reshape(-1, EVENT_ID_BYTES))
    targets = pl.Series(to_partitions(hashes, partitions))
    return {number: indications.filter(targets == number) for number in range(partitions)}


def findings(indications: pl.DataFrame, quarter: str) -> pl.DataFrame:
    """What producers are told after the seal of a quarter: columns FINDINGS, sorted by producer, event_id, code.

    `indications`: columns INDICATIONS, all of the events in question, in any order, repetitions folded. A correction
    whose target is there for some of its people may add others: for these it needs none. The coordinate is the first
    of those that are known. `nik`: masked, sorted.
    """
    indications = aside.told(indications)
    reached = indications.filter(pl.col("code") == FOUND).select(_EVENT).unique()
    added = (
        indications.filter((pl.col("code") == Finding.CORRECTION_WITHOUT_TARGET.name) & pl.col("stated"))
        .join(reached, on=_EVENT, how="semi")
        .select("code", *_EVENT, "nik")
    )
    told = (
        indications.filter(pl.col("code") != FOUND)
        .join(added, on=["code", *_EVENT, "nik"], how="anti")
        .with_columns(pl.struct(_PLACE).alias("place"))
        .sort("code", *_EVENT, *_PLACE, "nik", "about", nulls_last=True)
        .group_by("code", *_EVENT, maintain_order=True)
        .agg(
            pl.col("event_type").first(),
            pl.col("place").first(),
            pl.col("about").first(),
            pl.col("nik").n_unique().cast(pl.Int32).alias("people"),
            personal(pl.col("nik").unique().sort()).alias("nik"),
        )
        .unnest("place")
    )
    ids = [finding_id(quarter, *row) for row in told.select("code", *_EVENT).iter_rows()]  # as many as findings
    return (
        told.with_columns(
            pl.Series("finding_id", ids, pl.Binary),
            pl.lit(quarter).alias("quarter"),
            sentence(Finding, "code", "id", VALUES).alias("sentence_id"),
            sentence(Finding, "code", "en", VALUES).alias("sentence_en"),
            producer_code(pl.col("producer")),
            topic_name(pl.col("topic_number")).alias("topic"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items())
        .sort("producer", "event_id", "code")
    )


def finding_id(quarter: str, code: str, producer: int, event_id: bytes) -> bytes:
    """16 bytes: the same for the same finding, however often it is sent."""
    return hashlib.sha256(f"{quarter}/{code}/{producer}/".encode() + event_id).digest()[:16]
