"""Who visits whom and when: officers by name, each with neighbours of one kelurahan and a bearable day."""

import numpy as np
import polars as pl

from agents.simulator.log import Turn
from agents.simulator.randomness import Days, Ints, Random, Texts

# A campaign fills the last weeks of a quarter: from 23 to 3 days before its end.
CAMPAIGN_DAYS = 21
LAST_DAYS = 3


def rounds(turn: Turn, random: Random, families: Ints, producer: str) -> tuple[Texts, Days]:
    """(code of the officer, day of the visit) of each of these families, for one sender.

    Neighbours, in the order of the world's families within a kelurahan, go to one officer until the
    campaign's days are full; then to the next. The codes, such as `bps-3174051001-002`, are the same in
    every quarter. Nobody visits more than `Rates.visits_per_officer_and_day` families in a day.
    """
    per_day = turn.rates.visits_per_officer_and_day
    plan = pl.DataFrame({"family": families, "kelurahan": turn.world.families.kelurahan[families]}).with_row_index(
        "place"
    )
    plan = plan.sort("kelurahan", "family").with_columns(
        turn_of=pl.int_range(pl.len()).over("kelurahan"),
        size=pl.len().over("kelurahan"),
    )
    full = per_day * CAMPAIGN_DAYS
    # A short list is begun on any day on which it can still be ended.
    plan = plan.with_columns(
        officer=pl.col("turn_of") // full,
        day=pl.col("turn_of") % full // per_day,
        slack=CAMPAIGN_DAYS - (pl.col("size").clip(upper_bound=full) + per_day - 1) // per_day,
    ).sort("place")
    begin = np.floor(random.random() * (plan["slack"].to_numpy() + 1)).astype(np.int64)
    first = turn.quarter.last_day - np.timedelta64(LAST_DAYS + CAMPAIGN_DAYS - 1, "D")
    days: Days = first + begin + plan["day"].to_numpy()
    names = plan.select(
        pl.format("{}-{}-{}", pl.lit(producer), "kelurahan", (pl.col("officer") + 1).cast(pl.String).str.zfill(3))
    )
    codes: Texts = names.to_series().to_numpy().astype("U40")
    return codes, days
