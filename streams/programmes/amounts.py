"""What a family would be paid for a quarter, in whole rupiah."""

import numpy as np
import polars as pl

from streams.families import Formed
from streams.rules import Component, Programme


def amounts(programme: Programme, formed: Formed) -> pl.DataFrame:
    """One row per family: rupiah Int64, components Int64 (members that count) and components.event Binary?.

    With components, each present member counts for at most one, by age; of each component at most its limit is
    paid, and of all together the highest amounts, `max_components` of them. The event is the birth of the member
    who counts most; of the youngest where nobody counts, whose birthday is what ended the last component.
    """
    count = formed.families.height
    if not programme.components:
        return pl.DataFrame(
            {
                "rupiah": np.full(count, programme.rupiah_per_quarter, np.int64),
                "components": np.zeros(count, np.int64),
                "components.event": pl.Series([None], dtype=pl.Binary).new_from_index(0, count),
            }
        )
    present = formed.people.filter("present")
    total, paid, rupiah = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
    worth = pl.lit(0, pl.Int64)
    for component in sorted(programme.components, key=lambda it: (-it.rupiah_per_quarter, it.id)):
        rows = present.filter(_counts(component))["family"].to_numpy()
        members = np.bincount(rows, minlength=count).astype(np.int64)
        taken = members if component.limit is None else np.minimum(members, component.limit)
        taken = np.minimum(taken, programme.max_components - paid)
        total += members
        paid += taken
        rupiah += taken * component.rupiah_per_quarter
        worth = pl.when(_counts(component)).then(component.rupiah_per_quarter).otherwise(worth)
    cause = (
        present.with_columns(worth.alias("worth"))
        .sort("family", "worth", "birth_date", "nik", descending=[False, True, True, False], nulls_last=True)
        .unique("family", keep="first", maintain_order=True)
        .select("family", pl.col("birth.event").alias("components.event"))
    )
    return (
        pl.DataFrame({"family": formed.families["family"], "rupiah": rupiah, "components": total})
        .join(cause, on="family", how="left", maintain_order="left")
        .drop("family")
    )


def _counts(component: Component) -> pl.Expr:
    old_enough = pl.col("age_years") >= component.min_age_years
    if component.max_age_years is None:
        return old_enough.fill_null(value=False)
    return (old_enough & (pl.col("age_years") <= component.max_age_years)).fill_null(value=False)
