"""Aims at the payer's client: a verified list or nothing new, whatever is lost, repeated, altered or interrupted."""

import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from agents.clients import folder as folders
from agents.clients.payer import Synced, sync
from agents.clients.tables import holdings_of
from agents.errors import OperatorError
from schemas.columnar import Encoded, join
from streams.manifests import ManifestError
from tests.streams.changing import nik
from tests.streams.sealed import Register, programmes_of, topic_of, year

PAYER = "kemensos"


@dataclass
class Memory:
    """A source over a register in memory: of its manifests, the first `sealed` of all payers."""

    register: Register
    sealed: int = 99
    repeated: bool = False
    batch: int = 2

    def manifests(self) -> list[bytes]:
        values = [manifest.to_bytes() for manifest in self.register.manifests[: self.sealed]]
        return [value for value in values for _ in range(2)] if self.repeated else values

    def values(self, topic: str, partition: int, first: int, last: int) -> Iterator[Encoded]:
        values = self.register.topics[topic, partition]
        for at in range(max(first, 0), min(last + 1, len(values)), self.batch):
            yield join(values[at : min(at + self.batch, last + 1)])


@pytest.fixture(scope="module")
def register() -> Register:
    """Three sealed quarters; not to be altered."""
    return year()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "payers" / PAYER


def listed(folder: Path) -> pl.DataFrame:
    return holdings_of(pl.read_parquet(folder / "list.parquet"))


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_new_client_gets_the_list_and_all_changes(register: Register, out: Path) -> None:
    synced = sync(Memory(register), PAYER, out)
    assert [manifest.quarter for manifest in synced.applied] == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert listed(out).equals(programmes_of(register.holdings, PAYER))
    files = ("changes", "adjustments")
    names = {f"{it}-2025-Q{n}.{kind}" for it in files for n in (1, 2, 3) for kind in ("csv", "parquet")}
    assert set(everything(out)) == names | {"list.csv", "list.parquet", "state.json"}
    assert json.loads((out / "state.json").read_text())["quarter"] == "2025-Q3"


def test_names_of_recipients_are_for_their_owner_only(register: Register, out: Path) -> None:
    sync(Memory(register), PAYER, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_people_can_read_the_tables(register: Register, out: Path) -> None:
    sync(Memory(register, sealed=4), PAYER, out)
    text = pl.read_csv(out / "list.csv", infer_schema=False)
    assert text.columns[:5] == ["Program", "NIK", "No. KK", "Status", "Rupiah triwulan ini"]
    held = text.filter(pl.col("Status") == "HELD").to_dicts()
    assert [(row["NIK"], row["Rupiah triwulan ini"], row["Ditahan sejak"]) for row in held] == [
        (nik(3), "0", "2025-Q2")
    ]
    changes = pl.read_csv(out / "changes-2025-Q2.csv", infer_schema=False)
    by_nik = {row["NIK"]: row for row in changes.to_dicts()}
    assert by_nik[nik(1)]["Alasan"] == "Penerima tercatat meninggal."
    gone = by_nik[nik(2)]
    assert (gone["Perubahan"], gone["Alasan"], gone["Nilai"]) == ("REVOKED", "Desil 8, batas 5.", "desil=8")
    assert gone["Dasar hukum"] == "Pasal DESIL_DI_ATAS_BATAS"
    assert by_nik[nik(4)]["Kode kab/kota"] == "3172"


def test_people_can_read_what_is_taken_back(register: Register, out: Path) -> None:
    sync(Memory(register), PAYER, out)
    assert pl.read_csv(out / "adjustments-2025-Q1.csv", infer_schema=False).is_empty()
    for quarter, rupiah, sentence in (
        ("2025-Q2", "-600000", "Penerima meninggal sebelum triwulan itu berakhir"),
        ("2025-Q3", "600000", "Catatan kematian untuk triwulan itu dicabut"),
    ):
        (row,) = pl.read_csv(out / f"adjustments-{quarter}.csv", infer_schema=False).to_dicts()
        assert (row["NIK"], row["Untuk triwulan"]) == (nik(1), "2025-Q1")
        assert row["Rupiah (minus: tidak jadi haknya)"] == rupiah
        assert row["Alasan"].startswith(sentence)


def test_a_lost_adjustment_stops_at_its_quarter(register: Register, out: Path) -> None:
    second = [manifest for manifest in register.manifests if manifest.payer == PAYER][1]
    (row,) = [it for it in second.adjustment_ranges.iter_rows(named=True) if it["records"]]
    lost = _damaged(register, row["partition"], lambda values: values.__setitem__(row["last_offset"], b"\0" * 80))
    lost = _damaged(lost, row["partition"], lambda values: values.__setitem__(row["first_offset"], b"\0" * 80))
    with pytest.raises(ManifestError, match="names 1 adjustments in"):
        sync(Memory(lost), PAYER, out)
    assert json.loads((out / "state.json").read_text())["quarter"] == "2025-Q1"


def test_a_client_goes_on_where_it_stood(register: Register, out: Path) -> None:
    for sealed, applied in ((2, ["2025-Q1"]), (4, ["2025-Q2"]), (4, []), (6, ["2025-Q3"])):
        synced = sync(Memory(register, sealed=sealed), PAYER, out)
        assert [manifest.quarter for manifest in synced.applied] == applied
        assert synced.anew is None
    anew = sync(Memory(register), PAYER, out.with_name("anew"))
    assert anew.copy.holdings.equals(synced.copy.holdings)
    assert listed(out).equals(listed(out.with_name("anew")))


def test_manifests_that_were_written_twice_count_once(register: Register, out: Path) -> None:
    assert len(sync(Memory(register, repeated=True), PAYER, out).applied) == 3


def test_without_a_seal_nothing_is_written(register: Register, out: Path) -> None:
    synced = sync(Memory(register, sealed=0), PAYER, out)
    assert (synced.applied, synced.copy.manifest) == ([], None)
    assert not out.exists()


def _damaged(register: Register, partition: int, change: Any) -> Register:
    topics = {place: list(values) for place, values in register.topics.items()}
    change(topics[topic_of(PAYER), partition])
    return replace(register, topics=topics)


def test_a_lost_line_stops_at_its_quarter_and_keeps_the_one_before(register: Register, out: Path) -> None:
    second = [manifest for manifest in register.manifests if manifest.payer == PAYER][1]
    last = second.ranges.row(0, named=True)["last_offset"]
    broken = Memory(_damaged(register, 0, lambda values: values.__setitem__(last, b"\0" * 80)))
    with pytest.raises(ManifestError, match=r"names 2 change lines in eligibility.changes.kemensos\[0\]"):
        sync(broken, PAYER, out)
    assert json.loads((out / "state.json").read_text())["quarter"] == "2025-Q1"
    assert listed(out).height == 7
    assert len(sync(Memory(register), PAYER, out).applied) == 2


def test_a_line_that_is_no_change_is_named(register: Register, out: Path) -> None:
    third = [manifest for manifest in register.manifests if manifest.payer == PAYER][2]
    last = third.ranges.row(0, named=True)["last_offset"]

    def spoil(values: list[bytes]) -> None:
        values[last] = values[last][:40]

    with pytest.raises(ManifestError, match=r"2025-Q3, eligibility.changes.kemensos\[0\]: 1 records of run 2025-Q3-1"):
        sync(Memory(_damaged(register, 0, spoil)), PAYER, out)


def test_a_missing_manifest_breaks_the_chain(register: Register, out: Path) -> None:
    gap = replace(register, manifests=[it for it in register.manifests if it.quarter != "2025-Q2"])
    with pytest.raises(ManifestError, match="the chain is broken at the manifest of kemensos for 2025-Q3"):
        sync(Memory(gap), PAYER, out)
    assert not out.exists()


def _lose_list(folder: Path) -> None:
    (folder / "list.parquet").unlink()


def _cut_list(folder: Path) -> None:
    table = pl.read_parquet(folder / "list.parquet")
    table[1:].write_parquet(folder / "list.parquet")


def _spoil_state(folder: Path) -> None:
    (folder / "state.json").write_text("{")


def _lose_state(folder: Path) -> None:
    (folder / "state.json").unlink()


def _lose_a_line(folder: Path) -> None:
    text = (folder / "list.csv").read_text(encoding="utf-8")
    (folder / "list.csv").write_text(text.rpartition("\n3")[0], encoding="utf-8")


def _lose_changes(folder: Path) -> None:
    next(folder.glob("changes-*.csv")).unlink()


HARMS = [_lose_list, _cut_list, _spoil_state, _lose_state, _lose_a_line, _lose_changes, shutil.rmtree]


@pytest.mark.parametrize("harm", HARMS)
def test_a_client_that_lost_its_copy_starts_anew(register: Register, out: Path, harm: Any) -> None:
    sync(Memory(register, sealed=4), PAYER, out)
    harm(out)
    synced = sync(Memory(register), PAYER, out)
    assert len(synced.applied) == 3
    assert (synced.anew is None) == (harm is shutil.rmtree)
    assert listed(out).equals(programmes_of(register.holdings, PAYER))


def test_a_copy_of_another_register_starts_anew(register: Register, out: Path) -> None:
    other = Register()
    other.seal("2025-Q1", [])
    sync(Memory(other), PAYER, out)
    synced = sync(Memory(register), PAYER, out)
    assert "does not have" in str(synced.anew)
    assert listed(out).equals(programmes_of(register.holdings, PAYER))


def test_foreign_folders_are_left_alone(register: Register, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "letter.txt").write_text("dear")
    with pytest.raises(OperatorError, match="holds other files"):
        sync(Memory(register), PAYER, out)
    other = out.with_name("dinsos-dki")
    sync(Memory(register), "dinsos-dki", other)
    with pytest.raises(OperatorError, match="holds the list of dinsos-dki"):
        sync(Memory(register), PAYER, other)


@pytest.mark.parametrize("renamed", [0, 1])
def test_a_crash_while_writing_leaves_the_old_state_or_the_new(
    register: Register, out: Path, monkeypatch: pytest.MonkeyPatch, renamed: int
) -> None:
    sync(Memory(register, sealed=2), PAYER, out)
    before = everything(out)
    rename, calls = Path.rename, []

    def crash(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > renamed:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", crash)
        with pytest.raises(KeyboardInterrupt):
            sync(Memory(register, sealed=4), PAYER, out)
    copy, anew = folders.load(out, PAYER)
    assert anew is None
    assert copy.manifest is not None
    assert copy.manifest.quarter == "2025-Q1"
    assert everything(out) == before
    synced: Synced = sync(Memory(register), PAYER, out)
    assert len(synced.applied) == 2
    assert [path.name for path in out.parent.iterdir()] == [PAYER]
