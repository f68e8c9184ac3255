"""What a family would be paid for a quarter, in whole rupiah."""

import numpy as np
import polars as pl

from streams.families import Formed
from streams.programmes.conditions import holds
from streams.rules import Component, Programme
from streams.rules.facts import FACTS


def amounts(programme: Programme, formed: Formed) -> pl.DataFrame:
    """One row per family: rupiah Int64, components Int64 (members that count) and components.event Binary?.

    With components, each present member counts for at most one, the first that fits; of each component at most its
    limit is paid, and of all together `max_components`, the highest amounts or the lowest as the programme says. The
    event is that by which the member counts who counts most (the birth, where age decides); where nobody counts, the
    birth of the youngest, whose birthday is what ended the last component.
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
    present = formed.people.filter("present").with_columns(_which(programme.components).alias("component"))
    members = {
        number: np.bincount(rows["family"].to_numpy(), minlength=count).astype(np.int64)
        for (number,), rows in present.group_by("component")
    }
    total, paid, rupiah = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
    sign = 1 if programme.paid_first == "lowest" else -1
    for number, component in sorted(
        enumerate(programme.components), key=lambda it: (sign * it[1].rupiah_per_quarter, it[1].id)
    ):
        found = members.get(number, np.zeros(count, np.int64))
        taken = found if component.limit is None else np.minimum(found, component.limit)
        taken = np.minimum(taken, programme.max_components - paid)
        total += found
        paid += taken
        rupiah += taken * component.rupiah_per_quarter
    return pl.DataFrame({"family": formed.families["family"], "rupiah": rupiah, "components": total}).join(
        _causes(present, programme.components), on="family", how="left", maintain_order="left"
    ).drop("family")  # fmt: skip


def _causes(present: pl.DataFrame, components: tuple[Component, ...]) -> pl.DataFrame:
    """family, components.event: of the member who counts most."""
    worth, event = pl.lit(0, pl.Int64), pl.col("birth.event")
    for number, component in enumerate(components):
        counts = pl.col("component") == number
        worth = pl.when(counts).then(component.rupiah_per_quarter).otherwise(worth)
        told = next((fact.event for ask in component.asks if (fact := FACTS[ask.fact]).cause), None)
        if told is not None:
            event = pl.when(counts).then(pl.coalesce(told, "birth.event")).otherwise(event)
    return (
        present.with_columns(worth.alias("worth"), event.alias("components.event"))
        .sort("family", "worth", "birth_date", "nik", descending=[False, True, True, False], nulls_last=True)
        .unique("family", keep="first", maintain_order=True)
        .select("family", "components.event")
    )


def _which(components: tuple[Component, ...]) -> pl.Expr:
    """The place of the first component that a member counts for; null for none."""
    found = pl.lit(None, pl.Int32)
    for number, component in reversed(list(enumerate(components))):
        found = pl.when(_counts(component)).then(pl.lit(number, pl.Int32)).otherwise(found)
    return found


def _counts(component: Component) -> pl.Expr:
    counts = (pl.col("age_years") >= component.min_age_years).fill_null(value=False)
    if component.max_age_years is not None:
        counts &= pl.col("age_years") <= component.max_age_years
    for ask in component.asks:
        counts &= holds(ask, pl.col(FACTS[ask.fact].column)).fill_null(ask.passes_when_unknown)
    return counts
