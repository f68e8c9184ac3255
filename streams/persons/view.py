"""The view of a person: per group the greatest fact that is not void, and the status that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from schemas.codes import GROUP_BITS
from streams.at_home import home_here, visit_here
from streams.persons.benefits import benefits_of
from streams.persons.columns import GROUPS_SHOWN, PERSONS, STATUS, Clock
from streams.persons.objections import open_objections
from streams.voids import void_masks

if TYPE_CHECKING:
    from datetime import date

    from streams.persons.columns import Group

I64: TypeAlias = npt.NDArray[np.int64]

UNKNOWN_KAB_KOTA = "0000"  # no residence is stated
# the act of recording decides; the producer only separates equals of two offices
RECORDED = ("recorded_at", "event_id", "producer_number")


@dataclass(frozen=True)
class AsOf:
    """The day on which persons are judged, and the rules of that day.

    `scope`: the province whose register this is (two digits), "" for the nation. `transit_limit_days`: for
    how many days after a departure somebody counts as in transit.
    """

    day: date
    transit_limit_days: int
    scope: str = ""


def persons(facts: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    """Persons, columns `PERSONS`, one row per NIK that has a fact, sorted by NIK.

    `facts` as `streams.facts.facts_frame` gives them, in any order: whole persons, and only the facts of one
    quarter. A group that no counting fact states is null in all its columns. {group}.event is the producer
    number (u16, big endian) and the event id of the fact that was chosen. objections: the open ones, and
    reactivations: the accepted ones, as `streams.persons.objections` writes them; benefits: what is received elsewhere,
    as `streams.persons.benefits` does.
    """
    voids = void_masks(facts)
    order = _order(facts, "nik", *RECORDED)
    # persons counted from 0 in NIK order: one number per fact
    person = facts.get_column("nik").gather(order).rle_id().cast(pl.Int64).to_numpy()
    code = np.empty(facts.height, np.int64)
    code[order] = person
    first = np.flatnonzero(np.diff(person, prepend=-1))
    observed = _order(facts, "nik", "effective_on", *RECORDED)
    orders = {Clock.RECORDED: order, Clock.OBSERVED: observed}
    columns = [facts.get_column("nik").gather(order[first]).alias("nik")]
    for group in GROUPS_SHOWN:
        if group.clock is Clock.AT_HOME and Clock.AT_HOME not in orders:
            orders[Clock.AT_HOME] = _at_home_last(facts, pl.DataFrame(columns), code, observed)
        counts = facts.get_column(group.name).to_numpy() & (voids & GROUP_BITS[group.name] == 0)
        if not counts.any():  # of most groups nobody in a chunk says anything
            columns += _absent(group, len(first))
            continue
        chosen = _greatest(orders[group.clock], counts, code, len(first))
        columns += _copied(facts, group, chosen)
    columns += open_objections(facts, voids, code, len(first))
    columns.append(benefits_of(facts, voids, observed, code, len(first)))
    departed = pl.col("phase").eq_missing("KELUAR")
    return (
        pl.DataFrame(columns)
        .with_columns(pl.when(departed).then("departed_on"))
        .with_columns(_status(as_of), _kab_kota())
        .select(pl.col(name).cast(dtype) for name, dtype in PERSONS.items())
    )


def _order(facts: pl.DataFrame, *keys: str) -> I64:
    """Row numbers in ascending order of some columns."""
    rows = facts.select(keys).with_row_index("row").sort(keys)
    return rows.get_column("row").cast(pl.Int64).to_numpy()


def _at_home_last(facts: pl.DataFrame, found: pl.DataFrame, code: I64, observed: I64) -> I64:
    """The order `observed` with what was seen at the person's present card or address behind the rest.

    Who moved in with somebody and out again is spoken for by the home where they live, not by the last one seen.
    `found`: the person's columns of listing and residence.
    """
    sees = facts.select(pl.col("household") | pl.col("field")).to_series().to_numpy()
    several = np.flatnonzero(sees & (np.bincount(code[sees], minlength=found.height)[code] > 1))  # one needs no choice
    places = found.select("no_kk", "kelurahan", "address")[code[several]]
    seen = facts.select(name for name in facts.columns if name.partition(".")[0] in ("household", "field"))[several]
    here = np.zeros(len(code), np.bool_)
    here[several] = (
        pl.concat([seen, places], how="horizontal").select(home_here() | visit_here()).to_series().to_numpy()
    )
    return observed[np.lexsort((here[observed], code[observed]))]


def _greatest(order: I64, counts: npt.NDArray[np.bool_], code: I64, people: int) -> I64:
    """The last row in `order` that counts, per person; -1 for none."""
    rows = order[counts[order]]
    last = np.flatnonzero(np.diff(code[rows], append=-1))
    chosen = np.full(people, -1, np.int64)
    chosen[code[rows[last]]] = rows[last]
    return chosen


def _absent(group: Group, people: int) -> list[pl.Series]:
    """The person's columns of a group that nobody states."""
    presence = [pl.Series(group.name, np.zeros(people, np.bool_))] if group.presence else []
    names = [*(name for name, _, _ in group.copied), f"{group.name}.event", f"{group.name}.event_type"]
    return [*presence, *pl.DataFrame(schema={name: PERSONS[name] for name in names}).clear(people)]


def _copied(facts: pl.DataFrame, group: Group, chosen: I64) -> list[pl.Series]:
    """The person's columns of one group, from the chosen rows."""
    stated = chosen >= 0
    rows = pl.select(pl.when(pl.Series(stated)).then(pl.Series(chosen)).cast(pl.UInt32)).to_series()
    sources = dict.fromkeys(["producer_number", "event_id", "event_type", *(pair[1] for pair in group.copied)])
    taken = facts.select(pl.col(*sources).gather(rows))
    columns = [pl.Series(group.name, stated)] if group.presence else []
    columns += [taken.get_column(source).alias(name) for name, source, _ in group.copied]
    event = taken.select(pl.col("producer_number") + pl.col("event_id")).to_series()
    return [*columns, event.alias(f"{group.name}.event"), taken["event_type"].alias(f"{group.name}.event_type")]


def _status(as_of: AsOf) -> pl.Expr:
    """The first that holds: dead, inactive, left or outside, in transit, without a card, registered.

    A NIK is active until an office says otherwise. An unstated residence is not outside.
    """
    departed = pl.col("phase").eq_missing("KELUAR")
    days_gone = (pl.lit(as_of.day) - pl.col("departed_on")).dt.total_days()
    outside = ~pl.col("kelurahan").str.starts_with(as_of.scope).fill_null(value=True)
    return (
        pl.when(~pl.col("alive").fill_null(value=True))
        .then(pl.lit("MENINGGAL"))
        .when(~pl.col("nik_active").fill_null(value=True))
        .then(pl.lit("NONAKTIF"))
        .when(outside | (departed & (days_gone > as_of.transit_limit_days)))
        .then(pl.lit("LUAR"))
        .when(departed)
        .then(pl.lit("TRANSIT"))
        .when(pl.col("no_kk").is_null())
        .then(pl.lit("TANPA_KARTU"))
        .otherwise(pl.lit("TERDAFTAR"))
        .cast(STATUS)
        .alias("status")
    )


def _kab_kota() -> pl.Expr:
    """Regency or city: the first 4 digits of the kelurahan; for somebody in transit, of the origin."""
    return pl.col("kelurahan").str.head(4).fill_null(UNKNOWN_KAB_KOTA).alias("kab_kota")
