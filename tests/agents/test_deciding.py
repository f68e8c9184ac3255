"""Aims at: cases travel as JSON, and an officer's decision about one is an event that the door takes."""

import datetime as dt
import json

import polars as pl
import pytest

from agents.clients.events import check
from agents.deciding import decision_of, one_case
from agents.errors import OperatorError
from agents.people import WIB
from agents.told_cases import TOLD, cases_frame, cases_json, told_cases
from tests.streams.cases.telling import claim, decision
from tests.streams.strategies import Fact, birth, dwelling, facts_frame, nik, residence

NOW = dt.datetime(2025, 4, 20, 10, tzinfo=WIB)
QUESTION = {
    "day": "2025-04-20",
    "transit_limit_days": 90,
    "scope": "31",
    "objection_days": 30,
    "case_days": {"SANGGAH": 30, "KELUHAN": 30, "USUL": 90, "REAKTIVASI": 90},
}
LIVES = Fact(nik(1), 50, groups={"birth": birth(), "residence": residence()}, event_type="biodata")


def told(*facts: Fact) -> pl.DataFrame:
    return told_cases(facts_frame([LIVES, *facts]), QUESTION)


def test_cases_travel_as_json() -> None:
    found = told(claim(1, evidence=("foto-1",)), claim(2, "USUL", channel="LAPOR_MAS_WAPRES"), decision(3))
    assert found.schema == TOLD
    assert cases_frame(json.loads(json.dumps(cases_json(found)))).equals(found)
    assert cases_frame(cases_json(told())).equals(told())
    assert found.select("nama", "kelurahan").unique().row(0) == ("Ani", "3171011001")


@pytest.mark.parametrize(("day", "visited"), [(79, False), (80, True)])
def test_who_was_visited_since_is_not_visited_again(day: int, *, visited: bool) -> None:
    finding = {"hasil_kontak": "LENGKAP", "keberadaan": "BERSAMA", "putusan": "LAYAK", "no_kk": None}
    finding |= {"kelurahan": "3171011001", "alamat": None, "petugas": None}
    seen = Fact(nik(1), 9, day=day, hour=24 * day, groups={"field": finding, "household": dwelling()})
    assert told(claim(1, "USUL", day=80), seen).item(0, "visited") is visited


@pytest.mark.parametrize("status", ["DITERIMA", "DITOLAK", "DITARIK", "TIDAK_BERDASAR"])
def test_a_decision_is_an_event_that_the_door_takes(status: str) -> None:
    case = one_case(told(claim(1)), told(claim(1)).item(0, "case"))
    case = {**case, "nik": "3171900102800012"}
    record = decision_of(case, status, NOW, reason="Diperiksa.", office="Sudin Sosial", producer="dinsos-dki")
    checked = check("putusan_kasus", [record], now_ms=int(NOW.timestamp() * 1000))
    assert checked.refused == []
    assert record["content"]["tidak_berdasar"] is (status == "TIDAK_BERDASAR")


def test_a_case_is_decided_once_unless_it_is_meant() -> None:
    decided = told(claim(1), decision(2))
    name = decided.item(0, "case")
    with pytest.raises(OperatorError, match="is decided already: DITOLAK on 2025-04-01 by Suku Dinas Sosial"):
        one_case(decided, name)
    assert one_case(decided, name, again=True)["case"] == name


@pytest.mark.parametrize(
    ("case", "sentence"), [("3171900102800012", "is no case"), ("K00000000FFFF", "There is no case K00000000FFFF")]
)
def test_what_is_no_case_is_said(case: str, sentence: str) -> None:
    with pytest.raises(OperatorError, match=sentence):
        one_case(told(claim(1)), case)


@pytest.mark.parametrize(("day", "sentence"), [("2025-04-21", "is still to come"), ("tomorrow", "is no day")])
def test_a_decision_has_a_day(day: str, sentence: str) -> None:
    case = told(claim(1)).row(0, named=True)
    with pytest.raises(OperatorError, match=sentence):
        decision_of(case, "DITOLAK", NOW, reason="x", office="y", producer="dinsos-dki", day=day)
