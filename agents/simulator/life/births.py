"""Births: on their day in the world, in the events when the parents register them."""

import numpy as np

from agents.simulator import filing
from agents.simulator.identity import names
from agents.simulator.log import Turn
from agents.simulator.randomness import Days, Flags, Ints, Random, count_of, some_of
from agents.simulator.world import CHILD, GRANDCHILD, HEAD, NEVER, UNMARRIED, WIFE, Pregnancy

MOTHERS_YEARS = (18, 44)
# Days from birth to registration: in time within the 60 days of the law, or late (domain facts 3.7).
IN_TIME_DAYS = (2, 45)
LATE_DAYS = 61
BACKLOG_YEARS = 6  # the first load knows of births not yet registered so far back
CARD_TOO = 0.5  # assumption: with the birth, the card is printed anew (domain facts 3.5)


def births(turn: Turn) -> None:
    """Bear the children of this quarter, then register those whose day has come."""
    _bear(turn)
    _register(turn)


def backlog(turn: Turn) -> None:
    """Children born in the years before who will be registered late, in a quarter that is simulated."""
    random = turn.random("births before")
    world, start = turn.world, turn.quarter.first_day
    yearly = turn.rates.births_per_1000 * len(world.people) / 1000
    fit = may_bear(turn, random, years_ago=BACKLOG_YEARS)
    mothers = some_of(np.flatnonzero(fit), count_of(yearly * BACKLOG_YEARS, random), random)
    born = start - random.integers(1, round(BACKLOG_YEARS * 365.25), len(mothers))
    registered = born + _delays(turn, random, len(mothers))
    waiting = registered >= start
    world.births_to_report.extend(
        zip(mothers[waiting].tolist(), list(born[waiting]), list(registered[waiting]), strict=True)
    )


def _bear(turn: Turn) -> None:
    random = turn.random("births")
    world = turn.world
    fit = may_bear(turn, random)
    expected = turn.rates.per_quarter(turn.rates.births_per_1000, int(world.here().sum()))
    announced = [it for it in world.expecting or () if it.born and _due(turn, it)]
    if world.expecting is not None:
        expected *= 1 - turn.rates.pregnancies_known
    known = np.array([it.mother for it in announced], np.int64)
    others = np.setdiff1d(np.flatnonzero(fit), [it.mother for it in world.expecting or ()])
    mothers = some_of(others, count_of(expected, random, least=0 if len(known) else 1), random)
    born = np.concatenate(
        [np.array([it.ends for it in announced], "datetime64[D]"), turn.quarter.some_days(random, len(mothers))]
    )
    mothers = np.concatenate([known, mothers])
    registered = born + _delays(turn, random, len(mothers))
    world.births_to_report.extend(zip(mothers.tolist(), list(born), list(registered), strict=True))


def _due(turn: Turn, pregnancy: Pregnancy) -> bool:
    """Whether an announced pregnancy ends in this quarter, of a mother who still lives in DKI."""
    inside = turn.quarter.first_day <= pregnancy.ends <= turn.quarter.last_day
    return bool(inside and turn.world.here()[pregnancy.mother])


def may_bear(turn: Turn, random: Random, years_ago: int = 0) -> Flags:
    """Women of an age to bear children now and, if asked, so many years ago."""
    world = turn.world
    age = world.ages_on(turn.quarter.first_day)
    low, high = MOTHERS_YEARS
    wives = (world.people.relation == WIFE) | (world.people.relation == HEAD) | (world.people.relation == CHILD)
    grown = world.here() & world.people.woman & wives & (age >= low + years_ago) & (age <= high)
    # Most children are born to wives; one in twelve to others. Assumption.
    fit: Flags = grown & ((world.people.relation == WIFE) | (random.random(len(grown)) < 0.08))
    return fit


def _delays(turn: Turn, random: Random, count: int) -> Ints:
    """Days from birth to registration."""
    late = random.random(count) < turn.rates.births_late
    long = LATE_DAYS + random.exponential(turn.rates.births_late_days, count).astype(np.int64)
    return np.where(late, long, random.integers(*IN_TIME_DAYS, count))


def _register(turn: Turn) -> None:
    """Register the births due; where the mother's family is busy or gone, later or never."""
    random = turn.random("birth registration")
    world, quarter = turn.world, turn.quarter
    due = [each for each in world.births_to_report if each[2] <= quarter.last_day]
    world.births_to_report = [each for each in world.births_to_report if each[2] > quarter.last_day]
    if not due:
        return
    mothers = np.array([each[0] for each in due], np.int64)
    born = np.array([each[1] for each in due], "datetime64[D]")
    registered = np.maximum(np.array([each[2] for each in due], "datetime64[D]"), quarter.first_day)
    family = world.people.family[mothers]
    free = world.free(quarter.first_day)[family]
    _, first = np.unique(family, return_index=True)
    alone = np.isin(np.arange(len(due)), first)  # twins and sisters wait for the next quarter
    waiting = np.flatnonzero(~world.families.gone[family] & ~(free & alone))
    later = quarter.plus(1).first_day
    world.births_to_report.extend((due[place][0], due[place][1], later) for place in waiting.tolist())
    now = np.flatnonzero(free & alone)
    rows = _settle(turn, mothers[now], born[now])
    filing.lahir(turn, random, rows, registered[now])
    world.occupy(family[now], registered[now])
    printed = now[(random.random(len(now)) < CARD_TOO) & world.headed()[family[now]]]
    if len(printed):
        days = registered[printed]
        filing.kartu_keluarga(turn, random, family[printed], issued=days, recorded=days + 1, reason="PERUBAHAN")


def _settle(turn: Turn, mothers: Ints, born: Days) -> Ints:
    random = turn.random("children")
    people, count = turn.world.people, len(mothers)
    woman = random.random(count) < 0.488
    relation = np.where(people.relation[mothers] == CHILD, GRANDCHILD, CHILD)
    return people.grow(
        nik=turn.world.niks.issue(born, woman, random),
        name=names(woman, random),
        woman=woman,
        born=born,
        family=people.family[mothers],
        relation=relation,
        marital=np.full(count, UNMARRIED),
        job=np.zeros(count, np.int64),
        died=np.full(count, NEVER),
        reported=np.zeros(count, np.bool_),
        birth_event=np.zeros((count, 16), np.uint8),
    )
