"""Aims at completeness: whatever the sources say of the programmes stands in a rule with its source, or in the gaps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.docs.pages import PROJECT
from tests.streams.villages import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIMED = yaml.safe_load((PROJECT / "tests" / "docs" / "programme_claims.yaml").read_text(encoding="utf-8"))
CLAIMS = [(part["about"], item) for part in CLAIMED["claims"] for item in part["items"]]
LISTED = yaml.safe_load((PROJECT / "agents" / "reference" / "gaps.yaml").read_text(encoding="utf-8"))["gaps"]
GAPS = {gap["id"]: gap for part in LISTED for gap in part["gaps"]}
RULES = documents()
PROGRAMMES = {it["name"]: it for name, it in RULES.items() if name.startswith("programmes/")}
KEY = re.compile(r"\[(S\d+)\]")
# Values of the register's own, and conditions that stand for a fact of the register, not for a claim about a programme.
OWN = {"bukan_kelompok", "ada_dewasa", "terdata", "jenjang", "listrik", "desil"}


def entries(at: str) -> list[Any]:
    """The entries of a place like PKH:desil, PKH:amount.hamil, PKH:switch.umur_lansia, PKH:quota,
    PKH:cadence, PBI_JK:reactivation.kasus."""
    programme, _, place = at.partition(":")
    document, (kind, _, name) = PROGRAMMES[programme], place.partition(".")
    if kind == "quota":
        return list(RULES["quotas/nasional.yaml"]["quotas"][programme])
    if kind == "cadence":
        return [document["cadence"]]
    if kind in ("switch", "reactivation"):
        return [it for it in document["switches" if kind == "switch" else kind] if it["id"] == name]
    if kind == "amount":
        return [it for key, series in document["amount"].items() for it in series if name in (key, it.get("id"))]
    return [it for it in document["conditions"] if it["id"] == kind]


def keys_in(value: object) -> set[str]:
    return set(KEY.findall(yaml.safe_dump(value)))


@pytest.mark.parametrize(("about", "claim"), CLAIMS, ids=[f"{about}: {it['says']}" for about, it in CLAIMS])
def test_every_claim_stands_in_a_rule_or_in_the_gaps(about: str, claim: dict[str, Any]) -> None:
    assert ("at" in claim) != ("gap" in claim), about
    found = entries(claim["at"]) if "at" in claim else [GAPS[claim["gap"]]]
    assert found, f"{claim}: nothing stands there"
    missing = set(claim["keys"]) - keys_in(found)
    assert not missing, f"{claim['says']}: {missing} are not named as its source"


def test_every_source_is_claimed() -> None:
    claimed = {key for _, it in CLAIMS for key in it["keys"]}
    assert sorted(set(CLAIMED["sources"]) - claimed) == []


def test_every_gap_answers_a_claim() -> None:
    own = {"pita_pengeluaran"}  # of another part of the sources
    assert set(GAPS) - {it["gap"] for _, it in CLAIMS if "gap" in it} == own


def all_places() -> Iterator[str]:
    for name, it in PROGRAMMES.items():
        yield from (f"{name}:{condition['id']}" for condition in it["conditions"] if condition["id"] not in OWN)
        yield from (f"{name}:amount.{entry['id']}" for entry in it["amount"].get("levels", ()))
        yield from (f"{name}:switch.{entry['id']}" for entry in it.get("switches", ()))
        yield from (f"{name}:reactivation.{entry['id']}" for entry in it.get("reactivation", ()))


def test_no_rule_is_without_a_claim() -> None:
    """What is in the rules and in no source would be invented."""
    claimed = {it["at"] for _, it in CLAIMS if "at" in it}
    assert sorted(set(all_places()) - claimed) == []
