"""Findings: per officer, kind and quarter what is remarkable, with the visits that show it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum

import polars as pl

from streams.door.masking import personal
from streams.filled import sentence
from streams.integrity import shares, signals
from streams.integrity.frames import FINDINGS
from streams.integrity.thresholds import PERMILLE, Thresholds, read_thresholds
from streams.integrity.visits import counting
from streams.quarters import Quarter

IDS = ("producer", "petugas", "kind", "period")
# In the sentences.
VALUES = {"visits": pl.col("visits"), "of": pl.col("of"), "peers": pl.col("peers_permille").fill_null(0)}


class Kind(Enum):
    """What is looked for; the name is what is published, and never changes."""

    def __init__(self, indonesian: str, english: str) -> None:
        self.indonesian = indonesian
        self.english = english

    TOO_MANY_A_DAY = (
        "{visits} dari {of} kunjungan pada hari dengan lebih banyak keluarga daripada yang dapat ditemui sehari.",
        "{visits} of {of} visits on days with more families than can be seen in a day.",
    )
    TOO_FAST = (
        "{visits} dari {of} wawancara lebih singkat daripada waktu untuk mengajukan pertanyaannya.",
        "{visits} of {of} interviews shorter than it takes to ask the questions.",
    )
    SAME_ANSWERS = (
        "{visits} dari {of} kunjungan berisi jawaban yang sama persis dengan keluarga lain.",
        "{visits} of {of} visits with exactly the answers of another family.",
    )
    PHOTO_REUSED = (
        "{visits} dari {of} kunjungan memakai foto dari kunjungan lain yang lebih dahulu.",
        "{visits} of {of} visits with a photo that an earlier visit had.",
    )
    GEOTAG_FAR = (
        "{visits} dari {of} titik lokasi jauh dari kelurahan yang disebut.",
        "{visits} of {of} geotags far from the kelurahan that the visit names.",
    )
    GEOTAG_SAME = (
        "{visits} dari {of} kunjungan ke keluarga berbeda di titik yang persis sama.",
        "{visits} of {of} visits to different families at exactly the same point.",
    )
    REVERSED = (
        "{visits} dari {of} putusan yang diperiksa ulang petugas lain berbalik; pada petugas lain {peers} per seribu.",
        "{visits} of {of} verdicts that another officer re-checked were reversed; of others' {peers} per thousand.",
    )
    ONE_VERDICT = (
        "{visits} dari {of} putusan sama; pada petugas lain di kelurahan yang sama {peers} per seribu.",
        "{visits} of {of} verdicts are the same one; of other officers in the same kelurahan {peers} per thousand.",
    )


def evaluate(visits: pl.DataFrame, codes: Mapping[int, str], authorities: Mapping[int, int]) -> pl.DataFrame:
    """All findings about these visits: columns FINDINGS, state OPEN, sorted by producer, petugas, period, kind.

    `visits`: columns `visits.VISITS`, any order, repetitions folded; whole quarters, and the quarters around them for
    photos and re-checks. `codes`, `authorities`: of producers by number. The limits are those of each quarter's last
    day. The same set of visits gives the same findings; a finding is about one officer, kind and quarter.
    """
    counted = counting(visits, authorities)
    parts = [
        _of_period(counted, str(period), read_thresholds(Quarter.parse(str(period)).last_day))
        for period in counted.get_column("period").unique().sort()
    ]
    if not parts:
        return pl.DataFrame(schema=FINDINGS)
    return _told(pl.concat(parts), counted, codes)


def withdrawn(told: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The findings told as OPEN that hold no longer, to be told again as WITHDRAWN. Both have columns FINDINGS."""
    gone = told.filter(pl.col("state") == "OPEN").join(now, on="finding_id", how="anti", maintain_order="left")
    return gone.with_columns(pl.lit("WITHDRAWN").alias("state"))


def _of_period(visits: pl.DataFrame, period: str, limits: Thresholds) -> pl.DataFrame:
    """Columns SHARES and kind, of one quarter."""
    here = visits.filter(pl.col("period") == period)
    found = {
        Kind.TOO_MANY_A_DAY: (*signals.too_many_a_day(here, limits), 1, 1),
        Kind.TOO_FAST: (*signals.too_fast(here, limits), limits.visits_least, limits.share_least_permille),
        Kind.SAME_ANSWERS: (*signals.same_answers(here, limits), limits.visits_least, limits.share_least_permille),
        Kind.PHOTO_REUSED: (*signals.photo_reused(visits), limits.photos_least, 1),
        Kind.GEOTAG_FAR: (*signals.geotag_far(here, limits), limits.visits_least, limits.share_least_permille),
        Kind.GEOTAG_SAME: (*signals.geotag_same(here), limits.visits_least, limits.share_least_permille),
    }
    parts = [_many(here, *it).with_columns(kind=pl.lit(kind.name)) for kind, it in found.items()]
    reversals = shares.reversed_by_recheck(visits, limits).filter(pl.col("period") == period)
    parts.append(reversals.with_columns(kind=pl.lit(Kind.REVERSED.name)))
    parts.append(shares.one_verdict(here, limits).with_columns(kind=pl.lit(Kind.ONE_VERDICT.name)))
    return pl.concat(parts)


def _many(
    visits: pl.DataFrame, remarkable: pl.DataFrame, eligible: pl.Series, least: int, share_permille: int
) -> pl.DataFrame:
    """Officers with at least so many remarkable visits, and so large a share of those that could be: columns SHARES."""
    owner = visits.select("visit", "officer", "period")
    shown = owner.join(remarkable, on="visit", how="semi", maintain_order="left")
    of = owner.filter(pl.col("visit").is_in(eligible.implode())).group_by("officer", "period").len("of")
    nothing = [pl.lit(None, pl.Int64).alias(name) for name in ("peers_permille", "q_millionths")]
    return (
        shown.group_by("officer", "period", maintain_order=True)
        .agg(visits="visit")
        .join(of, on=["officer", "period"], maintain_order="left")
        .filter(
            (pl.col("visits").list.len() >= least)
            & (pl.col("visits").list.len().cast(pl.Int64) * PERMILLE >= share_permille * pl.col("of").cast(pl.Int64))
        )
        .with_columns(nothing)
        .select(pl.col(name).cast(dtype) for name, dtype in shares.SHARES.items())
    )


def _told(found: pl.DataFrame, visits: pl.DataFrame, codes: Mapping[int, str]) -> pl.DataFrame:
    """With whose visits they are: columns FINDINGS."""
    events = visits.select(
        "visit",
        event=pl.concat_str(
            pl.col("producer_number").bin.encode("hex"), pl.col("event_id").bin.encode("hex")
        ).str.decode("hex"),
        family=personal(pl.col("no_kk")),
    )
    shown = (
        found.with_row_index("finding")
        .select("finding", pl.col("visits").alias("visit"))
        .explode("visit")
        .join(events, on="visit", maintain_order="left")
        .group_by("finding", maintain_order=True)
        .agg(pl.col("event").sort().alias("events"), pl.col("family").drop_nulls().unique().sort().alias("families"))
    )
    whose = pl.col("officer").str.splitn("/", 2)
    named = (
        found.with_columns(pl.col("visits").list.len())
        .hstack(shown.select("events", "families"))
        .with_columns(
            whose.struct[0].cast(pl.Int64).replace_strict(codes, return_dtype=pl.String).alias("producer"),
            whose.struct[1].alias("petugas"),
            pl.lit("OPEN").alias("state"),
        )
        .with_columns(
            sentence(Kind, "kind", "id", VALUES).alias("sentence_id"),
            sentence(Kind, "kind", "en", VALUES).alias("sentence_en"),
        )
    )
    ids = [finding_id(*row) for row in named.select(IDS).iter_rows()]  # as many as findings
    return (
        named.with_columns(pl.Series("finding_id", ids, pl.Binary))
        .select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items())
        .sort("producer", "petugas", "period", "kind")
    )


def finding_id(producer: str, petugas: str, kind: str, period: str) -> bytes:
    """16 bytes: the same for the same officer, kind and quarter, whatever the evidence."""
    return hashlib.sha256(f"{producer}/{petugas}/{kind}/{period}".encode()).digest()[:16]
