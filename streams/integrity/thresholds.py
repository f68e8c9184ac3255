"""Dated limits from which visits are remarkable; all illustrative (data/thresholds.yaml says why)."""

import datetime as dt
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.yaml_text import read_yaml

PERMILLE = 1000


@dataclass(frozen=True)
class Thresholds:
    """The limits of one day. Names end in their unit; counts of visits, officers or photos have none."""

    visits_per_day_most: int
    interview_seconds_least: int
    visits_least: int
    share_least_permille: int
    photos_least: int
    answers_share_least_permille: int
    answers_common_permille: int
    geotag_far_metres: int
    geotag_far_times_median: int
    officers_least: int
    recheck_days: int
    rechecked_least: int
    reversed_share_least_permille: int
    verdicts_least: int
    share_difference_least_permille: int
    officer_correlation_permille: int
    false_discoveries_permille: int


@cache
def read_thresholds(day: dt.date) -> Thresholds:
    """The limits in force on a day. Raises ValueError for a day before the first, or a file that misses or adds one."""
    document = read_yaml(files(__package__).joinpath("data/thresholds.yaml").read_text(encoding="utf-8"))
    return thresholds_of(document, day)


def thresholds_of(document: Any, day: dt.date) -> Thresholds:
    """`read_thresholds` of a document."""
    known = {it.name for it in fields(Thresholds)}
    versions = sorted(document["versions"], key=lambda it: it["from"])
    for version in versions:
        given = set(version) - {"from"}
        if given != known:
            raise ValueError(
                f"thresholds.yaml, from {version['from']}: missing {sorted(known - given)}, "
                f"unknown {sorted(given - known)}"
            )
        if not all(isinstance(value, int) and value > 0 for name, value in version.items() if name != "from"):
            raise ValueError(f"thresholds.yaml, from {version['from']}: every limit is a whole number above 0")
    in_force = [it for it in versions if it["from"] <= day]
    if not in_force:
        raise ValueError(f"thresholds.yaml says nothing about {day}: its first version is from {versions[0]['from']}")
    return Thresholds(**{name: value for name, value in in_force[-1].items() if name != "from"})
