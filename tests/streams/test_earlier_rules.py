"""Aims at rules that an earlier release sealed: they stand in the log for ever, and are read as they were."""

import datetime as dt
import json
from pathlib import Path

import pytest

from agents.rulebook import read_bundle
from streams.rules import Bundle, RulesError, load

# Each file is what `Bundle.to_json` of a release gave, under the first 16 digits of the hash that it had there.
FOLDER = Path(__file__).parent / "earlier"
FILES = sorted(FOLDER.glob("*.json"))
DAY = dt.date(2025, 3, 31)


def test_there_are_bundles_of_earlier_releases() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_a_sealed_bundle_is_read_and_keeps_its_hash(file: Path) -> None:
    told = json.loads(file.read_text(encoding="utf-8"))
    bundle = Bundle.from_json(told)
    assert bundle.rules_hash.startswith(file.stem)
    assert bundle.to_json() == told
    assert bundle.at(DAY).rules_hash == bundle.rules_hash


def test_the_first_sealed_bundle_means_what_it_meant() -> None:
    rules = Bundle.from_json(json.loads((FOLDER / "360b9d3f4a0ffe77.json").read_text(encoding="utf-8"))).at(DAY)
    assert set(rules.programmes) == {"KAJ", "KJP_PLUS", "KLJ", "PBI_JK", "PKH", "SEMBAKO"}
    assert rules.programmes["PKH"].paid_first == "highest"
    assert rules.retroactive_quarters == 0
    assert rules.retroactive == {}


@pytest.mark.parametrize("scale", ["XS", "S"])
def test_a_bundle_of_this_release_comes_back_as_it_is(scale: str) -> None:
    bundle = read_bundle(scale)
    again = Bundle.from_json(json.loads(json.dumps(bundle.to_json())))
    assert again == bundle
    assert again.settled == bundle.settled


def test_a_folder_of_rules_is_not_completed() -> None:
    documents = dict(read_bundle("XS").documents)
    documents["register.yaml"] = {k: v for k, v in documents["register.yaml"].items() if k != "case_days"}
    with pytest.raises(RulesError, match="case_days"):
        load(documents, scale="XS")
