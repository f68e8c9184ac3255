"""Aims at invariant 22 in the rules: a published decision tells nothing of disability, health or pregnancy."""

import re

import pytest

from streams.rules.facts import FACTS, PUBLISHED
from tests.streams.villages import documents

PRIVATE = {
    "person.disabilitas_terdaftar", "person.disabilitas_berat", "person.hamil", "person.kehamilan_ke",
    "person.katastropik",
}  # fmt: skip
TELLING = re.compile(
    r"disabil|difabel|hamil|nifas|sakit|penyakit|pregnan|illness|sick|penghasilan|income", re.IGNORECASE
)
DOCUMENTS = documents()
PROGRAMMES = [it for name, it in DOCUMENTS.items() if name.startswith("programmes/")]


def test_the_facts_exist_and_none_may_be_published() -> None:
    assert set(FACTS) >= PRIVATE
    assert not PRIVATE & set(PUBLISHED)


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda it: it["name"])
def test_no_published_field_of_a_decision_tells_them(programme: dict[str, object]) -> None:
    """Reason, rule, article and named values are published; the sentence of a reason stands in the manifest."""
    conditions = programme["conditions"]
    assert isinstance(conditions, list)
    for it in conditions:
        text = DOCUMENTS["reasons.yaml"]["reasons"][it["reason"]]
        published = [it["id"], it["reason"], it.get("reference", ""), text["id"], text["en"], it.get("publish", "")]
        assert not [said for said in published if TELLING.search(said)], it["id"]
        if it["fact"] in PRIVATE:
            assert "publish" not in it
