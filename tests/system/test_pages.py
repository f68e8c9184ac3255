"""Aims at the pages of newcomer, payer, counter, operator, proposer, rule author, event types: every command runs."""

import asyncio
import contextlib
import re
from pathlib import Path

import pytest

from agents.integrity.records import findings_told
from agents.standing import standing
from tests.docs.pages import PROJECT, blocks_of, reader, shown, start, surroundings, told_fences, unlike, workshop
from tests.system.conftest import MakeRealm, Year, simulated
from tests.system.realm import Realm, until

HOW_TO = PROJECT / "docs" / "how-to"
TUTORIAL = PROJECT / "docs" / "tutorial" / "first-quarter.md"
# What the test does in the reader's place: the environment is there, the session has a broker, a realm runs a worker.
DONE_HERE = ["make setup\n. .venv/bin/activate\n", "dtsen broker start\n", "dtsen worker\n", "dtsen broker stop\n"]


def follow(page: Path, realm: Realm, folder: Path) -> str:
    """All that the commands of a page print; an example must be like what the command above it printed."""
    environment = surroundings(realm.settings, reader(folder))
    said = [""]
    for block in blocks_of(page):
        if block.purpose == "example":
            assert unlike(block.text, said[-1]) == [], f"the page shows this, but there came:\n{said[-1]}"
        elif block.purpose != "elsewhere":
            said.append(start(block, folder, environment))
    return "\n".join(said)


@pytest.mark.kafka
def test_a_newcomer_follows_the_tutorial(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm = make_realm()

    def all_run() -> bool:
        return {it["state"] for it in asyncio.run(standing(realm.settings))["stages"]} == {"runs"}

    with realm.worker():
        until("every stage has its partitions, as a reader sees it after some seconds", all_run)
        said = follow(TUTORIAL, realm, tmp_path / "newcomer")
    assert [it.text for it in blocks_of(TUTORIAL) if it.purpose == "elsewhere"] == DONE_HERE
    assert "2025-Q2: SEALED" in said
    assert " untuk Anda berhenti." in said


@pytest.mark.kafka
def test_a_payer_follows_the_page(year: Year, tmp_path: Path) -> None:
    said = follow(HOW_TO / "payer.md", year.realm, tmp_path / "payer")
    assert f"as of {year.quarters[-1]}" in said
    assert year.digests[year.quarters[-1]]["kemensos"][:16] in said
    assert "Alasan: " in said


@pytest.mark.kafka
def test_whoever_answers_families_follows_the_page(year: Year, tmp_path: Path) -> None:
    said = follow(HOW_TO / "kenapa.md", year.realm, tmp_path / "counter")
    assert "Yang berubah: " in said
    assert "Wrote kenapa.html." in said
    made = (tmp_path / "counter" / "kenapa.html").read_text(encoding="utf-8")
    assert made.startswith("<!doctype html>")
    assert not re.search(r"3171\d{12}|https?://|src=", made)


@pytest.mark.kafka
def test_an_officer_decides_a_case(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm, folder = make_realm(), tmp_path / "officer"
    with realm.worker("intake", "register"):
        said = follow(HOW_TO / "cases.md", realm, folder)
    for part in ("2 times by CEK_BANSOS, LAPOR_MAS_WAPRES", "berita-acara-0042, foto-rumah-01", "is decided already"):
        assert part in said, said
    assert "Suku Dinas Sosial Jakarta Selatan (dinsos-dki): Rumah dan aset" in said
    assert not re.search(r"(?<!\d)3171\d{12}(?!\d)", said), said
    assert "3171900102800012" in (folder / "visits.csv").read_text(encoding="utf-8")
    assert (folder / "visits.csv").stat().st_mode & 0o077 == 0
    assert (folder / "report.csv").read_text(encoding="utf-8").startswith("by,value,cases,open,overdue")


@pytest.mark.kafka
def test_an_operator_and_then_a_proposer_follow_their_pages(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm = make_realm()
    with realm.worker():
        said = follow(HOW_TO / "operator.md", realm, tmp_path / "operator")
        whatif = follow(HOW_TO / "what-if.md", realm, tmp_path / "proposer")
    for part in ("2025-Q1/preview/1", "2025-Q1: SEALED", "records were appended anew", "Reason: "):
        assert part in said, said
    for part in ("proposed: rules", "wrongly out", "2025-Q2/preview/", "The page: .run/usulan.html"):
        assert part in whatif, whatif
    assert "Against what officers found" in (tmp_path / "proposer" / ".run" / "usulan.html").read_text(encoding="utf-8")


@pytest.mark.kafka
def test_a_supervisor_follows_the_page(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm = make_realm()
    with realm.worker("intake", "integrity"):
        realm.send(simulated("XS", 4).events("2025-Q1"))
        until("there is a finding", lambda: not asyncio.run(findings_told(realm.settings)).is_empty())
        said = follow(HOW_TO / "integrity.md", realm, tmp_path / "supervisor")
    for part in ("PHOTO_REUSED", "visits are set aside", "1 decisions are withdrawn"):
        assert part in said, said


@pytest.mark.kafka
def test_a_rule_author_sees_a_quarter_under_other_rules(make_realm: MakeRealm, tmp_path: Path) -> None:
    """Sections 1 to 6: a preview under both rules, then a seal, whose books must balance."""
    realm, output = make_realm(), ""
    environment = workshop(tmp_path / "clone") | realm.settings.environment()
    blocks = blocks_of(HOW_TO / "rule-author.md")
    last = max(place for place, block in enumerate(blocks) if block.purpose == "run: register")
    with realm.worker():
        realm.send(simulated("XS", 1).events("2025-Q1"))
        realm.passed_by_intake()
        for block in blocks[: last + 1]:
            if block.purpose not in ("shows", "run: refused", "elsewhere"):
                output += start(block, tmp_path / "clone", environment)
    for part in (
        "2025-Q1/preview/1",
        "2025-Q1/preview/2",
        "2025-Q1: SEALED",
        "BANTUAN_CONTOH",
        "Bantuan Pangan Contoh",
    ):
        assert part in output, output
    # opening, granted: once in the preview under the author's rules, once in the seal, never under those in force
    granted = re.findall(r"^BANTUAN_CONTOH +0 +([1-9]\d*) ", output, re.MULTILINE)
    assert len(granted) == 2
    assert granted[0] == granted[1]


@pytest.mark.kafka
def test_a_new_event_type_reaches_the_register(make_realm: MakeRealm, tmp_path: Path) -> None:
    """The whole page: stages of the clone with the new type take its event, and the view shows it."""
    realm, clone = make_realm(), tmp_path / "clone"
    environment = workshop(clone) | realm.settings.environment()
    blocks = blocks_of(HOW_TO / "event-type.md")
    topics, send, person = (block for block in blocks if block.purpose == "run: register")
    for block in blocks[: blocks.index(topics) + 1]:
        if block.purpose != "shows":
            start(block, clone, environment)
    told: list[str] = []

    def known() -> bool:
        with contextlib.suppress(AssertionError):
            told.append(start(person, clone, environment))
        return bool(told)

    # The stages import what the clone has, not what stands in the folder in which they are started.
    with realm.worker("intake", "register", environment={"PYTHONPATH": str(clone), "PYTHONSAFEPATH": "1"}):
        assert "1 sent, 0 refused." in start(send, clone, environment)
        until("the register knows the new event", known)
    shown(blocks[-1], told[0])


OWN_PAGES = [TUTORIAL, *(HOW_TO / f"{name}.md" for name in ("payer", "kenapa", "operator", "what-if"))]


@pytest.mark.parametrize("page", OWN_PAGES, ids=lambda page: page.stem)
def test_no_command_of_a_page_is_left_out(page: Path) -> None:
    assert len(blocks_of(page)) == told_fences(page) > 3
