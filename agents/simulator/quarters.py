"""Quarters of the simulated calendar: `2025-Q1`, its days, and the offices' hours.

There is no wall clock in the simulator: every instant is drawn inside these bounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from agents.simulator.randomness import Days, Ints, Random, Scalar

DAY_MS = 86_400_000
# Offices write between 08:00 and 16:00 WIB, which is 01:00 to 09:00 UTC: the same date in both.
OPENING_MS = 1 * 3_600_000
CLOSING_MS = 9 * 3_600_000


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter (triwulan) of a year; ordered by time."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """`2025-Q1` as a quarter. Raises ValueError, with an example, for anything else."""
        found = re.fullmatch(r"(\d{4})-Q([1-4])", text)
        if found is None:
            raise ValueError(f"{text!r} is not a quarter; write it like 2025-Q1")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def index(self) -> int:
        """Quarters since year 0: differences are numbers of quarters."""
        return self.year * 4 + self.number - 1

    def plus(self, quarters: int) -> Quarter:
        year, number = divmod(self.index + quarters, 4)
        return Quarter(year, number + 1)

    @property
    def first_day(self) -> Scalar:
        return np.datetime64(f"{self.year}-{3 * self.number - 2:02d}-01", "D")

    @property
    def last_day(self) -> Scalar:
        return self.plus(1).first_day - np.timedelta64(1, "D")

    @property
    def days(self) -> int:
        return int((self.last_day - self.first_day).astype(np.int64)) + 1

    def some_days(self, random: Random, count: int) -> Days:
        """Days drawn evenly from the quarter."""
        return self.first_day + random.integers(0, self.days, count)


def quarter_indices(instants_ms: Ints) -> Ints:
    """The index of the quarter (see `Quarter.index`) that each instant, in ms UTC, lies in."""
    months = instants_ms.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    return 1970 * 4 + months // 3


def office_instants(days: Days, random: Random) -> Ints:
    """An instant (ms since 1970 UTC) in office hours of each day, weekends moved to the Monday."""
    working = np.busday_offset(days, 0, roll="forward").astype(np.int64)
    return working * DAY_MS + random.integers(OPENING_MS, CLOSING_MS, len(working))
