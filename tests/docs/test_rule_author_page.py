"""Aims at docs/how-to/rule-author.md: its files make a programme that grants and balances; the witness agrees on it."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from agents.asyncapi import asyncapi
from agents.rulebook import read_bundle
from agents.simulator import Simulation, simulate
from schemas.registry import read_contracts
from streams.books import family_lines, lists_of, verdicts_of
from streams.books.lists import doubled_lines, lists_lines
from streams.books.quotas import recipients_lines
from streams.changes import no_holdings, sentences
from streams.quarters import Quarter
from streams.reasons import explain
from streams.rules import Bundle
from streams.rules.facts import FACTS, OPERATORS, PUBLISHED
from tests.docs.pages import PROJECT, blocks_of, changed_in, module, shown, start, told_fences, workshop
from tests.streams.villages import DATA
from tests.streams.year import Computed, year
from tests.witness.test_witness import by_programme, differing
from tests.witness.witness import Witnessed, witness_year

PAGE = PROJECT / "docs" / "how-to" / "rule-author.md"
BLOCKS = blocks_of(PAGE)
NAME = "BANTUAN_CONTOH"
FILE = "bantuan_contoh.yaml"


@dataclass(frozen=True)
class Followed:
    """A clone in which a rule author has followed the page, and a year under the rules of it."""

    folder: Path
    simulation: Simulation
    bundle: Bundle
    core: dict[str, Computed]
    witness: dict[str, Witnessed]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    folder = tmp_path_factory.mktemp("clone")
    environment, output = workshop(folder), ""
    for block in BLOCKS:
        if block.purpose == "shows":
            shown(block, output)
        elif block.purpose not in ("run: register", "elsewhere"):
            output = start(block, folder, environment)
    simulation = simulate("XS", quarters=3, first="2025-Q1", seed=7)
    bundle = read_bundle("XS", folder / FILE)
    # the witness reads a folder
    rules = Path(shutil.copytree(DATA, folder / "witnessed"))
    shutil.copy(folder / FILE, rules / "programmes")
    return Followed(folder, simulation, bundle, year(simulation, bundle), witness_year(simulation, rules))


def test_no_command_of_the_page_is_left_out() -> None:
    assert len(BLOCKS) == told_fences(PAGE) > 10


def test_only_one_file_came_and_a_payer(followed: Followed) -> None:
    """No line of Python."""
    assert changed_in(followed.folder) == [
        "+ streams/rules/data/programmes/bantuan_contoh.yaml",
        "schemas/payers.yaml",
    ]


def test_the_programme_grants_lines_with_reasons(followed: Followed) -> None:
    for quarter, computed in followed.core.items():
        rules = followed.bundle.at(Quarter.parse(quarter).last_day)
        amount = 300_000 if quarter < "2025-Q3" else 360_000
        own = computed.changes.filter(pl.col("programme") == NAME)
        granted = own.filter(pl.col("action") == "GRANTED")
        assert granted.height > 0, quarter
        assert set(granted["payer"]) == {"dinsos-dki"}
        assert set(granted["amount_rupiah"]) == {amount}
        assert {it.code for it in sentences(own, rules)} == set(own["reason"])
        told = explain(NAME, rules, None, granted.row(0, named=True)).lines("id")
        assert told[0].startswith("Anda mulai menerima Bantuan Pangan Contoh: Rp3"), told
    answers = followed.core["2025-Q1"].answers
    reasons = set(answers[f"{NAME}.reason"].drop_nulls())
    assert {"BELUM_TERDATA", "DESIL_DI_ATAS_BATAS", "KELUARGA_KECIL", "SUDAH_DILAYANI_PKH", "KUOTA_HABIS"} <= reasons
    small = answers.filter(pl.col(f"{NAME}.reason") == "KELUARGA_KECIL").row(0, named=True)
    why = explain(NAME, followed.bundle.at(Quarter.parse("2025-Q1").last_day), small).why
    assert why.id == "Bantuan ini untuk keluarga dengan sekurangnya 3 anggota."


def test_nobody_is_served_by_both_it_and_pkh(followed: Followed) -> None:
    for computed in followed.core.values():
        both = computed.answers.filter(
            pl.all_horizontal(pl.col(f"{name}.verdict").cast(pl.String) == "SERVED" for name in (NAME, "PKH"))
        )
        assert both.is_empty()


def test_the_books_balance(followed: Followed) -> None:
    """Lists, recipients, one payee per family, and the quota; a real seal computes all of them (tests/system)."""
    before = no_holdings()
    for quarter, computed in followed.core.items():
        rules = followed.bundle.at(Quarter.parse(quarter).last_day)
        families = [name for name, it in rules.programmes.items() if it.is_family]
        closing, opening = lists_of(computed.holdings), lists_of(before)
        verdicts = verdicts_of(computed.answers, list(rules.programmes))
        lines = pl.concat(
            [
                lists_lines(opening, opening, computed.changes, closing),
                doubled_lines(computed.changes),
                recipients_lines(verdicts, family_lines(computed.answers, families), closing),
            ]
        )
        assert lines.filter(~pl.col("balanced")).to_dicts() == []
        assert lines.filter(pl.col("place").str.contains(NAME)).height > 0
        served = verdicts.filter((pl.col("programme") == NAME) & pl.col("verdict").is_in(["SERVED", "KEPT", "HELD"]))
        assert 0 < served["persons"].sum() <= rules.programmes[NAME].quota == 60
        before = computed.holdings


def test_the_witness_agrees(followed: Followed) -> None:
    for quarter in followed.simulation.quarters:
        core, witness = followed.core[quarter], followed.witness[quarter]
        assert NAME in set(witness.changes["programme"])
        assert differing(by_programme(core.answers), witness.answers) == {}, quarter
        assert differing(core.changes, witness.changes) == {}, quarter
        assert differing(core.holdings, witness.holdings) == {}, quarter


def test_a_new_payer_gets_its_topic(followed: Followed) -> None:
    assert "dinas-contoh" in read_contracts(followed.folder / "schemas").payers
    assert "eligibility.changes.dinas-contoh" not in asyncapi()["channels"], "in this release there is none"
    done = module(followed.folder, "agents", "topics", "describe", "--json")
    purposes = {it["name"]: it["purpose"] for it in json.loads(done)}
    assert purposes["eligibility.changes.dinas-contoh"] == "published changes for dinas-contoh, by NIK"


def test_a_new_payer_gets_a_manifest(followed: Followed) -> None:
    said = json.loads(module(followed.folder, "tests.docs.manifest_of", "dinas-contoh"))
    own = followed.core["2025-Q1"].changes.filter(pl.col("programme") == NAME)
    assert said == {
        "payer": "dinas-contoh",
        "totals": [[NAME, own.height, 300_000 * own.height]],
        "recipients": own.height,
        "reasons": ["MEMENUHI_SYARAT"],
    }


def test_the_tables_of_the_page_are_the_facts_and_operators() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`\w+\.\w+`(?:, )?)+) \| [^|]* \| ([^|]*)\|$", text, re.MULTILINE)
    named = {fact: published for facts, published in rows for fact in re.findall(r"`(\w+\.\w+)`", facts)}
    assert set(named) == {*FACTS, "served.PROGRAMME", "receives.PROGRAMME"}
    for fact, published in named.items():
        told = re.findall(r"`(\w+)`", published if not published.startswith("members'") or "members" in fact else "")
        assert told == ([PUBLISHED[fact]] if fact in PUBLISHED else []), fact
    assert [name for name in OPERATORS if f"`{name}`" not in text] == []


def test_files_with_another_ending_are_not_passed_over(followed: Followed, tmp_path: Path) -> None:
    shutil.copytree(followed.folder / "rules", tmp_path / "rules")
    (tmp_path / "rules" / "programmes" / "pkh.yaml").rename(tmp_path / "rules" / "programmes" / "pkh.yml")
    with pytest.raises(ValueError, match=r"programmes/pkh.yml: it would not be read: rename it"):
        read_bundle("XS", tmp_path / "rules")
