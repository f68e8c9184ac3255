"""The transition in tables for people: counts only, and no count so small that it points at somebody.

Small counts are hidden, and all others are rounded, totals too, each by itself. So nothing that is shown tells a hidden
count: no sum, and no other table. What can be read is right to two or three, and no large count has to be hidden beside
a small one.
"""

from typing import Final

import polars as pl

from streams.transition.falling import GOES_ON, HELD, OUT, WAITS
from streams.transition.solutions import NOT_IN_REGISTER

SMALLEST_SHOWN: Final = 5
HIDDEN: Final = f"<{SMALLEST_SHOWN}"
STEP: Final = 5  # what is shown is a multiple of it; as large as what is hidden, so that a difference tells nothing


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


def by_reason(lines: pl.DataFrame) -> pl.DataFrame:
    """programme, reason, solution, out: of those who fall out, the most first within a programme."""
    return _counted(lines, "programme", "reason", "solution").sort(
        "programme", "out", "reason", "solution", descending=[False, True, False, False]
    )


def by_way(lines: pl.DataFrame) -> pl.DataFrame:
    """programme, solution, out: of those who fall out, sorted."""
    return _counted(lines, "programme", "solution").sort("programme", "solution")


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


def discreet(counts: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """`counts` with each of `columns` as text: 0 stays, 1 to 4 become HIDDEN, others the nearest multiple of STEP."""
    shown = []
    for name in columns:
        rounded = (pl.col(name) + STEP // 2) // STEP * STEP
        small = pl.col(name).is_between(1, SMALLEST_SHOWN - 1)
        shown.append(pl.when(small).then(pl.lit(HIDDEN)).otherwise(rounded.cast(pl.String)).alias(name))
    return counts.with_columns(shown)
