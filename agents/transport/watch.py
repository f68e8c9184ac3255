"""Notices a stage that should have work and does none.

Faust and aiokafka end some of their tasks without a word. A stage that then waits for ever is worse than one that
ends: the next process starts where this one stood.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from faust.types import TP

LOOK_SECONDS: Final = 1.0
# A member may wait for the others of its group as long as a rebalance may take (60 s), and for an answer of the broker
# 40 s; beyond both, nothing that is still going to happen is waited for.
PATIENCE_SECONDS: Final = 120.0


class StalledError(RuntimeError):
    """Nothing is done for a partition that has work."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of an assigned partition: the next offset to handle (None where none is known), whether there are
    records from there on, and whether something is at work that it waits for.
    """

    position: int | None
    is_behind: bool
    is_at_work: bool


class Watch:
    """Counts the looks at which a partition was behind, at rest and where it was before.

    Looks and not time, so that a process that was itself stopped for a while is not taken for one that idles.
    """

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._limit = max(int(patience_seconds / LOOK_SECONDS), 1)
        self._seen: dict[TP, tuple[int | None, int]] = {}  # position, looks in a row

    def look(self, looks: Mapping[TP, Look]) -> None:
        """Note one look at all assigned partitions. Raises StalledError."""
        seen: dict[TP, tuple[int | None, int]] = {}
        for tp, found in looks.items():
            if found.is_behind and not found.is_at_work:
                position, count = self._seen.get(tp, (found.position, 0))
                seen[tp] = (found.position, count + 1 if position == found.position else 1)
        self._seen = seen
        for tp, (position, count) in sorted(seen.items()):
            if count > self._limit:
                where = "no position is known" if position is None else f"offset {position} is next, there are records"
                raise StalledError(
                    f"{tp.topic}[{tp.partition}]: {where}, and nothing has been done for "
                    f"{self._limit * LOOK_SECONDS:.0f} s. The process ends; the next one starts at the stored position"
                )
