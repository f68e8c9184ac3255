"""Aims at: large scales are made of independent pieces, one in memory at a time, and no number is given out twice."""

import gc
import weakref
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from agents.cli import main
from agents.simulator import SCALES, Piece, Simulation, pieces, simulate, simulate_piece
from agents.simulator.bookkeeping import niks_of
from agents.simulator.container import read_container
from agents.simulator.disorder import GOOD, PLANT
from agents.simulator.identity import NIK_DISTRICTS, SERIALS, Issuer, NumbersUsedUpError
from agents.simulator.quarters import Quarter
from agents.simulator.randomness import random_for
from agents.simulator.spool import Spool
from agents.simulator.truth import SUMMED
from schemas.regions import kelurahan
from tests.agents.simulator.conftest import SEED

QUARTERS = ["2025-Q1", "2025-Q2"]


def made(piece: Piece) -> Simulation:
    return simulate_piece("XXM", piece, 2, "2025-Q1", SEED)


@pytest.fixture(scope="module")
def all_made() -> dict[str, Simulation]:
    return {piece.name: made(piece) for piece in pieces("XXM")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Spool:
    spool = Spool(tmp_path_factory.mktemp("whole"), QUARTERS, with_truth=True)
    spool.fill(pieces("XXM"), made)
    return spool


@pytest.mark.parametrize(("scale", "count"), [("XS", 1), ("S", 1), ("XXM", 3), ("M", 6), ("L", 267)])
def test_pieces_sum_to_their_scale(scale: str, count: int) -> None:
    found = pieces(scale)
    assert len(found) == len({piece.name for piece in found}) == count
    assert sum(piece.size.persons for piece in found) == SCALES[scale].persons
    assert sum(piece.size.families for piece in found) == SCALES[scale].families
    # what a piece needs is bounded by its size, and no size is out of the ordinary
    assert max(piece.size.persons for piece in found) < 60_000


def test_jakarta_is_whole_and_its_moves_balance() -> None:
    found = pieces("L")
    assert {piece.name for piece in found} == set(kelurahan())
    assert all(piece.places[0][:4] != piece.places[1][:4] for piece in found)
    assert {piece.places[1] for piece in found} == set(kelurahan())


def test_no_two_pieces_share_a_serial_a_letter_or_a_seed() -> None:
    found = pieces("L")
    assert all(set(piece.serials) <= set(SERIALS) for piece in found)
    given = [serial for piece in found for serial in piece.serials]
    assert len(given) == len(set(given))
    assert len({piece.letters for piece in found}) == len({piece.seed(1) for piece in found}) == len(found)


def test_numbers_never_collide_between_pieces(all_made: dict[str, Simulation]) -> None:
    for number in (niks, cards, letters, ids):
        found = [number(simulation) for simulation in all_made.values()]
        assert all(found)
        assert sum(map(len, found)) == len(set().union(*found)), number.__name__


def good(simulation: Simulation, contract: str, column: str) -> set[object]:
    frame = simulation.written[contract].frame.filter(pl.col(PLANT) == GOOD)
    return set(frame[column].drop_nulls())


def niks(simulation: Simulation) -> set[object]:
    named = [niks_of(name, each.only(pl.col(PLANT) == GOOD))["nik"] for name, each in simulation.written.items()]
    return set(pl.concat(named))


def cards(simulation: Simulation) -> set[object]:
    return good(simulation, "kartu_keluarga", "content.no_kk") | good(simulation, "pindah_datang", "content.no_kk")


def letters(simulation: Simulation) -> set[object]:
    return good(simulation, "pindah_keluar", "content.nomor_skpwni")


def ids(simulation: Simulation) -> set[object]:
    return set().union(*(good(simulation, name, "event_id") for name in simulation.written))


def test_a_piece_alone_has_the_bytes_that_it_has_within_the_whole(whole: Spool) -> None:
    for place, piece in reversed(list(enumerate(pieces("XXM")))):
        alone = made(piece)
        for quarter in QUARTERS:
            assert list(whole.frames(quarter))[place].equals(alone.events(quarter))


def test_people_move_to_another_kota_and_no_further(all_made: dict[str, Simulation]) -> None:
    for piece in pieces("XXM"):
        lived = good(all_made[piece.name], "pindah_datang", "content.kelurahan")
        assert lived == set(piece.places)


def test_the_truth_of_the_whole_is_the_sum_of_its_pieces(
    whole: Spool, all_made: dict[str, Simulation], tmp_path: Path
) -> None:
    whole.write_truth("2025-Q2", tmp_path)
    parts = [simulation.truth("2025-Q2").frames() for simulation in all_made.values()]
    for name in parts[0]:
        found = pl.read_parquet(tmp_path / "2025-Q2" / f"{name}.parquet")
        rows = pl.concat([part[name] for part in parts])
        if name in SUMMED:
            assert not found.select(SUMMED[name]).is_duplicated().any()
            assert found.select(pl.selectors.integer().sum()).equals(rows.select(pl.selectors.integer().sum()))
        else:
            assert found.equals(rows)
    persons = pl.read_parquet(tmp_path / "2025-Q2" / "persons.parquet")
    assert persons["nik"].n_unique() == persons.height > SCALES["XXM"].persons
    assert whole.counts["2025-Q2"].late == sum(part["late"].height for part in parts)


def test_one_piece_is_in_memory_at_a_time(tmp_path: Path) -> None:
    """When a piece is begun, nothing of those before it is left, whatever their number."""
    before: list[weakref.ref[Simulation]] = []

    def watched(piece: Piece) -> Simulation:
        gc.collect()
        assert [each() for each in before] == [None] * len(before)
        simulation = made(piece)
        before.append(weakref.ref(simulation))
        return simulation

    Spool(tmp_path, QUARTERS).fill(pieces("XXM"), watched)
    assert len(before) == len(pieces("XXM"))


def test_a_file_goes_quarter_by_quarter_through_all_pieces(whole: Spool, tmp_path: Path) -> None:
    file = tmp_path / "events.avro"
    command = ["simulate", "--scale", "XXM", "--seed", str(SEED), "--quarters", "2", "--out", str(file)]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    expected = pl.concat([frame for quarter in QUARTERS for frame in whole.frames(quarter)])
    assert pl.concat(list(read_container(file))).equals(expected)
    assert not list(tmp_path.glob(".dtsen*"))


def test_a_kelurahan_can_be_had_alone(whole: Spool, tmp_path: Path) -> None:
    file = tmp_path / "events.avro"
    second = pieces("XXM")[1].name
    command = ["simulate", "--scale", "XXM", "--seed", str(SEED), "--quarters", "1", "--kelurahan", second]
    result = CliRunner().invoke(main, [*command, "--out", str(file)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert pl.concat(list(read_container(file))).equals(list(whole.frames("2025-Q1"))[1])
    result = CliRunner().invoke(main, [*command, "--kelurahan", "3171061001", "--out", str(file)])
    assert "3171061001 is no piece of scale XXM" in result.output


def test_a_scale_of_several_pieces_is_not_made_at_once() -> None:
    with pytest.raises(ValueError, match="scale M has 6 pieces"):
        simulate("M")


def test_what_a_block_cannot_hold_is_an_error_and_never_a_number_twice() -> None:
    block = pieces("L")[0].serials
    issuer = Issuer(NIK_DISTRICTS, block)
    day = np.full(5 * len(block) + 1, Quarter(2025, 1).first_day)
    with pytest.raises(NumbersUsedUpError, match="all 33 serials for numbers that begin with 31719"):
        issuer.issue(day, np.zeros(len(day), np.bool_), random_for(1, "numbers"))


def test_numbers_told_by_hand_are_left_free() -> None:
    assert max(max(piece.serials) for scale in SCALES for piece in pieces(scale)) < 9_000
