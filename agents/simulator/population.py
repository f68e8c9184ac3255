"""The first population: families with a believable composition, exactly as many as the scale says."""

import numpy as np

from agents.simulator.identity import addresses, names
from agents.simulator.jobs import first_jobs
from agents.simulator.quarters import Quarter
from agents.simulator.randomness import Days, Flags, Ints, Random, Texts, pick, random_for
from agents.simulator.rates import Rates
from agents.simulator.scales import Piece, Scale
from agents.simulator.world import (
    CHILD,
    DIVORCED,
    HEAD,
    MARRIED,
    NEVER,
    PARENT,
    RELATIVE,
    UNMARRIED,
    WIDOWED,
    WIFE,
    World,
)

# Sizes of families 1 to 7 and their weights: mean 3.0, as 289.1 million persons in 95.0 million
# families (domain facts 0.1). Assumption for the shape.
SIZES = np.arange(1, 8)
SIZE_WEIGHTS = (16, 23, 26, 20, 10, 4, 1)
# Ages of heads by five years from 20 to 85+, by kind of family: fitted so that all ages together follow
# the pyramid of 2019, aged by five years (`published.aged_pyramid`).
HEAD_AGES = np.arange(20, 90, 5)
ALONE_WEIGHTS = (10, 22, 16, 10, 6, 4, 6, 7, 8, 8, 10, 5, 3, 2)
COUPLE_WEIGHTS = (1, 6, 14, 12, 8, 7, 9, 10, 13, 11, 8, 5, 2, 1)
PARENTS_WEIGHTS = (4, 5, 8, 12, 15, 16, 13, 10, 6, 4, 1, 0, 0, 0)
LOST_WEIGHTS = (0.35, 0.65)  # divorced, widowed: heads without a spouse. Assumption


def found(piece: Piece, first: Quarter, seed: int, rates: Rates) -> World:
    """The world on the day before `first` begins: nobody has moved, been born or died yet."""
    random = random_for(seed, "population")
    world, scale = World.of(piece), piece.size
    day = first.first_day - np.timedelta64(1, "D")
    sizes = _sizes(scale, random)
    family = np.repeat(np.arange(scale.families), sizes)
    place = np.arange(scale.persons) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    married, head_age, head_woman = _heads(sizes, random)
    relation = _relations(sizes, family, place, married, random)
    age = _ages(family, relation, place, head_age, random)
    woman = np.where(relation == HEAD, head_woman[family], random.random(len(family)) < 0.497)
    woman = np.where(relation == WIFE, True, woman)
    # Nobody is born in the quarter before `first`, in which everybody's birth is recorded.
    born = day - (age * 365.2425).astype(np.int64) - random.integers(95, 365, len(family))
    marital = _marital(relation, married[family], age, random)
    issued = first.first_day - random.integers(120, 3650, scale.families)
    no_women = np.zeros(scale.families, np.bool_)
    world.families.grow(
        number=world.cards.issue(issued, no_women, random),
        kelurahan=world.home[np.arange(scale.families) % len(world.home)],
        address=addresses(scale.families, random),
        welfare=random.standard_normal(scale.families) - 0.25 * (sizes >= 5),
        gone=no_women,
        busy_until=np.full(scale.families, day),
    )
    _settle(world, random, woman=woman, born=born, family=family, relation=relation, marital=marital)
    world.people.job[:] = first_jobs(world, day, rates, random)
    return world


def newcomers(world: World, arrived: Days, quarter: Quarter, random: Random) -> Ints:
    """Add young families from outside DKI, one per day given: a single person, a couple, or with a child."""
    count = len(arrived)
    sizes = pick([1, 2, 3], random, count, (35, 30, 35))
    families = world.families.grow(
        number=world.cards.issue(arrived, np.zeros(count, np.bool_), random),
        kelurahan=pick(world.home, random, count),
        address=addresses(count, random),
        welfare=random.standard_normal(count) - 0.2,
        gone=np.zeros(count, np.bool_),
        busy_until=arrived,
    )
    place = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    relation = np.choose(place, [HEAD, WIFE, CHILD])
    head_age = random.integers(22, 40, count)
    alone = (sizes == 1) & (random.random(count) < 0.5)
    of = np.repeat(np.arange(count), sizes)
    woman = np.select([relation == HEAD, relation == WIFE], [alone[of], True], random.random(len(of)) < 0.49)
    age = np.select([relation == HEAD, relation == WIFE], [head_age[of], np.maximum(head_age[of] - 3, 19)], 1)
    born = quarter.first_day - (age * 365.2425).astype(np.int64) - random.integers(1, 365, len(of))
    marital = np.where((relation == CHILD) | (sizes[of] == 1), UNMARRIED, MARRIED)
    _settle(world, random, woman=woman, born=born, family=families[of], relation=relation, marital=marital)
    return families


def _settle(
    world: World, random: Random, *, woman: Flags, born: Days, family: Ints, relation: Ints, marital: Ints
) -> None:
    count = len(family)
    nik: Texts = world.niks.issue(born, woman, random)
    world.people.grow(
        nik=nik,
        name=names(woman, random),
        woman=woman,
        born=born,
        family=family,
        relation=relation,
        marital=marital,
        job=np.zeros(count, np.int64),
        died=np.full(count, NEVER),
        reported=np.zeros(count, np.bool_),
        birth_event=np.zeros((count, 16), np.uint8),
    )


def _sizes(scale: Scale, random: Random) -> Ints:
    """Sizes of families that sum to exactly the persons of the scale."""
    sizes: Ints = pick(SIZES, random, scale.families, SIZE_WEIGHTS).astype(np.int64)
    while (missing := scale.persons - int(sizes.sum())) != 0:
        step = 1 if missing > 0 else -1
        open_ones = np.flatnonzero((sizes + step >= 1) & (sizes + step <= SIZES[-1]))
        sizes[random.permutation(open_ones)[: abs(missing)]] += step
    return sizes


def _heads(sizes: Ints, random: Random) -> tuple[Flags, Ints, Flags]:
    """Per family: is there a couple; the head's age; is the head a woman."""
    count = len(sizes)
    married = random.random(count) < np.choose(np.minimum(sizes, 4) - 1, [0.0, 0.68, 0.86, 0.94])
    base = np.where(
        sizes == 1,
        pick(HEAD_AGES, random, count, ALONE_WEIGHTS),
        np.where(
            married & (sizes == 2),
            pick(HEAD_AGES, random, count, COUPLE_WEIGHTS),
            pick(HEAD_AGES, random, count, PARENTS_WEIGHTS),
        ),
    )
    age = base + random.integers(0, 5, count)
    woman = ~married & (random.random(count) < np.where(sizes == 1, 0.5, 0.65))
    return married, age, woman


def _relations(sizes: Ints, family: Ints, place: Ints, married: Flags, random: Random) -> Ints:
    """SHDK by place in the family: head, wife, children, and sometimes a grandparent or a relative last."""
    last = place == sizes[family] - 1
    grandparent = (random.random(len(sizes)) < 0.14) & (sizes >= 3)
    relative = (random.random(len(sizes)) < 0.06) & (sizes >= 3) & ~grandparent
    out = np.full(len(family), CHILD)
    out[last & grandparent[family]] = PARENT
    out[last & relative[family]] = RELATIVE
    out[(place == 1) & married[family]] = WIFE
    out[place == 0] = HEAD
    return out


def _ages(family: Ints, relation: Ints, place: Ints, head_age: Ints, random: Random) -> Ints:
    """Ages that fit: wives near their husbands, children at least 19 years younger and apart."""
    count = len(family)
    head = head_age[family]
    wife = np.maximum(head - random.integers(-2, 8, count), 18)
    # The youngest child's age grows with the parent's; elder ones follow two to three years apart.
    spread = np.maximum(np.minimum(head - 20, 36), 1)
    youngest = (random.random(len(head_age)) ** 0.95)[family] * spread
    child = youngest + 2.4 * np.maximum(place - 1, 0)
    child = np.clip(child, 0, np.maximum(head - 19, 0)).astype(np.int64)
    return np.select(
        [relation == HEAD, relation == WIFE, relation == CHILD, relation == PARENT],
        [head, wife, child, np.minimum(head + random.integers(20, 33, count), 95)],
        default=random.integers(5, 75, count),
    )


def _marital(relation: Ints, married: Flags, age: Ints, random: Random) -> Ints:
    count = len(relation)
    lost = pick([DIVORCED, WIDOWED], random, count, LOST_WEIGHTS)
    single_head = np.where((age < 30) & (random.random(count) < 0.8), UNMARRIED, lost)
    return np.select(
        [relation == WIFE, (relation == HEAD) & married, relation == HEAD, relation == PARENT],
        [MARRIED, MARRIED, single_head, WIDOWED],
        default=UNMARRIED,
    )
