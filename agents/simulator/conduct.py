"""How officers go about their visits: what an honest one leaves as evidence, and what a dishonest one does instead.

Officers keep their conduct in all quarters. Rates and sizes are assumptions: nobody publishes how officers cheat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from agents.simulator.randomness import Days, Flags, Floats, Ints, Random, Texts

HONEST = "HONEST"
# By the finding that should come of it. The first four change evidence only, never what is said about a family.
DISHONEST = (
    *("TOO_FAST", "PHOTO_REUSED", "GEOTAG_SAME", "GEOTAG_FAR"),
    *("SAME_ANSWERS", "TOO_MANY_A_DAY", "ONE_VERDICT", "REVERSED"),
)
CONDUCTS = (HONEST, *DISHONEST)
DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS = 86_400_000, 3_600_000, 60_000, 1_000
SLOT_MS = 90 * MINUTE_MS  # from one family's door to the next
DIGEST_BYTES = 32
NAME_CHARACTERS = 40
E6_PER_METRE = 1 / 0.111195
# Jakarta; a kelurahan's centre lies somewhere within 10 km of this point.
MIDDLE_E6, SPREAD_METRES = (-6_210_000, 106_830_000), 10_000
HOME_METRES, GPS_METRES = 350, 8  # how far homes lie from the centre, and how exact a telephone is
COPIED = 0.6  # share of a dishonest officer's visits that are so
TURNED = 0.8  # share of verdicts that are turned round
TOO_MANY = 40  # families in a day


@dataclass(frozen=True)
class Rounds:
    """Visits to be made: N of each."""

    officers: Texts
    conduct: Texts  # of CONDUCTS
    families: Ints
    kelurahan: Texts
    days: Days
    recorded_ms: Ints
    whole: Flags  # the interview was complete
    partly: Flags
    found: Flags  # the address was there


def conduct_of(officers: Texts, seed: int, share: float, kinds: tuple[str, ...] = DISHONEST) -> Texts:
    """The conduct of each officer: a share of them dishonest, in one way each, the same in every quarter."""
    chance = _steady(officers, seed, 1)
    which = np.minimum((_steady(officers, seed, 2) * len(kinds)).astype(np.int64), len(kinds) - 1)
    found: Texts = np.where(chance < share, np.array(kinds)[which], HONEST)
    return found


def evidence(rounds: Rounds, random: Random, seed: int) -> pl.DataFrame:
    """What the app notes: mulai, selesai, waktu_perangkat, lintang_e6, bujur_e6, foto_depan, foto_dalam, foto_kk."""
    seen = rounds.whole | rounds.partly
    began, ended, saved = _times(rounds, random)
    north, east = _places(rounds, random, seed)
    photos = random.integers(0, 256, (len(seen), 3, DIGEST_BYTES), dtype=np.uint8)
    _reuse(photos, rounds, random)
    taken = {"foto_depan": rounds.found, "foto_dalam": seen, "foto_kk": seen}
    return pl.DataFrame(
        {
            "mulai": _instants(began, seen),
            "selesai": _instants(ended, seen),
            "waktu_perangkat": _instants(saved, np.ones_like(seen)),
            "lintang_e6": north.astype(np.int32),
            "bujur_e6": east.astype(np.int32),
            **{name: _digests(photos[:, place], taken[name]) for place, name in enumerate(taken)},
        }
    )


def hurried_days(officers: Texts, conduct: Texts, days: Days) -> Days:
    """The days of the visits: TOO_MANY_A_DAY makes them one after another from the officer's first day on."""
    place = pl.int_range(pl.len()).over("officer") // TOO_MANY
    found = pl.DataFrame({"officer": officers, "day": days}).select(pl.col("day").min().over("officer"), place=place)
    many: Days = found["day"].to_numpy() + found["place"].to_numpy()
    hurried: Days = np.where(conduct == "TOO_MANY_A_DAY", many, days)
    return hurried


def houses_described(officers: Texts, conduct: Texts, families: Ints, random: Random) -> Ints:
    """The family whose house is written down: SAME_ANSWERS repeats that of the officer's first family."""
    copied = (conduct == "SAME_ANSWERS") & (random.random(len(officers)) < COPIED)
    frame = pl.DataFrame({"officer": officers, "family": families})
    first = frame.select(pl.col("family").first().over("officer")).to_series().to_numpy()
    described: Ints = np.where(copied, first, families)
    return described


def verdicts_told(conduct: Texts, verdicts: Texts, random: Random) -> Texts:
    """What is handed in of LAYAK and TIDAK_LAYAK: ONE_VERDICT knows only the first, which nobody complains about;
    REVERSED turns most of them round.
    """
    turned = np.where(verdicts == "LAYAK", "TIDAK_LAYAK", "LAYAK")
    told = np.where(conduct == "ONE_VERDICT", "LAYAK", verdicts)
    told = np.where((conduct == "REVERSED") & (random.random(len(verdicts)) < TURNED), turned, told)
    decided = np.isin(verdicts, ("LAYAK", "TIDAK_LAYAK"))
    found: Texts = np.where(decided, told, verdicts)
    return found


def _times(rounds: Rounds, random: Random) -> tuple[Ints, Ints, Ints]:
    """Beginning, end and the device's time, in ms since 1970; an interview ends before it is recorded."""
    count = len(rounds.officers)
    slot = (
        pl.DataFrame({"officer": rounds.officers, "day": rounds.days})
        .select(pl.int_range(pl.len()).over("officer", "day"))
        .to_series()
        .to_numpy()
    )
    minutes = np.where(rounds.whole, random.integers(18, 50, count), random.integers(6, 20, count))
    length = minutes * MINUTE_MS + random.integers(0, MINUTE_MS, count)
    hurried = (rounds.conduct == "TOO_FAST") & (random.random(count) < COPIED)
    length = np.where(hurried, random.integers(40, 200, count) * SECOND_MS, length)
    # From 08:00 WIB on, which is 01:00 UTC; nobody rings after 20:00.
    begin = HOUR_MS + np.minimum(slot * SLOT_MS, 11 * HOUR_MS) + random.integers(0, 30 * MINUTE_MS, count)
    began = np.minimum(
        rounds.days.astype("datetime64[ms]").astype(np.int64) + begin, rounds.recorded_ms - length - 5000
    )
    ended = began + length
    return began, ended, ended + random.integers(1, 90, count) * SECOND_MS


def _places(rounds: Rounds, random: Random, seed: int) -> tuple[Floats, Floats]:
    """Latitude and longitude of each visit, in millionths of a degree."""
    count = len(rounds.officers)
    centre = np.column_stack([_steady(rounds.kelurahan, 0, place) * 2 - 1 for place in (3, 4)]) * SPREAD_METRES
    homes = rounds.families.astype(np.str_)
    home = np.column_stack([_steady(homes, seed, place) + _steady(homes, seed, place + 2) - 1 for place in (5, 6)])
    metres = centre + home * 2 * HOME_METRES + random.standard_normal((count, 2)) * GPS_METRES
    dishonest = random.random(count) < COPIED
    same = (rounds.conduct == "GEOTAG_SAME") & dishonest
    far = (rounds.conduct == "GEOTAG_FAR") & dishonest
    desk = centre + np.column_stack([_steady(rounds.officers, seed, place) - 0.5 for place in (9, 10)]) * HOME_METRES
    metres = np.where(same[:, None], desk, metres)
    metres = np.where(far[:, None], desk + 9_000 + random.standard_normal((count, 2)) * 50, metres)
    point = np.array(MIDDLE_E6) + metres * E6_PER_METRE
    return np.round(point[:, 0]), np.round(point[:, 1])


def _reuse(photos: NDArray[np.uint8], rounds: Rounds, random: Random) -> None:
    """In place: dishonest officers hand in the photos of one visit for many."""
    copying = (rounds.conduct == "PHOTO_REUSED") & (random.random(len(photos)) < COPIED) & rounds.found
    first = pl.DataFrame({"officer": rounds.officers}).with_row_index().select(pl.col("index").first().over("officer"))
    photos[copying] = photos[first.to_series().to_numpy()[copying]]


def _instants(ms: Ints, present: Flags) -> pl.Series:
    told = pl.Series(ms).cast(pl.Datetime("ms", "UTC"))
    return pl.select(pl.when(pl.Series(present)).then(told)).to_series()


def _digests(digests: NDArray[np.uint8], present: Flags) -> pl.Series:
    """A Binary column; null where no photo was taken."""
    return pl.Series(
        [bytes(each) if there else None for each, there in zip(digests, present, strict=True)], dtype=pl.Binary
    )


def _steady(names: Texts, seed: int, variable: int) -> Floats:
    """Evenly in [0, 1) by name, always the same for the same seed (FNV-1a, then splitmix64)."""
    codes = np.asarray(names).astype(f"U{NAME_CHARACTERS}").view(np.uint32).reshape(len(names), NAME_CHARACTERS)
    codes = codes.astype(np.uint64)
    mixed = np.full(len(names), 0xCBF29CE484222325 ^ (seed * 1_000_003 + variable), np.uint64)
    for column in range(codes.shape[1]):
        mixed = (mixed ^ codes[:, column]) * np.uint64(0x100000001B3)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    even: Floats = (mixed >> np.uint64(11)).astype(np.float64) / 2**53
    return even
