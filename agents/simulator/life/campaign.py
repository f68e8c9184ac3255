"""Groundcheck: officers visit families and write down what they find (domain facts 4)."""

import numpy as np
import polars as pl

from agents.simulator import filing
from agents.simulator.conduct import (
    Rounds,
    conduct_of,
    evidence,
    houses_described,
    hurried_days,
    verdicts_told,
)
from agents.simulator.housing import aset, perumahan
from agents.simulator.life.officers import rounds
from agents.simulator.log import Envelope, Turn
from agents.simulator.quarters import office_instants
from agents.simulator.randomness import Days, Flags, Floats, Ints, Random, Texts, count_of, pick, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.scales import TWO_HALVES

CONTACTS = (
    "LENGKAP",
    "TIDAK_LENGKAP",
    "TIDAK_ADA_RESPONDEN",
    "MENOLAK",
    "PINDAH_ATAU_BANGUNAN_HILANG",
    "TIDAK_DITEMUKAN",
    "DATA_GANDA",
)
FOUND = 2  # the first two contacts saw the family
# Who sends officers: BPS and its mitra, the PKH companions of Kemensos, Pendamsos of Dinsos.
SENDERS = ("bps", "kemensos", "dinsos-dki")
SENDER_WEIGHTS = (45, 35, 20)
# Families that were poor and at the visit live far better: what they receive will end, and some object.
POOR, RISEN = -0.9, 1.2
# Of the few officers of a small scale one cheats for certain: with one photo for many homes.
PLANTED_OFFICER = f"dinsos-dki-{TWO_HALVES[0]}-001"
# Where lists are long enough for a second and a third officer, from scale S on, one cheats in each other way.
STAGED = {
    PLANTED_OFFICER: "PHOTO_REUSED",
    f"bps-{TWO_HALVES[0]}-002": "GEOTAG_FAR",
    f"bps-{TWO_HALVES[0]}-003": "TOO_FAST",
    f"kemensos-{TWO_HALVES[0]}-002": "ONE_VERDICT",
    f"bps-{TWO_HALVES[1]}-002": "REVERSED",
    f"bps-{TWO_HALVES[1]}-003": "TOO_MANY_A_DAY",
    f"kemensos-{TWO_HALVES[1]}-002": "SAME_ANSWERS",
    f"dinsos-dki-{TWO_HALVES[1]}-002": "GEOTAG_SAME",
}
UNFIT_FROM = 0.0  # welfare from which an officer may judge a family not fit


def campaign(turn: Turn) -> None:
    """Visit a share of the families; welfare has drifted since they were last seen."""
    random = turn.random("campaign")
    world = turn.world
    drift = turn.rates.welfare_drift * random.standard_normal(len(world.families))
    # Pulled back towards the mean, so that the spread of welfare stays what it was.
    world.families.welfare = world.families.welfare * np.sqrt(1 - turn.rates.welfare_drift**2) + drift
    start = turn.quarter.last_day - np.timedelta64(24, "D")
    candidates = np.flatnonzero(world.free(start) & (world.sizes() > 0))
    chosen = some_of(candidates, count_of(turn.rates.groundchecked * len(candidates), random), random)
    expected = turn.rates.staged_risers_per_1000_families * len(candidates) / 1000
    poor = chosen[world.families.welfare[chosen] < POOR]
    world.risen = some_of(poor, count_of(expected, random, least=2 * LEAST_PER_QUARTER), random)
    world.families.welfare[world.risen] = RISEN
    sender = pick(np.arange(len(SENDERS)), random, len(chosen), SENDER_WEIGHTS)
    for number, producer in enumerate(SENDERS):
        visit(turn, random, np.sort(chosen[sender == number]), producer)


def visit(turn: Turn, random: Random, families: Ints, producer: str) -> None:
    """Write the results of one sender's visits in the last weeks of the quarter."""
    world, count = turn.world, len(families)
    contact = pick(np.arange(len(CONTACTS)), random, count, _contact_weights(turn))
    seen = contact < FOUND
    officers, days = rounds(turn, random, families, producer)
    conduct, lies = _conduct(turn, officers), turn.random(f"lies of {producer}")
    days = hurried_days(officers, conduct, days)
    homes = houses_described(officers, conduct, families, lies)
    homes = np.where(np.isin(families, world.risen), families, homes)  # these are staged in a way of their own
    housing, assets = family_frames(homes, world.families.welfare[homes], turn.seed)
    verdicts = _verdicts(world.families.welfare[families], seen, turn.rates.found_unfit, random)
    partly = pl.Series(contact == 1)
    content = (
        pl.DataFrame(
            {
                "petugas": officers,
                "hasil_kontak": np.array(CONTACTS)[contact],
                "putusan": verdicts_told(conduct, verdicts, lies),
                "no_kk": world.families.number[families],
                "kelurahan": world.families.kelurahan[families],
                "skema_wilayah": np.full(count, filing.SCHEME),
                "alamat": world.families.address[families],
            }
        )
        .hstack(housing)
        .hstack(assets)
        .with_columns(
            # An incomplete interview leaves the last questions open.
            pl.when(~partly).then(pl.col("perumahan.daya")).alias("perumahan.daya"),
            pl.when(~partly).then(pl.col("aset.emas")).alias("aset.emas"),
        )
    )
    blank = [name for name in content.columns if name.startswith(("perumahan", "aset"))]
    content = content.with_columns(pl.when(pl.Series(seen)).then(pl.col(blank))).with_columns(
        pl.col("perumahan", "aset").fill_null(value=False)
    )
    place, rows = filing.members_by_place(turn, families)
    members = pl.DataFrame(
        {
            "row": place,
            "nik": world.people.nik[rows],
            "keberadaan": _presence(turn, rows, contact[place], random),
        }
    )
    recorded_ms = office_instants(np.minimum(days + random.integers(0, 3, count), turn.quarter.last_day), random)
    office = np.strings.add(f"{producer}-", np.strings.slice(world.families.kelurahan[families], 0, 4))
    envelope = Envelope(producer, office, days, recorded_ms)
    content = content.hstack(_evidence(turn, producer, officers, conduct, families, days, recorded_ms, contact))
    first = world.people.nik[rows[np.searchsorted(place, np.arange(count))]]
    keys = (world.families.number[families], first)
    turn.write("groundcheck", envelope, content, children={"anggota": members}, keys=keys)


def _conduct(turn: Turn, officers: Texts) -> Texts:
    """How each of them goes about it; the world keeps it for the truth."""
    found = conduct_of(officers, turn.seed, turn.rates.dishonest_officers)
    for officer, staged in STAGED.items():
        found = np.where(officers == officer, staged, found)
    turn.world.conduct.update(zip(officers.tolist(), found.tolist(), strict=True))
    return found


def _evidence(
    turn: Turn,
    producer: str,
    officers: Texts,
    conduct: Texts,
    families: Ints,
    days: Days,
    recorded_ms: Ints,
    contact: Ints,
) -> pl.DataFrame:
    """What the app notes beside the form, also where it shows that an officer cheats."""
    rounds_made = Rounds(
        officers,
        conduct,
        families,
        turn.world.families.kelurahan[families],
        days,
        recorded_ms,
        whole=contact == 0,
        partly=contact == 1,
        found=~np.isin(contact, [CONTACTS.index("PINDAH_ATAU_BANGUNAN_HILANG"), CONTACTS.index("TIDAK_DITEMUKAN")]),
    )
    return evidence(rounds_made, turn.random(f"evidence of {producer}"), turn.seed)


def family_frames(families: Ints, welfare: Floats, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(housing, belongings) with dotted names and the column that says the record is present."""
    present = pl.repeat(value=True, n=len(families), eager=True)
    housing = perumahan(families, welfare, seed).rename(lambda name: f"perumahan.{name}")
    assets = aset(families, welfare, seed).rename(lambda name: f"aset.{name}")
    return housing.insert_column(0, present.alias("perumahan")), assets.insert_column(0, present.alias("aset"))


def _contact_weights(turn: Turn) -> list[float]:
    rates = turn.rates
    others = [
        rates.contact_incomplete,
        rates.contact_no_respondent,
        rates.contact_refused,
        rates.contact_moved,
        rates.contact_not_found,
        rates.contact_double,
    ]
    return [1 - sum(others), *others]


def _verdicts(welfare: Floats, seen: Flags, unfit: float, random: Random) -> Texts:
    judged = np.where((welfare > UNFIT_FROM) & (random.random(len(welfare)) < 2 * unfit), "TIDAK_LAYAK", "LAYAK")
    return np.where(seen, judged, "BELUM_DIPUTUSKAN")


def _presence(turn: Turn, rows: Ints, contact: Ints, random: Random) -> Texts:
    """Presence per person: the dead are found dead before their report, and a few living by mistake."""
    dead = ~turn.world.people.alive[rows] | (random.random(len(rows)) < turn.rates.officer_says_dead)
    away = random.random(len(rows)) < 0.01
    found = np.select([dead, away], ["MENINGGAL", "PINDAH_DN"], "BERSAMA")
    return np.where(contact < FOUND, found, "TIDAK_DITEMUKAN")
