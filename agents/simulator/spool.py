"""Simulations of any size in bounded memory: piece after piece to disk, then quarter after quarter from there.

Pieces are made one at a time and a quarter is sent before the next, so that the two orders need a place in
between. It holds what will be sent, compressed; memory holds one piece, whatever their number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import polars as pl

from agents.simulator.truth import disorder, merge_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from agents.simulator.scales import Piece
    from agents.simulator.simulation import Simulation


@dataclass
class Counts:
    """Records of a quarter, over all pieces."""

    records: int = 0
    late: int = 0
    repeated: int = 0
    planted: int = 0

    def add(self, other: Counts) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass
class Spool:
    """The chosen quarters of a scale in a folder of its own."""

    folder: Path
    quarters: Sequence[str]
    with_truth: bool = False
    counts: dict[str, Counts] = field(default_factory=dict)

    def fill(
        self, pieces: Iterable[Piece], make: Callable[[Piece], Simulation], done: Callable[[int], None] | None = None
    ) -> None:
        """Simulate one piece after another, and keep of each only what is on disk; `done` is told of each."""
        for piece in pieces:
            self._keep(piece.name, make(piece))
            if done is not None:
                done(1)

    def frames(self, quarter: str) -> Iterator[pl.DataFrame]:
        """What is sent in a quarter, piece by piece: frames of `wire.WIRE`."""
        for file in sorted(self._of(quarter).glob("*.arrow")):
            yield pl.read_ipc(file.read_bytes())

    def write_truth(self, quarter: str, folder: Path) -> None:
        """What is true at a quarter's end, of all pieces together, as `Truth.write` does."""
        merge_truth(sorted((self._of(quarter) / "truth").iterdir()), folder / quarter)

    def _keep(self, name: str, simulation: Simulation) -> None:
        for quarter in self.quarters:
            target = self._of(quarter)
            target.mkdir(parents=True, exist_ok=True)
            events = simulation.events(quarter)
            events.write_ipc(target / f"{name}.arrow", compression="zstd")
            late, repeated, planted = disorder(simulation.written, quarter)
            self.counts.setdefault(quarter, Counts()).add(Counts(events.height, late, repeated, planted))
            if self.with_truth:
                simulation.truth(quarter).write_frames(target / "truth" / name)

    def _of(self, quarter: str) -> Path:
        return self.folder / quarter
