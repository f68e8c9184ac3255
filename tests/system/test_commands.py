"""Aims at: every reading command answers about a real register, for people and as JSON, and masks what it must."""

import asyncio
import datetime as dt
import json
import re
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from agents.asking import ask_about
from agents.cli import main
from agents.kenapa.judging import views
from agents.kept import row_of
from agents.people import partition
from agents.simulator.malformed import CODES
from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.realm import Realm

pytestmark = pytest.mark.kafka
WHOLE_NIK = re.compile(r"(?<!\d)3171\d{12}(?!\d)")


def run(realm: Realm, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(arguments), env=realm.settings.environment(), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def said(realm: Realm, *arguments: str) -> Any:
    return json.loads(run(realm, *arguments, "--json"))


def removed(year: Year) -> dict[str, Any]:
    """A published line that ended something in the last quarter, by the stores."""
    for number in range(year.realm.settings.partitions):
        with year.realm.store(number) as store:
            for chunk in store.scan_facts(1_000_000):
                for nik in {key[:16].tobytes().decode() for key in chunk.keys}:
                    lines = [json.loads(line) for line in store.published_of(nik)]
                    if lines and (lines[-1]["quarter"], lines[-1]["action"]) == (year.quarters[-1], "REVOKED"):
                        last: dict[str, Any] = lines[-1]
                        return last
    raise AssertionError("nobody was removed in the last quarter")


def test_status_without_a_worker(year: Year) -> None:
    found = said(year.realm, "status")
    assert {it["state"] for it in found["stages"]} == {"stopped"}
    assert found["sealed"] == year.quarters
    assert {it["code"]: it["records"] for it in found["rejected"]} == year.rejected[year.quarters[-1]]
    assert not any(it["lag"] for it in found["lag"])
    assert "nothing is open" in run(year.realm, "status")


def test_checkpoints_are_shown(year: Year) -> None:
    states = said(year.realm, "checkpoint", "status")
    assert [(it["quarter"], it["state"], it["rolled"]) for it in states] == [(q, "SEALED", True) for q in year.quarters]
    shown = said(year.realm, "checkpoint", "show", year.quarters[0])
    assert shown["content_digests"] == year.digests[year.quarters[0]]
    assert all(row["closing"] == row["opening"] + row["granted"] - row["revoked"] for row in shown["programmes"])
    assert {row["step"] for row in shown["steps"]} >= {"SCAN", "SCORE", "UNITS", "ANSWER", "NET", "BOOKS"}
    assert not any(book["unbalanced"] for book in shown["books"])
    assert "SEMBAKO" in run(year.realm, "checkpoint", "show", year.quarters[0])
    assert "was never opened" in run(year.realm, "checkpoint", "show", "2031-Q1", code=1)
    assert "is not a quarter" in run(year.realm, "checkpoint", "show", "2025", code=1)


def test_a_quarter_is_opened_once_and_in_order(year: Year) -> None:
    assert "its cut is decided once" in run(year.realm, "checkpoint", "open", year.quarters[0], "--now", code=1)
    assert "2026-Q1 comes next" in run(year.realm, "checkpoint", "open", "2026-Q3", "--now", code=1)
    assert "say --empty" in run(year.realm, "checkpoint", "open", "2026-Q1", "--now", code=1)
    assert "is sealed" in run(year.realm, "checkpoint", "open", year.quarters[0], "--retry", code=1)
    assert "No run is open" in run(year.realm, "checkpoint", "abandon", code=1)


def test_a_removed_person_is_told_why(year: Year) -> None:
    line = removed(year)
    found = said(year.realm, "kenapa", line["nik"])
    (told,) = [it for it in found["programmes"] if it["programme"] == line["programme"]]
    assert (told["reason"], told["article"]) == (line["reason"], line["article"])
    text = run(year.realm, "kenapa", line["nik"])
    for part in ("Alasan: ", "Aturan: ", "Peristiwa: ", "Anda dapat menyanggah sampai 30 Januari 2026"):
        assert part in text, text
    assert "you can object until 30 January 2026" in run(year.realm, "kenapa", line["nik"], "--english")


def looked_at(year: Year) -> list[str]:
    """Who is asked about: everybody on some cards, two who wait for KLJ, and one who objects."""
    answered = [json.loads(line) for number in range(4) for line in stored_answers(year.realm, number)]
    frame = pl.DataFrame(
        [{name: it[name] for name in ("nik", "no_kk", "quarter", "KLJ.verdict", "SEMBAKO.reason")} for it in answered]
    ).filter(pl.col("quarter") == year.quarters[-1])
    waiting = frame.filter(pl.col("KLJ.verdict") == "ELIGIBLE").sort("nik")["nik"].head(2)
    objecting = frame.filter(pl.col("SEMBAKO.reason") == "ADA_SANGGAHAN").sort("nik")["nik"].head(1)
    cards = frame.sort("no_kk")["no_kk"].unique(maintain_order=True).gather_every(150)
    return [*waiting, *objecting, *frame.filter(pl.col("no_kk").is_in(cards.implode()))["nik"]]


def stored_answers(realm: Realm, number: int) -> list[bytes]:
    with realm.store(number) as store:
        niks = {key[:16].tobytes().decode() for chunk in store.scan_facts(1_000_000) for key in chunk.keys}
        return [answer for nik in sorted(niks) if (answer := store.answer(nik)) is not None]


def test_the_look_back_gives_the_sealed_answers(year: Year) -> None:
    """A family judged again, from its facts below the cut, is answered as the run answered it, in each quarter."""
    settings, niks = year.realm.settings, looked_at(year)
    assert len(niks) > 12
    for nik in niks:
        asked = ask_about(settings, nik)
        seen = asyncio.run(views(settings, asked.journal, year.quarters[-1], nik, None))
        assert seen.now is not None
        mine = seen.now.answer(nik)
        assert mine is not None
        stored = row_of(json.dumps(asked.said["answer"]).encode())
        hidden = ("quarter", "payee")  # another member's NIK is masked where a person is asked about
        shown = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in mine.items()}
        assert {it for it in {*stored, *shown} - set(hidden) if stored.get(it) != shown.get(it)} == set()
        # Whoever was answered a quarter before and had a line published then heard that very verdict.
        if seen.before is not None and (old := seen.before.answer(nik)) is not None:
            for line in asked.said["published"]:
                if (line["quarter"], line["action"]) == (year.quarters[-2], "GRANTED"):
                    assert old[f"{line['programme']}.verdict"] == "SERVED"


def test_who_waits_is_told_the_place(year: Year) -> None:
    told = [it for nik in looked_at(year)[:2] for it in said(year.realm, "kenapa", nik)["programmes"]]
    waiting = [it["turn"] for it in told if it["verdict"] == "ELIGIBLE"]
    assert waiting
    for turn in waiting:
        assert 1 <= turn["first"] <= turn["last"] <= turn["waiting"]
        assert turn["filled"] <= turn["quota"]


def test_an_older_quarter_and_one_that_was_never_sealed(year: Year) -> None:
    line = removed(year)
    first = said(year.realm, "kenapa", line["nik"], "--quarter", year.quarters[0])
    assert first["quarter"] == year.quarters[0]
    assert "is not sealed" in run(year.realm, "kenapa", line["nik"], "--quarter", "2031-Q1", code=1)


def test_the_event_behind_a_removal_is_told_with_its_times(year: Year) -> None:
    line = removed(year)
    (told,) = [
        it for it in said(year.realm, "kenapa", line["nik"])["programmes"] if it["programme"] == line["programme"]
    ]
    assert told["action"] == "REVOKED"
    for event in told["events"]:
        assert event["received_at"] is not None
        assert event["recorded_on"] <= year.quarters[-1][:4] + "-12-31"


def test_a_person_and_a_family_are_shown(year: Year) -> None:
    nik = removed(year)["nik"]
    person = said(year.realm, "person", nik)
    assert person["by"] == "store"
    assert person["person"]["nik"] == nik
    no_kk = person["person"]["no_kk"]
    family = said(year.realm, "family", no_kk)
    assert nik in {it["nik"] for it in family["people"]}
    due = simulated("XS", 4).truth(year.quarters[-1]).persons.filter(pl.col("no_kk") == no_kk)
    assert {it["nik"] for it in family["people"]} == set(due["nik"])
    shown = run(year.realm, "family", no_kk)
    assert not WHOLE_NIK.search(shown), shown
    assert "is no NIK" in run(year.realm, "person", "317", code=1)
    assert "was accepted yet" in run(year.realm, "person", "3171990101019999", code=1)
    assert "NIK ini tidak dikenal" in run(year.realm, "kenapa", "3171990101019999", code=1)
    assert "This NIK is not known" in run(year.realm, "kenapa", "3171990101019999", "--english", code=1)
    assert "Nobody is on card" in run(year.realm, "family", "3171990101019999", code=1)


def test_refusals_are_listed_and_shown(year: Year) -> None:
    listed = said(year.realm, "rejected", "list", "--last", "5")
    assert {it["code"] for it in listed["counts"]} == set(CODES.values())
    assert len(listed["last"]) == 5
    first = listed["last"][0]
    place = f"{first['topic']}[{first['partition']}]@{first['offset']}"
    assert said(year.realm, "rejected", "show", place)["code"] == first["code"]
    assert not WHOLE_NIK.search(run(year.realm, "rejected", "list"))
    whole = next(it for it in reversed(said(year.realm, "rejected", "list", "--last", "999")["last"]) if it["field"])
    place = f"{whole['topic']}[{whole['partition']}]@{whole['offset']}"
    as_it_came = bytes.fromhex(said(year.realm, "rejected", "show", place, "--raw")["raw"])
    shown = bytes.fromhex(said(year.realm, "rejected", "show", place)["raw"])
    assert (re.search(rb"\d{12}", as_it_came) is None, re.search(rb"\d{12}", shown) is None) == (False, True)
    assert "are masked" in run(year.realm, "rejected", "show", place)
    assert "is no place" in run(year.realm, "rejected", "show", "here", code=1)
    assert "no producer" in run(year.realm, "rejected", "list", "--producer", "nobody", code=1)


def test_a_producers_days_and_findings_are_shown(year: Year) -> None:
    shown = run(year.realm, "producers", "counts", "dukcapil-dki")
    assert "day         event type" in shown
    assert "kartu_keluarga" in shown
    assert not WHOLE_NIK.search(shown)
    assert "sent nothing from 2020-01-01 to 2020-01-02" in run(
        year.realm, "producers", "counts", "bps", "--from", "2020-01-01", "--to", "2020-01-02"
    )
    assert "refused" in run(year.realm, "producers", "counts", "unknown")
    for wrong, why in (
        (("nobody",), "There is no producer"),
        (("bps", "--from", "yesterday"), "is no day"),
        (("bps", "--from", "2020-01-02", "--to", "2020-01-01"), "comes after"),
        (("bps", "--from", "2020-01-01", "--to", "2021-12-31"), "more than a year"),
    ):
        assert why in run(year.realm, "producers", "counts", *wrong, code=1)
    found = run(year.realm, "rejected", "findings", "--producer", "bps")
    assert "Nothing was found" in found
    assert "0 findings have an id" in run(year.realm, "rejected", "show", "0123456789ab", code=1)


def test_refused_bytes_are_sent_again_and_judged_again(make_realm: MakeRealm) -> None:
    realm = make_realm(event_partitions=1)
    events = simulated("XS", 4).events("2025-Q2")
    with realm.worker("intake"):
        realm.send(events)
        realm.passed_by_intake()
        before = realm.rejected()
        replayed = said(realm, "rejected", "replay", "--code", "NIK_REGION")["replayed"]
        realm.passed_by_intake()
        after = realm.rejected()
    assert replayed == before["NIK_REGION"] > 0
    assert after == {**before, "NIK_REGION": 2 * replayed}
    assert "Name what to replay" in run(realm, "rejected", "replay", code=1)


def test_the_register_answers_while_it_works(make_realm: MakeRealm) -> None:
    """A worker holds the stores: it is asked, seconds after the event, before any quarter was sealed."""
    realm = make_realm()
    events = simulated("XS", 4).events("2025-Q1")
    with realm.worker("intake", "register"):
        realm.send(events)
        realm.passed_by_intake()
        person = simulated("XS", 4).truth("2025-Q1").persons.filter(pl.col("status") == "TERDAFTAR").row(0, named=True)
        found = said(realm, "person", person["nik"])
        assert found["by"] == "worker"
        assert found["person"]["no_kk"] == person["no_kk"]
        assert 0 <= partition(person["nik"], 4) < 4
        assert said(realm, "family", person["no_kk"])["by"] == "worker"
        states = {it["stage"]: it["state"] for it in said(realm, "status")["stages"]}
        assert (states["intake"], states["register"], states["families"]) == ("runs", "runs", "stopped")
