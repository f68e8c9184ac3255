"""Aims at lists and decisions on disk: what breaks the contract is refused, what people decide counts and is kept."""

import json
import stat
from pathlib import Path

import polars as pl
import pytest

from agents.errors import OperatorError
from agents.transition import linking
from agents.transition.lists import read_lists
from streams.transition.judging import Outcome
from tests.agents.transition.test_linkage import NO_DECISIONS, case

HEADER = "baris,sumber,per_tanggal,nama,kelurahan"
ROW = "A-1,DTKS,2024-06-30,Ani,3174051001"


def refusal(tmp_path: Path, text: str) -> str:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OperatorError) as error:
        read_lists([file])
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("baris,sumber\nA-1,DTKS\n", "lacks the columns per_tanggal, nama, kelurahan"),
        (f"{HEADER},umur\n{ROW},40\n", "has the columns umur, which no list has"),
        (f"{HEADER}\n{ROW.replace('DTKS', 'BDT')}\n", "sumber is no list in 1 rows (A-1"),
        (f"{HEADER}\n{ROW.replace('2024-06-30', '30-06-2024')}\n", "per_tanggal is no date in 1 rows (A-1"),
        (f"{HEADER}\n{ROW.replace('Ani', ' ')}\n", "nama is empty in 1 rows (A-1"),
        (f"{HEADER}\n{ROW.replace('3174051001', 'Tebet')}\n", "kelurahan is no code in 1 rows (A-1"),
        (f"{HEADER},anggaran\n{ROW},DESA\n", "anggaran is no budget in 1 rows (A-1"),
        (f"{HEADER}\n{ROW}\n{ROW}\n", "baris stands twice in the files in 2 rows (A-1"),
    ],
)
def test_a_list_that_breaks_the_contract(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        read_lists([tmp_path / "nowhere.csv"])
    (tmp_path / "no.parquet").write_bytes(b"PAR1")
    with pytest.raises(OperatorError, match="cannot be read"):
        read_lists([tmp_path / "no.parquet"])


def test_csv_and_parquet_are_the_same(tmp_path: Path) -> None:
    made = case(1).lists
    (csv, *_) = made.write(tmp_path)
    as_read = read_lists([csv])
    as_read.write_parquet(tmp_path / "list.parquet")
    assert read_lists([tmp_path / "list.parquet"]).equals(as_read)


def test_a_decision_counts_when_linked_again_and_is_never_lost(tmp_path: Path) -> None:
    it = case(1)
    linking.write(it.linked, tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700, "personal data: for its owner only"
    parked = linking.parked(linking.read(tmp_path), NO_DECISIONS)
    assert len(parked) == it.linked.count(Outcome.PARKED) > 2
    first, second = _two(parked)
    sentence = linking.decide(tmp_path, first, 1, "Dinsos 12", "surat")
    assert "********" in sentence
    linking.decide(tmp_path, second, 1, "Dinsos 12", "keliru")
    linking.decide(tmp_path, second, None, "Dinsos 12", "bukan dia")
    again = linking.link(it.lists.rows, it.persons, linking.read_decisions(tmp_path))
    outcomes = {row["baris"]: row for row in again.links.iter_rows(named=True)}
    chosen = it.linked.candidates.filter(pl.col("baris") == first, pl.col("candidate") == 1)["nik"].item()
    assert (outcomes[first]["outcome"], outcomes[first]["why"], outcomes[first]["nik"]) == (
        "TERHUBUNG",
        "PETUGAS",
        chosen,
    )
    assert (outcomes[second]["outcome"], outcomes[second]["nik"]) == ("TIDAK_ADA_DI_DTSEN", None)
    kept = [json.loads(line) for line in (tmp_path / linking.DECIDED).read_text(encoding="utf-8").splitlines()]
    assert [(row["baris"], row["by"]) for row in kept] == [
        (first, "Dinsos 12"),
        (second, "Dinsos 12"),
        (second, "Dinsos 12"),
    ]
    assert not any(name in json.dumps(kept) for name in ("nama", "name"))


def _two(parked: list[dict[str, object]]) -> tuple[str, str]:
    first, second, *_ = (str(row["baris"]) for row in parked if row["candidates"])
    return first, second


def test_what_cannot_be_decided(tmp_path: Path) -> None:
    linking.write(case(1).linked, tmp_path)
    row, _ = _two(linking.parked(linking.read(tmp_path), NO_DECISIONS))
    with pytest.raises(OperatorError, match="is none of them"):
        linking.decide(tmp_path, row, 99, "Dinsos 12", "surat")
    with pytest.raises(OperatorError, match="is not parked"):
        linking.decide(tmp_path, "Z-1", None, "Dinsos 12", "surat")
    with pytest.raises(OperatorError, match="holds no linked lists"):
        linking.read(tmp_path / "elsewhere")
