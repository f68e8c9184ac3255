"""Quotas: what each partition would fill of them, and where they are cut."""

from collections.abc import Sequence

import polars as pl

from streams.deciles import quota_cut
from streams.families import Formed
from streams.programmes.assess import CarriedType, Cuts, assess_waves
from streams.rules import Rules

UNITS = pl.Schema([("programme", pl.String), ("score", pl.Int64), ("units", pl.Int64)])
RESERVED: pl.Schema = pl.Schema([("programme", pl.String), ("kind", CarriedType), ("reserved", pl.Int64)])


def units_step(
    formed: Formed, rules: Rules, wave: int, cut_points: Sequence[int], cuts: Cuts
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What one partition's families bring to the quotas of a wave (from 1), given the cuts of earlier waves.

    Out: UNITS, the eligible by score (families for family programmes, else persons; families without a score
    last, as UNRANKED), and RESERVED, the lines carried over by kind. Both sorted. Raises ValueError when an earlier
    wave has no cuts.
    """
    assessed = assess_waves(formed, rules, cut_points, cuts, wave)
    units, reserved = [pl.DataFrame(schema=UNITS)], [pl.DataFrame(schema=RESERVED)]
    for name in rules.waves[wave - 1]:
        subjects = assessed[name].subjects
        units.append(
            subjects.filter("eligible")
            .group_by(pl.col("rank").alias("score"))
            .agg(pl.len().cast(pl.Int64).alias("units"))
            .select(pl.lit(name).alias("programme"), "score", "units")
        )
        reserved.append(
            subjects.filter(pl.col("carried").is_not_null())
            .group_by(pl.col("carried").alias("kind"))
            .agg(pl.len().cast(pl.Int64).alias("reserved"))
            .select(pl.lit(name).alias("programme"), "kind", "reserved")
        )
    return pl.concat(units).sort("programme", "score"), pl.concat(reserved).sort("programme", "kind")


def quota_cuts(
    units: Sequence[pl.DataFrame], reserved: Sequence[pl.DataFrame], rules: Rules, wave: int
) -> dict[str, int | None]:
    """The cut of each programme of a wave, from the UNITS and RESERVED of all partitions, in any order.

    Programme -> the largest score served, None when nobody is: a value for JSON.
    """
    all_units = pl.concat([pl.DataFrame(schema=UNITS), *units])
    all_reserved = pl.concat([pl.DataFrame(schema=RESERVED), *reserved])
    return {
        name: quota_cut(
            all_units.filter(pl.col("programme") == name),
            int(all_reserved.filter(pl.col("programme") == name)["reserved"].sum()),
            rules.programmes[name].quota,
        )
        for name in rules.waves[wave - 1]
    }
