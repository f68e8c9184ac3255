"""Deaths: on their day in the world, in the events when they are reported; and the cards after them."""

import numpy as np

from agents.simulator import filing
from agents.simulator.life.wrong_deaths import redate
from agents.simulator.log import Turn
from agents.simulator.randomness import Days, Ints, Random, count_of
from agents.simulator.world import ADULT_YEARS, HEAD, HUSBAND, MARRIED, RELATIVE, WIDOWED, WIFE

# Mortality doubles about every eight years of age (Gompertz).
DOUBLING_YEARS = 8.0
# Days from death to report: by the RT head within 30 days, or late (domain facts 3.7).
IN_TIME_DAYS = (2, 30)
LATE_DAYS = (120, 700)
CARD_DAYS = (5, 40)  # from report to the new card. Assumption
STAGED_ORPHANINGS = 1  # per quarter: a lone parent dies, so that a card without an adult occurs


def deaths(turn: Turn) -> None:
    """Let people die this quarter, then report the deaths whose day has come."""
    _die(turn)
    _report(turn)


def _die(turn: Turn) -> None:
    random = turn.random("deaths")
    world, quarter = turn.world, turn.quarter
    candidates = np.flatnonzero(world.here() & world.free(quarter.first_day)[world.people.family])
    hazard = 2.0 ** (world.ages_on(quarter.first_day)[candidates] / DOUBLING_YEARS)
    expected = turn.rates.per_quarter(turn.rates.deaths_per_1000, int(world.here().sum()))
    count = min(count_of(expected, random, least=1), len(candidates))
    dead = random.choice(candidates, count, replace=False, p=hazard / hazard.sum())
    lone = _lone_parents(turn)
    staged = random.permutation(np.setdiff1d(lone, dead))[:STAGED_ORPHANINGS]
    dead = np.concatenate([dead, staged])
    died = quarter.some_days(random, len(dead))
    world.people.died[dead] = died
    late = random.random(len(dead)) < turn.rates.deaths_late
    late[count:] = False
    delay = np.where(late, random.integers(*LATE_DAYS, len(dead)), random.integers(*IN_TIME_DAYS, len(dead)))
    reported = random.random(len(dead)) >= turn.rates.deaths_unreported
    reported[count:] = True
    days = (died + delay)[reported]
    world.deaths_to_report.update(zip(dead[reported].tolist(), list(days), strict=True))


def _lone_parents(turn: Turn) -> Ints:
    """Heads who are the only adult on a card with children, in families with nothing under way."""
    world = turn.world
    listed = world.listed()
    grown = world.ages_on(turn.quarter.first_day) >= ADULT_YEARS
    size = len(world.families)
    adults = np.bincount(world.people.family[listed & grown], minlength=size)
    minors = np.bincount(world.people.family[listed & ~grown], minlength=size)
    lone = (adults == 1) & (minors > 0) & world.free(turn.quarter.first_day)
    heads = world.here() & grown & (world.people.relation == HEAD)
    rows: Ints = np.flatnonzero(heads & lone[world.people.family])
    return rows


def _report(turn: Turn) -> None:
    """Report the deaths due; a family that is busy reports in the next quarter."""
    random = turn.random("death reports")
    world, quarter = turn.world, turn.quarter
    due = [row for row, day in world.deaths_to_report.items() if day <= quarter.last_day]
    rows = np.array(sorted(due), np.int64)
    if len(rows) == 0:
        return
    days = np.array([world.deaths_to_report.pop(row) for row in rows.tolist()], "datetime64[D]")
    days = np.maximum(days, quarter.first_day)
    family = world.people.family[rows]
    _, first = np.unique(family, return_index=True)
    ready = (world.free(quarter.first_day) | world.families.gone)[family]
    ready &= np.isin(np.arange(len(rows)), first)
    for row in rows[~ready].tolist():
        world.deaths_to_report[row] = quarter.plus(1).first_day
    rows, days = rows[ready], days[ready]
    died = world.people.died[rows]
    ids = filing.mati(turn, random, rows, died=died, recorded=days)
    world.people.reported[rows] = True
    world.occupy(world.people.family[rows], days)
    redate(turn, rows, days, ids)
    _widow(turn, rows)
    _cards(turn, random, rows, days)


def _widow(turn: Turn, dead: Ints) -> None:
    """Husbands and wives of the dead are `cerai mati` from now on."""
    people = turn.world.people
    couple = [HEAD, HUSBAND, WIFE]
    bereft = np.zeros(len(turn.world.families), np.bool_)
    bereft[people.family[dead[np.isin(people.relation[dead], couple) & (people.marital[dead] == MARRIED)]]] = True
    spouses = bereft[people.family] & np.isin(people.relation, couple) & (people.marital == MARRIED)
    people.marital[spouses & ~people.reported] = WIDOWED


def _cards(turn: Turn, random: Random, dead: Ints, reported: Days) -> None:
    """After a head's death a card with a new number, if an adult is left; after others', at times, a new print."""
    world = turn.world
    family = world.people.family[dead]
    was_head = world.people.relation[dead] == HEAD
    some_left = (world.sizes()[family] > 0) & ~world.families.gone[family]
    issued = reported + random.integers(*CARD_DAYS, len(dead))
    heirs = _heirs(turn, family[some_left & was_head])
    changed = some_left & was_head & np.isin(family, world.people.family[heirs])
    if changed.any():
        _succeed(turn, heirs)
        new_numbers(turn, random, family[changed], issued[changed], "GANTI_KEPALA")
    wanted = random.random(len(dead)) < turn.rates.card_after_death
    printed = some_left & ~was_head & wanted & world.headed()[family]
    if printed.any():
        filing.kartu_keluarga(
            turn, random, family[printed], issued=issued[printed], recorded=issued[printed], reason="PERUBAHAN"
        )
        world.occupy(family[printed], issued[printed])


def _heirs(turn: Turn, families: Ints) -> Ints:
    """The new head of each of these: the living spouse, else the oldest living adult (domain facts 3.5)."""
    world = turn.world
    rows = world.in_families(families)
    grown = world.ages_on(turn.quarter.last_day)[rows] >= ADULT_YEARS
    rows = rows[world.people.alive[rows] & grown]
    spouse = np.isin(world.people.relation[rows], [WIFE, HUSBAND])
    order = np.lexsort((rows, world.people.born[rows].astype(np.int64), ~spouse, world.people.family[rows]))
    _, first = np.unique(world.people.family[rows[order]], return_index=True)
    heirs: Ints = rows[order[first]]
    return heirs


def _succeed(turn: Turn, heirs: Ints) -> None:
    """Make the heirs heads; where a child becomes head, the others become relatives."""
    people = turn.world.people
    child_heads = np.zeros(len(turn.world.families), np.bool_)
    spouse = np.isin(people.relation[heirs], [WIFE, HUSBAND])
    child_heads[people.family[heirs[~spouse]]] = True
    people.relation[child_heads[people.family] & ~people.reported] = RELATIVE
    people.relation[heirs] = HEAD


def new_numbers(turn: Turn, random: Random, families: Ints, issued: Days, reason: str) -> None:
    """Give families a card with a new number; the old number is named on it."""
    world = turn.world
    old = world.families.number[families].copy()
    world.families.number[families] = world.cards.issue(issued, np.zeros(len(families), np.bool_), random)
    filing.kartu_keluarga(turn, random, families, issued=issued, recorded=issued, reason=reason, replaced=old)
    world.occupy(families, issued + 7)
