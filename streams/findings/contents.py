"""Events that came a second time under their id with another content: the first copy counts."""

from __future__ import annotations

import numpy as np
import polars as pl

from streams.facts import below_cut
from streams.findings.codes import Finding
from streams.findings.frames import INDICATIONS, topic_name

_PLACE = ("topic_number", "partition", "offset")


def two_contents(
    facts: pl.DataFrame,
    copies: pl.DataFrame,
    now: tuple[pl.DataFrame, int],
    before: tuple[pl.DataFrame, int] | None,
) -> pl.DataFrame:
    """The copies that say something else than their row and are new in this quarter: columns INDICATIONS.

    `facts` and their `copies` as `streams.facts` gives them; `now`, `before`: cut and offset of the command. The
    coordinate is that of the copy that does not count; `about` is the place of the one that does.
    """
    others = copies.filter(~pl.col("same"))
    new = below_cut(others, *now)
    if before is not None:
        new &= ~below_cut(others, *before)
    chosen = others.filter(pl.Series(np.asarray(new, np.bool_)))
    first = facts[chosen.get_column("row").to_numpy()]
    about = pl.format("{}[{}]@{}", topic_name(pl.col("topic_number")), "partition", "offset")
    return (
        first.select("producer", "event_id", "event_type", "nik", about.alias("about"))
        .hstack(chosen.select(_PLACE))
        .with_columns(pl.lit(Finding.TWO_CONTENTS.name).alias("code"), pl.lit(value=True).alias("stated"))
        .select(pl.col(name).cast(dtype) for name, dtype in INDICATIONS.items())
    )
