"""Aims at statements and limits of schemas: whoever writes one wrong is told the file, the place, the way out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.registry import ROOT, ContractsError, contracts, read_contracts
from schemas.statements import Constant, said_by

Schema = dict[str, Any]
Spoil = Callable[[Schema], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copied = tmp_path / "schemas"
    shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copied


def states(**groups: Any) -> Spoil:
    return lambda schema: schema.update(states=groups)


def field(name: str, **attributes: Any) -> Spoil:
    def spoil(schema: Schema) -> None:
        content = schema["fields"][-1]["type"][1]["fields"]
        next(it for it in content if it["name"] == name).update(attributes)

    return spoil


def limit(**told: Any) -> Spoil:
    return field("njop_rupiah", limit=told)


PLACE = {"kelurahan": "content.kelurahan", "alamat": "content.alamat"}
SPOILED: dict[str, tuple[str, Spoil, str]] = {
    "no people": ("mati", lambda it: it.pop("people"), r"mati.avsc: people: '' is neither a NIK"),
    "people that are none": (
        "mati",
        lambda it: it.update(people="content.nomor_akta.x"),
        r"people: 'content.nomor_akta.x'",
    ),
    "a list without NIK": (
        "daftar_lama",
        lambda it: it.update(people="content.penerimaan"),
        "people: 'content.penerimaan'",
    ),
    "nothing stated": ("mati", lambda it: it.pop("states"), r"mati.avsc: states: say what the event states"),
    "unknown group": ("mati", states(death={}), r"states.death: there is no such group .*Known: birth, vital"),
    "a list left out": (
        "daftar_lama",
        states(receipt={"sumber": "content.sumber"}),
        r"receipt.penerimaan: name the list of the event",
    ),
    "unknown field of the group": (
        "mati",
        states(vital={"hidup": {"is": False}, "hari": "content.tanggal_meninggal"}),
        r"states.vital: hari is no field of this group. Known: hidup, tanggal_meninggal",
    ),
    "unknown field of the event": (
        "mati",
        states(vital={"hidup": {"is": False}, "tanggal_meninggal": "content.tanggal"}),
        r"vital.tanggal_meninggal: 'content.tanggal' is no field of the event. Known: content.nik, content.tanggal_m",
    ),
    "a field left out": (
        "kepemilikan",
        states(property={"njop_rupiah": "content.njop_rupiah"}),
        r"kendaraan_roda_empat: is left out",
    ),
    "another type": (
        "mati",
        states(vital={"hidup": {"is": False}, "tanggal_meninggal": "content.nomor_akta"}),
        r"content.nomor_akta is string, but vital.tanggal_meninggal of the fact is date",
    ),
    "a constant of another type": ("mati", states(vital={"hidup": {"is": "no"}}), r"vital.hidup: 'no' is no boolean"),
    "a symbol that the fact lacks": (
        "kartu_keluarga",
        states(residence={**PLACE, "fase": {"is": "TINGGAL"}}),
        r"residence.fase: 'TINGGAL' is no one of MENETAP, KELUAR, DATANG",
    ),
    "a constant written otherwise": ("mati", states(vital={"hidup": {"value": False}}), r'write \{"is": VALUE\}'),
    "what may be null": (
        "daftar_lama",
        states(household={"no_kk": "content.no_kk", **PLACE, "*": "content.perumahan"}),
        r"luas_lantai: content.perumahan may be null, but household.luas_lantai of the fact may not",
    ),
    "a condition that is none": (
        "daftar_lama",
        states(household={"when": "content.rumah", **PLACE, "*": "content.perumahan"}),
        r"household.when: 'content.rumah' is no record of the event that may be null",
    ),
    "a record that is none": (
        "daftar_lama",
        states(household={"*": "content.rumah"}),
        r"'content.rumah' is no record of",
    ),
    "a list that is none": (
        "daftar_lama",
        states(receipt={"sumber": "content.sumber", "penerimaan": "content.alamat"}),
        r"receipt.penerimaan: name the list of the event",
    ),
    "a list of other items": (
        "daftar_lama",
        states(receipt={"sumber": "content.sumber", "penerimaan": "content.anggota"}),
        r"the items of content.anggota have other fields",
    ),
    "two limits": (
        "kepemilikan",
        limit(values=[0, 1], pattern="a", code="NJOP"),
        r"njop_rupiah: limit: write one of values, char",
    ),
    "no code": ("kepemilikan", limit(values=[0, 1]), r"write one of values, .*, and code; nothing else"),
    "a code without sentences": (
        "kepemilikan",
        limit(values=[0, 1], code="TOO_RICH"),
        r"the code TOO_RICH has no sentences: write them in schemas/refusals.yaml",
    ),
    "a limit of another type": (
        "kepemilikan",
        limit(pattern="[0-9]+", code="NJOP"),
        r"pattern is not for a field of this type",
    ),
    "one bound": ("kepemilikan", limit(values=[5], code="NJOP"), r"values takes \[least, most\], not \[5\]"),
    "bounds that cross": ("kepemilikan", limit(values=[5, 1], code="NJOP"), r"takes \[least, most\]"),
    "no pattern": (
        "sanggah",
        field("triwulan", limit={"pattern": "20[0-9", "code": "QUARTER"}),
        r"is no regular expression",
    ),
    "a day that is none": (
        "mati",
        field("tanggal_meninggal", limit={"equals": "office", "code": "QUARTER"}),
        r"limit: 'office' is no date of the event",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_schema_that_declares_what_cannot_be_is_refused(what: str, root: Path) -> None:
    name, spoil, message = SPOILED[what]
    path = root / "events" / f"{name}.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    spoil(schema)
    path.write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as refused:
        read_contracts(root)
    assert str(refused.value).startswith(f"events/{name}.avsc: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  too_small:\n    id: x\n    en: x\n", r"refusals.yaml: too_small: a code is written in capitals"),
        ("  TOO_SMALL:\n    id: x\n", r"TOO_SMALL: write one sentence in Indonesian \(id\) and one in English"),
        ("  TOO_SMALL:\n    id: x\n    en: 'is {number}'\n", r"TOO_SMALL.en: only \{field\} and \{value\}"),
    ],
)
def test_sentences_that_cannot_be_filled_in_are_refused(text: str, message: str, root: Path) -> None:
    with (root / "refusals.yaml").open("a", encoding="utf-8") as table:
        table.write(text)
    with pytest.raises(ValueError, match=message):
        read_contracts(root)


def test_a_schema_that_is_no_json_is_named(root: Path) -> None:
    path = root / "events" / "mati.avsc"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"type": "record",', '"type": "record"', 1), encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"events/mati.avsc is no JSON at line 3, column 3"):
        read_contracts(root)
    assert issubclass(ContractsError, ValueError)


def test_what_the_schemas_of_this_release_say() -> None:
    known = contracts()
    said = {event.name: said_by(event, known.by_name["fact"]) for event in known.events}
    assert {name for name, it in said.items() if it.many} == {
        "cerai",
        "daftar_lama",
        "groundcheck",
        "kartu_keluarga",
        "kawin",
        "pengesampingan",
        "pindah_dalam",
        "pindah_datang",
        "pindah_keluar",
    }
    household, assets, field_ = said["groundcheck"].groups
    assert (household.when, household.fields["luas_lantai"]) == ("content.perumahan", "content.perumahan.luas_lantai")
    assert assets.fields["mobil"] == "content.aset.mobil"
    assert (field_.when, field_.fields["keberadaan"]) == (None, "content.anggota.keberadaan")
    assert said["mati"].groups[0].fields["hidup"] == Constant(value=False)
    assert said["daftar_lama"].groups[1].arrays == {"penerimaan": "content.penerimaan"}
