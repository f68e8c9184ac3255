"""A comparison in the forms in which people take it along: JSON and CSV. No NIK and no card stands in any of them."""

from pathlib import Path
from typing import Any

import polars as pl

from agents.previews import Sides, Subject
from streams.comparing.tables import Comparison

COUNTS = ("receiving", "wrongly_in", "in_need", "wrongly_out")


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
