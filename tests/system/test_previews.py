"""Aims at previews on a real register: they come to the very totals of the seal, and leave no trace with payers."""

import asyncio
import copy
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from kafka import TopicPartition

from agents.provisioning import admin_client
from agents.published import lines_in
from agents.reported import report_frames
from agents.rulebook import read_bundle
from agents.topics import MANIFESTS, PREVIEW, changes
from agents.transport.log import LogReader
from streams.runs import Kind, Run
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import Realm
from tests.system.test_commands import run, said

pytestmark = pytest.mark.kafka
SIXTEEN_DIGITS = re.compile(r"\b\d{16}\b")
PAYERS = ("dinsos-dki", "disdik-dki", "kemenkes", "kemensos")
FORGETFUL = "population.kartu_keluarga"
SHOWN = ("programme", "granted", "revoked", "amended", "closing", "rupiah", "served", "reserved")


def ends(realm: Realm, *topics: str) -> list[int]:
    """Ends of all partitions of some topics."""

    async def read() -> list[int]:
        found = []
        for topic in topics:
            for number in range(1 if topic == MANIFESTS else realm.settings.partitions):
                async with LogReader(realm.settings.broker, realm.settings.topic(topic), number) as reader:
                    found.append(await reader.end_offset())
        return found

    return asyncio.run(read())


def published(realm: Realm) -> list[int]:
    return ends(realm, MANIFESTS, *(changes(payer) for payer in PAYERS))


def previewed(realm: Realm, quarter: str, quotas: str) -> dict[str, Any]:
    return said_of_preview(run(realm, "checkpoint", "preview", quarter, "--quotas", quotas, "--json"))


def totals(state: dict[str, Any]) -> list[tuple[object, ...]]:
    return sorted(tuple(row[name] for name in SHOWN) for row in state["programmes"])


def seal_as_previewed(realm: Realm, quarter: str) -> None:
    """Seal a quarter of which a preview was made: they come to the same, and payers heard of the seal alone."""
    silent = published(realm)
    previews = len(realm.journal().previews)
    said_before = previewed(realm, quarter, "XS")
    other = previewed(realm, quarter, "S")
    assert published(realm) == silent, "nothing was said to payers"
    assert sum(ends(realm, PREVIEW)) > 0, "the lines are kept for who wants to look"
    assert (said_before["state"], said_before["breaks"]) == ("PREVIEWED", [])
    assert totals(other) != totals(said_before), "other quotas, other lists"
    assert other["rules_hash"] != said_before["rules_hash"]
    realm.seal(quarter)
    sealed = said(realm, "checkpoint", "show", quarter)
    assert totals(said_before) == totals(sealed)
    assert said_before["adjusted"] == sealed["adjusted"]
    assert bool(sealed["adjusted"]) == (quarter != "2025-Q1"), "what is taken back of the quarters before"
    made = [it for it in realm.journal().previews if it.outcome and it.outcome.kind is Kind.PREVIEWED]
    assert len(made) == previews + 2


def as_if_retained_since(realm: Realm, topic: str, quarter: str) -> list[int]:
    """Let the broker forget what stood in an event topic below a quarter's cut, as it does a year later; the cut."""
    cut = realm.journal().quarters[quarter].cut[topic]
    assert all(cut), "every partition has something to forget"
    with admin_client(realm.settings) as client:
        client.delete_records({TopicPartition(realm.settings.topic(topic), n): end for n, end in enumerate(cut)})
    return list(cut)


def lines(realm: Realm, run_: Run) -> pl.DataFrame:
    """The change lines of one run, of all partitions and payers, wherever it has put them."""

    async def read() -> list[pl.DataFrame]:
        ranges = pl.concat(report_frames(run_.step_reports("NET"), "ranges"))
        found = [await lines_in(realm.settings, run_.name, row) for row in ranges.iter_rows(named=True)]
        return [it.changes for it in found]

    return pl.concat(asyncio.run(read())).sort("nik", "programme")


def stricter(folder: Path) -> Path:
    """A folder of rules: Sembako for desil 1 to 2 only, and nothing acts back on sealed quarters."""
    documents = copy.deepcopy({name: dict(it) for name, it in read_bundle("XS").documents.items()})
    for condition in documents["programmes/sembako.yaml"]["conditions"]:
        if condition["fact"] == "family.desil":
            condition["value"] = 2
    documents["register.yaml"]["retroactive_quarters"][0]["value"] = 0
    for name, document in documents.items():
        file = folder / "usulan" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder / "usulan"


def as_it_was_sealed(realm: Realm, quarter: str, unchecked: list[str]) -> None:
    """A preview on a past cut comes to what was sealed there, line by line, whatever came since."""
    again = said_of_preview(run(realm, "checkpoint", "preview", "--on", quarter, "--json"))
    assert again["breaks"] == [], "its books would balance, too"
    assert [it.partition(":")[0] for it in again["forgotten"]] == unchecked
    shown = said(realm, "checkpoint", "show", quarter)
    assert (totals(again), again["adjusted"]) == (totals(shown), shown["adjusted"])
    journal = realm.journal()
    sealed_run = journal.quarters[quarter].sealed_run
    assert sealed_run is not None
    assert lines(realm, journal.previews[-1]).equals(lines(realm, sealed_run)), quarter
    same = again["comparison"]["programmes"]
    assert [(row["winners"], row["losers"]) for row in same] == [(0, 0)] * len(same)


def test_a_past_cut_is_seen_as_it_was_sealed_and_under_other_rules(make_realm: MakeRealm, tmp_path: Path) -> None:
    """Facts below the cut, and holdings of the quarter before it, whatever came since; and payers hear nothing."""
    realm = make_realm()
    simulation = simulated("XS", 3)
    with realm.worker():
        for quarter in simulation.quarters:
            realm.send(simulation.events(quarter))
            realm.passed_by_intake()
            if quarter == "2025-Q3":
                assert "has no cut yet" in run(realm, "checkpoint", "preview", "--on", quarter, code=1)
                assert "last sealed quarter" in run(realm, "checkpoint", "preview", "2025-Q4", code=1)
                realm.seal(quarter)
            else:
                seal_as_previewed(realm, quarter)
        silent = published(realm)
        kept = as_if_retained_since(realm, FORGETFUL, "2025-Q1")
        unchecked = [f"{FORGETFUL}[{n}] goes back to offset {it}, the quarter to 0" for n, it in enumerate(kept)]
        for quarter in simulation.quarters:
            as_it_was_sealed(realm, quarter, unchecked if quarter == "2025-Q1" else [])

        page, tables = tmp_path / "page.html", tmp_path / "tables"
        out = ("--html", str(page), "--csv", str(tables), "--json")
        rules = ("--rules", str(stricter(tmp_path)))
        before = {it.name for it in realm.journal().previews}
        output = run(realm, "checkpoint", "preview", "2025-Q2", *rules, *out)
        whatif = said_of_preview(output)["comparison"]
        assert published(realm) == silent, "nothing was said to payers"
        assert whatif["in_force"]["run"] in before, "a run that is there serves again"
        rows = {row["programme"]: row for row in whatif["programmes"]}
        assert rows["SEMBAKO"]["losers"] > 0
        assert rows["SEMBAKO"]["rupiah_difference"] < 0
        sealed = said(realm, "checkpoint", "show", "2025-Q2")
        in_force = {row["programme"]: row for row in sealed["programmes"]}
        taken_back = sum(row["taken_back_rupiah"] for row in sealed["adjusted"])
        assert sum(row["taken_back_rupiah_before"] for row in whatif["adjusted"]) == taken_back > 0
        assert sum(row["taken_back_rupiah_after"] for row in whatif["adjusted"]) == 0
        assert sum(row["rupiah_difference"] for row in whatif["adjusted"]) == taken_back
        for name, row in rows.items():
            assert row["rupiah_before"] == in_force[name]["rupiah"], "what the books of the seal say"
        proposed = {row["programme"]: row["rupiah"] for row in said_of_preview(output)["programmes"]}
        assert {name: row["rupiah_after"] for name, row in rows.items()} == proposed
        assert {row["reason"] for row in whatif["reasons"] if row["programme"] == "SEMBAKO"} >= {"DESIL_DI_ATAS_BATAS"}
        assert any(row["checked"] for row in whatif["groundcheck"])

        # KLJ excludes those whom Sembako serves: some of those who lose it gain KLJ, if they are old enough.
        told = run(realm, "checkpoint", "preview", "2025-Q2", *rules)
        assert "Why, the largest first:" in told
        for text in (output, told, page.read_text(encoding="utf-8"), *(it.read_text() for it in tables.iterdir())):
            assert not SIXTEEN_DIGITS.search(text), "nobody is named"
        today = said_of_preview(run(realm, "checkpoint", "preview", "2025-Q2", "--on", "now", "--json"))
        assert totals(today) != totals(said(realm, "checkpoint", "show", "2025-Q2")), "what is known today"
        assert "cannot be read (No such file" in run(
            realm, "checkpoint", "preview", "--rules", str(tmp_path / "no.yaml"), code=1
        )
        assert published(realm) == silent


def said_of_preview(output: str) -> dict[str, Any]:
    """The JSON behind what a preview tells while it waits."""
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found
