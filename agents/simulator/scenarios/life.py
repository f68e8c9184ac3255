"""A scripted life: what is told in each quarter, and what its payers must read in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from agents.simulator.scenarios.telling import Person, Said

# name, programme, action, reason, rupiah before and from now
Line: TypeAlias = tuple[str, str, str, str, int | None, int | None]


@dataclass(frozen=True)
class Chapter:
    """One quarter: the events that arrive in it, and the change lines that follow."""

    quarter: str
    told: tuple[Said, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Life:
    """People of a scenario, quarter by quarter.

    The lines are those of `programmes`, under cut points of the nation and quotas that suffice. Quarters
    follow each other; the numbers of the cards are the life's own.
    """

    name: str
    aim: str
    programmes: tuple[str, ...]
    people: tuple[Person, ...]
    chapters: tuple[Chapter, ...]

    @property
    def quarters(self) -> tuple[str, ...]:
        return tuple(chapter.quarter for chapter in self.chapters)

    def chapter(self, quarter: str) -> Chapter:
        """Raises KeyError for a quarter that the life does not tell of."""
        for each in self.chapters:
            if each.quarter == quarter:
                return each
        raise KeyError(quarter)
