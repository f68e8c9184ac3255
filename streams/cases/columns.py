"""The columns and codes of cases, and the terms by which they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.rules import Rules

KINDS = ("SANGGAH", "KELUHAN", "USUL", "REAKTIVASI")
OTHER_KIND = "LAINNYA"  # a kind that a newer release writes
OPEN, OVERDUE = "TERBUKA", "LEWAT_TENGGAT"
# DITERIMA: right; DITOLAK: not; TIDAK_BERDASAR: not, frivolous or repeated with nothing new; DITARIK: withdrawn.
DECIDED = ("DITERIMA", "DITOLAK", "TIDAK_BERDASAR", "DITARIK")
STATES = (OPEN, OVERDUE, *DECIDED)
State = pl.Enum(STATES)
Kind = pl.Enum([*KINDS, OTHER_KIND])

# One row per case, sorted by nik, programme, kind, quarter.
CASES = pl.Schema(
    {
        "case": pl.String(),  # id, of the event that opened it
        "ids": pl.List(pl.String),  # by each of its claims: a case is found by any of them
        "nik": pl.String(),
        "programme": pl.String(),
        "kind": Kind,
        "quarter": pl.String(),  # whose list it is about
        "state": State,
        "opened_on": pl.Date(),  # the first claim; of a decision without a claim, the decision
        "deadline": pl.Date(),  # last day to decide it
        "timely": pl.Boolean(),  # made while objections were heard; true of other kinds
        "channels": pl.List(pl.String),  # each once, sorted
        "claims": pl.Int64(),  # how often it was brought
        "repeats": pl.Int64(),  # of these, after it was decided: they open nothing anew
        "reason": pl.String(),  # short code of the first claim that gives one
        "evidence": pl.List(pl.String),  # references, each once, sorted
        "decided_on": pl.Date(),
        "office": pl.String(),  # that decided
        "decided_by": pl.UInt16(),  # number of the producer that decided
        "decision_reason": pl.String(),
        "age_days": pl.Int64(),  # from opening to decision, or to the day that is asked about
        "events": pl.List(pl.Binary),  # producer number (u16, big endian) and event id of all claims and decisions
    }
)


@dataclass(frozen=True)
class Terms:
    """Days, as dated data of the rules: until when objections to a list are heard, counted from the quarter's last
    day, and how long an office has to decide a case of each kind, counted from its opening.
    """

    objection_days: int
    case_days: Mapping[str, int]

    @classmethod
    def of(cls, rules: Rules) -> Terms:
        """The terms of the rules of one day."""
        return cls(rules.objection_days, rules.case_days)
