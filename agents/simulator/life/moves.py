"""Moves: between the two kota, out of DKI, and into it, each by an SKPWNI number.

The office of origin writes the departure, the office of destination the arrival, days to weeks
later and at times never; in between people are in transit.
"""

import numpy as np

from agents.simulator import filing, jobs
from agents.simulator.identity import addresses
from agents.simulator.log import Turn
from agents.simulator.population import newcomers
from agents.simulator.randomness import Days, Flags, Ints, Random, Texts, count_of, pick, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import CHILD, HEAD, NEVER, UNMARRIED, World

# Around Jakarta: Bogor, Bekasi, Depok (kabupaten and kota), Tangerang and Tangerang Selatan.
NEIGHBOURS = np.array(["3201", "3216", "3275", "3276", "3603", "3671", "3674"])
GAP_DAYS = (3, 50)  # from departure to arrival. Assumption: "days to weeks"
ELDER_YEARS = 60
# Ranks of welfare of elders staged to be in transit: above the poorest, who get national
# programmes, and below those whom no programme serves.
STAGED_RANKS = (0.10, 0.45)
STAGED_LAST_DAYS = 25  # staged departures fall into the last days of a quarter
GROWN_YEARS = (19, 40)  # of a child that leaves the parents


def moves(turn: Turn) -> None:
    """All moves of the quarter, each family in one of them at most."""
    _staged_transits(turn)
    _between_kota(turn)
    _out_of_dki(turn)
    _into_dki(turn)


def _staged_transits(turn: Turn) -> None:
    """Small families with an elder that are under way at the quarter's end, so that HELD occurs."""
    random = turn.random("staged transits")
    world = turn.world
    elders = world.here() & (world.ages_on(turn.quarter.last_day) >= ELDER_YEARS)
    with_elder = np.zeros(len(world.families), np.bool_)
    with_elder[world.people.family[elders]] = True
    rank = np.argsort(np.argsort(world.families.welfare)) / len(world.families)
    low, high = STAGED_RANKS
    fit = movable(turn) & with_elder & (world.sizes() <= 3) & (rank >= low) & (rank < high)
    expected = turn.rates.staged_transits_per_1000_families * len(world.families) / 1000
    families = some_of(np.flatnonzero(fit), max(3 * LEAST_PER_QUARTER, round(expected)), random)
    departed = turn.quarter.last_day - random.integers(4, STAGED_LAST_DAYS, len(families))
    arrived = departed + random.integers(STAGED_LAST_DAYS + 5, 70, len(families))
    _move_families(turn, random, families, departed, arrived)


def _between_kota(turn: Turn) -> None:
    random = turn.random("moves between kota")
    expected = turn.rates.per_quarter(turn.rates.moves_between_kota_per_1000, int(turn.world.here().sum()))
    families, children = _whole_or_child(turn, random, expected)
    departed = turn.quarter.some_days(random, len(families))
    _move_families(turn, random, families, departed, departed + random.integers(*GAP_DAYS, len(families)))
    departed = turn.quarter.some_days(random, len(children))
    _move_children(turn, random, children, departed, departed + random.integers(*GAP_DAYS, len(children)))


def _whole_or_child(turn: Turn, random: Random, persons: float) -> tuple[Ints, Ints]:
    """(families that move whole, grown-up children that move alone), of different families."""
    world = turn.world
    ready = np.flatnonzero(movable(turn))
    mean = max(1.0, float(world.sizes()[ready].mean()) if len(ready) else 1.0)
    whole = turn.rates.moves_whole_family
    families = some_of(ready, count_of(whole * persons / mean, random, least=1), random)
    age = world.ages_on(turn.quarter.first_day)
    low, high = GROWN_YEARS
    grown = world.here() & (world.people.relation == CHILD) & (age >= low) & (age <= high)
    grown &= world.people.marital == UNMARRIED
    grown &= movable(turn)[world.people.family] & ~np.isin(world.people.family, families)
    rows = random.permutation(np.flatnonzero(grown))
    _, first = np.unique(world.people.family[rows], return_index=True)
    count = count_of((1 - whole) * persons, random, least=1)
    return families, rows[np.sort(first)][:count]


def movable(turn: Turn) -> Flags:
    """Families with nothing under way and a living head; members dead but not reported stay behind."""
    world = turn.world
    headed = np.zeros(len(world.families), np.bool_)
    headed[world.people.family[world.here() & (world.people.relation == HEAD)]] = True
    hidden = np.zeros(len(world.families), np.bool_)
    hidden[world.people.family[world.listed() & ~world.people.alive]] = True
    fit: Flags = world.free(turn.quarter.first_day) & headed & ~hidden
    return fit


def _move_families(turn: Turn, random: Random, families: Ints, departed: Days, arrived: Days) -> None:
    """Whole families to the other kota; some keep the card's number."""
    world, count = turn.world, len(families)
    movers = filing.members_by_place(turn, families)
    origin = world.families.kelurahan[families].copy()
    goal = _other(world, origin)
    letters = world.write_letters(departed, _city(origin))
    filing.pindah_keluar(turn, random, letters, movers, kelurahan=origin, destination=_city(goal), recorded=departed)
    world.families.kelurahan[families] = goal
    world.families.address[families] = addresses(count, random)
    renewed = random.random(count) >= turn.rates.moves_keep_number
    no_women = np.zeros(int(renewed.sum()), np.bool_)
    world.families.number[families[renewed]] = world.cards.issue(arrived[renewed], no_women, random)
    _arrive(turn, random, families, movers, letters=letters, arrived=arrived)


def _move_children(turn: Turn, random: Random, rows: Ints, departed: Days, arrived: Days) -> None:
    """Grown-up children to the other kota, each with a card of its own."""
    world, count = turn.world, len(rows)
    before = world.people.family[rows]
    origin = world.families.kelurahan[before].copy()
    goal = _other(world, origin)
    letters = world.write_letters(departed, _city(origin))
    movers = (np.arange(count), rows)
    filing.pindah_keluar(turn, random, letters, movers, kelurahan=origin, destination=_city(goal), recorded=departed)
    world.occupy(before, arrived)
    families = world.families.grow(
        number=world.cards.issue(arrived, np.zeros(count, np.bool_), random),
        kelurahan=goal,
        address=addresses(count, random),
        welfare=world.families.welfare[before] * 0.6 + 0.6 * random.standard_normal(count),
        gone=np.zeros(count, np.bool_),
        busy_until=arrived,
    )
    world.people.family[rows] = families
    world.people.relation[rows] = HEAD
    _arrive(turn, random, families, movers, letters=letters, arrived=arrived)


def _arrive(
    turn: Turn, random: Random, families: Ints, movers: tuple[Ints, Ints], *, letters: Texts, arrived: Days
) -> None:
    """Write the arrivals, but for those that never come."""
    world = turn.world
    never = random.random(len(families)) < turn.rates.moves_never_arriving
    place, rows = movers
    # The k-th arrival written is that of the k-th family that comes.
    rank = np.cumsum(~never) - 1
    coming = ~never[place]
    kept = (rank[place[coming]], rows[coming])
    filing.pindah_datang(turn, random, letters[~never], kept, families=families[~never], recorded=arrived[~never])
    world.occupy(families[~never], arrived[~never] + 7)
    world.families.gone[families[never]] = True
    world.occupy(families[never], np.full(int(never.sum()), NEVER))


def _out_of_dki(turn: Turn) -> None:
    """Departures to the neighbouring cities; the families are gone from DKI, the registry knows them as leaving."""
    random = turn.random("moves out")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.departures_per_1000, int(world.here().sum()))
    families, children = _whole_or_child(turn, random, expected)
    for whole, rows in ((True, families), (False, children)):
        count = len(rows)
        departed = turn.quarter.some_days(random, count)
        home = rows if whole else world.people.family[rows]
        movers = filing.members_by_place(turn, rows) if whole else (np.arange(count), rows)
        origin = world.families.kelurahan[home]
        letters = world.write_letters(departed, _city(origin))
        goal = pick(NEIGHBOURS, random, count)
        filing.pindah_keluar(turn, random, letters, movers, kelurahan=origin, destination=goal, recorded=departed)
        if whole:
            world.families.gone[home] = True
        else:
            _leave(turn, rows, departed)
        world.occupy(home, departed + 7)


def _leave(turn: Turn, rows: Ints, departed: Days) -> None:
    """People who left alone: rows of families that are gone, with the number they were listed under."""
    world = turn.world
    before = world.people.family[rows]
    families = world.families.grow(
        number=world.families.number[before],
        kelurahan=world.families.kelurahan[before],
        address=world.families.address[before],
        welfare=world.families.welfare[before],
        gone=np.ones(len(rows), np.bool_),
        busy_until=departed,
    )
    world.people.family[rows] = families


def _into_dki(turn: Turn) -> None:
    """New families from outside: their biodata from the registry, then the arrival by an unknown SKPWNI."""
    random = turn.random("moves in")
    expected = turn.rates.per_quarter(turn.rates.arrivals_per_1000, int(turn.world.here().sum()))
    count = count_of(expected / 2, random, least=1)  # newcomers come in families of two on average
    arrived = turn.quarter.some_days(random, count)
    families = newcomers(turn.world, arrived, turn.quarter, random)
    place, rows = filing.members_by_place(turn, families)
    written = arrived - random.integers(*GAP_DAYS, count)
    letters = turn.world.write_letters(written, pick(NEIGHBOURS, random, count))
    filing.lahir(turn, random, rows, arrived[place])
    filing.pindah_datang(turn, random, letters, (place, rows), families=families, recorded=arrived + 1)
    turn.world.people.job[rows] = jobs.NO_JOB
    turn.world.occupy(families, arrived + 7)


def _other(world: World, kelurahan: Texts) -> Texts:
    """The other of the two kelurahan."""
    first, second = world.places
    other: Texts = np.where(kelurahan == first, second, first)
    return other


def _city(kelurahan: Texts) -> Texts:
    city: Texts = np.strings.slice(kelurahan, 0, 4)
    return city
