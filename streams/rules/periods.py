"""Dated entries: one is in force on each day, without gap and without overlap."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from streams.rules.documents import RulesError

Entry = Mapping[str, Any]
ONE_DAY = dt.timedelta(days=1)


def day(place: str, text: str) -> dt.date:
    """An ISO date; raises RulesError for a day that no calendar has."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise RulesError(f"{place}: {text!r} is not a day: {error}") from error


def in_force(entry: Entry, as_of: dt.date) -> bool:
    """True when `from` <= as_of <= `until`; an entry without `until` holds until further notice."""
    text = as_of.isoformat()  # ISO days sort as text
    return bool(entry["from"] <= text and ("until" not in entry or text <= entry["until"]))


def check_series(place: str, entries: Sequence[Entry], *, covers: Entry | None = None) -> None:
    """Raise RulesError unless the versions follow each other day on day.

    `covers` is an entry (a programme) whose whole period the series must cover: an amount that is
    missing for a day of its programme would be found out at a checkpoint, which is too late.
    """
    ordered = sorted(entries, key=lambda entry: str(entry["from"]))
    for entry in ordered:
        begin = day(f"{place}.from", entry["from"])
        if "until" in entry and day(f"{place}.until", entry["until"]) < begin:
            raise RulesError(f"{place}: ends on {entry['until']}, before it begins on {entry['from']}")
    for before, after in itertools.pairwise(ordered):
        if "until" not in before or before["until"] >= after["from"]:
            raise RulesError(
                f"{place}: two versions hold on {after['from']} (an overlap). "
                f"End the one from {before['from']} on the day before."
            )
        if day(place, before["until"]) + ONE_DAY != day(place, after["from"]):
            raise RulesError(
                f"{place}: nothing holds between {before['until']} and {after['from']} (a gap). "
                f"Let one version end on the day before the next begins."
            )
    if covers is None:
        return
    if ordered[0]["from"] > covers["from"]:
        raise RulesError(f"{place}: begins on {ordered[0]['from']}, but is needed from {covers['from']}")
    if "until" in ordered[-1] and ("until" not in covers or ordered[-1]["until"] < covers["until"]):
        wanted = covers.get("until", "further notice")
        raise RulesError(f"{place}: ends on {ordered[-1]['until']}, but is needed until {wanted}")


def value_at(place: str, entries: Sequence[Entry], as_of: dt.date) -> Entry:
    """The entry in force on `as_of`; raises RulesError when there is none."""
    for entry in entries:
        if in_force(entry, as_of):
            return entry
    raise RulesError(f"{place}: nothing is in force on {as_of}. Add a version that covers this day.")
