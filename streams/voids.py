"""Voids: which groups of which facts don't count, because something later corrected or cancelled them.

Never stored: computed from a set of facts, so that facts may come in any order (architecture.md 4,
"Corrections"). Each group is judged by itself, as one bit of a mask.

A correction *hits* the fact that it names if that is a fact of the same person, with a smaller
(recorded_at, event_id), for the groups in its `voids`, and if its producer is the target's or set above it.
Whatever is hit is void. Judged from the greatest down:

- an unhit CORRECT takes its target over: what the target had itself hit stays hit, and so on down;
- an unhit CANCEL lifts its target: what that had hit is no longer hit by it;
- if several hit one target, the greatest unhit one behind them decides about the chain below.

A supervisor's decision that sets results of a field officer aside hits the visits that it lists as a CANCEL would, in
all that they state, by the same rules of clock and office. It is corrected and cancelled like anything else, and then
the visits count again.

Besides, an arrival that counts voids the departure with its SKPWNI number, whatever the two clocks say.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from schemas.codes import GROUP_BITS, GROUPS

I64: TypeAlias = npt.NDArray[np.int64]

_EVENT = ["nik", "producer_number", "event_id"]
_PLACES = np.arange(len(GROUPS))
_CLOCK = ["recorded_at", "event_id", "producer_number"]  # the producer only separates equals of two offices
VISIT = "groundcheck"  # the event type whose results can be set aside
_SET_ASIDE = GROUP_BITS["set_aside"]
_OF_VISITS = sum(GROUP_BITS.values()) - _SET_ASIDE  # no decision acts on another one, but by correcting it


def void_masks(facts: pl.DataFrame) -> I64:
    """Mask of the void groups of each fact: int64[N], bits as `GROUP_BITS`.

    Uses: nik, producer_number, event_id, authority, recorded_at, kind, corrects, corrects.producer_number,
    corrects.event_id, voids, event_type, and of the groups residence and set_aside: residence, .fase, .skpwni,
    set_aside, .events. The facts are those of one quarter, whole persons, each event once per person, in any order.
    """
    links = _corrections(facts)
    masks = _masks(links, facts.height)
    if facts.get_column("set_aside").any():
        aside = _set_aside(facts, masks)
        masks = _masks(pl.concat([links, aside]), facts.height + aside.height)[: facts.height]
    masks[_departures_arrived(facts, masks)] |= GROUP_BITS["residence"]
    return masks


def _masks(links: pl.DataFrame, rows: int) -> I64:
    """Mask of what is void of each of so many rows."""
    masks = np.zeros(rows, np.int64)
    if links.height:
        nodes, mask = _judged(links.sort(_CLOCK))
        masks[nodes] = mask
    return masks


def _corrections(facts: pl.DataFrame) -> pl.DataFrame:
    """Who may hit whom by correcting or cancelling it: columns as `_links`."""
    named = (
        facts.lazy()
        .with_row_index("row")
        .filter((pl.col("kind") != "STATE") & pl.col("corrects") & (pl.col("voids") != 0))
        .with_columns(takes_over=pl.col("kind") == "CORRECT")
    )
    return _links(named, facts.lazy().with_row_index("target"))


def _set_aside(facts: pl.DataFrame, masks: I64) -> pl.DataFrame:
    """Who hits which visits by setting them aside: columns as `_links`.

    `masks`: what corrections void, decisions among it. A decision names many events, and whoever is judged names one,
    so each visit that is named gets a row of its own behind the facts.
    """
    counts = facts.get_column("set_aside") & pl.Series(masks & _SET_ASIDE == 0)
    named = (
        facts.lazy()
        .filter(counts)
        .select("nik", *_CLOCK, "authority", pl.col("set_aside.events").alias("named"))
        .explode("named")
        .with_columns(
            pl.col("named").struct.field("producer_number").alias("corrects.producer_number"),
            pl.col("named").struct.field("event_id").alias("corrects.event_id"),
            takes_over=pl.lit(value=False),
            voids=pl.lit(_OF_VISITS, facts.schema["voids"]),
        )
        .with_row_index("row")
    )
    links = _links(named, facts.lazy().with_row_index("target").filter(pl.col("event_type") == VISIT))
    return links.with_columns(pl.int_range(facts.height, facts.height + pl.len(), dtype=pl.UInt32).alias("row"))


def _links(named: pl.LazyFrame, targets: pl.LazyFrame) -> pl.DataFrame:
    """Who may hit whom: row, target, recorded_at, event_id, producer_number, takes_over, voids; in any order.

    `named`: what names events by `corrects.*`; `targets`: the facts that may be hit, `target` being their rows.
    """
    known = targets.select(
        *_EVENT,
        "target",
        pl.col("recorded_at").alias("target.recorded_at"),
        pl.col("authority").alias("target.authority"),
    )
    return (
        named.join(
            known,
            left_on=["nik", "corrects.producer_number", "corrects.event_id"],
            right_on=_EVENT,
            how="inner",
        )
        .filter(
            (pl.col("recorded_at") > pl.col("target.recorded_at"))
            | (
                (pl.col("recorded_at") == pl.col("target.recorded_at"))
                & (pl.col("event_id") > pl.col("corrects.event_id"))
            )
        )
        .filter(
            (pl.col("authority") > pl.col("target.authority"))
            | (pl.col("producer_number") == pl.col("corrects.producer_number"))
        )
        .select("row", "target", *_CLOCK, "takes_over", "voids")
        .collect()
    )


def _judged(links: pl.DataFrame) -> tuple[I64, I64]:
    """Rows that take part in corrections, and the mask of what is void of each.

    `deciders[node, group]` is 0 while nothing hits the node there, else the strength of the greatest unhit
    correction behind the hits: twice its rank, plus 1 if it takes over. Every link leads to a smaller
    fact and each fact names at most one, so rounds from the unhit ends inwards visit each link once.
    """
    rows = links.get_column("row").cast(pl.Int64).to_numpy()
    targets = links.get_column("target").cast(pl.Int64).to_numpy()
    nodes = np.unique(np.concatenate([rows, targets]))
    sources = np.searchsorted(nodes, rows)
    onto = np.full(len(nodes), -1, np.int64)
    onto[sources] = np.searchsorted(nodes, targets)
    strength = np.zeros(len(nodes), np.int64)
    strength[sources] = 2 * np.arange(1, len(rows) + 1) + links.get_column("takes_over").to_numpy()
    reach = np.zeros((len(nodes), len(GROUPS)), np.int64)
    reach[sources] = (links.get_column("voids").cast(pl.Int64).to_numpy()[:, None] >> _PLACES) & 1

    deciders = np.zeros_like(reach)
    awaited = np.bincount(onto[sources], minlength=len(nodes))
    ready = np.flatnonzero((awaited == 0) & (onto >= 0))
    while len(ready):
        decided = deciders[ready]
        hits = np.where(decided == 0, strength[ready, None], np.where(decided & 1, decided, 0))
        np.maximum.at(deciders, onto[ready], hits * reach[ready])
        np.subtract.at(awaited, onto[ready], 1)
        following = np.unique(onto[ready])
        ready = following[(awaited[following] == 0) & (onto[following] >= 0)]
    return nodes, ((deciders > 0).astype(np.int64) << _PLACES).sum(axis=1)


def _departures_arrived(facts: pl.DataFrame, masks: I64) -> I64:
    """Rows of departures whose SKPWNI number a counting arrival of the same person bears."""
    moves = (
        facts.select("nik", "residence", "residence.skpwni", "residence.fase")
        .with_columns(pl.Series("counts", masks & GROUP_BITS["residence"] == 0))
        .with_row_index("row")
        .filter(pl.col("residence") & pl.col("residence.skpwni").is_not_null())
    )
    arrivals = moves.filter((pl.col("residence.fase") == "DATANG") & pl.col("counts"))
    departures = moves.filter(pl.col("residence.fase") == "KELUAR")
    arrived = departures.join(arrivals, on=["nik", "residence.skpwni"], how="semi")
    return arrived.get_column("row").cast(pl.Int64).to_numpy()
