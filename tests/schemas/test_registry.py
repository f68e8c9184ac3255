"""Aims at: schemas are complete, documented and findable; producers are who contracts.md says."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fastavro
import pytest

from schemas.canonical import canonical_form, fingerprint
from schemas.codes import ASET_YA_TIDAK, GROUP_BITS, GROUPS, PERUMAHAN, TERNAK
from schemas.columnar.plan import plan_of
from schemas.registry import ROOT, Contract, contracts, read_contracts

ALL = sorted(contracts().by_name.values(), key=lambda it: it.name)


def _documented(schema: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(schema, list):
        for branch in schema:
            yield from _documented(branch, path)
    elif isinstance(schema, Mapping):
        if "name" in schema:
            yield f"{path}: type {schema['name']}", schema.get("doc", "")
        for entry in schema.get("fields", ()):
            yield f"{path}.{entry['name']}", entry.get("doc", "")
            yield from _documented(entry["type"], f"{path}.{entry['name']}")
        for inner in ("items", "values"):
            yield from _documented(schema.get(inner), path)


@pytest.mark.parametrize("contract", ALL, ids=lambda it: it.name)
def test_every_type_and_field_says_what_it_means(contract: Contract) -> None:
    silent = [path for path, doc in _documented(contract.schema, contract.name) if len(doc) < 8 and doc != "SHA-256."]
    assert not silent


@pytest.mark.parametrize("contract", ALL, ids=lambda it: it.name)
def test_fingerprints_are_those_of_other_implementations(contract: Contract) -> None:
    schema = json.loads(json.dumps(contract.schema))
    theirs = fastavro.schema.to_parsing_canonical_form(schema)
    assert canonical_form(contract.schema) == theirs
    assert contract.header[2:].hex() == fastavro.schema.fingerprint(theirs, "CRC-64-AVRO")
    assert int.from_bytes(contract.header[2:], "little") == contract.fingerprint == fingerprint(theirs)


def test_the_specifications_own_fingerprint() -> None:
    # Avro ships these two as test data (share/test/data/schema-tests.txt).
    assert f"{fingerprint(canonical_form('int')):016x}" == "7275d51a3f395c8f"
    assert f"{fingerprint(canonical_form('null')):016x}" == "63dd24e7cc258f8a"


def test_numbers_of_topics_and_producers_never_change() -> None:
    """They are part of keys and coordinates of every fact: additions only."""
    assert {it.topic_number: it.topic for it in contracts().events} == {
        1: "population.lahir",
        2: "population.mati",
        3: "population.kartu_keluarga",
        4: "population.pindah_keluar",
        5: "population.pindah_datang",
        6: "field.groundcheck",
        7: "enrichment.pekerjaan",
        8: "enrichment.daftar_lama",
        9: "population.pindah_dalam",
        10: "population.kawin",
        11: "population.cerai",
        12: "population.biodata",
        13: "population.status_nik",
        14: "enrichment.sekolah",
        15: "enrichment.kepemilikan",
        16: "enrichment.panti",
        17: "claim.sanggah",
        18: "claim.keluhan",
        19: "enrichment.listrik",
        20: "enrichment.disabilitas",
        21: "enrichment.kehamilan",
        22: "enrichment.kesehatan",
        23: "enrichment.kuliah",
        24: "enrichment.bantuan_lain",
        25: "claim.usul",
        26: "claim.reaktivasi",
        27: "claim.putusan_kasus",
        28: "field.pengesampingan",
    }
    assert {number: it.code for number, it in contracts().producers_by_number.items()} == {
        1: "dukcapil-dki",
        2: "dukcapil-pusat",
        3: "bps",
        4: "kemensos",
        5: "bkn",
        6: "dinsos-dki",
        7: "legacy",
        8: "disdik-dki",
        9: "bapenda-dki",
        10: "pln",
        11: "dinkes-dki",
        12: "bpjs-kesehatan",
        13: "kemdiktisaintek",
    }


def test_schema_ids_of_confluent_never_change() -> None:
    """An id that was ever given stands for that schema for ever: additions only."""
    numbered = {number: (it.name, it.version) for number, it in contracts().by_confluent_id.items()}
    assert numbered == {
        1000 * version.version + (it.topic_number or 0): (it.name, version.version)
        for it in contracts().events
        for version in it.versions
    }
    assert contracts().by_confluent_id[1001].fingerprint == 0x93E65F9DEE873B86


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the schemas."""
    copied = tmp_path / "schemas"
    shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copied


def _older(root: Path, folder: str, name: str, number: int, **more: Any) -> str:
    """Write a version that differs in a field; its fingerprint."""
    schema = json.loads((root / folder / f"{name}.avsc").read_text(encoding="utf-8")) | more
    schema["fields"] = [*schema["fields"], {"name": f"of_version_{number}", "type": "int", "doc": "Of old."}]
    (root / folder / "versions").mkdir(exist_ok=True)
    (root / folder / "versions" / f"{name}-{number}.avsc").write_text(json.dumps(schema), encoding="utf-8")
    return f"{fingerprint(canonical_form(schema)):016x}"


def test_versions_stand_side_by_side(root: Path) -> None:
    before = len(contracts().by_name["fact"].versions)
    _older(root, "records", "fact", before)
    prints = [_older(root, "events", "mati", number) for number in (1, 2)]
    table = root / "confluent.yaml"
    lines = "".join(f'  - {{id: {n}, event: mati, fingerprint: "{it}"}}\n' for n, it in enumerate(prints, start=2001))
    table.write_text(table.read_text(encoding="utf-8") + lines, encoding="utf-8")
    found = read_contracts(root)
    mati = found.by_name["mati"]
    assert [it.version for it in mati.versions] == [1, 2, 3]
    assert {it.name for it in mati.versions} == {"mati"}
    assert mati.fingerprint == contracts().by_name["mati"].fingerprint
    assert [found.by_fingerprint[it.fingerprint] for it in mati.versions] == list(mati.versions)
    assert [found.by_confluent_id[number] for number in (2001, 2002, 1002)] == list(mati.versions)
    assert len(found.events) == len(contracts().events)
    assert [it.version for it in found.by_name["fact"].versions] == list(range(1, before + 2))


def test_versions_are_numbered_without_gaps(root: Path) -> None:
    _older(root, "records", "door", 2)
    with pytest.raises(ValueError, match=r"records/versions/ has the versions \[2\] of door: number them 1, 2"):
        read_contracts(root)


def test_a_version_is_named_as_its_schema(root: Path) -> None:
    _older(root, "records", "door", 1)
    (root / "records" / "versions" / "door-1.avsc").rename(root / "records" / "versions" / "doors-1.avsc")
    with pytest.raises(ValueError, match=r"records/versions/doors-1.avsc: name it as a schema of records/"):
        read_contracts(root)


def test_a_version_stays_on_its_topic(root: Path) -> None:
    _older(root, "events", "mati", 1, topic="population.kematian")
    with pytest.raises(ValueError, match=r"mati-1.avsc has another topic"):
        read_contracts(root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: 1002", "id: 1001", r"schema id of confluent.yaml \[1001\] is used more than once"),
        ("93e65f9dee873b86", "4845dda6d0f2755c", "fingerprint in confluent.yaml"),
        ("93e65f9dee873b86", "93e65f9dee873b87", "which is no schema in events/"),
        ("event: mati", "event: lahir", "which is no schema in events/"),
        ("id: 1002", "id: 0", "not between 1 and"),
        (
            '  - {id: 1001, event: lahir, fingerprint: "93e65f9dee873b86"}\n',
            "",
            "lahir has no schema id.* add this line",
        ),
    ],
)
def test_a_wrong_table_of_schema_ids_is_refused(old: str, new: str, message: str, root: Path) -> None:
    table = root / "confluent.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_contracts(root)


def test_group_bits_never_change() -> None:
    assert GROUP_BITS["birth"] == 1
    assert GROUP_BITS["receipt"] == 1 << 14
    assert GROUPS[:6] == ("birth", "vital", "nik_status", "listing", "civil", "residence")
    assert GROUPS[6:] == (
        "education",
        "work",
        "health",
        "household",
        "assets",
        "utilities",
        "field",
        "claim",
        "receipt",
        "property",
        "institution",
        "disability",
        "pregnancy",
        "university",
        "benefit",
        "set_aside",
    )


def test_authority_is_in_the_settled_order() -> None:
    by_code = contracts().producers_by_code
    order = [by_code[code].authority for code in ("dukcapil-dki", "bps", "kemensos", "dinsos-dki", "legacy")]
    assert order == sorted(set(order), reverse=True)
    assert by_code["dukcapil-pusat"].authority == by_code["dukcapil-dki"].authority


def test_every_event_type_has_a_producer_and_states_groups_of_the_fact() -> None:
    fact = set(plan_of(contracts().by_name["fact"]).tables[""].presence)
    sent = set().union(*(it.events for it in contracts().producers_by_code.values()))
    for event in contracts().events:
        assert event.event_type in sent
        assert event.groups, event.name
        assert set(event.groups) <= fact


def test_the_fact_begins_with_its_fixed_fields() -> None:
    """The register reads them at constant places: bytes 10, 12, 28 and 42 of a value, content from 46."""
    fields = contracts().by_name["fact"].schema["fields"][:4]
    assert [(it["name"], it["type"]["size"]) for it in fields] == [
        ("producer_number", 2),
        ("event_id", 16),
        ("coordinate", 14),
        ("place", 4),
    ]


def test_code_lists_and_schemas_name_the_same_fields() -> None:
    def fields(contract: str, record: str) -> list[str]:
        prefix = f"{record}."
        columns = plan_of(contracts().by_name[contract]).tables[""].schema
        return [name.removeprefix(prefix) for name in columns if name.startswith(prefix)]

    housing = fields("groundcheck", "content.perumahan")
    assert [name for name in housing if name != "luas_lantai"] == list(PERUMAHAN)
    assert fields("daftar_lama", "content.perumahan") == housing
    assert fields("fact", "household") == ["no_kk", "kelurahan", "alamat", *housing]
    assert fields("groundcheck", "content.aset") == fields("fact", "assets") == [*ASET_YA_TIDAK, *TERNAK]


def test_an_unknown_event_type_of_a_producer_is_refused(root: Path) -> None:
    table = root / "producers.yaml"
    table.write_text(
        table.read_text(encoding="utf-8").replace("[pekerjaan]", "[pekerjaan, kelahiran]"), encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"bkn may send \['kelahiran'\], which have no schema"):
        read_contracts(root)
