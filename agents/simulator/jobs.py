"""Occupations: who works for the state or its companies, and who draws a pension."""

import numpy as np

from agents.simulator.randomness import Ints, Random, Scalar, pick
from agents.simulator.rates import Rates
from agents.simulator.world import World

# Categories of the contract `pekerjaan`, in its order.
JOBS = (
    "TIDAK_BEKERJA",
    "SWASTA",
    "MANDIRI",
    "BEBAS",
    "ASN",
    "TNI",
    "POLRI",
    "PEJABAT_NEGARA",
    "BUMN",
    "BUMD",
    "PENSIUNAN",
)
NO_JOB, PRIVATE, OWN, CASUAL, ASN, TNI, POLRI, OFFICIAL, BUMN, BUMD, PENSION = range(11)
STATE_JOBS = np.array([ASN, TNI, POLRI, OFFICIAL, BUMN, BUMD])
STATE_WEIGHTS = (50, 8, 7, 1, 24, 10)  # assumption
OTHER_JOBS = np.array([NO_JOB, PRIVATE, OWN, CASUAL])
OTHER_WEIGHTS = (30, 40, 20, 10)  # assumption
PRODUCER = "bkn"  # relays the registers of TNI, Polri, the companies and the pension funds
WORKING_YEARS = (18, 58)  # 58 is the retirement age of most of the civil service
# Who the office is that reports each category.
OFFICES = np.array(["-"] * 4 + ["BKN", "MABES TNI", "POLRI", "SETNEG", "KEMENTERIAN BUMN", "PEMPROV DKI", "TASPEN"])


def first_jobs(world: World, day: Scalar, rates: Rates, random: Random) -> Ints:
    """The occupation of everybody, as a place in `JOBS`."""
    age = world.ages_on(day)
    count = len(age)
    low, high = WORKING_YEARS
    of_age = (age >= low) & (age < high)
    # Workers of the state live in better-off families: nobody below the poorest third.
    fit = world.families.welfare[world.people.family] > -0.4
    state = of_age & fit & (random.random(count) < rates.state_workers / 0.65)
    pension = (age >= high) & fit & (random.random(count) < rates.pensioners / 0.65)
    other = np.where(of_age, pick(OTHER_JOBS, random, count, OTHER_WEIGHTS), NO_JOB)
    chosen = np.where(state, pick(STATE_JOBS, random, count, STATE_WEIGHTS), other)
    out: Ints = np.where(pension, PENSION, chosen).astype(np.int64)
    return out


def reported(jobs: Ints) -> Ints:
    """Rows whose occupation some office reports: the state's workers and its pensioners."""
    rows: Ints = np.flatnonzero(jobs >= ASN)
    return rows
