"""A check, and the columns that the door adds to a decoded batch so that checks can be expressions.

A check is an expression over the events, or over the items of one array; where it is true, the event is
refused; null is not true. The order of checks is the order in which refusals are preferred: an event with
several faults is refused for the first (see `streams.door.order`).
"""

from dataclasses import dataclass

import polars as pl

from schemas.columnar.plan import ROOT
from schemas.limits import Refusal
from streams.door.codes import Code

RECEIVED_MS = "door.received_ms"  # Int64, the broker's append time
RECORDED_DAY = "door.recorded_day"  # Int64, days since 1970 of `recorded_at` in WIB
REPEATED = "door.repeated"  # items: Boolean, the same NIK stands in the same list before or after
HEADS = "door.heads"  # events: Int64, members with hubungan 1 in any of its lists


def verdict_of(column: str) -> str:
    """Name of the column with what is wrong with the number or id in a column (UInt8; 0: nothing)."""
    return f"door.verdict.{column}"


def count_of(path: str) -> str:
    """Name of the column with the number of items of an array (Int64)."""
    return f"door.count.{path}"


@dataclass(frozen=True)
class Check:
    """One reason to refuse an event."""

    code: Code | Refusal
    field: str  # dotted path of the field that is named
    bad: pl.Expr  # over the frame of its scope
    shown: pl.Expr  # the masked value, over the same frame
    scope: str = ROOT  # ROOT: the events; else the path of an array
