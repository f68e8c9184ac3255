"""The books of a run: each line is computed from two sources that share no code path.

`frames` names what the stages report, `balance` puts all books together and says whether the quarter
may be sealed. Everything is computed at rest, from reports and from what is read back; nothing is a
running counter.
"""

from streams.books.answers import family_lines, holders_accounted, reasons_of, tally_of, verdicts_of
from streams.books.balance import Evidence, Verdict, balance
from streams.books.door import door_lines
from streams.books.frames import (
    ACCEPTED,
    FAMILY_LINES,
    HOLDERS,
    LISTS,
    PARTS,
    QUOTAS,
    RANGES,
    REASONS,
    TALLY,
    TOTALS,
    VERDICTS,
    Break,
)
from streams.books.lists import lists_of, totals
from streams.books.quotas import quota_rows
from streams.books.retroactive import sealed_ledger

__all__ = [
    "ACCEPTED",
    "FAMILY_LINES",
    "HOLDERS",
    "LISTS",
    "PARTS",
    "QUOTAS",
    "RANGES",
    "REASONS",
    "TALLY",
    "TOTALS",
    "VERDICTS",
    "Break",
    "Evidence",
    "Verdict",
    "balance",
    "door_lines",
    "family_lines",
    "holders_accounted",
    "lists_of",
    "quota_rows",
    "reasons_of",
    "sealed_ledger",
    "tally_of",
    "totals",
    "verdicts_of",
]
