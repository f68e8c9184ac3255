"""Aims at notices (invariant 27): one id per programme, person and event, withdrawn when the stop is cancelled."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from streams.notices import NOTICES, differences, notice_id, stops
from streams.persons import PERSONS
from tests.streams.villages import event, holdings, nik, rules

RULES = rules()
NOTHING = pl.DataFrame(schema=NOTICES)
DAY = dt.date(2025, 5, 1)


def people(**statuses: str) -> pl.DataFrame:
    rows = [
        {
            "nik": nik(int(number[1:])),
            "status": status,
            "died_on": DAY,
            "vital.event": event(1),
            "residence.event": event(2),
            "nik_status.event": event(3),
        }
        for number, status in statuses.items()
    ]
    return pl.DataFrame(rows, schema=PERSONS)


@pytest.mark.parametrize(
    ("status", "noticed"),
    [
        ("TERDAFTAR", {}),
        ("MENINGGAL", {"SEMBAKO": ("MENINGGAL", event(1), DAY), "KLJ": ("MENINGGAL", event(1), DAY)}),
        ("LUAR", {"SEMBAKO": ("PINDAH_KELUAR", event(2), None), "KLJ": ("PINDAH_KELUAR", event(2), None)}),
        ("NONAKTIF", {"SEMBAKO": ("NONAKTIF", event(3), None), "KLJ": ("NONAKTIF", event(3), None)}),
        ("TRANSIT", {"KLJ": ("DALAM_PERPINDAHAN", event(2), None)}),  # the national budget pays on
        ("TANPA_KARTU", {}),
    ],
)
def test_what_stops_a_line(status: str, noticed: dict[str, Any]) -> None:
    found = stops(people(p1=status), holdings((1, "SEMBAKO"), (1, "KLJ")), RULES, "2025-Q1")
    rows = {row["programme"]: (row["reason"], row["cause"], row["effective_on"]) for row in found.to_dicts()}
    assert rows == noticed
    assert set(found["payer"]) <= {"kemensos", "dinsos-dki"}


def test_who_holds_nothing_is_noticed_nothing() -> None:
    assert stops(people(p1="MENINGGAL"), holdings(), RULES, "2025-Q1").is_empty()


def test_a_line_that_is_held_back_has_nothing_to_stop() -> None:
    held = holdings((1, "KLJ")).with_columns(pl.lit("HELD").cast(pl.Enum(["ACTIVE", "HELD"])).alias("state"))
    assert stops(people(p1="TRANSIT"), held, RULES, "2025-Q1").is_empty()


def test_a_death_is_noticed_once_and_withdrawn_under_the_same_id() -> None:
    held = holdings((1, "SEMBAKO"))
    dead = stops(people(p1="MENINGGAL"), held, RULES, "2025-Q1")
    new, withdrawn, fulfilled = differences(NOTHING, dead, held)
    assert new["notice_id"].to_list() == [notice_id(nik(1), "SEMBAKO", event(1))]
    assert withdrawn.is_empty()
    assert fulfilled.is_empty()
    again = differences(dead, dead, held)
    assert all(part.is_empty() for part in again)
    alive = stops(people(p1="TERDAFTAR"), held, RULES, "2025-Q1")
    new, withdrawn, fulfilled = differences(dead, alive, held)
    assert new.is_empty()
    assert withdrawn["notice_id"].to_list() == dead["notice_id"].to_list()
    assert fulfilled.is_empty()


def test_what_the_seal_has_decided_is_not_withdrawn() -> None:
    dead = stops(people(p1="MENINGGAL"), holdings((1, "SEMBAKO")), RULES, "2025-Q1")
    new, withdrawn, fulfilled = differences(dead, NOTHING, holdings())
    assert new.is_empty()
    assert withdrawn.is_empty()
    assert fulfilled.equals(dead)
