"""Aims at the simulated old lists: the same for a seed, synthetic, damaged at the stated rates, true beside."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from agents.cli import main
from agents.simulator import pieces, simulate
from agents.simulator.lists import PROFILES, lists_of
from agents.simulator.lists.rates import Damage
from agents.transition.lists import read_lists
from streams.transition.rows import CONTRACT


@pytest.mark.parametrize("profile", PROFILES)
def test_same_seed_same_rows_and_another_seed_others(profile: str) -> None:
    first, again, other = (lists_of(simulate("XS", 1, seed=seed), profile) for seed in (1, 1, 2))
    assert first.rows.equals(again.rows)
    assert first.truth.equals(again.truth)
    assert not first.rows.equals(other.rows)


def test_making_lists_changes_no_simulation() -> None:
    simulation = simulate("XS", 1)
    before = simulation.world.niks.last.copy()
    lists_of(simulation)
    assert simulation.world.niks.last == before


def test_damage_is_at_the_stated_rates() -> None:
    made, damage = lists_of(simulate("XS", 1)), Damage()
    harmed = made.truth.filter(pl.col("kind").is_in(["person", "dead", "double"]))
    for name, rate in vars(damage).items():
        if name in ("strangers", "twins", "doubles", "dead"):
            continue
        share = harmed.select(pl.col("harm").str.split(" ").list.contains(name).mean()).item()
        assert share == pytest.approx(rate, abs=0.012), name
    kinds = dict(made.truth.group_by("kind").len().iter_rows())
    assert set(kinds) == {"person", "dead", "double", "twin", "stranger"}
    assert kinds["stranger"] / kinds["person"] == pytest.approx(damage.strangers, abs=0.01)


def test_none_is_spared_of_damage_that_is_said() -> None:
    """Where the truth names no harm, the row says what is true; where it names a missing NIK, there is none."""
    made = lists_of(simulate("XS", 1))
    both = made.rows.join(made.truth, on="baris", suffix="_true")
    whole = both.filter(pl.col("kind") == "person", pl.col("harm") == "")
    assert whole.height > 1000
    assert (whole["nik"] == whole["nik_true"]).all()
    missing = both.filter(pl.col("harm").str.contains("nik_missing"))
    assert missing["nik"].is_null().all()


def test_files_are_as_the_contract_says(tmp_path: Path) -> None:
    made = lists_of(simulate("XS", 1))
    files = made.write(tmp_path)
    assert [file.name for file in files] == ["apbd.csv", "apbn.csv", "dtks.csv", "p3ke.csv", "regsosek.csv"]
    read = read_lists(files)
    assert read.columns == list(CONTRACT)
    assert read.height == made.rows.height
    numbers = read.select(pl.concat([pl.col("nik"), pl.col("no_kk")])).to_series().drop_nulls()
    assert numbers.str.contains("^31719").all(), "synthetic, also where a digit is wrong"


def test_a_scale_of_several_pieces_has_lists_of_each_kelurahan(tmp_path: Path) -> None:
    """No row's name and no NIK stands for two people of two kelurahan; a piece made alone has the same lists."""
    chosen = [piece.name for piece in pieces("XXM")]
    folder, alone = tmp_path / "lists", tmp_path / "alone"
    written(folder)
    assert sorted(it.name for it in folder.iterdir()) == chosen
    files = sorted(folder.rglob("*.csv"))
    rows, truth = read_lists(files), pl.concat([pl.read_parquet(it) for it in folder.rglob("truth.parquet")])
    assert rows["baris"].n_unique() == rows.height == truth.height
    assert set(rows["baris"]) == set(truth["baris"])
    known = {name: set(pl.read_parquet(folder / name / "truth.parquet")["nik"].drop_nulls()) for name in chosen}
    assert sum(map(len, known.values())) == len(set().union(*known.values())) > 0
    written(alone, chosen[1])
    for file in (alone / chosen[1]).iterdir():
        assert file.read_bytes() == (folder / chosen[1] / file.name).read_bytes()
    assert "is no piece of scale M" in written(alone, chosen[0], scale="M", code=1)


def written(folder: Path, *kelurahan: str, scale: str = "XXM", code: int = 0) -> str:
    """What `dtsen simulate lists` says."""
    chosen = [it for name in kelurahan for it in ("--kelurahan", name)]
    said = CliRunner().invoke(main, ["simulate", "lists", "--scale", scale, *chosen, "--out", str(folder)])
    assert said.exit_code == code, said.output
    return said.output
