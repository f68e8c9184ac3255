"""Aims at old lists on a real register: linked, sent as events of low standing, loaded twice, and told in a report."""

import csv
import json
import re
from pathlib import Path

import polars as pl
import pytest

from agents.simulator.lists import lists_of
from agents.topics import FACTS
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import until
from tests.system.test_commands import WHOLE_NIK, run, said
from tests.system.test_previews import ends

pytestmark = pytest.mark.kafka


def test_lists_before_and_after_the_first_seal(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm = make_realm()
    simulation = simulated("XS", 1)
    made = lists_of(simulation)
    files = [str(file) for file in made.write(tmp_path / "lists")]
    folder, page = str(tmp_path / "linked"), tmp_path / "page.html"
    with realm.worker():
        realm.send(simulation.events("2025-Q1"))
        realm.passed_by_intake()
        linked = said(realm, "transition", "link", *files, "--out", folder, "--send")
        outcomes = {(it["outcome"], it["why"]): it["rows"] for it in linked["outcomes"]}
        assert linked["sent"] == sum(rows for (outcome, _), rows in outcomes.items() if outcome == "TERHUBUNG")
        assert sum(outcomes.values()) == linked["rows"] == made.rows.height

        realm.passed_by_intake()
        facts = ends(realm, FACTS)
        parked = said(realm, "transition", "parked", "list", folder)
        assert parked
        assert not WHOLE_NIK.search(json.dumps(parked))
        first, second = parked[0]["baris"], parked[1]["baris"]
        decide = ("transition", "parked", "decide", folder)
        run(realm, *decide, first, "--candidate", "1", "--by", "Dinsos 12", "--why", "surat RT 4/2025")
        run(realm, *decide, second, "--none", "--by", "Dinsos 12", "--why", "kembar, belum tercatat")
        again = said(realm, "transition", "link", *files, "--out", folder, "--send")
        assert again["sent"] == linked["sent"] + 1, "the one who was decided"
        realm.passed_by_intake()
        until("the facts are there", lambda: sum(ends(realm, FACTS)) > sum(facts))

        report = ("transition", "report", "--links", folder, "--quotas", "XS")
        told = run(realm, *report, "2025-Q1", "--csv", str(tmp_path), "--html", str(page), "--json")
        preview = json.loads(told.splitlines()[-1])  # what it waits for and writes is told before, on stderr
        assert (preview["quarter"], preview["sealed"]) == ("2025-Q1", False)
        assert preview["lists"] == {"DIPARKIR": len(parked) - 2, **_others(again["outcomes"])}
        realm.seal("2025-Q1")
        sealed = said(realm, *report)  # of the last sealed quarter
        assert sealed["sealed"]
        for table in ("programmes", "reasons", "places"):
            assert sealed[table] == preview[table], "a preview says what the seal then decides"
    shown = page.read_text(encoding="utf-8")
    assert not re.search(r"\d{16}", shown)
    assert "http" not in shown
    with (tmp_path / "reasons.csv").open(encoding="utf-8") as file:
        assert [row["out"] for row in csv.DictReader(file)] == [row["out"] for row in preview["reasons"]]


def _others(outcomes: list[dict[str, object]]) -> dict[str, int]:
    frame = pl.DataFrame(outcomes).filter(pl.col("outcome") != "DIPARKIR")
    return dict(frame.group_by("outcome").agg(pl.col("rows").sum()).iter_rows())
