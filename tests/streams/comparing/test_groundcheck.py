"""Aims at inclusion and exclusion error: who counts, in which denominator, and until when a visit is fresh."""

import datetime as dt

import polars as pl
from hypothesis import given, settings

from streams.comparing import errors_of
from tests.streams.comparing.made import DAY, sides, unit, units

SINCE = dt.date(2024, 6, 30)


def seen(number: int, rupiah: int | None, verdict: str, on: dt.date = DAY, *, reach: bool = True) -> dict[str, object]:
    return unit("PKH", number, rupiah, groundcheck=verdict, groundcheck_on=on, within_reach=reach)


def test_each_error_has_its_own_denominator() -> None:
    found = errors_of(
        units(
            seen(1, 300_000, "LAYAK"),
            seen(2, 300_000, "TIDAK_LAYAK"),
            seen(3, None, "LAYAK"),
            seen(4, None, "TIDAK_LAYAK"),
            seen(5, None, "LAYAK", reach=False),  # a condition besides the ranking keeps it away
            seen(6, 300_000, "BELUM_DIPUTUSKAN"),
            unit("PKH", 7, 300_000),  # never visited
        ),
        SINCE,
    )
    assert found.to_dicts() == [
        {"programme": "PKH", "checked": 5, "receiving": 2, "wrongly_in": 1, "in_need": 2, "wrongly_out": 1}
    ]


def test_a_visit_counts_from_the_day_on() -> None:
    yesterday = SINCE - dt.timedelta(days=1)
    for day, counted in ((yesterday, 0), (SINCE, 1)):
        assert errors_of(units(seen(1, 300_000, "TIDAK_LAYAK", day)), SINCE).item(0, "wrongly_in") == counted


@settings(deadline=None)
@given(sides())
def test_no_error_exceeds_its_denominator(side: pl.DataFrame) -> None:
    for row in errors_of(side, SINCE).iter_rows(named=True):
        assert 0 <= row["wrongly_in"] <= row["receiving"] <= row["checked"]
        assert 0 <= row["wrongly_out"] <= row["in_need"] <= row["checked"]
