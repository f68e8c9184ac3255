"""The welfare score: an illustrative proxy means test, in whole rupiah per head and month.

The weights are data (`streams/rules/data/score.yaml`), made up because BPS's are not public. Smaller is
poorer. What is not known gives no points, so that a missing answer neither helps nor harms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.families import Formed
    from streams.rules.model import ScoreModel

COUNTS = {"score": pl.Int64, "families": pl.Int64, "persons": pl.Int64}


def scores(families: pl.DataFrame, model: ScoreModel) -> pl.Series:
    """Int64 score per row of a frame with household.<Perumahan>, assets.<Aset> and members (present)."""
    total = pl.lit(model.base_rupiah, pl.Int64)
    for field, points in sorted(model.housing.items()):
        total = total + _points(f"household.{field}", points)
    for field, rupiah in sorted(model.assets.items()):
        total = total + pl.col(f"assets.{field}").fill_null(value=False).cast(pl.Int64) * rupiah
    for field, rupiah in sorted(model.livestock.items()):
        animals = pl.col(f"assets.{field}").fill_null(0).cast(pl.Int64)
        total = total + animals.clip(0, model.livestock_limit) * rupiah
    heads = pl.col("members").cast(pl.Int64).clip(lower_bound=1)
    floor_m2 = (pl.col("household.luas_lantai").fill_null(0).cast(pl.Int64) // heads).clip(
        0, model.floor_limit_m2_per_head
    )
    total = total + (heads - 1) * model.rupiah_per_further_member + floor_m2 * model.floor_rupiah_per_m2_per_head
    return families.select(total.clip(lower_bound=model.minimum_rupiah).alias("score")).to_series()


def _points(column: str, points: Mapping[int, int]) -> pl.Expr:
    return pl.col(column).cast(pl.Int64).replace_strict(points, default=0, return_dtype=pl.Int64)


def score_step(formed: Formed) -> pl.DataFrame:
    """How many ranked families, and present people in them, have each score: COUNTS, sorted by score."""
    return (
        formed.families.filter(pl.col("score").is_not_null())
        .group_by("score")
        .agg(
            pl.len().cast(pl.Int64).alias("families"),
            pl.col("members").cast(pl.Int64).sum().alias("persons"),
        )
        .sort("score")
    )


def combine_counts(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The counts of all partitions together, of the same shape; any order of the parts gives the same."""
    return pl.concat([pl.DataFrame(schema=COUNTS), *parts]).group_by("score").agg(pl.all().sum()).sort("score")
