"""A campaign of many officers, honest and not, to see which of them the integrity stage finds: precision and recall.

The simulated kelurahan of a year have six officers. Here are hundreds, with about 300 families each (domain facts
4.1), in kelurahan from poor to well-off, so that the two tests are tried where they could be unfair. Homes and verdicts
are made as in `life.campaign`, evidence as in `conduct`; nothing goes through Kafka.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from agents.simulator.conduct import COPIED, HONEST, TOO_MANY, TURNED, Rounds, conduct_of, evidence
from agents.simulator.housing import aset, perumahan
from agents.simulator.randomness import Ints, Random, Texts, random_for, uuids_v7
from streams.door.visits import answers_digest
from streams.integrity.findings import evaluate
from streams.integrity.visits import VISITS

FIRST_DAY = np.datetime64("2025-03-01")
PRODUCER = 3  # bps
OFFICERS_PER_KELURAHAN, FAMILIES_PER_OFFICER, PER_DAY = 6, 300, 15
POOREST, RICHEST = -1.3, 0.9  # mean welfare of kelurahan
PATCH = 0.2  # how much the streets of one officer differ from the kelurahan, in standard deviations
RECHECKED, CONTACTED = 0.08, 0.9
UNFIT = 0.5  # of the families above the mean, as in life.campaign
POOR_BELOW = -0.7  # kelurahan in which most families are LAYAK


@dataclass(frozen=True)
class Campaign:
    """Visits (columns VISITS), and the truth about officers: petugas, conduct, poor (whether the kelurahan is)."""

    visits: pl.DataFrame
    officers: pl.DataFrame


def campaign_of(officers: int, seed: int, dishonest: float) -> Campaign:
    """One month of so many officers, a share of them dishonest."""
    random = random_for(seed, "integrity campaign")
    kelurahan = np.arange(officers) // OFFICERS_PER_KELURAHAN
    areas = int(kelurahan[-1]) + 1
    mean = np.linspace(POOREST, RICHEST, areas)[random.permutation(areas)]
    names: Texts = np.array([f"bps-{number:04d}" for number in range(officers)])
    conduct = conduct_of(names, seed, dishonest)
    sizes = random.poisson(FAMILIES_PER_OFFICER, officers)
    officer = np.repeat(np.arange(officers), sizes)
    families = np.arange(len(officer))
    patch = PATCH * random.standard_normal(officers)
    welfare = mean[kelurahan[officer]] + patch[officer] + random.standard_normal(len(officer))
    again = np.flatnonzero(random.random(len(families)) < RECHECKED)
    # Whoever looks again is another officer of the same kelurahan, in the week after.
    first = kelurahan[officer[again]] * OFFICERS_PER_KELURAHAN
    mates = np.minimum(OFFICERS_PER_KELURAHAN, officers - first)
    other = first + (officer[again] - first + random.integers(1, OFFICERS_PER_KELURAHAN, len(again))) % mates
    again, other = again[other != officer[again]], other[other != officer[again]]
    place = np.arange(len(officer)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    per_day = np.where(conduct == "TOO_MANY_A_DAY", TOO_MANY, PER_DAY)[officer]
    days = FIRST_DAY + np.concatenate([place // per_day, 22 + random.integers(0, 7, len(again))])
    who, whom = np.concatenate([officer, other]), np.concatenate([families, again])
    areas_named = np.array([f"31740{51001 + number:05d}" for number in range(areas)])
    visits = _visits(random, seed, names, conduct, who, whom, welfare, areas_named[kelurahan[who]], days)
    told = pl.DataFrame({"petugas": names, "conduct": conduct, "poor": mean[kelurahan] < POOR_BELOW})
    return Campaign(visits, told)


def _visits(
    random: Random,
    seed: int,
    names: Texts,
    conduct: Texts,
    who: Ints,
    whom: Ints,
    welfare: np.ndarray,
    kelurahan: Texts,
    days: np.ndarray,
) -> pl.DataFrame:
    count = len(who)
    whole = random.random(count) < CONTACTED
    recorded = (days + 1 + random.integers(0, 3, count)).astype("datetime64[ms]").astype(np.int64) + 3 * 3_600_000
    rounds = Rounds(
        names[who],
        conduct[who],
        whom,
        kelurahan,
        days,
        recorded,
        whole,
        np.zeros(count, np.bool_),
        np.ones(count, np.bool_),
    )
    fit = (welfare <= 0) | (np.random.Generator(np.random.PCG64(seed)).random(len(welfare)) >= UNFIT)
    verdict = np.where(fit[whom], "LAYAK", "TIDAK_LAYAK")
    verdict = np.where(conduct[who] == "ONE_VERDICT", np.where(who % 2 == 0, "LAYAK", "TIDAK_LAYAK"), verdict)
    lies = (conduct[who] == "REVERSED") & (random.random(count) < TURNED)
    verdict = np.where(lies, np.where(fit[whom], "TIDAK_LAYAK", "LAYAK"), verdict)
    copied = (conduct[who] == "SAME_ANSWERS") & (random.random(count) < COPIED)
    house = np.where(copied, _first_of(who, whom), whom)
    answers = perumahan(house, welfare[house], seed).hstack(aset(house, welfare[house], seed))
    ids = uuids_v7(recorded, random)
    frame = pl.DataFrame(
        {
            "producer_number": pl.Series([PRODUCER.to_bytes(2, "big")] * count, dtype=pl.Binary),
            "event_id": pl.Series([bytes(each) for each in ids], dtype=pl.Binary),
            "kind": np.full(count, "STATE"),
            "corrects": np.zeros(count, np.bool_),
            "effective_on": days,
            "recorded_at": pl.Series(recorded).cast(pl.Datetime("ms", "UTC")),
            "petugas": names[who],
            "kelurahan": kelurahan,
            "no_kk": np.array([f"317195{number:010d}" for number in whom]),
            "hasil_kontak": np.where(whole, "LENGKAP", "TIDAK_ADA_RESPONDEN"),
            "putusan": np.where(whole, verdict, "BELUM_DIPUTUSKAN"),
            "jawaban": pl.select(pl.when(pl.Series(whole)).then(answers_digest(answers))).to_series(),
        }
    ).hstack(evidence(rounds, random, seed))
    nothing = [pl.lit(None).alias(name) for name in VISITS if name not in frame.columns]
    return frame.with_columns(nothing).select(pl.col(name).cast(dtype) for name, dtype in VISITS.items())


def _first_of(who: Ints, whom: Ints) -> Ints:
    """Of each visit, the first family of its officer."""
    frame = pl.DataFrame({"who": who, "whom": whom})
    return frame.select(pl.col("whom").first().over("who")).to_series().to_numpy()


@dataclass(frozen=True)
class Score:
    """How well the findings name the dishonest officers.

    kinds: conduct, officers, found (by any finding), by_kind (by the finding of that name).
    """

    kinds: pl.DataFrame
    precision: float  # of the officers with a finding, how many are dishonest
    recall: float  # of the dishonest, how many have a finding
    honest_poor: int
    honest_poor_flagged: int


def score(campaign: Campaign) -> Score:
    """Evaluate the visits, and compare with the truth."""
    found = evaluate(campaign.visits, {PRODUCER: "bps"}, {PRODUCER: 40})
    by_officer = found.group_by("petugas").agg("kind")
    officers = campaign.officers.join(by_officer, on="petugas", how="left", maintain_order="left").with_columns(
        flagged=pl.col("kind").is_not_null(),
        own=pl.col("kind").list.contains(pl.col("conduct")).fill_null(value=False),
    )
    dishonest = pl.col("conduct") != HONEST
    honest_poor = officers.filter(~dishonest & pl.col("poor"))
    flagged, cheats = officers.filter("flagged"), officers.filter(dishonest)
    return Score(
        officers.group_by("conduct")
        .agg(officers=pl.len(), found=pl.col("flagged").sum(), by_kind=pl.col("own").sum())
        .sort("conduct"),
        flagged.filter(dishonest).height / max(flagged.height, 1),
        cheats.filter("flagged").height / max(cheats.height, 1),
        honest_poor.height,
        honest_poor.filter("flagged").height,
    )
