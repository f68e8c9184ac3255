"""Aims at the accounts of persons: every move has one cause, and closing is opening plus flows (invariant 19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.accounts import ACCOUNTS, FLOWS, accounts, add_accounts, add_flows, flows, unbalanced
from streams.persons import AsOf, persons
from tests.streams.strategies import (
    DAY,
    FEW,
    Fact,
    birth,
    facts,
    facts_frame,
    listing,
    nik,
    residence,
    vital,
)

ANI = nik(1)
BEFORE = AsOf(DAY + timedelta(days=90), transit_limit_days=90, scope="31")
NOW = replace(BEFORE, day=DAY + timedelta(days=181))


def seen(sample: list[Fact], as_of: AsOf) -> pl.DataFrame:
    return persons(facts_frame(sample), as_of)


@given(facts(people=4, most=16), st.integers(0, 16))
@FEW
def test_closing_is_opening_plus_flows(sample: list[Fact], known: int) -> None:
    before, now = seen(sample[:known], BEFORE), seen(sample, NOW)
    moved = flows(before, now)
    assert moved.schema == pl.Schema(FLOWS)
    assert accounts(now).schema == pl.Schema(ACCOUNTS)
    assert accounts(now)["persons"].sum() == len({fact.nik for fact in sample})
    assert unbalanced(accounts(before), moved, accounts(now)).height == 0


@given(facts(people=4, most=16), st.integers(0, 16), st.integers(1, 4))
@FEW
def test_parts_add_up(sample: list[Fact], known: int, person: int) -> None:
    before, now = seen(sample[:known], BEFORE), seen(sample, NOW)
    first, second = pl.col("nik") <= nik(person), pl.col("nik") > nik(person)
    parts = [flows(before.filter(part), now.filter(part)) for part in (first, second)]
    assert add_flows(parts).equals(flows(before, now))
    assert add_accounts([accounts(now.filter(part)) for part in (second, first)]).equals(accounts(now))


@given(facts(people=4, most=16), st.data())
@FEW
def test_one_person_lost_is_seen(sample: list[Fact], data: st.DataObject) -> None:
    before, now = seen(sample[:8], BEFORE), seen(sample, NOW)
    if now.height == 0:
        return
    lost = data.draw(st.sampled_from(now["nik"].to_list()))
    # lost between the flows and the closing: the line where it stood is named
    there = now.filter(pl.col("nik") == lost).row(0, named=True)
    closing = accounts(now.filter(pl.col("nik") != lost))
    wrong = unbalanced(accounts(before), flows(before, now), closing)
    assert wrong.select("kab_kota", "status", "difference").rows() == [(there["kab_kota"], there["status"], -1)]


def test_the_line_says_what_was_expected() -> None:
    opening = pl.DataFrame([("3171", "TERDAFTAR", 5)], schema=ACCOUNTS, orient="row")
    moved = pl.DataFrame(
        [
            ("PINDAH_ANTAR_KOTA", "3171", "TERDAFTAR", "3172", "TERDAFTAR", 2),
            ("LAHIR", None, None, "3171", "TERDAFTAR", 1),
        ],
        schema=FLOWS,
        orient="row",
    )
    closing = pl.DataFrame([("3171", "TERDAFTAR", 4), ("3172", "TERDAFTAR", 1)], schema=ACCOUNTS, orient="row")
    assert unbalanced(opening, moved, closing).rows() == [("3172", "TERDAFTAR", 0, 2, 0, 1, -1)]


HERE = Fact(ANI, 1, groups={"vital": vital(), "listing": listing(), "residence": residence(), "birth": birth()})
BORN = replace(HERE, event_type="lahir")
UNLISTED = Fact(ANI, 1, groups={"vital": vital(), "residence": residence()})
DEAD = Fact(ANI, 2, hour=2, groups={"vital": vital(alive=False)})
REVIVED = Fact(ANI, 3, hour=3, kind="CANCEL", corrects=(1, 2), voids=("vital",))
CARD = Fact(ANI, 3, hour=3, groups={"listing": listing(2)})


def moved_to(kelurahan: str, fase: str = "MENETAP", *, event: int = 2, day: int = 0) -> Fact:
    letter = None if fase == "MENETAP" else "S1"
    return Fact(ANI, event, hour=event, day=day, groups={"residence": residence(kelurahan, fase, letter)})


LEFT = moved_to("3171011001", "KELUAR", day=80)
LEFT_IN_THE_QUARTER = moved_to("3171011001", "KELUAR", day=170)
ARRIVED = moved_to("3172011001", "DATANG", event=4, day=85)
OUTSIDE = moved_to("3201011001")
NOT_LEFT = Fact(ANI, 5, hour=5, kind="CANCEL", corrects=(1, 2), voids=("residence",))


@pytest.mark.parametrize(
    ("before", "new", "cause"),
    [
        ([], [BORN], "LAHIR"),
        ([], [HERE], "BARU"),
        ([], [ARRIVED], "PINDAH_DATANG"),
        ([HERE], [DEAD], "MENINGGAL"),
        ([HERE, DEAD], [REVIVED], "BATAL_MENINGGAL"),
        ([HERE], [LEFT_IN_THE_QUARTER], "PINDAH_KELUAR"),
        ([HERE], [moved_to("3171011001", "KELUAR", day=2)], "PINDAH_KELUAR"),  # late: both limits passed
        ([HERE, LEFT], [], "LUPUT_TRANSIT"),
        ([HERE, LEFT], [ARRIVED], "PINDAH_DATANG"),
        ([HERE, LEFT], [ARRIVED, moved_to("3172011001", event=6)], "PINDAH_DATANG"),  # then a new card
        ([HERE], [LEFT, ARRIVED], "PINDAH_ANTAR_KOTA"),
        ([HERE], [moved_to("3172011001")], "PINDAH_ANTAR_KOTA"),
        ([HERE], [OUTSIDE], "KELUAR_WILAYAH"),
        ([HERE, OUTSIDE], [moved_to("3172011001", "DATANG", event=4)], "PINDAH_DATANG"),
        ([UNLISTED], [CARD], "DAPAT_KARTU"),
        ([HERE, LEFT], [NOT_LEFT], "LAINNYA"),
        ([HERE], [moved_to("3171021001")], None),  # within one city: stands where it stood
        ([HERE], [CARD], None),  # another card and nothing else
    ],
)
def test_causes(before: list[Fact], new: list[Fact], cause: str | None) -> None:
    moved = flows(seen(before, BEFORE), seen([*before, *new], NOW))
    assert moved["cause"].to_list() == ([] if cause is None else [cause])


def test_somebody_who_vanished_is_a_line() -> None:
    moved = flows(seen([HERE], BEFORE), seen([], NOW))
    assert moved.rows() == [("LAINNYA", "3171", "TERDAFTAR", None, None, 1)]
