"""Where each row of a batch stands while it is read, and what was found wrong with it.

A row with an error leaves the cursor at once, so nothing of it is read again, and it cannot disturb the others.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from schemas.columnar import varints
from schemas.columnar.arena import I64, U8, Bool

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRUNCATED = "TRUNCATED"  # the row ends inside this field
BAD_VARINT = "BAD_VARINT"  # a number longer than its type allows
BAD_BRANCH = "BAD_BRANCH"  # a union has no such branch
BAD_ENUM = "BAD_ENUM"  # an enum has no such symbol
BAD_BOOLEAN = "BAD_BOOLEAN"  # a boolean that is neither 0 nor 1
BAD_UTF8 = "BAD_UTF8"  # a string that is not UTF-8
BAD_LENGTH = "BAD_LENGTH"  # a length or a count that is negative, or larger than what is left, or not what follows
TRAILING_BYTES = "TRAILING_BYTES"  # the record ends before the row does
CODES = (TRUNCATED, BAD_VARINT, BAD_BRANCH, BAD_ENUM, BAD_BOOLEAN, BAD_UTF8, BAD_LENGTH, TRAILING_BYTES)

ERRORS = {"row": pl.UInt32(), "code": pl.String(), "field": pl.String()}


class Findings:
    """The first error of each row, if it has one."""

    def __init__(self, rows: int) -> None:
        self.good = np.ones(rows, np.bool_)
        self._found: list[tuple[I64, str, str]] = []

    def add(self, rows: I64, code: str, field: str) -> None:
        """Note an error of rows that have none yet: rows with one have left every cursor."""
        if len(rows):
            self.good[rows] = False
            self._found.append((rows, code, field))

    @property
    def any(self) -> bool:
        return bool(self._found)

    def frame(self) -> pl.DataFrame:
        """Columns row UInt32, code String, field String (dotted path; empty: the record as a whole), by row."""
        parts = [
            pl.DataFrame({"row": rows.astype(np.uint32)}).with_columns(code=pl.lit(code), field=pl.lit(field))
            for rows, code, field in self._found
        ]
        return pl.concat([pl.DataFrame(schema=ERRORS), *parts]).sort("row")


@dataclass
class Cursor:
    """The rows that are being read: N positions, each with the end of its row."""

    arena: U8
    findings: Findings
    rows: I64  # index in the input, for errors
    at: I64
    ends: I64
    slots: I64  # index in the table that is being filled

    def __len__(self) -> int:
        return len(self.at)

    def part(self, chosen: "NDArray[np.intp]", slots: I64) -> "Cursor":
        """A cursor over some of the rows, which fills other slots."""
        return Cursor(self.arena, self.findings, self.rows[chosen], self.at[chosen], self.ends[chosen], slots)

    def rejoin(self, part: "Cursor", chosen: "NDArray[np.intp]") -> "NDArray[np.intp] | None":
        """Go on where `part` stopped; the rows that it lost are lost here too.

        The indices that stay, when rows were lost; None when all stay.
        """
        if len(part) == len(chosen):
            self.at[chosen] = part.at
            return None
        # A row stands once in a cursor, so rows can be found by their index in the input.
        kept = chosen[self.findings.good[self.rows[chosen]]]
        self.at[kept] = part.at
        return self._keep(self.findings.good[self.rows])

    def drop(self, bad: Bool, code: str, field: str) -> "NDArray[np.intp] | None":
        """Note an error for the rows marked, and leave them. The indices that stay; None when all stay."""
        if not bad.any():
            return None
        self.findings.add(self.rows[bad], code, field)
        return self._keep(~bad)

    def take(self, sizes: "I64 | int", field: str) -> I64:
        """Step over a field of known size; the positions at which it begins. Drops rows that end before."""
        kept = self.drop(self.at + sizes > self.ends, TRUNCATED, field)
        if kept is not None and not isinstance(sizes, int):
            sizes = sizes[kept]
        begins = self.at
        self.at = begins + sizes
        return begins

    def numbers(self, longest_bytes: int, field: str) -> I64:
        """Read a varint from each row. Drops rows without one."""
        values, sizes, bad = varints.read(self.arena, self.at, longest_bytes)
        over = self.at + sizes > self.ends
        if bad is not None or over.any():
            self.findings.add(self.rows[over], TRUNCATED, field)
            if bad is not None:
                self.findings.add(self.rows[bad & ~over], BAD_VARINT, field)
            kept = self._keep(~over if bad is None else ~(over | bad))
            values, sizes = values[kept], sizes[kept]
        self.at = self.at + sizes
        return values

    def _keep(self, good: Bool) -> "NDArray[np.intp]":
        kept = np.flatnonzero(good)
        self.rows, self.at, self.ends, self.slots = self.rows[kept], self.at[kept], self.ends[kept], self.slots[kept]
        return kept
