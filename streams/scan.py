"""One chunk of the register's store seen from two cuts: the whole of step SCAN but for the reading.

Chunks hold whole NIKs; what they yield is put together by `combine`, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from schemas.columnar.arena import pad
from streams.accounts import ACCOUNTS, FLOWS, accounts, add_accounts, add_flows, flows
from streams.cases import CASES, CLAIMED, Terms, add_counted, cases_at
from streams.digests import MODULUS, Lanes, joined, row_lanes, total
from streams.facts import CONTENT_AT, KEY_BYTES, Rows, below, copies_frame, facts_frame
from streams.findings import corrections, decisions, no_indications, two_contents
from streams.outcomes import OUTCOMES, Bounds, add_outcomes, outcomes
from streams.persons import PERSONS, AsOf, persons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.registry import Contract
    from streams.facts import Mask


@dataclass(frozen=True)
class Viewpoint:
    """From where facts are seen: the cut (columns `streams.facts.CUT`), the offset of the run's command in
    this partition of `register.facts`, and the day and rules by which persons are judged.
    """

    cut: pl.DataFrame
    command_offset: int
    as_of: AsOf

    @property
    def bounds(self) -> Bounds:
        """The same, for whoever asks which records it takes."""
        return Bounds(self.cut, self.command_offset, self.as_of.day)


@dataclass(frozen=True)
class Tally:
    """How many facts, and the sum of their digests modulo 2^128."""

    count: int
    digest: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, (self.digest + other.digest) % MODULUS)


NO_FACTS = Tally(0, 0)


@dataclass(frozen=True)
class Seen:
    """What is seen from one viewpoint: persons (columns `PERSONS`), their accounts, and the facts' tally."""

    persons: pl.DataFrame
    accounts: pl.DataFrame
    facts: Tally


NOBODY = Seen(pl.DataFrame(schema=PERSONS), pl.DataFrame(schema=ACCOUNTS), NO_FACTS)


@dataclass(frozen=True)
class Scan:
    """A chunk, or several: seen now, seen at the previous cut (`NOBODY` if there is none), and the flows between.

    Besides, of what is new in this quarter: what became of the records (columns `OUTCOMES`), and what is odd about
    events (`streams.findings.INDICATIONS`). `cases` and `claimed`: as `streams.cases.cases_at` gives them, at this cut.
    """

    now: Seen
    before: Seen
    flows: pl.DataFrame
    outcomes: pl.DataFrame
    indications: pl.DataFrame
    cases: pl.DataFrame
    claimed: pl.DataFrame


EMPTY = Scan(
    NOBODY,
    NOBODY,
    pl.DataFrame(schema=FLOWS),
    pl.DataFrame(schema=OUTCOMES),
    no_indications(),
    pl.DataFrame(schema=CASES),
    pl.DataFrame(schema=CLAIMED),
)


def scan(
    rows: Rows,
    contract: Contract,
    authorities: Mapping[int, int],
    now: Viewpoint,
    before: Viewpoint | None,
    terms: Terms | None = None,
) -> Scan:
    """See one chunk of rows (whole NIKs, in any order of chunks) from this cut and from the previous one.

    `contract` is that of facts, `authorities` the authority by producer number. Raises ValueError for rows
    that are damaged, as `streams.facts` does. Without `terms`, nobody asks for the cases.
    """
    facts = facts_frame(rows, contract, authorities)
    copies = copies_frame(rows)
    lanes = fact_lanes(rows)
    inside = below(facts, copies, now.cut, now.command_offset)
    inside_before = np.zeros(facts.height, np.bool_)
    seen, earlier = _seen(facts, lanes, inside, now.as_of), NOBODY
    if before is not None:
        inside_before = below(facts, copies, before.cut, before.command_offset)
        earlier = _seen(facts, lanes, inside_before, before.as_of)
    cases, claimed = EMPTY.cases, EMPTY.claimed
    if terms is not None:
        cases, claimed = cases_at(facts.filter(pl.Series(inside)), now.as_of.day, terms)
    contents = two_contents(
        facts, copies, (now.cut, now.command_offset), (before.cut, before.command_offset) if before else None
    )
    return Scan(
        seen,
        earlier,
        flows(earlier.persons, seen.persons),
        outcomes(rows, facts, inside, inside_before, now.bounds, before.bounds if before else None),
        pl.concat([find(facts, inside, inside_before) for find in (corrections, decisions)] + [contents]),
        cases,
        claimed,
    )


def _seen(facts: pl.DataFrame, lanes: Lanes, inside: Mask, as_of: AsOf) -> Seen:
    found = persons(facts.filter(pl.Series(inside)), as_of)
    return Seen(found, accounts(found), Tally(int(inside.sum()), total(lanes, inside)))


def fact_lanes(rows: Rows) -> Lanes:
    """Digest of each fact: NIK, producer, event id, and the value from its content on.

    Where the fact's copies stand, and its place among the event's facts, are left out: they depend on
    which copy came first.
    """
    keys = pad(np.ascontiguousarray(rows.keys).ravel())
    begins = np.arange(len(rows.keys), dtype=np.int64) * KEY_BYTES
    identity = row_lanes(keys, begins, np.full(len(rows.keys), KEY_BYTES))
    return joined(identity, row_lanes(rows.arena, rows.starts + CONTENT_AT, rows.lengths - CONTENT_AT))


def combine(parts: Sequence[Scan]) -> Scan:
    """Several chunks as one, whatever their order; a NIK must not be in two of them (ValueError)."""
    parts = [EMPTY, *parts]
    return Scan(
        _together([part.now for part in parts]),
        _together([part.before for part in parts]),
        add_flows([part.flows for part in parts]),
        add_outcomes(part.outcomes for part in parts),
        pl.concat([part.indications for part in parts]).sort(pl.all()),
        pl.concat([part.cases for part in parts]),
        add_counted([part.claimed for part in parts], CLAIMED),
    )


def _together(parts: Sequence[Seen]) -> Seen:
    found = pl.concat([part.persons for part in parts]).sort("nik")
    twice = found.get_column("nik").is_duplicated()
    if twice.any():
        raise ValueError(f"{int(twice.sum())} persons are in two chunks: cut the store into chunks between two NIK")
    return Seen(
        found,
        add_accounts([part.accounts for part in parts]),
        sum((part.facts for part in parts), NO_FACTS),
    )
