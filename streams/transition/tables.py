"""The transition in tables for people: counts only, and no count so small that it points at somebody."""

from typing import Final

import polars as pl

from streams.transition.falling import GOES_ON, HELD, OUT, WAITS
from streams.transition.solutions import NOT_IN_REGISTER

SMALLEST_SHOWN: Final = 5
HIDDEN: Final = f"<{SMALLEST_SHOWN}"


def by_programme(lines: pl.DataFrame) -> pl.DataFrame:
    """programme, received, goes_on, held, waits, out, by programme; `lines` as streams.transition.falling.LINES."""
    return (
        lines.group_by("programme")
        .agg(
            received=pl.len(),
            **{
                name: (pl.col("outcome") == value).sum()
                for name, value in (("goes_on", GOES_ON), ("held", HELD), ("waits", WAITS), ("out", OUT))
            },
        )
        .cast(dict.fromkeys(("received", "goes_on", "held", "waits", "out"), pl.Int64))
        .sort("programme")
    )


def programmes_discreet(counts: pl.DataFrame) -> pl.DataFrame:
    """`by_programme` with every count as text, hidden so that no other count of the row gives it away."""
    parts = ["goes_on", "held", "waits", "out"]
    long = counts.unpivot(parts, index="programme", variable_name="part", value_name="count")
    wide = discreet(long, "programme", "count").pivot("part", index="programme", values="count")
    few = pl.col("received") < SMALLEST_SHOWN
    whole = counts.select(
        "programme", received=pl.when(few).then(pl.lit(HIDDEN)).otherwise(pl.col("received").cast(pl.String))
    )
    if counts.is_empty():
        return counts.cast(pl.String)
    return whole.join(wide, on="programme", how="left").select("programme", "received", *parts).sort("programme")


def by_reason(lines: pl.DataFrame) -> pl.DataFrame:
    """programme, reason, solution, out: of those who fall out, the most first within a programme."""
    return _counted(lines, "programme", "reason", "solution").sort(
        "programme", "out", "reason", "solution", descending=[False, True, False, False]
    )


def by_place(lines: pl.DataFrame) -> pl.DataFrame:
    """kelurahan, programme, solution, out: of those who fall out, sorted."""
    return _counted(lines, "kelurahan", "programme", "solution").sort("kelurahan", "programme", "solution")


def _counted(lines: pl.DataFrame, *keys: str) -> pl.DataFrame:
    found = lines.filter(pl.col("outcome") == OUT).group_by(keys).agg(out=pl.len().cast(pl.Int64))
    return found.select(*keys, "out")


def shape(lines: pl.DataFrame, programme: str) -> tuple[int, int]:
    """Of those who fall out of a programme: how many are not in the register, and how many are above its decile."""
    out = lines.filter(pl.col("programme") == programme, pl.col("outcome") == OUT).get_column("reason")
    return int((out == NOT_IN_REGISTER).sum()), int((out == "DESIL_DI_ATAS_BATAS").sum())


def discreet(counts: pl.DataFrame, within: str, *columns: str) -> pl.DataFrame:
    """`counts` with each of `columns` as text: 1 to 4 become HIDDEN.

    Where one cell of a group (`within`) is hidden, its value would follow from the group's sum: then the next smallest
    of the group that is not 0 is hidden too.
    """
    hidden = []
    for name in columns:
        small = pl.col(name).is_between(1, SMALLEST_SHOWN - 1)
        alone = small.sum().over(within) == 1
        others = pl.when(~small & (pl.col(name) > 0)).then(pl.col(name))
        second = (others.rank("ordinal").over(within) == 1).fill_null(value=False)
        hidden.append(
            pl.when(small | (alone & second)).then(pl.lit(HIDDEN)).otherwise(pl.col(name).cast(pl.String)).alias(name)
        )
    return counts.with_columns(hidden)
