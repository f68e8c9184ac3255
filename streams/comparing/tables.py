"""A comparison as tables for people: no cell of them names anybody, and each adds up to the programmes' totals."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from streams.comparing.adjusted import adjusted_sides
from streams.comparing.effects import GAINED, LOST, by, compared, programmes_of
from streams.comparing.groundcheck import errors_of
from streams.comparing.small_cells import by_kelurahan


@dataclass(frozen=True)
class Comparison:
    """Two runs of one cut, in tables sorted by their keys.

    `programmes`, `desil`: as `streams.comparing.by` says, by programme, and by programme and desil.
    `reasons`: programme, side (WINNERS, LOSERS), reason, units, rupiah_difference. `kelurahan`: the same by kelurahan,
    with small cells folded. `adjusted`: ADJUSTED_SIDES, which are about other quarters than the rest.
    `errors_before`, `errors_after`: ERRORS of both runs, from visits since `checked_since`.
    """

    programmes: pl.DataFrame
    desil: pl.DataFrame
    reasons: pl.DataFrame
    kelurahan: pl.DataFrame
    adjusted: pl.DataFrame
    errors_before: pl.DataFrame
    errors_after: pl.DataFrame
    checked_since: dt.date


def comparison(
    before: pl.DataFrame,
    after: pl.DataFrame,
    checked_since: dt.date,
    *,
    adjusted_before: pl.DataFrame,
    adjusted_after: pl.DataFrame,
) -> Comparison:
    """Compare two runs (columns UNITS, one row per programme and unit): in force, and proposed.

    `adjusted_before`, `adjusted_after`: what they say about sealed quarters (streams.retroactive.ADJUSTED).
    """
    cells = compared(before, after)
    return Comparison(
        programmes=programmes_of(cells),
        desil=by(cells, ["programme", "desil"]),
        reasons=_reasons(cells),
        kelurahan=by_kelurahan(cells),
        adjusted=adjusted_sides(adjusted_before, adjusted_after),
        errors_before=errors_of(before, checked_since),
        errors_after=errors_of(after, checked_since),
        checked_since=checked_since,
    )


def _reasons(cells: pl.DataFrame) -> pl.DataFrame:
    effect = pl.col("effect").cast(pl.String)
    side = pl.when(effect.is_in(GAINED)).then(pl.lit("WINNERS")).when(effect.is_in(LOST)).then(pl.lit("LOSERS"))
    return (
        cells.with_columns(side.alias("side"))
        .drop_nulls("side")
        .group_by("programme", "side", "reason")
        .agg(
            pl.col("units").sum(),
            (pl.col("rupiah_after") - pl.col("rupiah_before")).sum().alias("rupiah_difference"),
        )
        .sort("programme", "side", "units", "reason", descending=[False, True, True, False])
    )
