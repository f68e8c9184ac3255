"""Reports that are wrong: deaths that did not happen and their cancellation, dates and births corrected."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from agents.simulator import filing
from agents.simulator.log import Target, Turn
from agents.simulator.randomness import Days, Ints, count_of, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import HEAD

# Days from the wrong report to its cancellation: half within the month, half beyond the quarter.
SOON_DAYS = (4, 25)
LONG_DAYS = (70, 150)


def wrong_deaths(turn: Turn) -> None:
    """Report living people dead, and cancel each later; nothing else happens in those families till then."""
    random = turn.random("wrong deaths")
    world, quarter = turn.world, turn.quarter
    expected = turn.rates.wrong_deaths * turn.rates.per_quarter(turn.rates.deaths_per_1000, int(world.here().sum()))
    rows = _one_per_family(turn, count_of(expected, random, least=2 * LEAST_PER_QUARTER), "wrong deaths who")
    reported = quarter.some_days(random, len(rows))
    died = reported - random.integers(2, 40, len(rows))
    ids = filing.mati(turn, random, rows, died=died, recorded=reported)
    soon = np.arange(len(rows)) % 2 == 0
    wait = np.where(soon, random.integers(*SOON_DAYS, len(rows)), random.integers(*LONG_DAYS, len(rows)))
    cancelled = reported + wait
    target = Target("CANCEL", ids, _niks(turn, rows))
    filing.cancel_mati(turn, random, rows, cancelled, target)
    world.occupy(world.people.family[rows], cancelled + 7)


def redate(turn: Turn, rows: Ints, reported: Days, ids: NDArray[np.uint8]) -> None:
    """Correct the date of some of the deaths just reported, some weeks later."""
    random = turn.random("redated deaths")
    count = count_of(turn.rates.corrected_deaths * len(rows), random, least=LEAST_PER_QUARTER)
    chosen = some_of(np.arange(len(rows)), count, random)
    died = turn.world.people.died[rows[chosen]] - random.integers(1, 6, len(chosen))
    recorded = reported[chosen] + random.integers(5, 60, len(chosen))
    target = Target("CORRECT", ids[chosen], _niks(turn, rows[chosen]))
    filing.mati(turn, random, rows[chosen], died=died, recorded=recorded, target=target)
    turn.world.people.died[rows[chosen]] = died


def corrected_births(turn: Turn) -> None:
    """Correct a name or a date of birth; the NIK stays (Permendagri 108/2019 Pasal 15(3))."""
    random = turn.random("corrected births")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.corrected_births_per_1000, int(world.here().sum()))
    rows = _one_per_family(turn, count_of(expected, random, least=LEAST_PER_QUARTER), "corrected births who")
    recorded = turn.quarter.some_days(random, len(rows))
    dates = np.arange(len(rows)) % 2 == 0
    shift = np.where(dates, random.integers(1, 400, len(rows)), 0)
    world.people.born[rows] -= shift
    world.people.name[rows] = np.strings.replace(world.people.name[rows], " ", np.where(dates, " ", " R. "))
    target = Target("CORRECT", world.people.birth_event[rows], _niks(turn, rows))
    filing.lahir(turn, random, rows, recorded, target)
    world.occupy(world.people.family[rows], recorded + 7)


def _one_per_family(turn: Turn, count: int, purpose: str) -> Ints:
    """Living people of families with nothing under way, at most one of a family, not the head."""
    random = turn.random(purpose)
    world = turn.world
    fit = world.here() & world.free(turn.quarter.first_day)[world.people.family]
    fit &= world.people.relation != HEAD
    rows = random.permutation(np.flatnonzero(fit))
    _, first = np.unique(world.people.family[rows], return_index=True)
    chosen: Ints = rows[np.sort(first)][:count]
    return chosen


def _niks(turn: Turn, rows: Ints) -> pl.DataFrame:
    return pl.DataFrame({"row": np.arange(len(rows)), "nik": turn.world.people.nik[rows]})
