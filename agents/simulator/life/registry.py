"""Further acts of the civil registry: moves within a city, divorces, biodata, deactivated NIK."""

import numpy as np
import polars as pl

from agents.simulator import filing
from agents.simulator.identity import addresses
from agents.simulator.log import Turn
from agents.simulator.randomness import Days, Ints, Random, count_of, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import CHILD, DIVORCED, HEAD, WIFE


def moves_within(turn: Turn) -> None:
    """Families move to another RT of their kelurahan: the card stays, the address changes, no SKPWNI is needed."""
    random = turn.random("moves within")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.moves_within_per_1000, int(world.here().sum())) / 3
    free = np.flatnonzero(world.free(turn.quarter.first_day) & world.headed())
    families = some_of(free, count_of(expected, random, least=LEAST_PER_QUARTER), random)
    days = turn.quarter.some_days(random, len(families))
    world.families.address[families] = addresses(len(families), random)
    world.occupy(families, days + 7)
    number, kelurahan = world.families.number[families], world.families.kelurahan[families]
    content = pl.DataFrame(
        {
            "no_kk": number,
            "kelurahan": kelurahan,
            "skema_wilayah": np.full(len(families), filing.SCHEME),
            "alamat": world.families.address[families],
        }
    )
    place, rows = filing.members_by_place(turn, families)
    movers = pl.DataFrame(
        {
            "row": place,
            "nik": world.people.nik[rows],
            "hubungan": world.people.relation[rows].astype(np.int32),
        }
    )
    envelope = filing.civil_envelope(kelurahan, days, days, random)
    first = world.people.nik[rows[np.searchsorted(place, np.arange(len(families)))]]
    turn.write("pindah_dalam", envelope, content, children={"pindah": movers}, keys=(number, first))


def divorces(turn: Turn) -> None:
    """Couples divorce; the wife gets a card of her own at the old address (pisah KK), the children stay."""
    random = turn.random("divorces")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.divorces_per_1000, int(world.here().sum()))
    free = world.free(turn.quarter.first_day) & world.headed()
    wives = np.flatnonzero(world.here() & (world.people.relation == WIFE) & free[world.people.family])
    _, first = np.unique(world.people.family[wives], return_index=True)
    wives = some_of(wives[first], count_of(expected, random, least=LEAST_PER_QUARTER), random)
    before = world.people.family[wives]
    heads = _heads(turn, before)
    days = turn.quarter.some_days(random, len(wives))
    days[:LEAST_PER_QUARTER] = turn.quarter.first_day + 7  # so that somebody's is written within every quarter
    recorded = days + random.integers(3, 30, len(wives))
    world.people.marital[wives] = world.people.marital[heads] = DIVORCED
    _couples(turn, random, "cerai", (heads, wives), days, recorded, "AC")
    families = world.families.grow(
        number=world.cards.issue(recorded, np.zeros(len(wives), np.bool_), random),
        kelurahan=world.families.kelurahan[before],
        address=world.families.address[before],
        welfare=world.families.welfare[before] - 0.3,
        gone=np.zeros(len(wives), np.bool_),
        busy_until=recorded + 7,
    )
    world.occupy(before, recorded + 7)
    world.people.family[wives], world.people.relation[wives] = families, HEAD
    filing.kartu_keluarga(turn, random, families, issued=recorded, recorded=recorded, reason="PISAH")


def weddings(turn: Turn, men: Ints, women: Ints, days: Days, recorded: Days) -> None:
    """The marriage itself, beside the card that follows from it."""
    _couples(turn, turn.random("wedding papers"), "kawin", (men, women), days, recorded, "KW")


def _couples(
    turn: Turn, random: Random, contract: str, couple: tuple[Ints, Ints], days: Days, recorded: Days, mark: str
) -> None:
    people, families = turn.world.people, turn.world.families
    first, second = couple
    count = len(first)
    kelurahan = families.kelurahan[people.family[first]]
    envelope = filing.civil_envelope(kelurahan, days, recorded, random)
    content = pl.DataFrame(
        {
            f"tanggal_{contract}": envelope.effective.astype("datetime64[D]"),
            "nomor_akta": [f"3174-{mark}-{place:04d}" for place in range(count)],
        },
        schema_overrides={"nomor_akta": pl.String},
    )
    pairs = pl.DataFrame(
        {
            "row": np.repeat(np.arange(count), 2),
            "nik": np.stack([people.nik[first], people.nik[second]], axis=1).ravel(),
        }
    )
    keys = (people.nik[first], people.nik[second])
    turn.write(contract, envelope, content, children={"pasangan": pairs}, keys=keys)


def _heads(turn: Turn, families: Ints) -> Ints:
    """The row of the head of each family."""
    world = turn.world
    rows = np.flatnonzero(world.listed() & (world.people.relation == HEAD))
    place = np.zeros(len(world.families), np.int64)
    place[world.people.family[rows]] = rows
    heads: Ints = place[families]
    return heads


def biodata(turn: Turn) -> None:
    """A name is written anew at the citizen's request; the NIK stays (Permendagri 108/2019 Pasal 15(3))."""
    random = turn.random("biodata")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.corrected_births_per_1000, int(world.here().sum()))
    fit = world.here() & (world.people.relation == CHILD)
    rows = some_of(np.flatnonzero(fit), count_of(expected, random, least=LEAST_PER_QUARTER), random)
    recorded = turn.quarter.some_days(random, len(rows))
    people, kelurahan = world.people, world.families.kelurahan[world.people.family[rows]]
    people.name[rows] = np.strings.add(people.name[rows], " P.")
    content = pl.DataFrame(
        {
            "nik": people.nik[rows],
            "nama": people.name[rows],
            "tanggal_lahir": people.born[rows],
            "jenis_kelamin": np.where(people.woman[rows], "PEREMPUAN", "LAKI_LAKI"),
        }
    )
    envelope = filing.civil_envelope(kelurahan, recorded, recorded, random)
    keys = (people.nik[rows], world.families.number[people.family[rows]])
    turn.write("biodata", envelope, content, children={}, keys=keys)


def deactivated_niks(turn: Turn) -> None:
    """NIK of living people in "RT that no longer exist" are deactivated, and made active again when they ask."""
    random = turn.random("deactivated")
    world = turn.world
    expected = turn.rates.per_quarter(turn.rates.deactivated_per_1000, int(world.here().sum()))
    fit = world.here() & world.free(turn.quarter.first_day)[world.people.family] & (world.people.relation != HEAD)
    rows = some_of(np.flatnonzero(fit), count_of(expected, random, least=2 * LEAST_PER_QUARTER), random)
    days = turn.quarter.some_days(random, len(rows))
    _status(turn, random, rows, days, active=False, reason="RT_TIDAK_ADA")
    # Half ask within weeks, half in the next quarter: over a cut.
    wait = np.where(np.arange(len(rows)) % 2 == 0, 10, 95) + random.integers(0, 10, len(rows))
    _status(turn, random, rows, days + wait, active=True, reason="PERMINTAAN_WARGA")
    world.occupy(world.people.family[rows], days + wait + 7)


def _status(turn: Turn, random: Random, rows: Ints, days: Days, *, active: bool, reason: str) -> None:
    people, families = turn.world.people, turn.world.families
    content = pl.DataFrame(
        {
            "nik": people.nik[rows],
            "aktif": np.full(len(rows), active),
            "alasan": np.full(len(rows), reason),
        }
    )
    family = people.family[rows]
    envelope = filing.civil_envelope(families.kelurahan[family], days, days, random)
    turn.write("status_nik", envelope, content, children={}, keys=(people.nik[rows], families.number[family]))
