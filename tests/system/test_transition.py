"""Aims at old lists on a real register: the page's commands link them, load them twice, and tell who would fall out."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from agents.topics import FACTS
from tests.docs.pages import PROJECT, blocks_of, reader, start, surroundings, told_fences
from tests.system.conftest import MakeRealm
from tests.system.test_commands import WHOLE_NIK, said
from tests.system.test_previews import ends

PAGE = PROJECT / "docs" / "how-to" / "transition.md"


@pytest.mark.kafka
def test_the_page_before_and_after_the_first_seal(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm, folder = make_realm(), reader(tmp_path / "reader")
    environment, told = surroundings(realm.settings, folder), list[str]()
    with realm.worker():
        for block in blocks_of(PAGE):
            told.append(start(block, folder, environment))
            realm.passed_by_intake()
        linked = str(folder / "linked")
        outcomes = re.findall(r"^(TERHUBUNG|DIPARKIR|TIDAK_ADA_DI_DTSEN) +\w+ +(\d+)$", told[6], re.MULTILINE)
        counted = {name: sum(int(rows) for it, rows in outcomes if it == name) for name, _ in outcomes}
        lists = [str(file) for file in sorted((folder / "lists").glob("*.csv"))]
        assert sum(counted.values()) == sum(pl.read_csv(file, infer_schema=False).height for file in lists)
        assert "PETUGAS" in told[6], "the decision counts"

        facts = ends(realm, FACTS)
        again = said(realm, "transition", "link", *lists, "--out", linked, "--send")
        assert again["sent"] == counted["TERHUBUNG"]
        realm.passed_by_intake()
        assert sum(ends(realm, FACTS)) > sum(facts), "the same events came again"
        sealed = said(realm, "transition", "report", "--links", linked)
    parked = said(realm, "transition", "parked", "list", linked)
    assert len(parked) == counted["DIPARKIR"] > 0
    assert not WHOLE_NIK.search(json.dumps(parked))
    assert (sealed["quarter"], sealed["sealed"], sealed["lists"]) == ("2025-Q1", True, dict(sorted(counted.items())))
    assert {row["out"] for row in sealed["reasons"]} > {"<5"}
    for table in ("programmes", "reasons", "places"):
        before = pl.read_csv(folder / "tables" / f"{table}.csv", infer_schema=False)
        assert before.equals(pl.DataFrame(sealed[table], schema=before.schema)), "what the preview said was then sealed"
    shown = (folder / "transition.html").read_text(encoding="utf-8")
    assert not re.search(r"\d{16}", shown)
    assert "pratinjau 2025-Q1" in shown


def test_no_command_of_the_page_is_left_out() -> None:
    assert len(blocks_of(PAGE)) == told_fences(PAGE) > 5
