"""Changes of occupation that some office reports: into the state's service, out of it, into pension."""

import numpy as np

from agents.simulator import filing
from agents.simulator.jobs import ASN, PENSION, PRIVATE, STATE_JOBS, STATE_WEIGHTS, WORKING_YEARS
from agents.simulator.log import Turn
from agents.simulator.randomness import Ints, count_of, pick, some_of
from agents.simulator.rates import LEAST_PER_QUARTER


def job_changes(turn: Turn) -> None:
    """Hire, let go and retire people; rich and poor alike are hired, so that holders lose a programme."""
    random = turn.random("job changes")
    world = turn.world
    age, here = world.ages_on(turn.quarter.last_day), world.here()
    low, high = WORKING_YEARS
    expected = turn.rates.per_quarter(turn.rates.job_changes_per_1000, int(here.sum()))
    employed = here & np.isin(world.people.job, STATE_JOBS)
    jobless = np.flatnonzero(here & (world.people.job < ASN) & (age >= low) & (age < high))
    hired = some_of(jobless, count_of(expected, random, least=LEAST_PER_QUARTER), random)
    left = some_of(np.flatnonzero(employed & (age < high)), count_of(expected / 4, random), random)
    retired = np.flatnonzero(employed & (age >= high))
    world.people.job[hired] = pick(STATE_JOBS, random, len(hired), STATE_WEIGHTS)
    world.people.job[left] = PRIVATE
    world.people.job[retired] = PENSION
    changed: Ints = np.sort(np.concatenate([hired, left, retired]))
    since = turn.quarter.some_days(random, len(changed))
    filing.pekerjaan(turn, random, changed, since, since + random.integers(0, 40, len(changed)))
