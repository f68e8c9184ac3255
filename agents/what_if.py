"""A comparison in the forms in which people take it along: JSON and CSV. No NIK and no card stands in any of them."""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from agents.previews import Sides, Subject
from streams.comparing import adjusted_by_programme
from streams.comparing.tables import Comparison

Rows = tuple[tuple[str, ...], list[tuple[object, ...]]]  # header and rows of a table
COUNTS = ("receiving", "wrongly_in", "in_need", "wrongly_out")


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months earlier, or that month's last."""
    found: dt.date = pl.select(pl.lit(day).dt.offset_by(f"-{months}mo")).item()
    return found


def effect_rows(comparison: Comparison) -> Rows:
    """Both sides by programme, for people."""
    header = ("programme", "winners", "losers", "receive", "would receive", "rupiah", "would cost", "difference")
    rupiah = ("rupiah_before", "rupiah_after", "rupiah_difference")
    return header, comparison.programmes.select("programme", "winners", "losers", "before", "after", *rupiah).rows()


def reason_rows(comparison: Comparison, limit: int) -> Rows:
    """Why, the largest groups first."""
    columns = ("programme", "side", "reason", "units", "rupiah_difference")
    return ("programme", "side", "reason", "how many", "rupiah difference"), _largest(
        comparison.reasons, columns, limit
    )


def kelurahan_rows(comparison: Comparison, limit: int) -> Rows:
    """Where, the largest groups first; small ones are put together."""
    columns = ("programme", "side", "kelurahan", "reason", "units", "rupiah_difference")
    header = ("programme", "side", "kelurahan", "reason", "how many", "rupiah difference")
    return header, _largest(comparison.kelurahan, columns, limit)


def _largest(table: pl.DataFrame, columns: tuple[str, ...], limit: int) -> list[tuple[object, ...]]:
    ordered = table.sort("units", "programme", "side", "reason", descending=[True, False, False, False])
    return ordered.select(columns).head(limit).rows()


def adjusted_rows(comparison: Comparison) -> Rows:
    """What both sides would say about sealed quarters, by programme."""
    header = ("programme", "taken back", "would be", "given back", "would be", "difference")
    columns = [f"{what}_rupiah_{side}" for what in ("taken_back", "given_back") for side in ("before", "after")]
    table = adjusted_by_programme(comparison.adjusted)
    return header, table.select("programme", *columns, "rupiah_difference").rows()


def error_rows(comparison: Comparison) -> Rows:
    """Both errors of both sides, with what they are shares of."""
    rows: list[tuple[object, ...]] = [
        (
            row["programme"],
            row["checked"],
            *(rate(row[f"wrongly_in_{it}"], row[f"receiving_{it}"]) for it in ("before", "after")),
            *(rate(row[f"wrongly_out_{it}"], row[f"in_need_{it}"]) for it in ("before", "after")),
        )
        for row in side_by_side(comparison).iter_rows(named=True)
    ]
    return ("programme", "checked", "wrongly in", "would be", "wrongly out", "would be"), rows


def side_by_side(comparison: Comparison) -> pl.DataFrame:
    """ERRORS of both sides in one row per programme: programme, checked, and each count with _before and _after."""
    sides = [
        side.select("programme", "checked", *(pl.col(it).alias(f"{it}_{name}") for it in COUNTS))
        for side, name in ((comparison.errors_before, "before"), (comparison.errors_after, "after"))
    ]
    both = sides[0].join(sides[1], on="programme", how="full", coalesce=True, suffix="_other")
    return (
        both.with_columns(pl.coalesce("checked", "checked_other")).drop("checked_other").fill_null(0).sort("programme")
    )


def rate(part: int, whole: int) -> str:
    """A share for people, with what it is a share of; a dash where nothing could be measured."""
    return f"{100 * part / whole:.1f}% ({part:,} of {whole:,})" if whole else "-"


def tables(comparison: Comparison) -> dict[str, pl.DataFrame]:
    """The tables by the names of their files."""
    return {
        "programmes": comparison.programmes,
        "desil": comparison.desil,
        "reasons": comparison.reasons,
        "kelurahan": comparison.kelurahan,
        "adjusted": comparison.adjusted,
        "groundcheck": side_by_side(comparison),
    }


def csv_files(comparison: Comparison, folder: Path) -> None:
    """One CSV file per table in `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(comparison).items():
        table.write_csv(folder / f"{name}.csv")


def plain(subject: Subject, sides: Sides, comparison: Comparison) -> dict[str, Any]:
    """All of it as JSON can hold it."""
    return {
        "quarter": str(subject.quarter),
        "as_of": subject.as_of,
        "in_force": {"run": sides.in_force.name, "rules_hash": sides.in_force.started.rules_hash},
        "proposed": {"run": sides.proposed.name, "rules_hash": sides.proposed.started.rules_hash},
        "checked_since": comparison.checked_since.isoformat(),
        **{name: table.to_dicts() for name, table in tables(comparison).items()},
    }
