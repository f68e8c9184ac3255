"""Exact deciles and quota cuts, in whole numbers, from counts per score.

A decile is told by nine cut points: point d is the largest score of desil d. So they can be applied in
any partition, hold ties together, and leave a band empty where one score fills more than a tenth.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from streams.rules import Ranking

BANDS = 10


def own_cut_points(counts: pl.DataFrame) -> list[int]:
    """Nine cut points from all counts (score, persons) of this register.

    Decile of score s = 1 + min(9, floor(10 * B / N)), B = persons in ranked families with a smaller score, N =
    all persons in ranked families (architecture.md 7). It passes d as soon as 10 * B >= d * N; so the largest
    score that does not is the first one whose own people bring the sum to d * N / 10. Zeros when nobody is ranked.
    """
    ordered = counts.filter(pl.col("persons") > 0).sort("score")
    if ordered.is_empty():
        return [0] * (BANDS - 1)
    tenfold = BANDS * ordered["persons"].cum_sum().to_numpy()
    total = int(tenfold[-1]) // BANDS
    places = np.searchsorted(tenfold, np.arange(1, BANDS) * total, side="left")
    return [int(score) for score in ordered["score"].to_numpy()[places]]


def cut_points(counts: pl.DataFrame, ranking: Ranking) -> list[int]:
    """The nine cut points that count: own ones, or the nation's as the rules give them."""
    return own_cut_points(counts) if ranking.mode == "own" else list(ranking.given_cut_points)


def desil(scores: pl.Series, points: Sequence[int]) -> pl.Series:
    """Int8 decile 1 to 10 per score; null stays null. `points`: nine scores that do not descend."""
    if len(points) != BANDS - 1 or list(points) != sorted(points):
        raise ValueError(f"cut points are nine scores that do not descend, not {list(points)}")
    bands = np.searchsorted(np.array(points, np.int64), scores.fill_null(0).to_numpy(), side="left") + 1
    found = pl.Series("desil", bands, pl.Int8)
    return pl.select(pl.when(scores.is_not_null()).then(found).alias("desil")).to_series()


def quota_cut(units: pl.DataFrame, reserved: int, quota: int) -> int | None:
    """The largest score whose units fit into what the reserved lines leave of a quota; None: nobody is served.

    `units`: score, units (the eligible of all partitions). Equal scores are treated equally: they all fit, or none.
    """
    room = max(quota - reserved, 0)
    ordered = units.group_by("score").agg(pl.col("units").sum()).filter(pl.col("units") > 0).sort("score")
    fitting = ordered.filter(pl.col("units").cum_sum() <= room)
    return None if fitting.is_empty() else int(fitting["score"][-1])
