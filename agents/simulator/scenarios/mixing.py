"""Scripted lives as events beside the simulated ones: same columns, same topics, no chance of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.clients.events import check
from agents.simulator.disorder import ARRIVAL, GOOD, ORDER, PLANT
from agents.simulator.log import KEY, OTHER_KEY, Events, together
from agents.simulator.quarters import Quarter, quarter_indices
from schemas.columnar import decode, join
from schemas.framing import bodies
from schemas.registry import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agents.simulator.scenarios.life import Life
    from agents.simulator.scenarios.telling import Said


OVER_MS = 1_800_000_000_000  # 2027: when all lives are told; the door refuses what is recorded later than now


class NoLifeFitsError(ValueError):
    """Every scripted life has begun before the first quarter that is simulated."""


def fitting(lives: Sequence[Life], first: Quarter) -> list[Life]:
    """The lives that begin in or after a quarter. Raises NoLifeFitsError when there is none."""
    whole = [life for life in lives if Quarter.parse(life.quarters[0]) >= first]
    if not whole:
        latest = max(life.quarters[0] for life in lives)
        raise NoLifeFitsError(f"every scripted life begins before {first}: simulate from {latest} or earlier")
    return whole


def mixed_in(written: Mapping[str, Events], lives: Sequence[Life]) -> dict[str, Events]:
    """The events of a simulation and of these lives together, by contract.

    A life may go on after the simulated quarters: what comes later arrives in no quarter that is sent.
    """
    told: dict[str, list[tuple[int, Said]]] = {}
    for life in lives:
        for chapter in life.chapters:
            for said in chapter.told:
                told.setdefault(said.event_type, []).append((Quarter.parse(chapter.quarter).index, said))
    mixed = dict(written)
    for contract, events in sorted(told.items()):
        scripted = _events(contract, events)
        mixed[contract] = (
            together([written[contract], _like(written[contract], scripted)]) if contract in written else scripted
        )
    return mixed


def _events(contract: str, told: list[tuple[int, Said]]) -> Events:
    """Events as the offices would write them; they come in the order of their recording."""
    checked = check(contract, [said.record for _, said in told], now_ms=OVER_MS)
    assert not checked.refused, "the door takes every event of a scripted life"
    values = join([event.value for event in checked.good])
    decoded = decode(contracts().by_name[contract], values.arena, *bodies(values.starts, values.lengths))
    arrival = np.array([index for index, _ in told], np.int64)
    recorded = decoded.frame["recorded_at"].cast(pl.Int64).to_numpy()
    begin = ((arrival - 4 * 1970) * 3).astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64)
    keys = pl.Series([event.key.decode() for event in checked.good], dtype=pl.String)
    frame = decoded.frame.with_columns(
        keys.alias(KEY),
        keys.alias(OTHER_KEY),
        pl.Series(ARRIVAL, arrival),
        # what was recorded before its quarter comes at the quarter's beginning
        pl.Series(ORDER, np.where(quarter_indices(recorded) < arrival, begin, recorded)),
        pl.lit(GOOD).alias(PLANT),
    )
    return Events(frame, decoded.children)


def _like(written: Events, scripted: Events) -> Events:
    """With the types that the simulator writes its columns in."""

    def cast(frame: pl.DataFrame, model: pl.DataFrame) -> pl.DataFrame:
        shared = [name for name in frame.columns if name in model.schema]
        return frame.with_columns(pl.col(name).cast(model.schema[name]) for name in shared)

    children = {path: cast(child, written.children[path]) for path, child in scripted.children.items()}
    return Events(cast(scripted.frame, written.frame), children)
