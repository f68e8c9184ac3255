"""Aims at the rules that somebody proposes: a folder, one file, other quotas; and what is said when they cannot be."""

from pathlib import Path

import pytest

from agents.rulebook import read_bundle, read_proposal
from streams.rules import RulesError

IN_FORCE = read_bundle("XS")


def test_nothing_proposed_is_what_is_in_force() -> None:
    assert read_proposal(IN_FORCE).rules_hash == IN_FORCE.rules_hash


def test_other_quotas_alone() -> None:
    assert read_proposal(IN_FORCE, scale="S").rules_hash == read_bundle("S").rules_hash
    with pytest.raises(RulesError, match=r"there is no table of quotas XXL. Known: M, S, XS, nasional"):
        read_proposal(IN_FORCE, scale="XXL")


def test_one_file_is_laid_over(tmp_path: Path) -> None:
    file = tmp_path / "kuota.yaml"
    file.write_text("quotas: {PKH: [{from: 2024-01-01, value: 3, illustrative: true}]}\n", encoding="utf-8")
    proposed = read_proposal(IN_FORCE, file)
    assert proposed.scale == "XS"
    changed = [name for name, it in proposed.documents.items() if it != IN_FORCE.documents[name]]
    assert changed == ["quotas/XS.yaml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quotas: {PKH: [", r"usulan.yaml: this is no YAML in line"),
        ("quotas: {PKH: [{from: 2024-01-01, value: tiga, illustrative: true}]}", r"quotas/XS.yaml: .*'tiga'"),
        ("judul: apa saja", r"usulan.yaml: one file of rules is a programme"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "usulan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=said):
        read_proposal(IN_FORCE, file)


def test_what_is_neither_file_nor_folder_and_what_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"none.yaml cannot be read \(No such file or directory\): name a file"):
        read_proposal(IN_FORCE, tmp_path / "none.yaml")
    image = tmp_path / "usulan.png"
    image.write_bytes(b"\x89PNG\xff")
    with pytest.raises(RulesError, match=r"usulan.png cannot be read \(it is no text\)"):
        read_proposal(IN_FORCE, image)
