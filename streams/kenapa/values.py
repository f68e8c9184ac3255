"""Values of facts as people read them."""

import datetime as dt
from typing import Any

from streams.kenapa.looked import Found
from streams.reasons import NO, UNKNOWN, YES
from streams.rules import Condition, Text
from streams.rules.facts import Level, fact_of
from streams.spoken import of_fact

MET, NOT_MET = Text("memenuhi syarat", "as required"), Text("tidak memenuhi syarat", "not as required")


def value_text(found: Found) -> Text:
    """The value of a condition; of what is every member's own, only whether it is as required."""
    fact = fact_of(found.condition.fact)
    assert fact is not None, "the rules were loaded with an unknown fact"
    if fact.level in (Level.SERVED, Level.RECEIVES):
        return YES if found.passes == bool(found.condition.value) else NO
    if fact.level is Level.MEMBERS:
        return UNKNOWN if not found.known else MET if found.passes else NOT_MET
    return said(found.value, found.condition)


def said(value: Any, condition: Condition) -> Text:
    """One value in words."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return YES if value else NO
    return of_fact(condition.fact, value)


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which somebody completes these years; of 29 February, 1 March in a year without that day."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)
