"""Two runs of one cut side by side: what the second would do to whom."""

from collections.abc import Sequence

import polars as pl

from streams.rules.model import Text

# GAINS: receives, and would not in force. MORE: receives more. KEEPS: receives the same. LESS: receives less.
# LOSES: would receive in force, and does not. NEITHER: receives under neither.
EFFECTS = pl.Enum(["GAINS", "MORE", "KEEPS", "LESS", "LOSES", "NEITHER"])
GAINED, LOST = ("GAINS", "MORE"), ("LOSES", "LESS")

# Units by what the rules proposed would do to them. `reason`: what stood in the way of those who gain, what stands in
# the way of those who lose, AMOUNT for whoever receives more or less, else why it is as it is. `desil` and
# `kelurahan` are those of the run in force, where it knows the unit. Rupiah for the quarter's three months.
CELLS: pl.Schema = pl.Schema(
    [
        ("programme", pl.String),
        ("effect", EFFECTS),
        ("reason", pl.String),
        ("desil", pl.Int8),
        ("kelurahan", pl.String),
        ("units", pl.Int64),
        ("rupiah_before", pl.Int64),
        ("rupiah_after", pl.Int64),
    ]
)
AMOUNT = "JUMLAH_BERUBAH"
NOT_IN_FORCE = "TIDAK_BERLAKU"
NOT_LISTED = "TIDAK_TERDAFTAR"
TEXTS = {
    AMOUNT: Text("Jumlah bantuan berbeda.", "The amount differs."),
    NOT_IN_FORCE: Text(
        "Program tidak berlaku menurut aturan yang lain.", "The programme is not in force under the other rules."
    ),
    NOT_LISTED: Text(
        "Tidak terdaftar dalam wilayah menurut aturan yang lain.",
        "Not listed in the region under the other rules.",
    ),
}
SUMS = ("units", "rupiah_before", "rupiah_after")


def compared(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """CELLS of two runs (columns UNITS, one row per programme and unit): in force, and proposed. Sorted.

    Raises ValueError when a unit stands twice for one programme.
    """
    key = ["programme", "unit"]
    for side in (before, after):
        if side.select(key).is_duplicated().any():
            raise ValueError("a unit stands twice for one programme: put the partitions together first")
    sides = [
        side.select(*key, "receives", "rupiah", "reason", "desil", "kelurahan", pl.lit(value=True).alias("known"))
        for side in (before, after)
    ]
    both = sides[0].join(sides[1], on=key, how="full", coalesce=True, suffix="_after", nulls_equal=False)
    in_force, proposed = (side.get_column("programme").unique().implode() for side in (before, after))
    both = both.with_columns(
        pl.col("receives", "receives_after", "known", "known_after").fill_null(value=False),
        pl.col("rupiah", "rupiah_after").fill_null(0),
        _absent("reason", "known", in_force),
        _absent("reason_after", "known_after", proposed),
    )
    return (
        both.select(
            "programme",
            _effect().alias("effect"),
            pl.coalesce("desil", "desil_after").alias("desil"),
            pl.coalesce("kelurahan", "kelurahan_after").alias("kelurahan"),
            "reason",
            "reason_after",
            pl.col("rupiah").alias("rupiah_before"),
            "rupiah_after",
        )
        .with_columns(_reason().alias("reason"))
        .group_by("programme", "effect", "reason", "desil", "kelurahan")
        .agg(pl.len().alias("units"), pl.col("rupiah_before").sum(), pl.col("rupiah_after").sum())
        .select(list(CELLS))
        .cast(CELLS)
        .sort("programme", "effect", "reason", "desil", "kelurahan")
    )


def _absent(reason: str, known: str, programmes: pl.Series) -> pl.Expr:
    """Why one side says nothing about a unit."""
    why = pl.when(pl.col("programme").is_in(programmes)).then(pl.lit(NOT_LISTED)).otherwise(pl.lit(NOT_IN_FORCE))
    return pl.when(known).then(reason).otherwise(why).alias(reason)


def _effect() -> pl.Expr:
    before, after = pl.col("receives"), pl.col("receives_after")
    return (
        pl.when(~before & ~after)
        .then(pl.lit("NEITHER"))
        .when(~before)
        .then(pl.lit("GAINS"))
        .when(~after)
        .then(pl.lit("LOSES"))
        .when(pl.col("rupiah_after") > pl.col("rupiah"))
        .then(pl.lit("MORE"))
        .when(pl.col("rupiah_after") < pl.col("rupiah"))
        .then(pl.lit("LESS"))
        .otherwise(pl.lit("KEEPS"))
        .cast(EFFECTS)
    )


def _reason() -> pl.Expr:
    effect = pl.col("effect").cast(pl.String)
    return (
        pl.when(effect == "GAINS")
        .then("reason")
        .when(effect.is_in(["MORE", "LESS"]))
        .then(pl.lit(AMOUNT))
        .otherwise("reason_after")
    )


def by(cells: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Winners and losers by some columns of CELLS: keys, gains, more, keeps, less, loses, winners, losers, before and
    after (who receives), rupiah_before, rupiah_after, rupiah_difference. Sorted by the keys.

    after - before = gains - loses, always.
    """
    count = {
        name.lower(): pl.col("units").filter(pl.col("effect").cast(pl.String) == name).sum()
        for name in EFFECTS.categories
        if name != "NEITHER"
    }
    return (
        cells.group_by(keys)
        .agg(**count, rupiah_before=pl.col("rupiah_before").sum(), rupiah_after=pl.col("rupiah_after").sum())
        .with_columns(
            winners=pl.col("gains") + pl.col("more"),
            losers=pl.col("loses") + pl.col("less"),
            before=pl.sum_horizontal("more", "keeps", "less", "loses"),
            after=pl.sum_horizontal("gains", "more", "keeps", "less"),
            rupiah_difference=pl.col("rupiah_after") - pl.col("rupiah_before"),
        )
        .sort(keys, nulls_last=True)
    )


def programmes_of(cells: pl.DataFrame) -> pl.DataFrame:
    """`by` programme: the totals to which every other table adds up."""
    return by(cells, ["programme"])
