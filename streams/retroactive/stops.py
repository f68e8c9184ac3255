"""Which of today's facts made a sealed quarter not due: what was so on its last day, by all that is known now.

A person's view shows what is so today; here it is asked about days that have passed. Of the facts that count today
(none that was corrected or cancelled), those that had become true by the day are taken, and the greatest of them
decides, by the clock of its group: so a return, or a NIK that is active again, does not undo the quarters before it.
A death is another matter: nobody dies twice. There the greatest of all decides about every day, so that a death
reported once more with a later day gives back the quarters between, though no correction names the first report.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from schemas.codes import GROUP_BITS
from streams.persons.view import RECORDED
from streams.retroactive.frames import STOPS
from streams.voids import void_masks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.rules.model import Rules

DAY = "day"


@dataclass(frozen=True)
class Cause:
    """One fact that stops: its group, when it became true, by which clock the greatest is chosen, and what stops."""

    name: str
    group: str
    shown: tuple[str, ...]  # columns of the fact that are looked at
    true_from: pl.Expr
    clock: tuple[str, ...]
    stops: pl.Expr
    once: bool = False  # it happens once in a life: one fact decides about all days, not the greatest of each


def _causes(rules: Rules) -> list[Cause]:
    occupations = {code for it in rules.retroactive.values() for cause in it.causes for code in cause.occupations}
    died = ~pl.col("vital.hidup")
    # A day of death tells more than the day of the report that states it.
    died_on = pl.when(died).then(pl.coalesce("vital.tanggal_meninggal", "effective_on")).otherwise("effective_on")
    days_gone = (pl.col(DAY) - pl.col("effective_on")).dt.total_days()
    gone = pl.col("residence.fase").cast(pl.String).eq("KELUAR") & (days_gone > rules.transit_limit_days)
    outside = ~pl.col("residence.kelurahan").str.starts_with(rules.scope_province).fill_null(value=True)
    works = pl.col("work.kategori").cast(pl.String).is_in(sorted(occupations))
    on = pl.col("effective_on")
    return [
        Cause("MENINGGAL", "vital", ("vital.hidup", "vital.tanggal_meninggal"), died_on, RECORDED, died, once=True),
        Cause("NONAKTIF", "nik_status", ("nik_status.aktif",), on, RECORDED, ~pl.col("nik_status.aktif")),
        Cause("PINDAH_KELUAR", "residence", ("residence.fase", "residence.kelurahan"), on, RECORDED, gone | outside),
        # An observed group: the day of observation comes before the act of recording.
        Cause("ASN", "work", ("work.kategori",), on, ("effective_on", *RECORDED), works),
    ]


def stops(facts: pl.DataFrame, days: Mapping[str, dt.date], rules: Rules) -> pl.DataFrame:
    """Who was stopped on the last day of which quarter, by which fact: columns STOPS, sorted.

    `facts`: a facts frame (streams.facts.facts_frame) of whole persons, those of today's cut alone, in any order.
    `days`: the sealed quarters that are asked about, with their last days. `rules`: those of today; of them the
    occupations that count as ASN, the limit of transit and the province.
    """
    if not days or facts.is_empty():
        return pl.DataFrame(schema=STOPS)
    asked = pl.DataFrame({"quarter": list(days), DAY: list(days.values())}, schema={"quarter": pl.String, DAY: pl.Date})
    voids = void_masks(facts)
    found = [pl.DataFrame(schema=STOPS)]
    for cause in _causes(rules):
        counts = facts.get_column(cause.group).to_numpy() & (voids & GROUP_BITS[cause.group] == 0)
        rows = facts.filter(pl.Series(counts)).select("nik", *RECORDED, "effective_on", *cause.shown)
        found.append(_stopped(rows, asked, cause))
    return pl.concat(found).sort("nik", "quarter", "cause")


def _stopped(rows: pl.DataFrame, asked: pl.DataFrame, cause: Cause) -> pl.DataFrame:
    """STOPS of one cause. Whom no fact ever stops, on the last of the days, is passed over."""
    if cause.once:
        rows = rows.sort(cause.clock).unique("nik", keep="last", maintain_order=True)
    last = asked.get_column(DAY).max()
    ever = rows.with_columns(pl.lit(last, pl.Date).alias(DAY)).filter(cause.stops)
    known = (
        rows.join(ever.select("nik").unique(), on="nik", how="semi")
        .join(asked, how="cross")
        .filter(cause.true_from <= pl.col(DAY))
    )
    decided = known.sort(cause.clock).group_by("nik", "quarter", maintain_order=True).last()
    occupation = pl.col("work.kategori").cast(pl.String) if cause.group == "work" else pl.lit(None, pl.String)
    return decided.filter(cause.stops).select(
        "nik",
        "quarter",
        pl.lit(cause.name).alias("cause"),
        occupation.alias("occupation"),
        (pl.col("producer_number") + pl.col("event_id")).alias("event"),
    )
