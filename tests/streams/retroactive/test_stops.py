"""Aims at: what today's facts say of a day that has passed, by the day before, the day and the day after."""

import polars as pl
import pytest

from streams.retroactive import stops
from tests.streams.retroactive.told import ANI, cancelled, days, death, lives, nik_status, rules, works
from tests.streams.strategies import Fact, event_id, facts_frame

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


def stopped(*facts: Fact) -> dict[str, str]:
    """Quarter -> cause, of the one person."""
    found = stops(facts_frame(facts), days(*QUARTERS), rules())
    assert set(found["nik"]) <= {ANI}
    return dict(found.select("quarter", "cause").iter_rows())


def of_all(cause: str, *quarters: str) -> dict[str, str]:
    return dict.fromkeys(quarters, cause)


@pytest.mark.parametrize(
    ("died", "first"),
    [
        ("2024-12-31", 0),
        ("2025-02-10", 0),
        ("2025-03-30", 0),
        ("2025-03-31", 0),  # the last day itself: the list of a quarter is as of its last day
        ("2025-04-01", 1),
        ("2025-06-30", 1),
        ("2025-07-01", 2),
    ],
)
def test_a_death_stops_the_quarter_in_which_it_lies_and_all_after(died: str, first: int) -> None:
    assert stopped(death(1, died, hour=9000)) == of_all("MENINGGAL", *QUARTERS[first:])


def test_a_cancelled_death_stops_nothing_and_one_dated_anew_from_its_new_day() -> None:
    late = death(1, "2025-02-10", hour=9000)
    assert stopped(late, cancelled(2, 1, "vital", hour=9001)) == {}
    anew = death(3, "2025-08-01", hour=9002, corrects=1)
    assert stopped(late, anew) == of_all("MENINGGAL", "2025-Q3", "2025-Q4")


def test_of_two_reports_of_a_death_the_later_act_of_recording_decides_about_every_day() -> None:
    """As in the view of the person. No correction names the first, and its money of the first quarters is due."""
    first, again = death(1, "2025-02-10", hour=9000), death(2, "2025-08-01", hour=9100)
    assert stopped(first, again) == of_all("MENINGGAL", "2025-Q3", "2025-Q4")
    assert stopped(again, death(1, "2025-02-10", hour=9200)) == of_all("MENINGGAL", *QUARTERS)
    assert stopped(first, again, cancelled(3, 2, "vital", hour=9300)) == of_all("MENINGGAL", *QUARTERS)


@pytest.mark.parametrize(
    ("left", "first"),
    # 90 days of transit: on the last of them somebody may still arrive
    [("2025-01-01", 1), ("2024-12-31", 1), ("2024-12-30", 0), ("2025-04-01", 2), ("2025-03-31", 1)],
)
def test_a_departure_stops_beyond_the_limit_of_transit(left: str, first: int) -> None:
    assert stopped(lives(1, left, hour=9000, phase="KELUAR")) == of_all("PINDAH_KELUAR", *QUARTERS[first:])


def test_a_return_does_not_undo_the_quarters_before_it() -> None:
    gone, back = lives(1, "2025-01-05", hour=9000, phase="KELUAR"), lives(2, "2025-08-20", hour=9100, phase="DATANG")
    assert stopped(gone, back) == of_all("PINDAH_KELUAR", "2025-Q2")


def test_an_arrival_with_the_same_letter_was_never_a_departure() -> None:
    gone = lives(1, "2025-01-05", hour=9000, phase="KELUAR", skpwni="S1")
    assert stopped(gone, lives(2, "2025-08-20", hour=9100, phase="DATANG", skpwni="S1")) == {}


def test_a_nik_that_was_off_and_on_again() -> None:
    off, on = nik_status(1, "2025-05-01", active=False, hour=9000), nik_status(2, "2025-11-01", active=True, hour=9100)
    assert stopped(off, on) == of_all("NONAKTIF", "2025-Q2", "2025-Q3")
    assert stopped(off, cancelled(3, 1, "nik_status", hour=9200)) == {}


def test_work_for_the_state_counts_by_the_day_of_observation() -> None:
    """The later act of recording is about an earlier day, and decides nothing after the other."""
    service, left = works(1, "2025-04-10", "POLRI", hour=9100), works(2, "2025-08-01", "SWASTA", hour=9000)
    assert stopped(service, left) == of_all("ASN", "2025-Q2")
    assert stopped(works(1, "2025-04-10", "BUMN", hour=9100)) == {}


def test_the_event_that_stops_is_named() -> None:
    found = stops(facts_frame([death(7, "2025-02-10", hour=9000)]), days("2025-Q1"), rules())
    assert found["event"].to_list() == [(1).to_bytes(2, "big") + event_id(7)]


def test_nobody_and_no_quarter() -> None:
    assert stops(facts_frame([]), days("2025-Q1"), rules()).is_empty()
    assert stops(facts_frame([death(1, "2025-02-10", hour=9000)]), {}, rules()).is_empty()
    assert isinstance(stops(facts_frame([]), {}, rules()), pl.DataFrame)
