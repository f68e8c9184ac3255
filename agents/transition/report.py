"""The report of the transition: for the terminal, as CSV, as JSON, and as a page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from agents.settings import Settings
from agents.transition.answers import Answered
from agents.transition.linking import Linked
from agents.transition.reading import Register, read_register
from schemas.regions import kelurahan as known_kelurahan
from streams.persons import AsOf
from streams.rules import Rules
from streams.transition.falling import UNLINKED, falling
from streams.transition.solutions import SOLUTIONS, Solution, reason_text
from streams.transition.tables import (
    HIDDEN,
    SMALLEST_SHOWN,
    STEP,
    by_place,
    by_programme,
    by_reason,
    by_way,
    discreet,
    shape,
)

MONTHS_BACK: Final = 12  # receipts that ended earlier than this before the quarter are history, not a loss


@dataclass(frozen=True)
class Case:
    """How many lost a programme in a published case, by reason."""

    programme: str
    title: str
    not_in_dtsen: int
    above_decile: int
    source: str


# Members of PBI-JK who were deactivated in May 2025.
PUBLISHED: Final = Case(
    "PBI_JK",
    "PBI-JK, Mei 2025",
    5_090_334,
    2_306_943,
    "rctiplus.com, “7,39 Juta Peserta PBI JKN Dinonaktifkan, Mensos Beberkan Alasannya” [S65]",
)


@dataclass(frozen=True)
class Report:
    """Counts only, small ones hidden and others rounded (streams.transition.tables).

    `lines` is behind them and never leaves here.
    """

    quarter: str
    run: str
    sealed: bool
    since: dt.date
    lines: pl.DataFrame
    links: dict[str, int]  # what became of the rows of the lists, by outcome

    @property
    def programmes(self) -> pl.DataFrame:
        return discreet(by_programme(self.lines), "received", "goes_on", "held", "waits", "out")

    @property
    def reasons(self) -> pl.DataFrame:
        return discreet(by_reason(self.lines), "out")

    @property
    def ways(self) -> pl.DataFrame:
        return discreet(by_way(self.lines), "out")

    @property
    def places(self) -> pl.DataFrame:
        return discreet(by_place(self.lines), "out")


def report(settings: Settings, answered: Answered, links: Sequence[Linked], since: dt.date | None) -> Report:
    """Compare what the lists say that people received with the answers of a run."""
    rules = answered.rules
    seen = read_register(settings, AsOf(rules.as_of, rules.transit_limit_days, rules.scope_province))
    return made(answered, seen, links, since or _since(rules))


def made(answered: Answered, seen: Register, links: Sequence[Linked], since: dt.date) -> Report:
    """The report, from everything that it needs."""
    families = {name: programme.is_family for name, programme in answered.rules.programmes.items()}
    undecided = [name for name, programme in answered.rules.programmes.items() if not programme.due]
    unlinked = pl.concat([pl.DataFrame(schema=UNLINKED), *(each.unlinked() for each in links)])
    receipts = pl.concat([seen.receipts, *(each.receipts() for each in links)])  # what was sent as well folds into one
    lines = falling(receipts, unlinked, seen.persons, answered.answers, families, since, undecided)
    judged = pl.concat([each.links.select(pl.col("outcome").cast(pl.String)) for each in links]) if links else None
    counted = dict(judged.group_by("outcome").len().sort("outcome").iter_rows()) if judged is not None else {}
    return Report(answered.quarter, answered.run, answered.sealed, since, lines, counted)


def _since(rules: Rules) -> dt.date:
    """The first of the month, so many months before the day of the rules."""
    first: dt.date = pl.Series([rules.as_of]).dt.month_start().dt.offset_by(f"-{MONTHS_BACK}mo").item()
    return first


def write_csv(found: Report, folder: Path) -> list[Path]:
    """programmes.csv, reasons.csv, places.csv; counts below 5 are written as `<5`, others rounded to 5."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in (("programmes", found.programmes), ("reasons", found.reasons), ("places", found.places)):
        written.append(folder / f"{name}.csv")
        frame.write_csv(written[-1])
    return written


def as_json(found: Report) -> dict[str, Any]:
    """The report as JSON can hold it; counts are texts, hidden ones `<5`."""
    return {
        "quarter": found.quarter,
        "run": found.run,
        "sealed": found.sealed,
        "since": found.since.isoformat(),
        "hidden": HIDDEN,
        "rounded_to": STEP,
        "lists": found.links,
        "programmes": found.programmes.to_dicts(),
        "reasons": found.reasons.to_dicts(),
        "places": found.places.to_dicts(),
        "published": {**asdict(PUBLISHED), "here": shares(found)},
    }


def shares(found: Report) -> dict[str, int] | None:
    """Of those who fall out of PBI-JK here for one of the two published reasons: whole per cent; None for too few."""
    counts = shape(found.lines, PUBLISHED.programme)
    return None if min(counts) < SMALLEST_SHOWN else per_cent(*counts)


def per_cent(missing: int, above: int) -> dict[str, int]:
    """Both as whole per cent of their sum."""
    whole = missing + above
    return {"not_in_dtsen": round(100 * missing / whole), "above_decile": round(100 * above / whole)}


def place_name(code: str | None) -> str:
    """A kelurahan by its name, where it is known."""
    known = known_kelurahan().get(code or "")
    return known.name if known else code or "tidak diketahui"


def texts(found: Report) -> list[tuple[str, str, str, str]]:
    """programme, reason, solution, count, as a terminal shows them."""
    return [
        (row["programme"], reason_text(row["reason"]).id, SOLUTIONS[Solution(row["solution"])].id, row["out"])
        for row in found.reasons.iter_rows(named=True)
    ]
