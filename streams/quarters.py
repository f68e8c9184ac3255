"""Quarters (triwulan): `2026-Q1`, in order, with their last day."""

import datetime as dt
import re
from dataclasses import dataclass

WRITTEN = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A quarter of a year; ordered by time, and so is its text."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """`2026-Q1` as a quarter. Raises ValueError, with an example, for anything else."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a quarter: write it like 2026-Q1")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        """The quarter in which a day lies."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def plus(self, quarters: int) -> "Quarter":
        year, number = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)

    @property
    def last_day(self) -> dt.date:
        """The day on which ages and rules of the quarter are taken."""
        after = self.plus(1)
        return dt.date(after.year, 3 * after.number - 2, 1) - dt.timedelta(days=1)
