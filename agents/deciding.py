"""An office's decision about a case, as the event that says it."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from agents.errors import OperatorError
from streams.cases import DECIDED, KINDS, chosen

CASE_ID = re.compile(r"K[0-9A-F]{12}")


def one_case(cases: pl.DataFrame, case: str, *, again: bool = False) -> dict[str, Any]:
    """The case of an id. Raises OperatorError when there is none, or several, or it is decided (unless `again`)."""
    if not CASE_ID.fullmatch(case):
        raise OperatorError(f"{case!r} is no case: give its id, as `dtsen cases list` shows it, like K0A1B2C3D4E5F.")
    found = chosen(cases, case)
    if found.is_empty():
        raise OperatorError(f"There is no case {case}: see `dtsen cases list`.")
    if found.height > 1:
        raise OperatorError(
            f"{found.height} cases have the id {case}: decide them by events of their own (dtsen send)."
        )
    row = found.row(0, named=True)
    if row["kind"] not in KINDS:
        raise OperatorError(f"{case} is of a kind that this release does not know: decide it with a newer one.")
    if row["state"] in DECIDED and not again:
        raise OperatorError(
            f"{case} is decided already: {row['state']} on {row['decided_on']} by {row['office'] or 'an office'}. "
            "Give --again to decide it anew; the office that is set highest counts, of one office its last word."
        )
    return row


def decision_of(
    case: Mapping[str, Any],
    status: str,
    now: dt.datetime,
    *,
    reason: str,
    office: str,
    producer: str,
    evidence: tuple[str, ...] = (),
    day: str | None = None,
) -> dict[str, Any]:
    """The record of an event putusan_kasus about a case. Raises OperatorError for a day that is none, or to come."""
    try:
        on = dt.date.fromisoformat(day) if day else now.date()
    except ValueError:
        raise OperatorError(f"{day!r} is no day: write it like 2026-01-31.") from None
    if on > now.date():
        raise OperatorError(f"{on} is still to come: a decision is recorded once it is made.")
    frivolous = status == "TIDAK_BERDASAR"
    return {
        "effective_on": on.isoformat(),
        "recorded_at": now.replace(microsecond=0).isoformat(),
        "producer": producer,
        "office": office,
        "content": {
            "nik": case["nik"],
            "program": case["programme"],
            "perkara": str(case["kind"]),
            "triwulan": case["quarter"],
            "kasus": case["case"],
            "status": "DITOLAK" if frivolous else status,
            "tidak_berdasar": frivolous,
            "alasan": reason,
            "bukti": list(evidence),
        },
    }
