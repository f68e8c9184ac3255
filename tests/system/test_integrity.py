"""Aims at the stage integrity on a real Kafka: a cheat is found, set aside and cleared; a lost disk changes nothing."""

import shutil

import pytest

from agents.simulator.life.campaign import PLANTED_OFFICER
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import Realm, until
from tests.system.test_commands import run, said

pytestmark = pytest.mark.kafka
OFFICER = f"dinsos-dki/{PLANTED_OFFICER}"
DECIDE = ("--from", "2025-01-01", "--to", "2025-03-31", "--reason", "Foto yang sama", "--office", "Dinas Sosial")


def officers(realm: Realm) -> list[tuple[str, str]]:
    return [(it["petugas"], it["kind"]) for it in said(realm, "integrity", "list")]


def test_a_cheat_is_found_set_aside_and_cleared(make_realm: MakeRealm) -> None:
    realm = make_realm()
    with realm.worker("intake", "register", "integrity"):
        realm.send(simulated("XS", 4).events("2025-Q1"))
        until("the officer is found", lambda: (PLANTED_OFFICER, "PHOTO_REUSED") in officers(realm))
        shown = said(realm, "integrity", "show", OFFICER)
        assert [it["kind"] for it in shown["findings"]] == ["PHOTO_REUSED"]
        assert all("*" in card for card in shown["findings"][0]["families"])
        file = realm.settings.folder / "recheck.csv"
        run(realm, "integrity", "recheck", "--officer", OFFICER, "--csv", str(file))
        families = file.read_text(encoding="utf-8").splitlines()[1:]
        assert len(families) == shown["findings"][0]["visits"]
        nik = families[0].split(",")[5].split()[0]

        def seen_by() -> str:
            return str(said(realm, "person", nik)["person"]["field.event"])

        until("the visit is in the register", lambda: seen_by() != "None")
        visit = seen_by()
        run(realm, "integrity", "decide", OFFICER, "--set-aside", *DECIDE)
        until("the visit counts no longer", lambda: seen_by() != visit)
        run(realm, "integrity", "decide", OFFICER, "--clear", *DECIDE)
        until("the visit counts again", lambda: seen_by() == visit)
        assert "Nothing about" in run(realm, "integrity", "decide", OFFICER, "--clear", *DECIDE, code=1)
        before = said(realm, "integrity", "list")
    shutil.rmtree(realm.settings.folder / "integrity")
    with realm.worker("integrity"):
        until("the visits are here again", lambda: said(realm, "integrity", "list") == before)
