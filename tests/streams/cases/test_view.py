"""Aims at cases as a view of facts: joined over channels, decided by offices, and the same in any order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cases import CASES, ageing, chosen
from streams.persons.objections import open_objections
from streams.voids import void_masks
from tests.streams.cases.telling import DINSOS, KEMENSOS, cases, claim, decision
from tests.streams.strategies import FEW, Fact, facts_frame, nik


def one(*facts: Fact, day: int = 100) -> dict[str, Any]:
    found = cases(*facts, day=day)
    assert found.height == 1
    return found.row(0, named=True)


def test_what_comes_by_two_channels_is_one_case() -> None:
    jaki = claim(2, channel="JAKI", day=82, evidence=("foto-2", "foto-1"), reason="DATA_SALAH")
    case = one(claim(1, day=80, evidence=("foto-1",)), jaki)
    assert (case["channels"], case["claims"], case["evidence"]) == (["CEK_BANSOS", "JAKI"], 2, ["foto-1", "foto-2"])
    assert (case["opened_on"], case["deadline"]) == (dt.date(2025, 3, 22), dt.date(2025, 4, 21))
    assert (case["state"], case["reason"], case["age_days"]) == ("TERBUKA", "DATA_SALAH", 20)
    assert case["case"] in case["ids"]
    assert len(case["ids"]) == 2


def test_persons_programmes_kinds_and_quarters_are_cases_of_their_own() -> None:
    found = cases(
        claim(1),
        claim(2, person=2),
        claim(3, programme="PKH"),
        claim(4, kind="USUL"),
        claim(5, kind="KELUHAN"),
        claim(6, quarter="2025-Q2"),
    )
    assert found.height == 6
    assert found.get_column("case").n_unique() == 6


@pytest.mark.parametrize(("day", "state"), [(110, "TERBUKA"), (111, "LEWAT_TENGGAT")])
def test_the_deadline_is_the_last_day_to_decide(day: int, state: str) -> None:
    assert one(claim(1, day=80), day=day)["state"] == state


@pytest.mark.parametrize(
    ("status", "frivolous", "state"),
    [
        ("DITERIMA", False, "DITERIMA"),
        ("DITOLAK", False, "DITOLAK"),
        ("DITOLAK", True, "TIDAK_BERDASAR"),
        ("DITARIK", False, "DITARIK"),
    ],
)
def test_an_office_decides(status: str, frivolous: bool, state: str) -> None:
    case = one(claim(1), decision(2, status, frivolous=frivolous), day=300)
    assert (case["state"], case["decided_on"], case["office"]) == (state, dt.date(2025, 4, 1), "Suku Dinas Sosial")
    assert (case["decision_reason"], case["decided_by"], case["age_days"]) == ("Diperiksa di lapangan.", DINSOS, 10)


def test_the_office_set_highest_decides_and_of_one_office_the_last_word() -> None:
    told = [claim(1), decision(2, "DITOLAK", day=90), decision(3, "DITERIMA", day=91)]
    assert one(*told)["state"] == "DITERIMA"
    assert one(*told, decision(4, "DITOLAK", day=85, producer=KEMENSOS))["state"] == "DITOLAK"


def test_a_withdrawal_closes_what_was_claimed_until_its_day() -> None:
    told = [claim(1), decision(2, "DITARIK", day=82)]
    assert one(*told, claim(3, day=82, channel="JAKI"))["state"] == "DITARIK"
    anew = one(*told, claim(3, day=83, channel="JAKI"))
    assert (anew["state"], anew["opened_on"], anew["claims"]) == ("TERBUKA", dt.date(2025, 3, 25), 2)
    assert one(*told, claim(3, day=83), decision(4, "DITARIK", day=84))["state"] == "DITARIK"
    assert one(*told, claim(3, day=83), decision(4, "DITOLAK", day=84))["state"] == "DITOLAK"


@pytest.mark.parametrize("status", ["DITERIMA", "DITOLAK"])
def test_a_withdrawal_undoes_no_judgement(status: str) -> None:
    told = [claim(1, "REAKTIVASI"), decision(2, status, kind="REAKTIVASI")]
    assert one(*told, decision(3, "DITARIK", kind="REAKTIVASI", day=95, producer=KEMENSOS))["state"] == status


def test_nobody_is_refused_before_having_asked() -> None:
    assert one(decision(1, day=10), claim(2, day=80))["state"] == "TERBUKA"
    assert one(decision(1, "DITARIK", day=10), claim(2, day=80))["state"] == "TERBUKA"
    assert one(decision(1, day=80), claim(2, day=80))["state"] == "DITOLAK"
    assert one(decision(1, "DITERIMA", day=10), claim(2, day=80))["state"] == "DITERIMA", "what is granted stays so"


def test_an_objection_made_anew_after_a_withdrawal_holds_if_it_is_in_time() -> None:
    told = [claim(1), decision(2, "DITARIK", day=82)]
    for day, timely in ((119, True), (120, False)):  # 30 April, 1 May
        facts = facts_frame([*told, claim(3, day=day)])
        assert cases(*told, claim(3, day=day), day=130).get_column("timely").to_list() == [timely]
        (held,), _ = (it.to_list() for it in open_objections(facts, void_masks(facts), np.zeros(3, np.int64), 1))
        assert [it.split("/")[2] for it in held] == [str(dt.date(2025, 1, 1) + dt.timedelta(days=day))]


def test_a_cancelled_decision_opens_the_case_again() -> None:
    lifted = Fact(nik(1), 3, producer=DINSOS, hour=3000, kind="CANCEL", corrects=(DINSOS, 2), voids=("claim",))
    assert one(claim(1), decision(2), lifted)["state"] == "TERBUKA"


def test_a_claim_that_comes_again_after_the_decision_is_counted_and_opens_nothing() -> None:
    case = one(claim(1), decision(2), claim(3, day=95, channel="LAPOR_MAS_WAPRES"))
    assert (case["state"], case["claims"], case["repeats"]) == ("DITOLAK", 2, 1)


def test_a_decision_without_a_claim_is_not_lost() -> None:
    case = one(decision(2))
    assert (case["state"], case["claims"], case["opened_on"]) == ("DITOLAK", 0, dt.date(2025, 4, 1))


def test_an_objection_that_decides_itself_as_of_old_still_decides() -> None:
    old = decision(2, "DITERIMA", kind="SANGGAH")
    said = {**old.groups["claim"], "jenis": "SANGGAH", "perkara": None, "kantor": None, "tidak_berdasar": None}
    old = Fact(**{**vars(old), "groups": {"claim": said}, "event_type": "sanggah"})
    opened = claim(1)
    first = {**opened.groups["claim"], "perkara": None}
    assert one(Fact(**{**vars(opened), "groups": {"claim": first}}), old)["state"] == "DITERIMA"


@pytest.mark.parametrize(("day", "timely"), [(119, True), (120, False)])  # 30 April, 1 May
def test_a_late_objection_is_a_case(day: int, *, timely: bool) -> None:
    assert one(claim(1, day=day), day=130)["timely"] is timely
    assert one(claim(1, "USUL", day=day), day=130)["timely"]


def test_a_case_is_found_by_any_of_its_claims_and_its_id_says_nothing_of_the_person() -> None:
    found = cases(claim(1), claim(2, channel="JAKI"))
    for name in found.item(0, "ids"):
        assert chosen(found, name).equals(found)
        assert name[1:] not in nik(1)
        assert nik(1)[-6:] not in name


def test_an_earlier_claim_that_arrives_later_keeps_the_id_known() -> None:
    before = one(claim(2, day=85))["case"]
    assert before in one(claim(2, day=85), claim(1, day=70))["ids"]


def test_ageing_counts_every_case_once() -> None:
    found = cases(
        claim(1),
        claim(2, channel="JAKI"),
        claim(3, person=2, day=125),
        decision(4, "DITOLAK", frivolous=True, person=2, day=126),
        claim(5, kind="USUL", channel="JAKI", person=3),
        day=130,
    )
    told = ageing(found, "channel")
    assert told.get_column("channel").to_list() == ["CEK_BANSOS", "JAKI"]
    assert told.select(pl.col("cases", "open", "overdue", "frivolous", "late", "joined").sum()).row(0) == (
        3,
        1,
        1,
        1,
        1,
        1,
    )
    assert ageing(found, "kind", "programme").get_column("cases").sum() == 3


SAID = st.builds(
    claim,
    st.integers(1, 6),
    kind=st.sampled_from(["SANGGAH", "USUL", "KELUHAN", "REAKTIVASI"]),
    channel=st.sampled_from(["JAKI", "CEK_BANSOS"]),
    day=st.integers(70, 74),
    person=st.integers(1, 2),
    evidence=st.sampled_from([(), ("a",), ("b", "a")]),
)
DECIDED = st.builds(
    decision,
    st.integers(1, 6),
    status=st.sampled_from(["DITERIMA", "DITOLAK", "DITARIK"]),
    kind=st.sampled_from(["SANGGAH", "USUL"]),
    day=st.integers(70, 74),
    producer=st.sampled_from([DINSOS, KEMENSOS]),
    person=st.integers(1, 2),
)


@given(st.lists(SAID | DECIDED, max_size=10, unique_by=lambda it: it.key), st.randoms())
@FEW
def test_any_order_gives_the_same_cases(told: list[Fact], random: Any) -> None:
    expected = cases(*told)
    shuffled = list(told)
    random.shuffle(shuffled)
    assert expected.equals(cases(*shuffled))
    assert expected.schema == CASES
    assert expected.get_column("claims").sum() == sum(it.groups["claim"]["status"] == "TERBUKA" for it in told)
    alone = [cases(*(it for it in told if it.nik == nik(one))) for one in (1, 2)]
    assert expected.equals(pl.concat(alone))
