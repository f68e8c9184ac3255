"""Students by the database of higher education, each half-year, and the scholarships that others pay them."""

import numpy as np
import polars as pl

from agents.simulator.life.enrichment import NEW_YEAR, constant, write_told
from agents.simulator.log import Turn
from agents.simulator.randomness import Flags, Ints, Random, some_of
from agents.simulator.rates import LEAST_PER_QUARTER

HIGHER_EDUCATION, SCHOOLS = "kemdiktisaintek", "disdik-dki"
FIRST_AGE = 19  # completed years in the July in which the first semester begins: the class of 18 has left school
YEARS = {"D3": 3, "D4": 4, "S1": 4}
LEVELS = np.array(["D3", "D4", "S1"])
ACCREDITATIONS = np.array(["UNGGUL", "A", "B", "C"])
SCIENCES = np.array(["SOSIAL", "EKSAKTA", "KEDOKTERAN"])
POORER = -0.3  # welfare up to which students ask for a scholarship. Assumption.
NATIONAL, REGIONAL, PRIVATE = "KIP_KULIAH", "BEASISWA_DAERAH_LAIN", "BEASISWA_YAYASAN"
BUDGETS = {NATIONAL: "APBN", REGIONAL: "APBD", PRIVATE: "LAINNYA"}


def studies(turn: Turn) -> None:
    """Everybody who studies, at the beginning and in each half-year; whoever leaves, and whoever stops meanwhile."""
    random = turn.random("studies")
    world = turn.world
    first = len(world.studying) == 0
    before = np.concatenate([world.studying, np.zeros(len(world.people) - len(world.studying), np.bool_)])
    level = LEVELS[np.searchsorted((0.15, 0.2), constant(turn, "level of study"))]
    semester = _semesters(turn)
    lasts = np.array([2 * YEARS[each] for each in LEVELS])[np.searchsorted(LEVELS, level)]
    chosen = constant(turn, "study") < turn.rates.students
    now = world.here() & chosen & (semester >= 1) & (semester <= lasts)
    if first or turn.quarter.number in (1, NEW_YEAR):
        told = now | (before & world.here() & (semester > lasts))
    else:
        told = np.zeros(len(now), np.bool_)
        now = before & world.here()
    leaving = some_of(np.flatnonzero(now & before & ~told), LEAST_PER_QUARTER, random)
    told[leaving] = True
    status = np.where(now, "AKTIF", "LULUS")
    status[leaving] = "CUTI"
    world.studying = now
    rows = np.flatnonzero(told)
    _write_studies(turn, random, rows, status=status, level=level, semester=np.minimum(semester, lasts))
    _scholarships(turn, now)


def _semesters(turn: Turn) -> Ints:
    """The semester in which people of an age are, counted from 1; less before, more after."""
    year = turn.quarter.year - (turn.quarter.number < NEW_YEAR)
    years = turn.world.ages_on(np.datetime64(f"{year}-07-01", "D")) - FIRST_AGE
    found: Ints = 2 * years + (2 if turn.quarter.number < NEW_YEAR else 1)
    return found


def _write_studies(
    turn: Turn, random: Random, rows: Ints, *, status: np.ndarray, level: np.ndarray, semester: Ints
) -> None:
    """One report of each, on what stays the same of the person all through the studies."""
    people = turn.world.people
    started = turn.quarter.year - (turn.quarter.number < NEW_YEAR) - (semester[rows] - 1) // 2
    marks = 230 + constant(turn, "marks")[rows] * 170 + random.normal(0, 8, len(rows))
    content = pl.DataFrame(
        {
            "nik": people.nik[rows],
            "status": status[rows],
            "jenjang": level[rows],
            "negeri": constant(turn, "state university")[rows] < 0.4,
            "akreditasi": ACCREDITATIONS[np.searchsorted((0.25, 0.5, 0.9), constant(turn, "accreditation")[rows])],
            "semester": semester[rows].astype(np.int32),
            "ipk_x100": np.clip(marks, 0, 400).astype(np.int32),
            "rumpun": SCIENCES[np.searchsorted((0.55, 0.95), constant(turn, "sciences")[rows])],
            "reguler": constant(turn, "evening class")[rows] > 0.1,
            "provinsi_sekolah": np.where(constant(turn, "elsewhere")[rows] < turn.rates.schools_elsewhere, "32", "31"),
            "lulus_sekolah_tahun": started.astype(np.int32),
        }
    ).with_columns(ipk_x100=pl.when(pl.col("semester") > 1).then("ipk_x100"))
    days = turn.quarter.first_day + random.integers(20, 60, len(rows))
    write_told(turn, random, "kuliah", HIGHER_EDUCATION, rows, content, days)


def _scholarships(turn: Turn, studying: Flags) -> None:
    """What poorer students receive from others, until they leave; in every quarter one begins and one ends."""
    random = turn.random("scholarships")
    world = turn.world
    welfare = world.families.welfare[world.people.family]
    wanted = studying & (welfare < POORER) & (constant(turn, "scholarship") < turn.rates.student_scholarships)
    has = np.zeros(len(wanted), np.bool_)
    has[list(world.scholarships)] = True
    begins = np.union1d(np.flatnonzero(wanted & ~has), some_of(np.flatnonzero(studying & ~has), 1, random))
    ends = np.flatnonzero(has & ~studying & world.here())
    if not len(ends):
        ends = some_of(np.flatnonzero(has & world.here()), LEAST_PER_QUARTER, random)
    kinds = np.array([NATIONAL, REGIONAL, PRIVATE])[np.searchsorted((0.6, 0.8), constant(turn, "payer"))]
    for row in begins.tolist():
        world.scholarships[row] = str(kinds[row])
    for producer, programmes in ((HIGHER_EDUCATION, (NATIONAL, PRIVATE)), (SCHOOLS, (REGIONAL,))):
        rows = np.array(
            [it for it in [*begins.tolist(), *ends.tolist()] if world.scholarships[it] in programmes], np.int64
        )
        _write_benefits(turn, random, producer, rows, np.isin(rows, ends))
    for row in ends.tolist():
        del world.scholarships[row]


def _write_benefits(turn: Turn, random: Random, producer: str, rows: Ints, over: Flags) -> None:
    days = turn.quarter.some_days(random, len(rows))
    programmes = [turn.world.scholarships[row] for row in rows.tolist()]
    until = pl.Series(days.astype("datetime64[D]")).cast(pl.Date)
    received = pl.DataFrame(
        {
            "row": np.arange(len(rows), dtype=np.uint32),
            "program": programmes,
            "jenis": ["BEASISWA"] * len(rows),
            "anggaran": [BUDGETS[it] for it in programmes],
            "sampai": pl.select(pl.when(pl.Series(over)).then(until)).to_series(),
        },
        schema_overrides={"program": pl.String, "jenis": pl.String, "anggaran": pl.String, "sampai": pl.Date},
    )
    content = pl.DataFrame({"nik": turn.world.people.nik[rows]})
    children = {"penerimaan": received}
    write_told(turn, random, "bantuan_lain", producer, rows, content, days, children=children)
