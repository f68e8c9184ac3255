"""Aims at invariant 29: a scan of a minute holds up neither a rebalance, nor SIGTERM, nor the notices beside it."""

import asyncio
import contextlib
import time
from typing import Any

import pytest

from agents.pages import ask, page_name
from agents.points import SLOW
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import Realm, until
from tests.system.test_notices import holder, mati, noticed, send

pytestmark = pytest.mark.kafka
SLICE_ROWS, SLICE_SECONDS = 500, 3
PROMPT_SECONDS = 10 + SLICE_SECONDS  # the invariant's ten seconds, and the slice that is in hand


def health(realm: Realm, stage: str, instance: str) -> dict[str, Any]:
    settings = realm.disk(instance)
    return asyncio.run(ask(settings, page_name(stage, settings), "/healthz")) or {}


def waits_for_scan(realm: Realm, quarter: str) -> bool:
    run = realm.journal().quarters[quarter].open_run
    return run is not None and len(run.step_reports("SCAN")) < realm.settings.partitions


def test_a_slow_scan_holds_up_nothing(make_realm: MakeRealm) -> None:
    realm = make_realm()
    simulation = simulated("XS", 4)
    with realm.worker("intake", "families", "checkpoints"):
        with realm.stage("register", "1"):
            realm.send(simulation.events("2025-Q1"))
            realm.seal("2025-Q1")
            nik, programmes = holder(realm)
        with contextlib.ExitStack() as slow, contextlib.ExitStack() as quick:
            slow.enter_context(realm.stage("register", "1", {SLOW: f"{SLICE_ROWS}@{SLICE_SECONDS}"}))
            realm.send(simulation.events("2025-Q2"))
            realm.passed_by_intake()
            realm.open("2025-Q2")
            until("the slow scan is under way", lambda: "SCAN" in str(health(realm, "register", "1").get("works_on")))
            send(realm, mati(nik, 1))
            until("the death is noticed", lambda: len(noticed(realm, nik)) == len(programmes))
            assert waits_for_scan(realm, "2025-Q2"), "the notice had to wait for the scan"

            began = time.monotonic()
            quick.enter_context(realm.stage("register", "2"))
            until(
                "half of the partitions are taken over", lambda: len(health(realm, "register", "2")["partitions"]) == 2
            )
            rebalanced = time.monotonic() - began
            assert waits_for_scan(realm, "2025-Q2"), "the rebalance had to wait for the scan"

            began = time.monotonic()
            slow.close()  # SIGTERM
            stopped = time.monotonic() - began
            assert realm.outcome("2025-Q2") == "SEALED", realm.breaks("2025-Q2")
    assert max(rebalanced, stopped) < PROMPT_SECONDS, f"rebalance {rebalanced:.1f} s, SIGTERM {stopped:.1f} s"
    assert len(noticed(realm, nik)) == len(programmes), "one notice, whoever works"
