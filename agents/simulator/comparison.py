"""A simulated year beside the published figures: how often each thing happened, and how far that is off.

What is counted is the second of two simulated years, so that late reports of the first one are in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.simulator import published
from agents.simulator.disorder import GOOD, PLANT
from agents.simulator.identity import ages
from agents.simulator.published import PER_1000, SHARE, Figure
from agents.simulator.quarters import Quarter
from agents.simulator.simulation import Simulation, simulate
from agents.simulator.world import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.simulator.randomness import Ints

SCALE, SEED, FIRST, QUARTERS = "S", 1, "2024-Q1", 8
OUTSIDE = r"^SKPWNI/31"  # letters of DKI begin so
CHILD_YEARS, ELDER_YEARS = 15, 60


@dataclass(frozen=True)
class Year:
    """The last four quarters of a simulation, with what is counted in several ways."""

    simulation: Simulation

    @property
    def first_day(self) -> np.datetime64:
        return Quarter.parse(self.simulation.quarters[-4]).first_day

    def stated(self, contract: str, people: str | None = None) -> pl.DataFrame:
        """Events first recorded in the year, one row each; with `people`, one row per person in that list."""
        events = self.simulation.written[contract]
        frame = events.frame.filter(pl.col(PLANT) == GOOD, pl.col("kind") == "STATE")
        last = Quarter.parse(self.simulation.quarters[-1]).last_day
        day = pl.col("recorded_at").dt.date()
        frame = frame.filter(day.is_between(self.first_day.astype(object), last.astype(object)))
        return frame if people is None else events.children[people].join(frame, on="row")

    @cached_property
    def persons(self) -> float:
        """Mean of the persons registered at its beginning and end."""
        return float(np.mean([self._registered(place).height for place in (-5, -1)]))

    @cached_property
    def newcomers(self) -> pl.DataFrame:
        """Nik of everybody who ever came from outside DKI."""
        events = self.simulation.written["pindah_datang"]
        outside = events.frame.filter(~pl.col("content.nomor_skpwni").str.contains(OUTSIDE))
        return events.children["content.pendatang"].join(outside, on="row", how="semi").select("nik").unique()

    def births(self) -> pl.DataFrame:
        return self.stated("lahir").join(self.newcomers, left_on="content.nik", right_on="nik", how="anti")

    def deaths(self) -> pl.DataFrame:
        """Reports of deaths that happened."""
        world = self.simulation.world.people
        dead = pl.DataFrame({"nik": world.nik[world.died != NEVER]})
        return self.stated("mati").join(dead, left_on="content.nik", right_on="nik", how="semi")

    def moved_out(self, *, within_dki: bool) -> pl.DataFrame:
        inside = pl.col("content.kabupaten_tujuan").str.starts_with("31")
        return self.stated("pindah_keluar", "content.pindah").filter(inside if within_dki else ~inside)

    def ages(self) -> Ints:
        """Of everybody registered when the year begins."""
        registered = self._registered(-5).select("nik")
        people = pl.DataFrame({"nik": self.simulation.world.people.nik, "born": self.simulation.world.people.born})
        born = people.join(registered, on="nik", how="semi")["born"].to_numpy().astype("datetime64[D]")
        return ages(born, self.first_day)

    def _registered(self, place: int) -> pl.DataFrame:
        persons = self.simulation.truth(self.simulation.quarters[place]).persons
        return persons.filter(pl.col("status").is_in(["TERDAFTAR", "TRANSIT"]))


def _often(count: Callable[[Year], int]) -> Callable[[Year], float]:
    """Per 1,000 persons."""
    return lambda year: 1000 * count(year) / year.persons


def _births_in_time(year: Year) -> float:
    """Of the children born in the year before, how many were registered in that same year."""
    cohort = Quarter.parse(year.simulation.quarters[-4]).year - 1
    events = year.simulation.written["lahir"].frame.filter(pl.col(PLANT) == GOOD, pl.col("kind") == "STATE")
    events = events.join(year.newcomers, left_on="content.nik", right_on="nik", how="anti")
    born = events.filter(pl.col("content.tanggal_lahir").dt.year() == cohort)
    in_time = born.filter(pl.col("recorded_at").dt.year() == cohort).height
    pending = [day.astype(object) for _, day, _ in year.simulation.world.births_to_report]
    waiting = sum(day.year == cohort for day in pending)
    return float(in_time / (born.height + waiting))


def _earlier_deaths(year: Year) -> float:
    deaths = year.deaths()
    earlier = pl.col("content.tanggal_meninggal").dt.year() < pl.col("recorded_at").dt.year()
    return deaths.filter(earlier).height / deaths.height


def _family_size(year: Year) -> float:
    sizes = year.simulation.truth(year.simulation.quarters[-1]).families["members"]
    return float(sizes.to_numpy().mean())


def _women(year: Year) -> float:
    """By the day of birth in the NIK, to which 40 is added."""
    persons = year.simulation.truth(year.simulation.quarters[-1]).persons
    return float((persons["nik"].str.slice(6, 2).cast(pl.Int64) > 40).sum() / persons.height)


def _unfit(year: Year) -> float:
    judged = year.stated("groundcheck").filter(pl.col("content.putusan") != "BELUM_DIPUTUSKAN")
    return judged.filter(pl.col("content.putusan") == "TIDAK_LAYAK").height / judged.height


def _persons_a_day(year: Year) -> float:
    visited = year.stated("groundcheck", "content.anggota")
    return float(visited.height / visited.select("content.petugas", "effective_on").n_unique())


def _in_dtks(year: Year) -> float:
    events = year.simulation.written["daftar_lama"]
    listed = events.frame.filter(pl.col(PLANT) == GOOD, pl.col("content.sumber") == "DTKS").select("row")
    niks = events.children["content.anggota"].join(listed, on="row", how="semi")["nik"].n_unique()
    return niks / year.simulation.truth(year.simulation.quarters[0]).persons.height


def _disabled(year: Year) -> float:
    """By the last entry of each in the register of disability."""
    events = year.simulation.written["disabilitas"].frame.filter(pl.col(PLANT) == GOOD)
    last = events.sort("effective_on", "recorded_at").group_by("content.nik").last()
    registered = last.filter("content.terdaftar").height
    return registered / year.simulation.truth(year.simulation.quarters[-1]).persons.height


def _pregnancies_ended(year: Year) -> float:
    """Reported ends of pregnancies; some births are of women of whom the health office knew nothing."""
    return 1000 * year.stated("kehamilan").filter(~pl.col("content.hamil")).height / year.persons


KUA = (
    "Muslim marriages and divorces are recorded at the KUA and the religious courts, so the published count is partial"
)

CHANCE = "the chance of one seed: 0.8 to 1.05 with others"
UNREPORTED = "fewer: one death in twenty is never reported, and the years before hold few late ones"
SIZE = published.PERSONS / published.CARDS
FEMALE = published.WOMEN / published.PERSONS

COMPARED: tuple[tuple[Figure, Callable[[Year], float]], ...] = (
    (
        Figure("Births registered", 10.7, PER_1000, published.VITAL_2023, CHANCE, least=0.7),
        _often(lambda year: year.births().height),
    ),
    (
        Figure("Children registered in the calendar year of their birth", 0.545, SHARE, published.REGISTERED_BIRTHS),
        _births_in_time,
    ),
    (
        Figure("Deaths reported", 5.4, PER_1000, published.VITAL_2023, UNREPORTED, least=0.7),
        _often(lambda year: year.deaths().height),
    ),
    (
        Figure("Death reports for deaths of earlier years", 0.1624, SHARE, published.VITAL_2020, least=0.6, most=1.6),
        _earlier_deaths,
    ),
    (
        Figure("Persons who moved into DKI", 7.7, PER_1000, published.MOVED_2024),
        _often(lambda year: year.stated("pindah_datang", "content.pendatang").join(year.newcomers, on="nik").height),
    ),
    (
        Figure("Persons who left DKI", 21.4, PER_1000, published.MOVED_2023),
        _often(lambda year: year.moved_out(within_dki=False).height),
    ),
    (
        Figure(
            "Persons who moved between the kota of DKI",
            9.5,
            PER_1000,
            published.WITHIN_2024,
            "more on purpose: families with an elder are put in transit over each quarter's end, so that HELD occurs",
            most=3.0,
        ),
        _often(lambda year: year.moved_out(within_dki=True).height),
    ),
    (
        Figure("Marriages", 1.0, PER_1000, published.VITAL_2023, f"more on purpose: {KUA}", most=3.0),
        _often(lambda year: year.stated("kawin").height),
    ),
    (
        Figure("Divorces", 0.146, PER_1000, published.VITAL_2023, f"more on purpose: {KUA}", most=3.5),
        _often(lambda year: year.stated("cerai").height),
    ),
    (
        Figure("NIK deactivated, RT no longer there", 1.03, PER_1000, published.DEACTIVATED_2024, least=0.6, most=1.5),
        _often(lambda year: year.stated("status_nik").filter(~pl.col("content.aktif")).height),
    ),
    (Figure("Persons per family card", SIZE, "persons", published.CARDS_2020), _family_size),
    (Figure("Women", FEMALE, SHARE, published.PERSONS_2024, least=0.97, most=1.03), _women),
    (
        Figure("Persons up to 14 years of age", sum(published.aged_pyramid()[:3]), SHARE, published.PYRAMID_AGED),
        lambda year: float((year.ages() < CHILD_YEARS).mean()),
    ),
    (
        Figure("Persons from 60 years of age on", sum(published.aged_pyramid()[12:]), SHARE, published.PYRAMID_AGED),
        lambda year: float((year.ages() >= ELDER_YEARS).mean()),
    ),
    (Figure("Persons in the register of disability", 0.0144, SHARE, published.DISABILITY_2022), _disabled),
    (
        Figure(
            "Ends of pregnancies reported",
            10.7,
            PER_1000,
            published.VITAL_2023,
            "beside the births registered: not every pregnancy is known before it ends",
            least=0.6,
            most=1.2,
        ),
        _pregnancies_ended,
    ),
    (Figure("Residents listed in DTKS", 0.5, SHARE, published.DTKS_2024), _in_dtks),
    (Figure("Families judged not fit, of those seen", 0.25, SHARE, published.UNFIT_2025), _unfit),
    (Figure("Persons whom an officer visits in a day", 12.7, "persons", published.KEDIRI), _persons_a_day),
)


def counted() -> Year:
    """The year that the page is about."""
    return Year(simulate(SCALE, QUARTERS, FIRST, SEED))


def compare(year: Year) -> pl.DataFrame:
    """One row per figure: measure, published, unit, source, simulated, ratio, remark, least and most of the ratio."""
    rows = [(figure, measured(year)) for figure, measured in COMPARED]
    return pl.DataFrame(
        [
            {
                "measure": figure.measure,
                "published": figure.value,
                "unit": figure.unit,
                "source": figure.source,
                "simulated": found,
                "ratio": found / figure.value,
                "remark": figure.remark,
                "least": figure.least,
                "most": figure.most,
            }
            for figure, found in rows
        ]
    )


def compare_ages(year: Year) -> pl.DataFrame:
    """ages, published, simulated, ratio: shares of persons by five years of age."""
    due = published.aged_pyramid()
    bands = np.minimum(year.ages() // published.BAND_YEARS, len(due) - 1)
    found = np.bincount(bands, minlength=len(due)) / len(bands)
    first = [published.BAND_YEARS * place for place in range(len(due))]
    names = [*(f"{low}-{low + published.BAND_YEARS - 1}" for low in first[:-1]), f"{first[-1]}+"]
    return pl.DataFrame({"ages": names, "published": due, "simulated": found}).with_columns(
        ratio=pl.col("simulated") / pl.col("published")
    )
