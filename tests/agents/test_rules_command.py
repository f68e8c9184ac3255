"""Aims at `dtsen rules`: what is shown of sound rules, and that a fault ends it with a sentence and exit code 1."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agents.cli import main
from streams.rules import rules_hash
from tests.streams.villages import DATA, bundle

ALL = ("KAJ", "KJP_PLUS", "KLJ", "PBI_JK", "PKH", "SEMBAKO")


def rules(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rules", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "rules"))


def test_sound_rules_are_shown() -> None:
    shown = rules("check", "--on", "2025-06-30")
    assert shown.exit_code == 0, shown.output
    rows = [line.split()[:5] for line in shown.output.splitlines() if line.startswith("K")]
    assert rows == [
        ["KJP_PLUS", "1", "disdik-dki", "person", "no"],
        ["KAJ", "2", "dinsos-dki", "person", "yes"],
        ["KLJ", "2", "dinsos-dki", "person", "yes"],
    ]


def test_programs_read_the_same() -> None:
    said = json.loads(rules("check", "--on", "2025-03-31", "--json").output)
    assert said["on"] == "2025-03-31"
    assert sorted(it["name"] for it in said["programmes"]) == list(ALL)
    assert {it["name"]: it["quotas"]["S"] for it in said["programmes"]}["KLJ"] == 465
    assert said["hashes"]["S"] == rules_hash(bundle(programmes=ALL))


def test_by_default_it_is_this_quarter() -> None:
    shown = rules("check")
    assert shown.exit_code == 0, shown.output
    assert "In force on 20" in shown.output


def test_every_table_of_quotas_is_checked(folder: Path) -> None:
    table = folder / "quotas" / "nasional.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace("  KLJ:", "  KLX:"), encoding="utf-8")
    shown = rules("check", "--rules", str(folder))
    assert shown.exit_code == 1
    assert shown.output.startswith("Error: The rules cannot be used. quotas/nasional.yaml: KLJ has no quota: add under")
    shutil.rmtree(folder / "quotas")
    assert "quotas/ is missing or empty" in rules("check", "--rules", str(folder)).output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--rules", "nowhere"], "nowhere is no folder: name one that holds register.yaml"),
        (["check", "--on", "31 March"], "'31 March' is no day: write it like 2025-03-31."),
        (["check", "--on", "2023-01-01"], "scope_province: nothing is in force on 2023-01-01"),
        (["diff", "nowhere"], "The rules cannot be compared. nowhere is no folder"),
    ],
)
def test_what_cannot_be_is_a_sentence(arguments: list[str], message: str) -> None:
    shown = rules(*arguments)
    assert shown.exit_code == 1
    assert message in shown.output


def test_folders_are_compared_with_the_packaged_rules_or_another(folder: Path) -> None:
    assert rules("diff", str(folder)).output == "Nothing differs.\n"
    file = folder / "programmes" / "sembako.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 600000", "value: 650000"), encoding="utf-8")
    assert rules("diff", str(folder)).output == (
        "~ programmes/sembako.yaml: amount.rupiah_per_quarter.2024-01-01.value: 600000 -> 650000\n"
    )
    assert rules("diff", str(folder), "--against", str(folder)).output == "Nothing differs.\n"
