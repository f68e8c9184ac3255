"""The events that offices write, as columns, before anything goes wrong with them on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.simulator.randomness import Days, Ints, Random, Texts, random_for, uuids_v7

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agents.simulator.quarters import Quarter
    from agents.simulator.rates import Rates
    from agents.simulator.world import World

# Columns that the simulator keeps beside those of the contract: the Kafka key that the producer
# chooses, and the same event's second choice, used when it is sent again.
KEY, OTHER_KEY = "sim.key", "sim.other_key"


@dataclass(frozen=True)
class Envelope:
    """What all events carry, one item per event (producer: one for all)."""

    producer: str
    office: Texts
    effective: Days
    recorded_ms: Ints


@dataclass(frozen=True)
class Target:
    """What corrections or cancellations act on, one item per event."""

    kind: str
    event_ids: NDArray[np.uint8]
    niks: pl.DataFrame  # row (position of the event), nik


@dataclass(frozen=True)
class Events:
    """Events of one contract: a frame with `row`, and child frames that refer to it."""

    frame: pl.DataFrame
    children: dict[str, pl.DataFrame]

    def only(self, keep: pl.Expr) -> Events:
        """The events for which an expression holds, with their children."""
        # Polars 2.1 panics in concat_str on columns with an empty chunk, so there is one chunk.
        frame = self.frame.filter(keep).rechunk()
        rows = frame.select("row")
        children = {path: child.join(rows, on="row", how="semi") for path, child in self.children.items()}
        return Events(frame, children)


def together(parts: list[Events]) -> Events:
    """One `Events` from several of one contract, renumbered by position."""
    frames: list[pl.DataFrame] = []
    children: dict[str, list[pl.DataFrame]] = {}
    before = 0
    for part in parts:
        renumber = pl.DataFrame(
            {"row": part.frame["row"], "new": np.arange(before, before + part.frame.height, dtype=np.uint32)}
        )
        frames.append(part.frame.with_columns(row=renumber["new"]))
        for path, child in part.children.items():
            moved = child.join(renumber, on="row", how="left", maintain_order="left")
            children.setdefault(path, []).append(moved.with_columns(row="new").drop("new"))
        before += part.frame.height
    # Cancellations have no content: their columns are null, their children none.
    whole = pl.concat(frames, how="diagonal")
    return Events(whole, {path: pl.concat(items, how="diagonal") for path, items in children.items()})


@dataclass
class Log:
    """Collects the events written, by contract and by the quarter of simulation that wrote them."""

    parts: dict[str, list[Events]] = field(default_factory=dict)

    def take(self) -> dict[str, Events]:
        """Everything since the last call, one `Events` per contract, in the order written."""
        taken = {contract: together(parts) for contract, parts in sorted(self.parts.items())}
        self.parts = {}
        return taken


@dataclass
class Turn:
    """One quarter of life: the world it changes, and where its events are written."""

    world: World
    quarter: Quarter
    seed: int
    rates: Rates
    log: Log

    def random(self, purpose: str) -> Random:
        """The chance of one purpose in this quarter; other quarters and purposes don't move it."""
        return random_for(self.seed, purpose, self.quarter)

    def write(
        self,
        contract: str,
        envelope: Envelope,
        content: pl.DataFrame | None,
        *,
        children: dict[str, pl.DataFrame],
        keys: tuple[Texts, Texts],
        target: Target | None = None,
    ) -> NDArray[np.uint8]:
        """Write events; return their ids (uint8[n, 16]).

        `content` has the contract's fields without the prefix `content.`, None for cancellations;
        a child frame names its event by position in `row`.
        """
        count = len(envelope.recorded_ms)
        written = sum(part.frame.height for part in self.log.parts.get(contract, []))
        ids = uuids_v7(envelope.recorded_ms, random_for(self.seed, "ids", contract, self.quarter, written))
        frame = pl.DataFrame(
            {
                "row": np.arange(count, dtype=np.uint32),
                "event_id": _bytes_column(ids),
                "effective_on": envelope.effective.astype("datetime64[D]"),
                "recorded_at": pl.Series(envelope.recorded_ms).cast(pl.Datetime("ms", "UTC")),
                "producer": pl.repeat(envelope.producer, count, eager=True),
                "office": envelope.office,
                "kind": pl.repeat(target.kind if target else "STATE", count, eager=True),
                "corrects": pl.repeat(target is not None, count, eager=True),
                "corrects.producer": pl.repeat(
                    envelope.producer if target else None, count, eager=True, dtype=pl.String
                ),
                "corrects.event_id": _bytes_column(target.event_ids)
                if target
                else pl.repeat(None, count, eager=True, dtype=pl.Binary),
                "content": pl.repeat(content is not None, count, eager=True),
                KEY: keys[0],
                OTHER_KEY: keys[1],
            }
        )
        niks = target.niks if target else pl.DataFrame(schema={"row": pl.UInt32, "nik": pl.String})
        stored = {
            f"content.{path}": child.with_columns(pl.col("row").cast(pl.UInt32)) for path, child in children.items()
        }
        stored["corrects.nik"] = niks.with_columns(pl.col("row").cast(pl.UInt32))
        if content is not None:
            frame = frame.hstack(content.rename(lambda name: f"content.{name}"))
        if count:
            self.log.parts.setdefault(contract, []).append(Events(frame, stored))
        return ids


def _bytes_column(ids: NDArray[np.uint8]) -> pl.Series:
    return pl.Series([bytes(each) for each in ids], dtype=pl.Binary)
