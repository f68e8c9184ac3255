"""Aims at findings about officers: the same in any order, each limit at its edge, cheats found and honest ones not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom

from agents.simulator.campaigns import Campaign, campaign_of, score
from streams.integrity.findings import evaluate, finding_id, withdrawn
from streams.integrity.frames import FINDINGS
from streams.integrity.statistics import adjusted, tail_p
from streams.integrity.thresholds import read_thresholds, thresholds_of
from streams.integrity.visits import VISITS, counting

CODES, AUTHORITIES = {3: "bps", 6: "dinsos-dki"}, {3: 40, 6: 20}
DAY = dt.date(2025, 3, 3)
NOON_MS = 1_740_978_000_000  # 2025-03-03 12:00 WIB
LIMITS = read_thresholds(DAY)
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return campaign_of(60, 7, 0.2)


def visit(number: int, **changes: Any) -> dict[str, Any]:
    """A quiet visit, one of many: nothing about it is remarkable."""
    began = NOON_MS + number * 3 * MINUTE_MS
    row = {
        "producer_number": b"\0\3",
        "event_id": number.to_bytes(16, "big"),
        "kind": "STATE",
        "corrects": False,
        "effective_on": DAY,
        "recorded_at": dt.datetime(2025, 3, 4, tzinfo=dt.UTC) + dt.timedelta(seconds=number),
        "petugas": "a",
        "kelurahan": "3174051001",
        "no_kk": f"317195{number:010d}",
        "hasil_kontak": "LENGKAP",
        "putusan": "LAYAK",
        "jawaban": number,
        "mulai": began,
        "selesai": began + 20 * MINUTE_MS,
        "waktu_perangkat": began + 21 * MINUTE_MS,
        "lintang_e6": -6_200_000 + number,
        "bujur_e6": 106_800_000,
        "foto_depan": number.to_bytes(32, "big"),
        "nik": [f"317190010190{number:04d}"],
    }
    return {**dict.fromkeys(VISITS), **row, **changes}


def found(*visits: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    """Officer, kind, visits and of how many, of each finding."""
    told = evaluate(pl.DataFrame(visits, schema=VISITS), CODES, AUTHORITIES)
    return [(it["petugas"], it["kind"], it["visits"], it["of"]) for it in told.iter_rows(named=True)]


def test_quiet_visits_are_not_remarkable() -> None:
    assert found(*(visit(number) for number in range(LIMITS.visits_per_day_most))) == []
    assert evaluate(pl.DataFrame(schema=VISITS), CODES, AUTHORITIES).schema == FINDINGS


def test_one_visit_more_than_a_day_holds() -> None:
    most = LIMITS.visits_per_day_most
    assert found(*(visit(number) for number in range(most + 1))) == [("a", "TOO_MANY_A_DAY", most + 1, most + 1)]
    nobody_home = visit(most, hasil_kontak="TIDAK_ADA_RESPONDEN")
    assert found(*(visit(number) for number in range(most)), nobody_home) == []


@pytest.mark.parametrize(("seconds", "hurried", "told"), [(299, 5, True), (300, 5, False), (299, 4, False)])
def test_how_short_an_interview_may_be(seconds: int, hurried: int, told: bool) -> None:
    visits = [visit(number) for number in range(20)]
    for it in visits[:hurried]:
        it["selesai"] = it["mulai"] + seconds * 1000
    assert found(*visits) == ([("a", "TOO_FAST", hurried, 20)] if told else [])


def test_without_an_interval_the_device_tells() -> None:
    seconds = [it * 60 for it in range(7)]
    visits = [
        visit(number, mulai=None, selesai=None, waktu_perangkat=NOON_MS + it * 1000)
        for number, it in enumerate(seconds)
    ]
    assert found(*visits) == [("a", "TOO_FAST", 6, 6)]  # before the first there is none


def test_the_first_to_take_a_photo_is_not_blamed() -> None:
    photo = bytes(32)
    visits = [visit(number, foto_depan=photo, petugas="a" if number == 0 else "b") for number in range(4)]
    assert found(*visits) == [("b", "PHOTO_REUSED", 3, 3)]
    assert found(*visits[:3]) == []


def test_one_point_for_many_families() -> None:
    visits = [visit(number, lintang_e6=-6_200_000) for number in range(5)]
    assert found(*visits) == [("a", "GEOTAG_SAME", 5, 5)]
    assert (
        found(*(visit(number, lintang_e6=-6_200_000, no_kk="3171950000000001", nik=["x"]) for number in range(5))) == []
    )


def test_far_from_where_the_others_are_but_never_judged_without_others() -> None:
    near = [visit(10 * place + number, petugas=name) for place, name in enumerate("bcd") for number in range(5)]
    away = [visit(100 + number, lintang_e6=-6_200_000 + 20_000 + number) for number in range(5)]  # 2.2 km
    assert found(*near, *away) == [("a", "GEOTAG_FAR", 5, 5)]
    assert found(*near[:5], *away) == []


def test_the_same_answers_again_and_again() -> None:
    visits = [visit(number, jawaban=1 if number < 5 else number) for number in range(20)]
    assert found(*visits) == [("a", "SAME_ANSWERS", 5, 20)]
    street = [visit(100 + number, petugas="b", jawaban=1) for number in range(5)]  # so the neighbours live
    assert found(*visits, *street) == []


def test_verdicts_are_compared_with_peers_in_the_same_kelurahan() -> None:
    def officer(name: str, fit: int, first: int) -> list[dict[str, Any]]:
        verdicts = ["LAYAK"] * fit + ["TIDAK_LAYAK"] * (20 - fit)
        return [visit(first + number, petugas=name, putusan=it) for number, it in enumerate(verdicts)]

    peers = [*officer("b", 3, 100), *officer("c", 4, 200), *officer("d", 5, 300), *officer("e", 4, 400)]
    assert found(*peers, *officer("a", 20, 0)) == [("a", "ONE_VERDICT", 20, 20)]
    poor = [it for name, first in zip("bcde", (100, 200, 300, 400), strict=True) for it in officer(name, 19, first)]
    assert found(*poor, *officer("a", 20, 0)) == []


def test_verdicts_that_others_reversed() -> None:
    week = DAY + dt.timedelta(7)
    other = [visit(100 + number, no_kk=f"317195{number:010d}", petugas="b", effective_on=week) for number in range(10)]
    wrong = [visit(number, putusan="TIDAK_LAYAK") for number in range(10)]
    peers = [visit(200 + number, petugas="c") for number in range(30)]
    again = [
        visit(300 + number, no_kk=f"317195{200 + number:010d}", petugas="d", effective_on=week) for number in range(30)
    ]
    kinds = [it for it in found(*other, *wrong, *peers, *again) if it[1] == "REVERSED"]
    assert kinds == [("a", "REVERSED", 10, 10)]


def test_who_contradicts_everybody_is_no_witness_against_them() -> None:
    """a finds the opposite of what b, c and d found, and they find the opposite of what a found."""
    week = DAY + dt.timedelta(7)
    visits, again = [], []
    for place, officer in enumerate("bcd"):
        mine = range(100 * place, 100 * place + 10)
        visits += [visit(number, petugas=officer) for number in mine]
        again += [visit(1000 + it, petugas="a", putusan="TIDAK_LAYAK") for it in mine[:8]]
        again += [visit(1000 + it, petugas="bcd"[place - 1]) for it in mine[8:]]
        visits += [visit(2000 + it, petugas="a", putusan="TIDAK_LAYAK") for it in mine[:3]]
        again += [visit(3000 + it, petugas=officer) for it in mine[:3]]
    for it in again:
        first = int.from_bytes(it["event_id"], "big") - 1000
        it |= {"no_kk": f"317195{first:010d}", "effective_on": week}
    peers = [visit(5000 + number, petugas="e") for number in range(40)]
    rechecks = [visit(6000 + it, no_kk=f"317195{5000 + it:010d}", petugas="f", effective_on=week) for it in range(40)]
    kinds = [it for it in found(*visits, *again, *peers, *rechecks) if it[1] == "REVERSED"]
    assert kinds == [("a", "REVERSED", 9, 9)]


def test_a_cancelled_visit_counts_no_longer() -> None:
    visits = [visit(number, foto_depan=bytes(32)) for number in range(4)]
    corrects = {"kind": "CANCEL", "corrects": True, "corrects.producer_number": b"\0\3", "petugas": None}
    cancelled = visit(9, **corrects, **{"corrects.event_id": visits[1]["event_id"]})
    frame = pl.DataFrame([*visits, cancelled], schema=VISITS)
    assert counting(frame, AUTHORITIES)["event_id"].to_list() == [visits[it]["event_id"] for it in (0, 2, 3)]
    assert found(*visits) == [("a", "PHOTO_REUSED", 3, 4)]
    assert found(*visits, cancelled) == []
    below = {**cancelled, "producer_number": b"\0\6"}  # an office set below may not
    assert found(*visits, below) == [("a", "PHOTO_REUSED", 3, 4)]


def test_of_one_event_with_two_contents_the_first_counts() -> None:
    visits = [visit(number, foto_depan=bytes(32)) for number in range(4)]
    other = visit(3, foto_depan=b"\1" * 32)
    assert found(*visits, other) == [("a", "PHOTO_REUSED", 3, 4)]
    assert found(*visits[:3], other, visits[3]) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_and_repetition_gives_the_same_findings(campaign: Campaign, seed: int) -> None:
    shuffled = pl.concat([campaign.visits, campaign.visits.sample(fraction=0.3, seed=seed)]).sample(
        fraction=1.0, shuffle=True, seed=seed
    )
    expected = evaluate(campaign.visits, CODES, AUTHORITIES)
    assert expected.height > 5
    assert evaluate(shuffled, CODES, AUTHORITIES).equals(expected)


def test_what_holds_no_longer_is_withdrawn_under_its_id(campaign: Campaign) -> None:
    told = evaluate(campaign.visits, CODES, AUTHORITIES)
    gone = withdrawn(told, told[1:])
    assert gone["finding_id"].to_list() == [told["finding_id"][0]]
    assert gone["state"].to_list() == ["WITHDRAWN"]
    assert withdrawn(gone, told[1:]).height == 0
    row = told.row(0, named=True)
    assert row["finding_id"] == finding_id(row["producer"], row["petugas"], row["kind"], row["period"])


def test_cheats_are_found_and_findings_are_about_cheats() -> None:
    result = score(campaign_of(300, 2, 0.2))
    assert result.recall >= 0.95
    assert result.precision >= 0.97
    own = result.kinds.filter(pl.col("conduct") != "HONEST")
    assert own.height == 8, "each conduct is planted"
    assert (own["by_kind"] >= own["officers"] - 1).all()


def test_honest_officers_are_left_alone_also_where_most_are_poor() -> None:
    result = score(campaign_of(300, 3, 0.0))
    assert result.honest_poor >= 50
    assert result.honest_poor_flagged == 0
    assert result.kinds["found"].sum() <= 3  # one in a hundred


def test_the_tests_against_the_books() -> None:
    # with peers without number and officers all alike it is the binomial law
    k, n = np.array([3, 10, 17]), np.array([20, 20, 20])
    exact = 1 - binom.cdf(k - 1, 20, 0.5)
    many = np.full(3, 10**9)
    assert tail_p(k, n, np.full(3, 0.5), many, correlation=1e-9, tail="upper") == pytest.approx(exact, rel=0.01)
    # Benjamini and Hochberg (1995), section 3.2: the four smallest of their fifteen are discoveries at 0.05
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert (adjusted(np.array(p)) <= 0.05).sum() == 4


def test_limits_are_dated_and_refused_when_they_do_not_fit() -> None:
    given = {"from": DAY, **vars(LIMITS)}
    assert thresholds_of({"versions": [given]}, DAY) == LIMITS
    with pytest.raises(ValueError, match="says nothing about 2025-03-02"):
        thresholds_of({"versions": [given]}, DAY - dt.timedelta(1))
    with pytest.raises(ValueError, match="missing"):
        thresholds_of({"versions": [{name: value for name, value in given.items() if name != "visits_least"}]}, DAY)
    with pytest.raises(ValueError, match="above 0"):
        thresholds_of({"versions": [{**given, "visits_least": 0}]}, DAY)
