"""Cards that change without a death or a move: marriages, and numbers issued anew."""

import numpy as np

from agents.simulator import filing
from agents.simulator.identity import addresses
from agents.simulator.life.deaths import new_numbers
from agents.simulator.life.registry import weddings
from agents.simulator.log import Turn
from agents.simulator.randomness import Ints, count_of, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import ADULT_YEARS, CHILD, HEAD, MARRIED, RELATIVE, UNMARRIED, WIFE

MARRYING_YEARS = (20, 34)


def marriages(turn: Turn) -> None:
    """Grown-up children of two families marry and get a card of their own."""
    random = turn.random("marriages")
    world = turn.world
    age = world.ages_on(turn.quarter.first_day)
    low, high = MARRYING_YEARS
    fit = world.here() & (world.people.relation == CHILD) & (world.people.marital == UNMARRIED)
    fit &= (age >= low) & (age <= high) & world.free(turn.quarter.first_day)[world.people.family]
    rows = random.permutation(np.flatnonzero(fit))
    _, first = np.unique(world.people.family[rows], return_index=True)
    rows = rows[np.sort(first)]
    men, women = rows[~world.people.woman[rows]], rows[world.people.woman[rows]]
    expected = turn.rates.per_quarter(turn.rates.marriages_per_1000, int(world.here().sum()))
    count = min(count_of(expected, random, least=LEAST_PER_QUARTER), len(men), len(women))
    _wed(turn, men[:count], women[:count])


def _wed(turn: Turn, men: Ints, women: Ints) -> None:
    random = turn.random("weddings")
    world, count = turn.world, len(men)
    days = turn.quarter.some_days(random, count)
    before = world.people.family[men]
    # The couple stays in the husband's kelurahan: a move between kota needs an SKPWNI.
    same = world.families.kelurahan[before] == world.families.kelurahan[world.people.family[women]]
    men, women, before, days = men[same], women[same], before[same], days[same]
    recorded = days + random.integers(5, 40, len(men))
    for parents in (before, world.people.family[women]):
        world.occupy(parents, recorded + 7)
    welfare = (world.families.welfare[before] + world.families.welfare[world.people.family[women]]) / 2
    families = world.families.grow(
        number=world.cards.issue(recorded, np.zeros(len(men), np.bool_), random),
        kelurahan=world.families.kelurahan[before],
        address=addresses(len(men), random),
        welfare=welfare + 0.4 * random.standard_normal(len(men)),
        gone=np.zeros(len(men), np.bool_),
        busy_until=recorded + 7,
    )
    for rows, relation in ((men, HEAD), (women, WIFE)):
        world.people.family[rows] = families
        world.people.relation[rows] = relation
        world.people.marital[rows] = MARRIED
    weddings(turn, men, women, days, recorded)
    filing.kartu_keluarga(turn, random, families, issued=days, recorded=recorded, reason="BARU")


def reissued_cards(turn: Turn) -> None:
    """A new number and nothing else: it must change nothing that is published."""
    random = turn.random("reissued cards")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.card_reissues_per_1000, int(world.here().sum()))
    free = np.flatnonzero(world.free(turn.quarter.first_day) & world.headed())
    families = some_of(free, count_of(expected, random, least=LEAST_PER_QUARTER), random)
    new_numbers(turn, random, families, turn.quarter.some_days(random, len(families)), "PERUBAHAN")


def placements(turn: Turn) -> None:
    """Half of the cards without an adult are dissolved: the children join the nearest relative's card.

    "Nearest" is the next family of the same kelurahan with nothing under way (domain facts 3.5: with a
    guardian's statement).
    """
    random = turn.random("placements")
    world = turn.world
    listed = world.listed()
    grown = world.ages_on(turn.quarter.first_day) >= ADULT_YEARS
    size = len(world.families)
    adults = np.bincount(world.people.family[listed & grown], minlength=size)
    free = world.free(turn.quarter.first_day)
    orphaned = np.flatnonzero((adults == 0) & (world.sizes() > 0) & free)
    orphaned = orphaned[random.random(len(orphaned)) < 0.5]
    hosts = np.flatnonzero(world.headed() & (adults > 0) & free)
    for family in orphaned.tolist():  # a handful at every scale
        near = hosts[(world.families.kelurahan[hosts] == world.families.kelurahan[family]) & (hosts > family)]
        if len(near) == 0:
            continue
        children = np.flatnonzero(listed & (world.people.family == family))
        world.people.family[children] = near[0]
        world.people.relation[children] = RELATIVE
        world.families.gone[family] = True
        hosts = hosts[hosts != near[0]]
        day = turn.quarter.some_days(random, 1)
        filing.kartu_keluarga(turn, random, near[:1], issued=day, recorded=day, reason="PERUBAHAN")
        world.occupy(near[:1], day + 7)
