"""Winners and losers by kelurahan and reason, without cells that are small enough to point at somebody.

What is too small is folded into another line and never left out: so the lines of a programme add up to its totals, and
within a kelurahan nothing that was folded can be had back by subtraction. Against tables by reason alone, over few
kelurahan, it sometimes can: the limit keeps cells from pointing at somebody, and makes no publication of them safe.
"""

import polars as pl

from streams.comparing.effects import GAINED, LOST, SUMS

OTHERS = "LAINNYA"
LEAST_UNITS = 5  # illustrative: no source gives the limit for tables about bansos
PLACE = ["programme", "side", "kelurahan"]


def by_kelurahan(cells: pl.DataFrame, least_units: int = LEAST_UNITS) -> pl.DataFrame:
    """Winners and losers of CELLS: programme, side (WINNERS, LOSERS), kelurahan, reason, units, rupiah_difference.

    Reasons of fewer than `least_units` units are OTHERS of their kelurahan, and kelurahan that are too small as a whole
    are OTHERS of their programme. A programme's only line may be smaller: its total is told everywhere. Sorted.
    """
    effect = pl.col("effect").cast(pl.String)
    moved = cells.filter(effect.is_in([*GAINED, *LOST])).select(
        "programme",
        pl.when(effect.is_in(GAINED)).then(pl.lit("WINNERS")).otherwise(pl.lit("LOSERS")).alias("side"),
        pl.col("kelurahan").fill_null(OTHERS),
        "reason",
        *SUMS,
    )
    by_reason = _folded(_summed(moved), "reason", PLACE, least_units)
    # Where even all reasons of a kelurahan are too few, the place itself would point at somebody.
    small = pl.col("units").sum().over(PLACE) < least_units
    placed = by_reason.with_columns(pl.when(small).then(pl.lit(OTHERS)).otherwise("kelurahan").alias("kelurahan"))
    by_place = _folded(_summed(placed), "kelurahan", ["programme", "side"], least_units, whole=True)
    told = _folded(by_place, "reason", PLACE, least_units)
    return told.select(
        *PLACE, "reason", "units", (pl.col("rupiah_after") - pl.col("rupiah_before")).alias("rupiah_difference")
    ).sort(*PLACE, "reason")


def _folded(
    table: pl.DataFrame, column: str, within: list[str], least_units: int, *, whole: bool = False
) -> pl.DataFrame:
    """`table` with small values of `column` folded into OTHERS, and the smallest other one with them, if need be.

    `whole`: a value counts by all its lines together, and takes all of them along.
    """
    size = pl.col("units").sum().over([*within, column]) if whole else pl.col("units")
    sized = table.with_columns(size.alias("size"))
    folded = sized.with_columns(
        pl.when(pl.col("size") < least_units).then(pl.lit(OTHERS)).otherwise(column).alias(column)
    )
    is_others = pl.col(column) == OTHERS
    together = pl.col("units").filter(is_others).sum().over(within)
    lacking = (together > 0) & (together < least_units)
    # Alone, what was folded would still be small: the next larger value goes along.
    next_larger = pl.col("size").filter(~is_others).min().over(within)
    along = lacking & ~is_others & (pl.col("size") == next_larger)
    done = folded.with_columns(pl.when(along).then(pl.lit(OTHERS)).otherwise(column).alias(column))
    return _summed(done.drop("size"))


def _summed(table: pl.DataFrame) -> pl.DataFrame:
    return table.group_by(*PLACE, "reason").agg(pl.col(name).sum() for name in SUMS).sort(*PLACE, "reason")
