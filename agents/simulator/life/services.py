"""What services know of people: electricity, the register of disability, illness, pregnancies."""

import numpy as np
import polars as pl

from agents.simulator.life.births import may_bear
from agents.simulator.life.enrichment import SOCIAL, constant, write_told
from agents.simulator.log import Turn
from agents.simulator.quarters import Quarter
from agents.simulator.randomness import Days, Ints, Random, count_of, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import ADULT_YEARS, CHILD, HEAD, Pregnancy

POWER, HEALTH, INSURANCE = "pln", "dinkes-dki", "bpjs-kesehatan"
# Installed power that households have, and the welfare up to which (a normal variate): 12% have 450 VA, 28% 900, 32%
# 1,300, 16% 2,200, the others more. Assumption.
STEPS_VA = np.array([450, 900, 1300, 2200, 3500, 5500])
STEPS_WELFARE = np.array([-1.17, -0.25, 0.58, 1.17, 1.88])
SUBSIDISED_VA, SUBSIDISED_WELFARE = 900, -0.4  # up to this power; of those with 900 VA the poorer. Assumption.
UNREGISTERED, REGISTERED, SEVERE = range(3)
OLD_YEARS = 80
LATEST_DUE_DAYS = 8  # an expected day of birth is off by at most so many days


def electricity(turn: Turn) -> None:
    """The power of each family's meter, in the name of its head; then changes of it."""
    random = turn.random("electricity")
    world, rates = turn.world, turn.rates
    count = len(world.families)
    first = world.power_va is None
    known = np.zeros(0, np.int64) if world.power_va is None else world.power_va
    fresh = np.arange(len(known), count)
    welfare = world.families.welfare
    power = np.concatenate([known, _power(welfare[fresh] + 0.4 * random.standard_normal(len(fresh)))])
    heads = np.flatnonzero(world.here() & (world.people.relation == HEAD))
    if first:
        rows = heads[constant(turn, "matched")[heads] < rates.pln_matched]
    else:
        expected = rates.per_quarter(rates.power_changes_per_1000, len(heads))
        rows = some_of(heads, count_of(expected, random, least=LEAST_PER_QUARTER), random)
        change = np.where(random.random(len(rows)) < 0.7, 1, -1)
        place = np.searchsorted(STEPS_VA, power[world.people.family[rows]]) + change
        power[world.people.family[rows]] = STEPS_VA[np.clip(place, 0, len(STEPS_VA) - 1)]
    world.power_va = power
    family = world.people.family[rows]
    small = power[family] <= SUBSIDISED_VA
    poor = (power[family] < SUBSIDISED_VA) | (welfare[family] < SUBSIDISED_WELFARE)
    content = pl.DataFrame(
        {"nik": world.people.nik[rows], "daya_va": power[family].astype(np.int32), "bersubsidi": small & poor}
    )
    write_told(turn, random, "listrik", POWER, rows, content, turn.quarter.some_days(random, len(rows)))


def _power(welfare: np.ndarray) -> Ints:
    found: Ints = STEPS_VA[np.searchsorted(STEPS_WELFARE, welfare)]
    return found


def disability(turn: Turn) -> None:
    """Entries in the register, at first all of them; then newcomers, new judgements, and some taken off."""
    random = turn.random("disability")
    world, rates = turn.world, turn.rates
    before = _grown(world.disabled, len(world.people))
    entry = constant(turn, "disability") < rates.disabled
    severe = constant(turn, "severe") < rates.disabled_severely
    now = np.where(world.here() & entry & (before == UNREGISTERED), np.where(severe, SEVERE, REGISTERED), before)
    if len(world.disabled):
        listed = np.flatnonzero(world.here() & (before == REGISTERED))
        now[some_of(listed, LEAST_PER_QUARTER, random)] = SEVERE
        others = np.flatnonzero(world.here() & ~entry & (before == UNREGISTERED))
        now[some_of(others, LEAST_PER_QUARTER, random)] = REGISTERED
        mistaken = np.flatnonzero(world.here() & ~entry & (before != UNREGISTERED))
        now[some_of(mistaken, LEAST_PER_QUARTER, random)] = UNREGISTERED
    rows = np.flatnonzero(now != before)
    world.disabled = now
    content = pl.DataFrame(
        {"nik": world.people.nik[rows], "terdaftar": now[rows] != UNREGISTERED, "berat": now[rows] == SEVERE}
    )
    write_told(turn, random, "disabilitas", SOCIAL, rows, content, turn.quarter.some_days(random, len(rows)))


def illness(turn: Turn) -> None:
    """The insurance's mark, the more often the older; it stays, but for one in each quarter."""
    random = turn.random("illness")
    world = turn.world
    before = np.concatenate([world.ill, np.zeros(len(world.people) - len(world.ill), np.bool_)])
    age = world.ages_on(turn.quarter.last_day)
    marked = world.here() & (constant(turn, "illness") < turn.rates.ill_at_80 * age / OLD_YEARS)
    now = before | marked
    healed = some_of(np.flatnonzero(world.here() & before), LEAST_PER_QUARTER, random)
    now[healed] = False
    fallen_ill = some_of(np.flatnonzero(world.here() & ~now), LEAST_PER_QUARTER, random)
    now[fallen_ill] = True
    rows = np.flatnonzero(now != before)
    world.ill = now
    content = pl.DataFrame({"nik": world.people.nik[rows], "katastropik": now[rows]})
    write_told(turn, random, "kesehatan", INSURANCE, rows, content, turn.quarter.some_days(random, len(rows)))


def pregnancies(turn: Turn) -> None:
    """Those that end in this quarter, and new ones, which end one or two quarters later."""
    random = turn.random("pregnancies")
    world, rates = turn.world, turn.rates
    first = world.expecting is None
    waiting = [it for it in world.expecting or () if it.ends > turn.quarter.last_day]
    _ended(turn, [it for it in world.expecting or () if it.ends <= turn.quarter.last_day])
    fit = np.setdiff1d(np.flatnonzero(may_bear(turn, random)), [it.mother for it in waiting])
    births = rates.per_quarter(rates.births_per_1000, int(world.here().sum())) * rates.pregnancies_known
    ahead = (1, 2) if first else (2,)
    count = count_of(births * len(ahead) / (1 - rates.pregnancies_lost), random, least=2 * LEAST_PER_QUARTER)
    mothers = some_of(fit, count, random)
    fresh = _expected(turn, random, mothers, ahead)
    world.expecting = [*waiting, *fresh]
    ends = np.array([it.ends for it in fresh], "datetime64[D]")
    off = random.integers(-LATEST_DUE_DAYS, LATEST_DUE_DAYS + 1, len(fresh))
    content = pl.DataFrame(
        {
            "nik": world.people.nik[mothers],
            "hamil": np.ones(len(mothers), np.bool_),
            "kehamilan_ke": np.array([it.number for it in fresh], np.int32),
            "perkiraan_lahir": np.where([it.born for it in fresh], ends, ends + 120) + off,
        }
    )
    write_told(turn, random, "kehamilan", HEALTH, mothers, content, turn.quarter.some_days(random, len(mothers)))


def _expected(turn: Turn, random: Random, mothers: Ints, ahead: tuple[int, ...]) -> list[Pregnancy]:
    """A pregnancy of each of them; one that is lost ends in the next quarter."""
    world, rates = turn.world, turn.rates
    lost = random.random(len(mothers)) < rates.pregnancies_lost
    later = np.where(lost, 1, np.asarray(ahead)[np.arange(len(mothers)) % len(ahead)])
    told = random.random(len(mothers)) >= rates.pregnancy_ends_untold
    children = np.bincount(
        world.people.family[world.here() & (world.people.relation == CHILD) & _minors(turn)],
        minlength=len(world.families),
    )
    quarters: list[Quarter] = [turn.quarter.plus(int(each)) for each in later]
    return [
        Pregnancy(int(mother), quarter.some_days(random, 1)[0], not gone, bool(heard), int(number) + 1)
        for mother, quarter, gone, heard, number in zip(
            mothers, quarters, lost, told, children[world.people.family[mothers]], strict=True
        )
    ]


def _minors(turn: Turn) -> np.ndarray:
    return np.asarray(turn.world.ages_on(turn.quarter.first_day) < ADULT_YEARS)


def _ended(turn: Turn, over: list[Pregnancy]) -> None:
    """Ends that are reported, of women who still live here; the day of the end is that of the birth."""
    random = turn.random("ends of pregnancies")
    here = turn.world.here()
    told = [it for it in over if it.told and here[it.mother]]
    rows = np.array([it.mother for it in told], np.int64)
    days: Days = np.array([it.ends for it in told], "datetime64[D]")
    content = pl.DataFrame(
        {
            "nik": turn.world.people.nik[rows],
            "hamil": np.zeros(len(rows), np.bool_),
            "kehamilan_ke": np.array([it.number for it in told], np.int32),
            "perkiraan_lahir": pl.repeat(None, len(rows), dtype=pl.Date, eager=True),
        }
    )
    write_told(turn, random, "kehamilan", HEALTH, rows, content, days)


def _grown(column: Ints, count: int) -> Ints:
    """The column with zeros for people who came since."""
    return np.concatenate([column, np.zeros(count - len(column), np.int64)])
