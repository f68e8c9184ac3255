"""Aims at `dtsen rules`: what is shown of sound rules, and that a fault ends it with a sentence and exit code 1."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agents.cli import main
from tests.streams.villages import DATA, bundle

ALL = ("ATENSI", "BLTS", "KAJ", "KIP_KULIAH", "KJMU", "KJP_PLUS", "KLJ", "KPDJ", "PBI_JK", "PIP", "PKH", "SEMBAKO")
# A day on which each is in force.
PROGRAMMES = dict.fromkeys(ALL, "2025-12-31")


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
        ["KIP_KULIAH", "1", "kemdiktisaintek", "person", "no"],
        ["KJP_PLUS", "1", "disdik-dki", "person", "no"],
        ["KAJ", "2", "dinsos-dki", "person", "yes"],
        ["KJMU", "2", "disdik-dki", "person", "no"],
        ["KLJ", "2", "dinsos-dki", "person", "yes"],
        ["KPDJ", "2", "dinsos-dki", "person", "yes"],
    ]


def test_programs_read_the_same() -> None:
    said = json.loads(rules("check", "--on", "2025-03-31", "--json").output)
    assert said["on"] == "2025-03-31"
    assert sorted(it["name"] for it in said["programmes"]) == sorted({*ALL} - {"BLTS"})
    assert {it["name"]: it["quotas"]["S"] for it in said["programmes"]}["KLJ"] == 465
    assert said["hashes"]["S"] == bundle(programmes=ALL).rules_hash


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
        (["check", "--rules", "nowhere"], "nowhere is no file and no folder: name a file with one programme"),
        (["check", "--on", "31 March"], "'31 March' is no day: write it like 2025-03-31."),
        (["check", "--on", "2023-01-01"], "scope_province: nothing is in force on 2023-01-01"),
        (["diff", "nowhere", "nowhere"], "The rules cannot be compared. nowhere is no file and no folder"),
    ],
)
def test_what_cannot_be_is_a_sentence(arguments: list[str], message: str) -> None:
    shown = rules(*arguments)
    assert shown.exit_code == 1
    assert message in shown.output


def test_two_sets_of_rules_are_compared(folder: Path) -> None:
    assert rules("diff", str(DATA), str(folder)).output == "Nothing differs.\n"
    file = folder / "programmes" / "sembako.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 600000", "value: 650000"), encoding="utf-8")
    said = "~ programmes/sembako.yaml: amount.rupiah_per_quarter.2024-01-01.value: 600000 -> 650000"
    assert rules("diff", str(DATA), str(folder)).output == f"{said}\n"
    assert json.loads(rules("diff", str(DATA), str(folder), "--json").output) == [said]
    assert rules("diff", str(folder), str(folder)).output == "Nothing differs.\n"


SWITCHED = """
switches:
  SEMBAKO: {batas_desil: empat}
  PKH:
    umur_lansia:
      - {from: 2024-01-01, until: 2024-12-31, choice: enam_puluh, illustrative: true}
      - {from: 2025-01-01, choice: tujuh_puluh, illustrative: true}
"""


def test_one_file_chooses_switches(tmp_path: Path) -> None:
    file = tmp_path / "desil-4.yaml"
    file.write_text(SWITCHED, encoding="utf-8")
    shown = json.loads(rules("show", "sembako", "--on", "2025-03-31", "--rules", str(file), "--json").output)
    assert [it["value"] for it in shown["conditions"] if it["id"] == "desil"] == [4]
    assert [it["chosen"][0]["choice"] for it in shown["switches"]] == ["empat", "tidak"]
    for day, age in (("2024-12-31", 60), ("2025-01-01", 70)):
        pkh = json.loads(rules("show", "PKH", "--on", day, "--rules", str(file), "--json").output)
        assert [it["min_age_years"] for it in pkh["amount"]["components"] if it["id"] == "lansia"] == [age]
    assert (
        "~ programmes/sembako.yaml: switches.batas_desil.chosen.2024-01-01.choice: lima -> empat"
        in rules("diff", str(DATA), str(file)).output.splitlines()
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "switches: {SEMBAKO: {desil: empat}}",
            "there is no switch desil. Did you mean batas_desil? Known: batas_desil, listrik",
        ),
        ("switches: {SEMBAKKO: {}}", "there is no programme SEMBAKKO. Did you mean SEMBAKO?"),
        ("switches: {SEMBAKO: {batas_desil: tiga}}", "there is no choice 'tiga'. Known: lima, empat"),
        ("switches: {SEMBAKO: {batas_desil: 4}}", "switches.SEMBAKO.batas_desil"),
        ("desil: 4", "one file of rules is a programme"),
        ("name: BARU", "is missing: add it"),
    ],
)
def test_one_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    shown = rules("check", "--rules", str(file), "--on", "2025-03-31")
    assert shown.exit_code == 1
    assert message in shown.output


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_programme_is_explained_with_sources(name: str) -> None:
    on = PROGRAMMES[name]
    told = json.loads(rules("explain", name, "--on", on, "--json").output)
    assert told["conditions"], name
    for section in ("conditions", "exclusions", "amount", "quota", "switches"):
        for line in told[section]:
            assert line["source"] or line["illustrative"], line
            assert "{" not in line["id"] + line["en"], line
    text = rules("explain", name, "--on", on).output
    assert text.count("Syarat:") == text.count("Conditions:") == 1
    assert rules("show", name, "--on", on).exit_code == 0


def test_explain_says_it_in_plain_words() -> None:
    text = rules("explain", "PKH", "--on", "2025-03-31").output
    for said in (
        "Keluarga berada di desil 1 sampai 4.",
        "Anak usia dini, umur 0 sampai 6 tahun, paling banyak 2 orang: Rp750.000 untuk tiga bulan.",
        "At most 4 members of a family.",
        "nasional: 10.000.000 keluarga.",
        "illustrative, no source",
        "In use: from 60 on ([S28] [S30]). Otherwise: from 70 on ([S26] [S29] [S31]).",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["PHK"], "there is no programme PHK. Did you mean PKH?"),
        (["PKH", "--on", "2023-12-31"], "PKH is not in force on 2023-12-31: it is from 2024-01-01"),
    ],
)
@pytest.mark.parametrize("command", ["show", "explain"])
def test_what_is_not_there_is_not_explained(command: str, arguments: list[str], message: str) -> None:
    shown = rules(command, *arguments)
    assert shown.exit_code == 1
    assert message in shown.output


def test_what_acts_back_is_told_as_the_data_have_it(folder: Path) -> None:
    """How far, and by which facts; none of a programme without, or where the register looks at no quarter."""
    register, klj = folder / "register.yaml", folder / "programmes" / "klj.yaml"
    register.write_text(
        register.read_text("utf-8").replace("value: 8, illustrative", "value: 4, illustrative"), "utf-8"
    )
    lines = [it for it in klj.read_text("utf-8").splitlines(keepends=True) if "{id: NONAKTIF" not in it]
    klj.write_text("".join(lines), "utf-8")

    def back(name: str) -> list[str]:
        said = rules("explain", name, "--on", "2025-12-31", "--rules", str(folder), "--json")
        return [it["en"] for it in json.loads(said.output)["retroactive"]]

    reach, *causes = back("KLJ")
    assert "the 4 sealed quarters" in reach
    assert [it.removeprefix("A quarter's money was not due if on its last day ") for it in causes] == [
        "the recipient had died.",
        "the recipient lived outside DKI Jakarta, or had left more than 90 days before.",
    ]
    assert back("PKH")[-1].endswith("the recipient worked as ASN, TNI, POLRI.")
    assert back("ATENSI") == ["No fact acts on quarters that are sealed."]
    register.write_text(
        register.read_text("utf-8").replace("value: 4, illustrative", "value: 0, illustrative"), "utf-8"
    )
    assert back("KLJ") == ["No fact acts on quarters that are sealed."]
