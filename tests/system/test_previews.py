"""Aims at previews on a real register: they come to the very totals of the seal, and leave no trace with payers."""

import asyncio
import json
from typing import Any

import pytest

from agents.topics import MANIFESTS, PREVIEW, changes
from agents.transport.log import LogReader
from streams.runs import Kind
from tests.system.conftest import MakeRealm, simulated
from tests.system.realm import Realm
from tests.system.test_commands import run, said

pytestmark = pytest.mark.kafka
PAYERS = ("dinsos-dki", "disdik-dki", "kemenkes", "kemensos")
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
    lines = run(realm, "checkpoint", "preview", quarter, "--quotas", quotas, "--json").splitlines()
    found: dict[str, Any] = json.loads(lines[-1])  # progress is told before, on stderr
    return found


def totals(state: dict[str, Any]) -> list[tuple[object, ...]]:
    return sorted(tuple(row[name] for name in SHOWN) for row in state["programmes"])


def test_a_preview_comes_to_the_totals_of_the_seal(make_realm: MakeRealm) -> None:
    realm = make_realm()
    simulation = simulated("XS", 2)
    with realm.worker():
        realm.send(simulation.events("2025-Q1"))
        realm.passed_by_intake()
        silent = published(realm)
        first = previewed(realm, "2025-Q1", "XS")
        assert published(realm) == silent, "nothing was said to payers"
        assert sum(ends(realm, PREVIEW)) > 0, "the lines are kept for who wants to look"
        assert (first["state"], first["breaks"]) == ("PREVIEWED", [])
        realm.seal("2025-Q1")
        assert totals(first) == totals(said(realm, "checkpoint", "show", "2025-Q1"))

        realm.send(simulation.events("2025-Q2"))
        realm.passed_by_intake()
        silent = published(realm)
        other, second = previewed(realm, "2025-Q2", "S"), previewed(realm, "2025-Q2", "XS")
        assert published(realm) == silent
        assert totals(other) != totals(second), "other quotas, other lists"
        assert other["rules_hash"] != second["rules_hash"]
        realm.seal("2025-Q2")
        assert totals(second) == totals(said(realm, "checkpoint", "show", "2025-Q2"))
        assert "last sealed quarter" in run(realm, "checkpoint", "preview", "2025-Q2", code=1)
    previews = [it for it in realm.journal().previews if it.outcome and it.outcome.kind is Kind.PREVIEWED]
    assert len(previews) == 3
