"""Two families become one card (gabung KK): elders join a grown-up child, and lone parents marry each other."""

import numpy as np

from agents.simulator import filing
from agents.simulator.life.moves import movable
from agents.simulator.life.registry import weddings
from agents.simulator.log import Turn
from agents.simulator.randomness import Days, Flags, Ints, Random, count_of, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import CHILD, DIVORCED, HEAD, IN_LAW, MARRIED, PARENT, RELATIVE, WIDOWED, WIFE, World

ELDER_YEARS = 60
ELDERS = 2  # at most so many live on the card that is given up
GENERATION_YEARS = (18, 42)  # between the elders and the head whom they join
WEDDING_YEARS = (21, 54)
LARGEST = 6  # people on a card that takes others in
REGISTERED_DAYS = (3, 30)  # from the wedding to the card. Assumption


def merges(turn: Turn) -> None:
    """The merges of a quarter; each family takes part in one at most."""
    _elders_join(turn)
    _lone_parents_marry(turn)


def _elders_join(turn: Turn) -> None:
    """Families of one or two elders give up their card and go onto that of a child nearby.

    The world keeps no genealogy: a "child" is a head of the same kelurahan who is a generation younger.
    """
    random = turn.random("elders join")
    world = turn.world
    age = world.ages_on(turn.quarter.first_day)
    listed, fit = world.listed(), movable(turn)
    size = world.sizes()
    young = np.bincount(world.people.family[listed & (age < ELDER_YEARS)], minlength=len(size))
    head_age = np.zeros(len(size), np.int64)
    heads = listed & (world.people.relation == HEAD)
    head_age[world.people.family[heads]] = age[heads]
    low, high = GENERATION_YEARS
    expected = turn.rates.per_quarter(turn.rates.elders_joining_per_1000, int(world.here().sum()))
    count = count_of(expected, random, least=LEAST_PER_QUARTER)
    guests = some_of(np.flatnonzero(fit & (young == 0) & (size > 0) & (size <= ELDERS)), count, random)
    hosts = random.permutation(np.flatnonzero(fit & (young > 0) & (size < LARGEST)))
    pairs: list[tuple[int, int]] = []
    for guest in guests.tolist():  # a handful at every scale
        apart = head_age[guest] - head_age[hosts]
        near = world.families.kelurahan[hosts] == world.families.kelurahan[guest]
        found = hosts[near & (apart >= low) & (apart <= high)]
        if len(found):
            pairs.append((guest, int(found[0])))
            hosts = hosts[hosts != found[0]]
    if not pairs:
        return
    joining, taking = np.array(pairs, np.int64).T
    rows = world.in_families(joining)
    # The wife's parents as often as the husband's.
    relation = np.where(random.random(len(world.families)) < 0.5, PARENT, IN_LAW)
    world.people.relation[rows] = relation[world.people.family[rows]]
    days = turn.quarter.some_days(random, len(joining))
    _join(turn, random, joining, taking, days)


def _lone_parents_marry(turn: Turn) -> None:
    """A widow or divorced woman and a man alike marry; she and all on her card go onto his."""
    random = turn.random("lone parents marry")
    world = turn.world
    lone = _lone_heads(turn)
    men, women = (random.permutation(np.flatnonzero(lone & which)) for which in _men_and_women(world))
    expected = turn.rates.per_quarter(turn.rates.remarriages_per_1000, int(world.here().sum()))
    count = count_of(expected, random, least=LEAST_PER_QUARTER)
    place = world.families.kelurahan[world.people.family]
    pairs: list[tuple[int, int]] = []
    for woman in women.tolist():
        if len(pairs) == count:
            break
        near = men[place[men] == place[woman]]
        if len(near):
            pairs.append((int(near[0]), woman))
            men = men[men != near[0]]
    if not pairs:
        return
    husbands, wives = np.array(pairs, np.int64).T
    taking, joining = world.people.family[husbands], world.people.family[wives]
    rows = world.in_families(joining)
    stays_child = world.people.relation[rows] == CHILD
    world.people.relation[rows] = np.where(stays_child, CHILD, RELATIVE)
    world.people.relation[wives] = WIFE
    world.people.marital[husbands] = world.people.marital[wives] = MARRIED
    days = turn.quarter.some_days(random, len(wives))
    recorded = days + random.integers(*REGISTERED_DAYS, len(wives))
    weddings(turn, husbands, wives, days, recorded)
    _join(turn, random, joining, taking, recorded)


def _lone_heads(turn: Turn) -> Flags:
    """Heads of an age to marry who lost their spouse, in families with nothing under way."""
    world = turn.world
    age = world.ages_on(turn.quarter.first_day)
    low, high = WEDDING_YEARS
    alone = np.isin(world.people.marital, [DIVORCED, WIDOWED]) & (age >= low) & (age <= high)
    room = world.sizes() < LARGEST
    fit: Flags = world.here() & (world.people.relation == HEAD) & alone & (movable(turn) & room)[world.people.family]
    return fit


def _men_and_women(world: World) -> tuple[Flags, Flags]:
    return ~world.people.woman, world.people.woman


def _join(turn: Turn, random: Random, joining: Ints, taking: Ints, days: Days) -> None:
    """Everybody of the first families is on the cards of the second; the first cards are no more."""
    world = turn.world
    old = world.families.number[joining].copy()
    goal = np.arange(len(world.families))
    goal[joining] = taking
    rows = world.in_families(joining)
    world.people.family[rows] = goal[world.people.family[rows]]
    world.families.gone[joining] = True
    filing.kartu_keluarga(turn, random, taking, issued=days, recorded=days, reason="GABUNG", replaced=old)
    world.occupy(np.concatenate([joining, taking]), np.concatenate([days, days]) + 7)
