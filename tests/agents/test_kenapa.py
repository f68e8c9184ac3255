"""Aims at: *kenapa* tells the decision of its quarter, and nobody that an older one still pays."""

import datetime as dt
import re
import uuid
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from agents.asking import Asked, ask_about
from agents.errors import OperatorError
from agents.kenapa.judging import Views
from agents.kenapa.looking import EVENTS, NOBODY
from agents.kenapa.page import page
from agents.kenapa.paper import FRAME, SHEET, Part, on_paper
from agents.kenapa.telling import answered, told
from agents.kenapa.told_events import told_events
from agents.kenapa.written import as_json, claim_texts, text
from agents.naming import event_name
from agents.rulebook import read_bundle
from agents.settings import Settings
from agents.told_cases import cases_json, told_cases
from streams.kenapa.events import OF_A_MEMBER, PRIVATE, event_text
from streams.quarters import Quarter
from streams.rules import Rules, Text
from streams.runs import Journal
from tests.streams.cases.telling import claim, decision
from tests.streams.kenapa.looking import judge
from tests.streams.quarters import evaluate
from tests.streams.strategies import Fact, facts_frame
from tests.streams.villages import AS_OF, POOR, Person, event
from tests.streams.villages import rules as made_rules

PACKAGED = read_bundle("XS").at(AS_OF)
ELDER = Person(1, born=dt.date(1950, 1, 1), home=POOR)


def asked(quarter: str, person: Person = ELDER, rules: Rules = PACKAGED) -> Asked:
    """What is stored of somebody who was listed in 2025-Q1, and not afterwards."""
    answer = {**evaluate([person], rules).of(1), "quarter": "2025-Q1"}
    for name, value in answer.items():
        if name.rpartition(".")[2] == "causes":
            answer[name] = [event.hex() for event in value]
    said = {"nik": answer["nik"], "person": {}, "answer": answer, "published": [], "facts": [], "cases": []}
    return Asked(said, "store", Journal(), rules, quarter)


def read(here: Asked) -> str:
    return "\n".join(text(told(here, here.quarter, None), "id"))


def test_the_answer_of_this_quarter_is_told() -> None:
    assert "Anda menerima" in read(asked("2025-Q1"))


def test_an_older_answer_is_not_told_as_this_quarters() -> None:
    later = asked("2025-Q2")
    assert told(later, later.quarter, None).programmes == []
    assert "Anda menerima" not in read(later)
    assert "Tidak ada keputusan tentang bantuan untuk NIK ini pada triwulan tersebut." in read(later)


def test_what_is_not_known_is_no_further_reason() -> None:
    said = read(asked("2025-Q1", replace(ELDER, born=dt.date(1990, 1, 1))))
    assert "Sekolah Anda tercatat di luar" not in said
    assert "Belum diketahui" in said


def test_no_whole_nik_is_read() -> None:
    now = asked("2025-Q1")
    assert now.said["nik"] not in read(now)
    assert f"{now.said['nik'][:4]}********" in read(now)


def test_the_page_is_whole_in_itself_and_masks_the_nik() -> None:
    now = asked("2025-Q1", replace(ELDER, owns={"mobil": True}))
    made = page(told(now, now.quarter, None))
    assert not re.search(r"3171\d{12}|https?://|src=|<script|_[A-Z]", made)
    assert "Keluarga Anda tercatat memiliki mobil." in made
    assert 'lang="en"' in made


def past(count: int) -> list[dict[str, Any]]:
    """Published lines of so many quarters, as a store has them."""
    line = {"programme": "SEMBAKO", "action": "REVOKED", "reason": "KUOTA_HABIS", "values": None}
    return [{**line, "quarter": str(Quarter.parse("2025-Q1").plus(-back))} for back in range(count, 0, -1)]


@pytest.mark.parametrize("quarters", [1, 60])
def test_a_printed_page_is_one_sheet_and_names_what_it_leaves_out(quarters: int) -> None:
    now = asked("2025-Q1", replace(ELDER, owns={"mobil": True}))
    now = replace(now, said={**now.said, "published": past(quarters)})
    made = page(told(now, now.quarter, None))
    history = made[made.index('class="history') :]
    off = history.count('<div class="both screen">')
    assert made.count("riwayat lama") == (1 if off else 0) == (quarters > 1)
    assert history.count("Program Sembako (BPNT) berhenti.") == quarters > off  # on the screen all of it
    newest = history[: history.index("<footer")].rindex('<div class="both')
    assert not history[newest:].startswith('<div class="both screen">')


def test_paper_takes_the_most_needed_first_and_no_more_than_there_is_room() -> None:
    said = [Text("kata " * 60, "word " * 60)]
    parts = [Part(f"{kind}.{n}", kind, said) for kind in ("correct", "history") for n in range(20)]
    inside = Part("event.0", "event", said, needs="card.0")
    found = on_paper([*parts, inside])
    printed = [it for it in parts if it.key in found.printed]
    assert sum(it.height for it in printed) <= SHEET - FRAME
    assert {it.kind for it in printed} == {"correct"}
    assert found.left_out == ("correct", "history")  # what stands in a card that is left out is named with it
    small = Part("history.20", "history", [])
    assert small.key not in on_paper([*parts, small]).printed  # no gap in what is told in the order of time
    assert on_paper(parts[:2]).left_out == ()


def views_of(person: Person, asked_of: Asked) -> Views:
    """What a look back finds of somebody who lives alone, and what it found a quarter before, without the car."""
    earlier = replace(person, owns={"mobil": False}, seen_as=800)
    before, now = (judge([it], evaluate([it], asked_of.rules), asked_of.rules) for it in (earlier, person))
    events = pl.DataFrame(
        [
            {
                "nik": asked_of.said["nik"],
                "cause": event(900),
                "event_type": "groundcheck",
                "effective_on": dt.date(2025, 1, 15),
                "recorded_at": dt.datetime(2025, 1, 16, 3, tzinfo=dt.UTC),
                "topic_number": 6,
                "partition": 1,
                "offset": 7,
            }
        ],
        schema=EVENTS,
    )
    return Views(now, before, "2024-Q4", replace(NOBODY, events=events))


def test_what_changed_by_which_event_and_what_turns_it() -> None:
    car = replace(ELDER, owns={"mobil": True}, more={"vehicles": 0, "njop_rupiah": 0})
    now = asked("2025-Q1", car, made_rules({"PKH": 0, "SEMBAKO": 0}))
    received = {(6, 1, 7): dt.datetime(2025, 1, 20, 2, 30, tzinfo=dt.UTC)}
    found = told(now, "2025-Q1", views_of(car, now), received)
    (klj,) = (it for it in found.programmes if it.programme.name == "KLJ")
    said = {name: " ".join(it.id for it in getattr(klj, name)) for name in ("changed", "correct")}
    assert "Apakah keluarga memiliki mobil: dulu tidak, sekarang ya." in said["changed"]
    assert "Penyebabnya laporan baru." in said["changed"]
    assert "Minta petugas mendata ulang rumah Anda" in said["correct"]
    (visit,) = (it for it in klj.events if it.is_new)
    assert [it.id for it in visit.texts()][:5] == [
        "kunjungan petugas ke rumah.",
        "Berlaku 15 Januari 2025.",
        "Dicatat 16 Januari 2025 oleh Dinas Kependudukan dan Pencatatan Sipil Provinsi DKI Jakarta.",
        "Diterima 20 Januari 2025 pukul 09.30.",
        "Baru sejak keputusan lalu.",
    ]
    assert klj.state == "CORRECTABLE"


@pytest.mark.parametrize("event_type", sorted(PRIVATE))
def test_of_another_member_nothing_private_is_told(event_type: str) -> None:
    known = views_of(ELDER, asked("2025-Q1")).seen.events.with_columns(
        pl.lit("3171910101900099").alias("nik"), pl.lit(event_type).alias("event_type")
    )
    (hidden,) = told_events([event(900)], asked("2025-Q1").said["nik"], known, frozenset(), {})
    assert (hidden.what, hidden.name, hidden.producer, hidden.effective_on) == (OF_A_MEMBER, None, None, None)
    (own,) = told_events([event(900)], "3171910101900099", known, frozenset(), {})
    assert own.name is not None
    assert own.what == event_text(event_type, own=True)


@pytest.mark.parametrize("private", [True, False])
def test_json_names_no_event_that_the_text_does_not_name(private: bool) -> None:
    """The code of the office in the name of an event would tell what another member's private data are about."""
    car = replace(ELDER, owns={"mobil": True}, more={"vehicles": 0, "njop_rupiah": 0})
    now = asked("2025-Q1", car, made_rules({"PKH": 0, "SEMBAKO": 0}))
    views = views_of(car, now)
    of_another = views.seen.events.with_columns(
        pl.lit("3171910101900099").alias("nik"),
        pl.lit("bantuan_lain" if private else "groundcheck").alias("event_type"),
    )
    views = replace(views, seen=replace(views.seen, events=of_another))
    (klj,) = (it for it in as_json(told(now, "2025-Q1", views))["programmes"] if it["programme"] == "KLJ")
    name = event_name(event(900))
    assert klj["changed"]["differences"]
    assert (name in [it["event"] for it in klj["events"]]) is not private
    assert (name in klj["causes"]) is not private
    assert (name in [it for difference in klj["changed"]["differences"] for it in difference["events"]]) is not private


def test_events_are_named_as_their_producers_know_them() -> None:
    here = asked("2025-Q1")
    event = uuid.UUID("01957dfe-b780-78bb-92f9-27ee0edb80e9")
    answer = {**here.said["answer"], "KLJ.causes": [f"0001{event.hex}"]}
    now = replace(here, said={**here.said, "answer": answer})
    (klj,) = (it for it in as_json(told(now, now.quarter, None))["programmes"] if it["programme"] == "KLJ")
    assert klj["causes"] == [f"dukcapil-dki/{event}"]
    assert f" dukcapil-dki/{event}." in read(now)


@pytest.mark.parametrize(("given", "said"), [("3171********0012", "is masked"), ("317190010280001", "15 characters")])
def test_what_is_no_nik_is_said_to_be_what_it_is(given: str, said: str) -> None:
    with pytest.raises(OperatorError, match=said):
        ask_about(Settings(broker="none:0"), given)
    with pytest.raises(OperatorError, match=said):
        answered(Settings(broker="none:0"), given)


def test_a_case_is_told_with_its_deadline_and_then_its_decision() -> None:
    """What came by two channels, and a late one about another programme."""
    told_of = [claim(1, day=80), claim(2, channel="JAKI", day=81), claim(3, programme="PKH", quarter="2024-Q3", day=82)]
    question = {
        "day": "2025-04-05",
        "transit_limit_days": 90,
        "scope": "31",
        "objection_days": 30,
        "case_days": {"SANGGAH": 30},
    }
    now = asked("2025-Q1")

    def lines(*facts: Fact) -> list[str]:
        cases = cases_json(told_cases(facts_frame(facts), question))
        here = replace(now, said={**now.said, "cases": cases})
        return [it.id for it in claim_texts(told(here, here.quarter, None))]

    open_one, late = lines(*told_of)
    assert open_one.startswith("Sanggahan tentang ")
    assert "22 Maret 2025: masih diproses. Batas waktu putusan: 21 April 2025. Nomor kasus: K" in open_one
    assert "Masuk setelah masa sanggah." in late
    decided, _ = lines(*told_of, decision(4, "DITERIMA"))
    assert "22 Maret 2025: diterima. Diputuskan 1 April 2025." in decided
