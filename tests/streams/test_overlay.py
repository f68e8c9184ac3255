"""Aims at one document laid over the rules in force: it changes what it says, and nothing else."""

import re
from typing import Any

import pytest

from agents.rulebook import read_documents
from streams.rules import RulesError, load
from streams.rules.differences import differences
from streams.rules.overlay import laid_over

DOCUMENTS: dict[str, Any] = {
    name: it for name, it in read_documents().items() if not name.startswith("quotas/") or name == "quotas/XS.yaml"
}
SEMBAKO = DOCUMENTS["programmes/sembako.yaml"]
QUOTA = [{"from": "2024-01-01", "value": 3, "illustrative": True}]
DAYS = [{"from": "2023-07-01", "value": 10, "illustrative": True}]


def over(document: object, name: str = "usulan.yaml") -> dict[str, Any]:
    found = laid_over(DOCUMENTS, name, document)
    load(found, scale="XS")
    return found


def changed(document: object, name: str = "usulan.yaml") -> list[str]:
    return differences(DOCUMENTS, over(document, name))


def test_a_programme_takes_the_place_of_its_name_whatever_the_file_is_called() -> None:
    title = SEMBAKO["title"]
    assert changed({**SEMBAKO, "title": {"id": "Sembako baru", "en": "New Sembako"}}) == [
        f"~ programmes/sembako.yaml: title.en: {title['en']} -> New Sembako",
        f"~ programmes/sembako.yaml: title.id: {title['id']} -> Sembako baru",
    ]


def test_of_quotas_reasons_and_register_only_what_is_named_changes() -> None:
    assert changed({"quotas": {"PKH": QUOTA}}) == ["~ quotas/XS.yaml: quotas.PKH.2024-01-01.value: 105 -> 3"]
    lines = changed({"transit_limit_days": DAYS})
    assert "~ register.yaml: transit_limit_days.2023-07-01.value: 90 -> 10" in lines
    assert all("transit_limit_days" in line for line in lines)
    text = {"id": "Kuota habis.", "en": "No quota is left."}
    assert all("KUOTA_HABIS" in line for line in changed({"reasons": {"KUOTA_HABIS": text}}))


def test_a_score_takes_the_place_of_the_score() -> None:
    score = {"models": [{**DOCUMENTS["score.yaml"]["models"][0], "base_rupiah": 1}]}
    assert [line for line in changed(score) if "base_rupiah" in line]


def test_nothing_in_force_is_touched() -> None:
    before = {name: repr(it) for name, it in DOCUMENTS.items()}
    over({"quotas": {"PKH": QUOTA}})
    assert {name: repr(it) for name, it in DOCUMENTS.items()} == before


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "usulan.yaml: one file of rules is a programme (it begins with `name:`), or chooses switches"),
        ([], "one file of rules is a programme"),
        ({}, "one file of rules is a programme"),
        ({"nama": "PKH"}, "or values of the register: adult_age_years, "),
        ({"quotas": [1]}, "one file of rules is a programme"),
        ({"quotas": {}, "reasons": {}}, "one file of rules is a programme"),
    ],
)
def test_a_document_that_nobody_knows_is_refused(document: object, said: str) -> None:
    with pytest.raises(RulesError, match=re.escape(said)):
        over(document)


def test_a_new_programme_needs_a_quota() -> None:
    new = {**SEMBAKO, "name": "BANTUAN_CONTOH"}
    with pytest.raises(RulesError, match="BANTUAN_CONTOH"):
        over(new)
