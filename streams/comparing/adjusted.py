"""What two runs of one cut would say about sealed quarters: taken back, and given back, under either set of rules."""

import polars as pl

KEY = ["programme", "concerns", "cause"]
COUNTS = ("lines", "taken_back_rupiah", "given_back_rupiah")

# By programme, sealed quarter and cause: lines and rupiah of both runs, all counted from 0. `rupiah_difference`: what
# would stay with recipients under the rules proposed, above what would stay under those in force.
ADJUSTED_SIDES = pl.Schema(
    {
        "programme": pl.String,
        "concerns": pl.String,
        "cause": pl.String,
        **{f"{it}_{side}": pl.Int64 for side in ("before", "after") for it in COUNTS},
        "rupiah_difference": pl.Int64,
    }
)


def adjusted_sides(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """ADJUSTED_SIDES of two runs, in force and proposed (columns streams.retroactive.ADJUSTED), sorted."""
    sides = [
        table.group_by(KEY).agg(pl.col(it).sum().alias(f"{it}_{side}") for it in COUNTS)
        for table, side in ((before, "before"), (after, "after"))
    ]
    both = sides[0].join(sides[1], on=KEY, how="full", coalesce=True).fill_null(0)
    kept_before, kept_after = (
        pl.col(f"given_back_rupiah_{side}") - pl.col(f"taken_back_rupiah_{side}") for side in ("before", "after")
    )
    told = both.with_columns((kept_after - kept_before).alias("rupiah_difference"))
    return told.select(list(ADJUSTED_SIDES)).cast(ADJUSTED_SIDES).sort(KEY)


def adjusted_by_programme(sides: pl.DataFrame) -> pl.DataFrame:
    """ADJUSTED_SIDES without quarter and cause: one row per programme, sorted."""
    return sides.group_by("programme").agg(pl.exclude(KEY).sum()).sort("programme")
