"""The first load: what the registries already hold when the simulated quarters begin.

Everything is recorded in the quarter before the first and arrives in the first.
"""

import numpy as np
import polars as pl

from agents.simulator import filing
from agents.simulator.identity import addresses
from agents.simulator.jobs import reported
from agents.simulator.life.births import backlog
from agents.simulator.life.campaign import family_frames
from agents.simulator.log import Envelope, Turn
from agents.simulator.quarters import office_instants
from agents.simulator.randomness import Days, Flags, Floats, Ints, Random, pick, some_of
from agents.simulator.world import NEVER

# The day each register before DTSEN stands for. Regsosek: fieldwork October and November 2022
# (domain facts 1.5); the other two: assumption. By the weights half of all families are in DTKS, as of
# Jakarta's residents in October 2024 (domain facts 6.3).
SOURCES = ("DTKS", "REGSOSEK", "P3KE")
SOURCE_DAYS = np.array(["2024-06-30", "2022-11-14", "2023-06-30"], "datetime64[D]")
SOURCE_WEIGHTS = (54, 33, 13)
LEGACY = "legacy"
# Welfare below which a family was meant to receive, and the share of APBD help for elders.
POOR = -0.7


def first_load(turn: Turn) -> None:
    """Births of everybody, a card per family, occupations of state workers, and the legacy lists."""
    random = turn.random("first load")
    world = turn.world
    people, families = np.arange(len(world.people)), np.arange(len(world.families))
    start = turn.quarter.plus(-1).first_day
    filing.lahir(turn, random, people, _days(start, 0, 40, random, len(people)))
    recorded = _days(start, 40, 70, random, len(families))
    issued = recorded - random.integers(30, 3000, len(families))
    filing.kartu_keluarga(turn, random, families, issued=issued, recorded=recorded, reason="BARU")
    workers = reported(world.people.job)
    recorded = _days(start, 45, 80, random, len(workers))
    filing.pekerjaan(turn, random, workers, recorded - random.integers(100, 2500, len(workers)), recorded)
    known = np.flatnonzero(random.random(len(families)) < turn.rates.legacy_listed)
    _legacy_lists(turn, random, known, start)
    _strangers(turn, random, start)
    _dead_already(turn, random)
    backlog(turn)


def _days(start: np.datetime64, low: int, high: int, random: Random, count: int) -> Days:
    return start + random.integers(low, high, count)


def _legacy_lists(turn: Turn, random: Random, families: Ints, start: np.datetime64) -> None:
    """Families as DTKS, Regsosek or P3KE knew them, with an older welfare and what they received."""
    world, count = turn.world, len(families)
    source = pick(np.arange(3), random, count, SOURCE_WEIGHTS)
    welfare = world.families.welfare[families] + 0.5 * random.standard_normal(count)
    housing, _ = family_frames(families, welfare, turn.seed)
    content = pl.DataFrame(
        {
            "sumber": np.array(SOURCES)[source],
            "no_kk": world.families.number[families],
            "kelurahan": world.families.kelurahan[families],
            "skema_wilayah": np.full(count, filing.SCHEME),
            "alamat": world.families.address[families],
        }
    ).hstack(housing)
    place, rows = filing.members_by_place(turn, families)
    members = pl.DataFrame({"row": place, "nik": world.people.nik[rows]})
    meant = _recipients(turn, random, welfare)
    elders = np.zeros(count, np.bool_)
    elders[place[world.ages_on(start)[rows] >= 60]] = True
    receipts = _receipts(meant, elders, random)
    recorded = _days(start, 55, 85, random, count)
    envelope = _legacy_envelope(SOURCE_DAYS[source], recorded, random)
    first = world.people.nik[rows[np.searchsorted(place, np.arange(count))]]
    keys = (world.families.number[families], first)
    children = {"anggota": members, "penerimaan": receipts}
    turn.write("daftar_lama", envelope, content, children=children, keys=keys)


def _recipients(turn: Turn, random: Random, welfare: Floats) -> Flags:
    """Who received PKH or Sembako: the named share of them from those who were not poor."""
    recipients = turn.rates.legacy_recipients * len(welfare)
    wrong = round(turn.rates.legacy_mistargeted * recipients)
    poor, other = np.flatnonzero(welfare < POOR), np.flatnonzero(welfare >= POOR)
    out = np.zeros(len(welfare), np.bool_)
    out[some_of(poor, round(recipients) - wrong, random)] = True
    out[some_of(other, wrong, random)] = True
    return out


def _legacy_envelope(as_of: Days, recorded: Days, random: Random) -> Envelope:
    """The lists as they stood; in a simulation that begins before a list's day, as they stood when written down."""
    office = np.full(len(as_of), "pusdatin")
    return Envelope(LEGACY, office, np.minimum(as_of, recorded), office_instants(recorded, random))


def _receipts(meant: np.ndarray, elders: np.ndarray, random: Random) -> pl.DataFrame:
    """What families received: Sembako, some PKH, and KLJ where an elder lives; with an end at times."""
    parts = [
        (np.flatnonzero(meant), "SEMBAKO", "APBN"),
        (np.flatnonzero(meant & (random.random(len(meant)) < 0.5)), "PKH", "APBN"),
        (np.flatnonzero(elders & ~meant & (random.random(len(meant)) < 0.2)), "KLJ", "APBD"),
    ]
    frame = pl.concat(
        pl.DataFrame({"row": rows, "program": np.full(len(rows), name), "anggaran": np.full(len(rows), budget)})
        for rows, name, budget in parts
    ).sort("row", maintain_order=True)
    ended = random.random(frame.height) < 0.2
    return frame.with_columns(sampai=pl.when(pl.Series(ended)).then(pl.lit("2024-12-31").str.to_date()).otherwise(None))


def _strangers(turn: Turn, random: Random, start: np.datetime64) -> None:
    """Listed people that no civil record knows: old lists hold NIK that match nothing."""
    count = max(1, round(turn.rates.legacy_unmatched * len(turn.world.people)))
    born = np.datetime64("1950-01-01", "D") + random.integers(0, 18_000, count)
    niks = turn.world.niks.issue(born, random.random(count) < 0.5, random)
    content = pl.DataFrame(
        {
            "sumber": np.full(count, "DTKS"),
            "no_kk": pl.repeat(None, count, dtype=pl.String, eager=True),
            "kelurahan": pick(np.unique(turn.world.families.kelurahan), random, count),
            "skema_wilayah": np.full(count, filing.SCHEME),
            "alamat": addresses(count, random),
            "perumahan": np.zeros(count, np.bool_),
        }
    )
    members = pl.DataFrame({"row": np.arange(count), "nik": niks})
    receipts = _receipts(np.ones(count, np.bool_), np.zeros(count, np.bool_), random)
    recorded = _days(start, 55, 85, random, count)
    envelope = _legacy_envelope(np.full(count, SOURCE_DAYS[0]), recorded, random)
    children = {"anggota": members, "penerimaan": receipts}
    turn.write("daftar_lama", envelope, content, children=children, keys=(niks, niks))


def _dead_already(turn: Turn, random: Random) -> None:
    """People who died in earlier years and whose deaths will be reported late, in the first year."""
    world = turn.world
    old = np.flatnonzero(world.ages_on(turn.quarter.first_day) >= 50)
    expected = turn.rates.dead_before_start * len(world.people)
    dead = random.permutation(old)[: max(4, round(expected))]
    world.people.died[dead] = turn.quarter.first_day - random.integers(100, 900, len(dead))
    # Spread over four quarters in turn, so that each quarter has one.
    reports = [turn.quarter.plus(place % 4) for place in range(len(dead))]
    days = [each.first_day + int(random.integers(3, 80)) for each in reports]
    world.deaths_to_report.update(zip(dead.tolist(), days, strict=True))
    assert bool((world.people.died[dead] != NEVER).all())
