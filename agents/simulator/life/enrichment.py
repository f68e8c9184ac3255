"""What other offices know of people: schools, cars and land, institutions."""

import numpy as np
import polars as pl

from agents.simulator.log import Envelope, Turn
from agents.simulator.quarters import office_instants
from agents.simulator.randomness import Days, Floats, Ints, Random, count_of, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import ADULT_YEARS, HEAD, MARRIED

SCHOOLS, TAXES, SOCIAL, MINISTRY = "disdik-dki", "bapenda-dki", "dinsos-dki", "kemensos"
LEVELS = np.array(["TIDAK_SEKOLAH", "PAUD", "SD", "SMP", "SMA", "SMK", "PKBM", "SLB", "PERGURUAN_TINGGI"])
NONE, PAUD, SD, SMP, SMA, SMK, PKBM, SLB, UNIVERSITY = range(9)
# First age of each level, by completed years at the beginning of the school year; 18 leaves school.
FIRST_AGES = np.array([5, 7, 13, 16, 19])
WITH_CLASSES = (SD, SMP, SMA, SMK)
BY_AGE = np.array([NONE, PAUD, SD, SMP, SMA, NONE])
NEW_YEAR = 3  # the quarter in which a school year begins
NJOP_LIMIT = 1_000_000_000


def schooling(turn: Turn) -> None:
    """Everybody of school age, once at the beginning and then each July: the level or at least the class is another."""
    random = turn.random("schooling")
    world = turn.world
    first = len(world.school) == 0
    world.school = np.concatenate([world.school, np.full(len(world.people) - len(world.school), -1, np.int64)])
    level = _levels(turn)
    changed = world.here() & (level != world.school) & ((level != NONE) | (world.school > NONE))
    if turn.quarter.number == NEW_YEAR:
        changed |= world.here() & np.isin(level, WITH_CLASSES)
    elif not first:
        changed &= False
        late = np.flatnonzero(world.here() & (level != NONE))
        changed[some_of(late, LEAST_PER_QUARTER, random)] = True  # somebody changes school in every quarter
    rows = np.flatnonzero(changed)
    world.school[rows] = level[rows]
    days = turn.quarter.first_day + random.integers(10, 45, len(rows))
    enrolled = level[rows] != NONE
    content = pl.DataFrame(
        {
            "nik": world.people.nik[rows],
            "jenjang": LEVELS[level[rows]],
            "swasta": enrolled & (constant(turn, "private")[rows] < turn.rates.private_schools),
            "provinsi_sekolah": np.where(
                enrolled, np.where(constant(turn, "elsewhere")[rows] < turn.rates.schools_elsewhere, "32", "31"), ""
            ),
            "npsn": pl.repeat(None, len(rows), dtype=pl.String, eager=True),
            "kelas": _classes(turn, level)[rows],
        }
    )
    write_told(turn, random, "sekolah", SCHOOLS, rows, content, days)


def _levels(turn: Turn) -> Ints:
    """The level by age, a third of the older pupils at vocational schools, a few at none."""
    world = turn.world
    year = turn.quarter.year - (turn.quarter.number < NEW_YEAR)
    july = np.datetime64(f"{year}-07-01", "D")
    level = BY_AGE[np.searchsorted(FIRST_AGES, world.ages_on(july), side="right")]
    level = np.where((level == SMA) & (constant(turn, "vocational") < 0.6), SMK, level)
    never = constant(turn, "out of school") < turn.rates.out_of_school
    found: Ints = np.where(never & (level > PAUD), NONE, level)
    return found


def _classes(turn: Turn, level: Ints) -> pl.Series:
    """The class, counted through all levels from the first year of SD; null where a level has none."""
    year = turn.quarter.year - (turn.quarter.number < NEW_YEAR)
    years = turn.world.ages_on(np.datetime64(f"{year}-07-01", "D")) - FIRST_AGES[1] + 1
    return pl.Series(np.where(np.isin(level, WITH_CLASSES), years, 0), dtype=pl.Int32).replace(0, None)


def constant(turn: Turn, purpose: str) -> Floats:
    """A number from 0 to 1 per person that stays the same in all quarters."""
    # by NIK, so that who is born later moves nobody
    tails = np.strings.slice(turn.world.people.nik, 6, 16).astype(np.int64)
    mixed = (tails * 2_654_435_761 + sum(map(ord, purpose)) * 40_503 + turn.seed * 97) % 1_000_003
    return np.asarray(mixed / 1_000_003, np.float64)


def ownership(turn: Turn) -> None:
    """Who has a car or land in the books of Bapenda; then cars bought and sold."""
    random = turn.random("ownership")
    world = turn.world
    age = world.ages_on(turn.quarter.last_day)
    adults = world.here() & (age >= ADULT_YEARS)
    welfare = world.families.welfare[world.people.family]
    if world.vehicles is None:
        heads = adults & (world.people.relation == HEAD)
        cars = heads & (welfare > 0.6) & (random.random(len(age)) < turn.rates.registered_cars)
        world.vehicles = cars.astype(np.int64)
        # Most of the land in Jakarta is worth less than the limit; of the better-off some hold more.
        land = heads & (welfare > 1.2) & (random.random(len(age)) < turn.rates.land_above_limit)
        world.njop = np.where(land, NJOP_LIMIT + random.integers(1, 4_000, len(age)) * 1_000_000, 0)
        rows = np.flatnonzero(cars | land)
    else:
        more = len(age) - len(world.vehicles)
        world.vehicles = np.concatenate([world.vehicles, np.zeros(more, np.int64)])
        world.njop = np.concatenate([world.njop, np.zeros(more, np.int64)])
        expected = turn.rates.per_quarter(turn.rates.car_changes_per_1000, int(world.here().sum()))
        count = count_of(expected, random, least=LEAST_PER_QUARTER)
        sold = some_of(np.flatnonzero(adults & (world.vehicles > 0)), count, random)
        without = adults & (world.vehicles == 0) & (world.people.marital == MARRIED)
        bought = some_of(np.flatnonzero(without), count, random)
        world.vehicles[sold] -= 1
        world.vehicles[bought] += 1
        rows = np.sort(np.concatenate([sold, bought]))
    days = turn.quarter.some_days(random, len(rows))
    content = pl.DataFrame(
        {
            "nik": world.people.nik[rows],
            "kendaraan_roda_empat": world.vehicles[rows].astype(np.int32),
            "njop_rupiah": world.njop[rows],
        }
    )
    write_told(turn, random, "kepemilikan", TAXES, rows, content, days)


def institutions(turn: Turn) -> None:
    """Elders move into a panti, and some come back; they stay on their family's card."""
    random = turn.random("institutions")
    world = turn.world
    old = world.here() & (world.ages_on(turn.quarter.last_day) >= 60) & (world.people.relation != HEAD)
    expected = turn.rates.per_quarter(turn.rates.into_panti_per_1000, int(world.here().sum()))
    inside = np.array(sorted(world.in_panti), np.int64)
    enter = some_of(np.setdiff1d(np.flatnonzero(old), inside), count_of(expected, random, least=1), random)
    leave = some_of(inside, len(inside) // 3, random)
    rows = np.concatenate([enter, leave])
    living = np.arange(len(rows)) < len(enter)
    world.in_panti = (world.in_panti | set(enter.tolist())) - set(leave.tolist())
    content = pl.DataFrame(
        {
            "nik": world.people.nik[rows],
            "tinggal": living,
        }
    ).with_columns(nama_panti=pl.when("tinggal").then(pl.lit("Panti Sosial Tresna Werdha Contoh")))
    write_told(turn, random, "panti", SOCIAL, rows, content, turn.quarter.some_days(random, len(rows)))


def write_told(
    turn: Turn,
    random: Random,
    contract: str,
    producer: str,
    rows: Ints,
    content: pl.DataFrame,
    days: Days,
    children: dict[str, pl.DataFrame] | None = None,
    office: str | None = None,
) -> None:
    """What an office tells of some people, true and written down on these days of the quarter."""
    people, families = turn.world.people, turn.world.families
    recorded_ms = office_instants(np.minimum(days, turn.quarter.last_day), random)
    # What an office writes on a Monday may have been true on the Saturday before.
    envelope = Envelope(
        producer, np.full(len(rows), office or producer), np.minimum(days, turn.quarter.last_day), recorded_ms
    )
    keys = (people.nik[rows], families.number[people.family[rows]])
    turn.write(contract, envelope, content, children=children or {}, keys=keys)
