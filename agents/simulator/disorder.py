"""What goes wrong on the way: late arrival, repetition, and an order that is not the order of writing."""

import numpy as np
import polars as pl

from agents.simulator.log import KEY, OTHER_KEY, Events, Turn, together
from agents.simulator.quarters import DAY_MS, quarter_indices
from agents.simulator.randomness import Flags, Ints, Random, some_of
from agents.simulator.rates import LEAST_PER_QUARTER

# Columns added here. `sim.arrival` is the index of the quarter in which the event reaches Kafka,
# `sim.order` an instant (ms) by which the events of that quarter are sent, `sim.plant` what was
# planted: GOOD, REPEAT, or a kind of `malformed.py`.
ARRIVAL, ORDER, PLANT = "sim.arrival", "sim.order", "sim.plant"
GOOD, REPEAT = "GOOD", "REPEAT"

JITTER_DAYS = 4.0  # mean deviation from the order of writing. Assumption
MUCH_LATER = 0.25  # of the late: two quarters late instead of one
REPEAT_NEXT_QUARTER = 0.25  # of the repetitions


def on_the_way(turn: Turn, contract: str, events: Events) -> Events:
    """Give each event its arrival, and add repetitions under another key, byte for byte the same."""
    random = turn.random(f"disorder {contract}")
    count = events.frame.height
    recorded = events.frame["recorded_at"].cast(pl.Int64).to_numpy()
    arrival = np.maximum(quarter_indices(recorded), turn.quarter.index)
    late = _at_least(turn.rates.late, count, random)
    arrival = arrival + late * np.where(random.random(count) < MUCH_LATER, 2, 1)
    order = recorded + random.exponential(JITTER_DAYS * DAY_MS, count).astype(np.int64)
    # What comes late comes at any time of its quarter.
    anywhere = _quarter_starts(arrival) + random.integers(0, 88 * DAY_MS, count)
    order = np.where(late, anywhere, order)
    good = Events(_marked(events.frame, arrival, order, GOOD), events.children)
    again = np.flatnonzero(_at_least(turn.rates.repeated, count, random))
    later = arrival[again] + (random.random(len(again)) < REPEAT_NEXT_QUARTER)
    after = order[again] + random.integers(1, 10 * DAY_MS, len(again))
    after = np.where(
        later > arrival[again], _quarter_starts(later) + random.integers(0, 80 * DAY_MS, len(again)), after
    )
    chosen = good.only(pl.col("row").is_in(again))
    frame = _marked(chosen.frame, later, after, REPEAT)
    # Every second one under the other key, so that it may lie in another partition.
    second = pl.Series(np.arange(frame.height) % 2 == 0)
    frame = frame.with_columns(pl.when(second).then(pl.col(OTHER_KEY)).otherwise(pl.col(KEY)).alias(KEY))
    return together([good, Events(frame, chosen.children)])


def _at_least(share: float, count: int, random: Random) -> Flags:
    """Each with a chance of `share`, but at least one."""
    drawn: Flags = random.random(count) < share
    if not drawn.any():
        drawn[some_of(np.arange(count), LEAST_PER_QUARTER, random)] = True
    return drawn


def _marked(frame: pl.DataFrame, arrival: Ints, order: Ints, plant: str) -> pl.DataFrame:
    return frame.with_columns(
        pl.Series(ARRIVAL, arrival, pl.Int64), pl.Series(ORDER, order, pl.Int64), pl.lit(plant).alias(PLANT)
    )


def _quarter_starts(indices: Ints) -> Ints:
    """First instant (ms) of quarters by index."""
    months = (indices - 1970 * 4) * 3
    starts: Ints = months.astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64)
    return starts
