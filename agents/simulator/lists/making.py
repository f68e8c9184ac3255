"""Who stands in which old list, with which programmes; and the profiles that reproduce published cases."""

import copy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from agents.simulator.bookkeeping import niks_of
from agents.simulator.identity import MEN, WOMEN, addresses, names
from agents.simulator.jobs import reported
from agents.simulator.lists.rates import Damage
from agents.simulator.lists.spoiling import misspelled, other_members, spoil
from agents.simulator.randomness import Ints, Random, pick, random_for, some_of
from agents.simulator.simulation import Simulation

# The day each list stands for, and what of the people it holds. Registers as agents/simulator/life/load.py has them.
DAYS = {
    "DTKS": "2024-12-15",
    "REGSOSEK": "2022-11-14",
    "P3KE": "2023-06-30",
    "APBN": "2024-12-31",
    "APBD": "2024-12-31",
}
SHARES = {"DTKS": 0.45, "REGSOSEK": 0.25, "P3KE": 0.15}
POOR = 0.3  # quantile of the hidden welfare of families
# The published case (domain facts 5.2): of the PBI receivers who fell out in May 2025, so many were not in DTSEN and so
# many in desil 6 to 10. How many others there are, and that they are the poorest, is ours.
PBI_NOT_IN_DTSEN, PBI_WELL_OFF = 5_090_334, 2_306_943
PBI_OUT = 0.06  # who falls out, as a share of all people
PBI_POOR, PBI_RICH = 0.1, 0.8
PROFILES = ("plain", "pbi-2025-05")
COLUMNS = (
    *("baris", "sumber", "per_tanggal", "nik", "no_kk", "nama", "tanggal_lahir", "jenis_kelamin", "alamat"),
    *("kelurahan", "program", "anggaran", "sampai"),
)


@dataclass(frozen=True)
class Lists:
    """Rows of all lists (COLUMNS), and the truth: baris, nik (null: in no civil record), kind, harm."""

    rows: pl.DataFrame
    truth: pl.DataFrame

    def write(self, folder: Path) -> list[Path]:
        """One CSV per list, and the truth as Parquet; the paths of the lists."""
        folder.mkdir(parents=True, exist_ok=True)
        self.truth.write_parquet(folder / "truth.parquet")
        written = []
        for (source,), rows in sorted(self.rows.group_by("sumber")):
            written.append(folder / f"{str(source).lower()}.csv")
            rows.sort("baris").write_csv(written[-1])
        return written


def lists_of(
    simulation: Simulation, profile: str = "plain", damage: Damage | None = None, *, piece: str | None = None
) -> Lists:
    """The lists about the people of a simulation, as its events left them; the same arguments give the same rows.

    `piece`: which of several the simulation is: its rows have names that no other piece's have.
    Raises ValueError for an unknown profile.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile {profile!r} is unknown; use {' or '.join(PROFILES)}")
    damage, random = damage or Damage(), random_for(simulation.seed, "lists", profile)
    parts = (
        _pbi(simulation, replace(damage, twins=0, doubles=0, dead=0, nik_of_another=0), random)
        if profile == "pbi-2025-05"
        else _plain(simulation, damage, random)
    )
    every = pl.concat(parts)
    number = pl.int_range(1, pl.len() + 1).over("sumber")
    name = pl.col("sumber") if piece is None else pl.concat_str("sumber", pl.lit(piece), separator="-")
    every = every.with_columns(baris=pl.format("{}-{}", name, number))
    truth = every.select("baris", nik="true_nik", kind="kind", harm="harm")
    return Lists(every.select(COLUMNS), truth)


def _known(simulation: Simulation) -> Ints:
    """People whose birth stands in the civil register."""
    return np.flatnonzero(simulation.world.people.birth_event.any(axis=1))


def _plain(simulation: Simulation, damage: Damage, random: Random) -> list[pl.DataFrame]:
    world, known = simulation.world, _known(simulation)
    alive = known[world.people.alive[known]]
    dead = np.setdiff1d(known, alive)
    welfare = world.families.welfare[world.people.family]
    poor = alive[welfare[alive] < np.quantile(welfare[alive], POOR)]
    parts = []
    for source, share in SHARES.items():
        rows = some_of(alive, round(share * len(alive)), random)
        gone = some_of(dead, round(damage.dead * len(rows)), random)
        parts.append(_list(simulation, damage, random, source, np.concatenate([rows, gone]), None))
    heads = alive[world.people.relation[alive] == 1]
    elders = alive[world.ages_on(simulation_start(simulation))[alive] >= 60]
    pupils = alive[np.isin(world.ages_on(simulation_start(simulation))[alive], np.arange(7, 18))]
    # A third of those who received were not among the poor: near the 45% of DEN (domain facts 6.4).
    for rows, source, programme, share in (
        (heads, "APBN", "SEMBAKO", 0.2),
        (heads, "APBN", "PKH", 0.1),
        (alive, "APBN", "PBI_JK", 0.3),
        (elders, "APBD", "KLJ", 0.3),
        (pupils, "APBD", "KJP_PLUS", 0.2),
    ):
        count = round(share * len(rows))
        meant = some_of(np.intersect1d(rows, poor), round(count * 2 / 3), random)
        others = some_of(np.setdiff1d(rows, meant), count - len(meant), random)
        gone = some_of(dead, max(1, round(damage.dead * count)), random)
        parts.append(_list(simulation, damage, random, source, np.concatenate([meant, others, gone]), programme))
    return parts


def _pbi(simulation: Simulation, damage: Damage, random: Random) -> list[pl.DataFrame]:
    """PBI receivers who fall out in the published proportion: unknown to the register, or of a well-off family."""
    world = simulation.world
    people, families = world.people, world.families
    visited = set(niks_of("daftar_lama", simulation.written["daftar_lama"])["nik"].to_list())
    seen = np.array([nik in visited for nik in people.nik.tolist()])
    at_home = people.alive & ~people.reported & ~families.gone[people.family] & seen
    at_home &= people.birth_event.any(axis=1) & ~np.isin(people.family, people.family[reported(people.job)])
    welfare = families.welfare[people.family]
    # What a visit finds scatters about the hidden welfare: only the ends are surely on one side of the limit.
    rich = np.flatnonzero(at_home & (welfare > np.quantile(welfare, PBI_RICH)))
    poor = np.flatnonzero(at_home & (welfare < np.quantile(welfare, PBI_POOR)))
    fall = PBI_NOT_IN_DTSEN + PBI_WELL_OFF
    out = round(PBI_OUT * len(people))
    unknown = round(out * PBI_NOT_IN_DTSEN / fall)
    rows = np.concatenate([poor, some_of(rich, out - unknown, random)])
    return [_list(simulation, replace(damage, strangers=unknown / len(rows)), random, "APBN", rows, "PBI_JK")]


def simulation_start(simulation: Simulation) -> np.datetime64:
    """The first of January of the year in which the simulated quarters begin."""
    return np.datetime64(f"{simulation.quarters[0][:4]}-01-01", "D")


def _list(
    simulation: Simulation, damage: Damage, random: Random, source: str, people: Ints, programme: str | None
) -> pl.DataFrame:
    """One list: these people with damage, some of them twice, twins of some, and strangers."""
    world = simulation.world
    twice = some_of(people, round(damage.doubles * len(people)), random)
    rows = np.concatenate([people, twice])
    frame = _as_listed(simulation, rows)
    kinds = np.where(world.people.alive[rows], "person", "dead")
    kinds[len(people) :] = "double"
    others = pl.DataFrame(
        {
            "nik": world.people.nik[rows[other_members(world.people.family[rows], random)]].tolist(),
            "old_no_kk": _old_cards(world.families.number[world.people.family[rows]].tolist()),
        }
    )
    spoilt = spoil(frame, others, damage, random).with_columns(true_nik=frame["nik"], kind=pl.Series(kinds.tolist()))
    twins = _twins(_as_listed(simulation, some_of(people, round(damage.twins * len(people)), random)), random)
    strangers = _strangers(simulation, round(damage.strangers * len(people)), random)
    every = pl.concat([spoilt, twins, strangers])[random.permutation(spoilt.height + twins.height + strangers.height)]
    programmes = every.height * [programme]
    ended = random.random(every.height) < 0.1
    return every.with_columns(
        sumber=pl.lit(source),
        per_tanggal=pl.lit(DAYS[source]).str.to_date(),
        program=pl.Series(programmes, dtype=pl.String) if programme else _received(every.height, random),
        anggaran=pl.lit("APBD" if source == "APBD" else "APBN"),
        sampai=pl.when(pl.Series(ended)).then(pl.lit("2024-09-30").str.to_date()),
    )


def _received(count: int, random: Random) -> pl.Series:
    """What the registers say beside the person: mostly nothing."""
    return pl.Series(pick(["", "SEMBAKO", "PKH;SEMBAKO"], random, count, (80, 15, 5)).tolist())


def _as_listed(simulation: Simulation, rows: Ints) -> pl.DataFrame:
    """nik, no_kk, nama, tanggal_lahir, jenis_kelamin, alamat, kelurahan, as they are."""
    world = simulation.world
    family = world.people.family[rows]
    return pl.DataFrame(
        {
            "nik": world.people.nik[rows].tolist(),
            "no_kk": world.families.number[family].tolist(),
            "nama": world.people.name[rows].tolist(),
            "tanggal_lahir": pl.Series(world.people.born[rows]).cast(pl.Date),
            "jenis_kelamin": np.where(world.people.woman[rows], "P", "L").tolist(),
            "alamat": world.families.address[family].tolist(),
            "kelurahan": world.families.kelurahan[family].tolist(),
        },
        schema_overrides=dict.fromkeys(("nik", "no_kk", "nama", "jenis_kelamin", "alamat", "kelurahan"), pl.String),
    )


def _old_cards(numbers: list[str]) -> list[str]:
    """Numbers of earlier cards: another date of issue, and a serial that the simulator does not give out."""
    return [f"{number[:6]}010199{9000 + int(number[-3:]) % 999}" for number in numbers]


def _twins(listed: pl.DataFrame, random: Random) -> pl.DataFrame:
    """A twin of each: another first name; with a NIK that nobody else has, or none."""
    first = pick(np.concatenate([MEN, WOMEN]), random, listed.height).tolist()
    rest = listed["nama"].str.split(" ").list.slice(1).list.join(" ")
    named = listed.with_columns(own=pl.col("nama"), nama=pl.Series(first, dtype=pl.String) + " " + rest)
    return (
        named.filter(pl.col("nama") != pl.col("own"))
        .select(*listed.columns[:2], "nama", *listed.columns[3:])
        .with_columns(
            nik=pl.lit(None, pl.String),
            harm=pl.lit(""),
            true_nik=pl.lit(None, pl.String),
            kind=pl.lit("twin"),
        )
    )


def _strangers(simulation: Simulation, count: int, random: Random) -> pl.DataFrame:
    """People in no civil record: half with a NIK of the right form that nobody has, half with none."""
    world = simulation.world
    women = random.random(count) < 0.5
    born = np.datetime64("1950-01-01", "D") + random.integers(0, 20_000, count)
    niks = copy.deepcopy(world.niks).issue(born, women, random).tolist()
    return pl.DataFrame(
        {
            "nik": [nik if place % 2 else None for place, nik in enumerate(niks)],
            "no_kk": pl.Series([None] * count, dtype=pl.String),
            "nama": misspelled(names(women, random), random),
            "tanggal_lahir": pl.Series(born).cast(pl.Date),
            "jenis_kelamin": np.where(women, "P", "L").tolist(),
            "alamat": addresses(count, random).tolist(),
            "kelurahan": pick(np.unique(world.families.kelurahan), random, count).tolist(),
        },
        schema_overrides=dict.fromkeys(("nik", "no_kk", "nama", "jenis_kelamin", "alamat", "kelurahan"), pl.String),
    ).with_columns(harm=pl.lit(""), true_nik=pl.lit(None, pl.String), kind=pl.lit("stranger"))
