"""Aims at what is said of two sets of rules: each changed value once, by its place, however the lists are ordered."""

import datetime as dt
from typing import Any

from streams.rules.differences import differences
from tests.streams.villages import documents

SEMBAKO = "programmes/sembako.yaml"


def test_the_same_rules_differ_in_nothing() -> None:
    reordered = {name: dict(reversed(document.items())) for name, document in documents().items()}
    assert differences(documents(), reordered) == []


def test_each_value_is_told_by_its_place() -> None:
    after: dict[str, Any] = documents()
    conditions = after[SEMBAKO]["conditions"]
    conditions[5] |= {"value": 4, "publish": "desil"}
    del conditions[2]["note"]
    conditions.insert(0, {**conditions[5], "id": "dulu"})  # put in between: no other entry changes
    after[SEMBAKO]["until"] = dt.date(2026, 12, 31)
    after["programmes/baru.yaml"] = {"name": "BARU"}
    del after["quotas/XS.yaml"]
    found = differences(documents(), after)
    dulu = [line for line in found if ".dulu@" in line]
    assert len(dulu) == len(conditions[0])
    assert {line[0] for line in dulu} == {"+"}
    assert [line for line in found if line not in dulu] == [
        "+ programmes/baru.yaml",
        "~ programmes/sembako.yaml: conditions.desil@2024-01-01@batas_desil=lima.value: 5 -> 4",
        "- programmes/sembako.yaml: conditions.terdata@2024-01-01.note: DTSEN is the source of recipients [S02] [S03]",
        "+ programmes/sembako.yaml: until: 2026-12-31",
        "- quotas/XS.yaml",
    ]
    assert {line[0] for line in differences(after, documents()) if line not in dulu} == {"+", "-", "~"}
