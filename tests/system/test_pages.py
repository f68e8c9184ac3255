"""Aims at docs/how-to of payer and operator: every command runs in its order on a real register."""

from pathlib import Path

import pytest

from tests.docs.pages import PROJECT, blocks_of, reader, start, surroundings, told_fences
from tests.system.conftest import MakeRealm, Year
from tests.system.realm import Realm

HOW_TO = PROJECT / "docs" / "how-to"


def follow(page: str, realm: Realm, folder: Path) -> str:
    """All that the commands of a page print."""
    environment = surroundings(realm.settings, reader(folder))
    blocks = blocks_of(HOW_TO / page)
    return "\n".join(start(block, folder, environment) for block in blocks if block.purpose != "elsewhere")


@pytest.mark.kafka
def test_a_payer_follows_the_page(year: Year, tmp_path: Path) -> None:
    said = follow("payer.md", year.realm, tmp_path / "payer")
    assert f"as of {year.quarters[-1]}" in said
    assert year.digests[year.quarters[-1]]["kemensos"][:16] in said
    assert "Alasan: " in said


@pytest.mark.kafka
def test_an_operator_follows_the_page(make_realm: MakeRealm, tmp_path: Path) -> None:
    realm = make_realm()
    with realm.worker():
        said = follow("operator.md", realm, tmp_path / "operator")
    for part in ("2025-Q1/preview/1", "2025-Q1: SEALED", "records were appended anew", "Reason: "):
        assert part in said, said


@pytest.mark.parametrize("page", ["payer.md", "operator.md"])
def test_no_command_of_a_page_is_left_out(page: str) -> None:
    assert len(blocks_of(HOW_TO / page)) == told_fences(HOW_TO / page) > 5
