"""Aims at counts that point at nobody: small ones are hidden, and so is what would give them away."""

import polars as pl
import pytest

from streams.transition.tables import by_programme, discreet, programmes_discreet


def hidden(*counts: int) -> list[str]:
    frame = pl.DataFrame({"group": ["a"] * len(counts), "count": counts})
    return discreet(frame, "group", "count")["count"].to_list()


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((5, 6), ["5", "6"]),
        ((4, 1, 9), ["<5", "<5", "9"]),
        ((4, 20, 9), ["<5", "20", "<5"]),  # 9 too: the sum would tell the 4
        ((0, 4), ["0", "<5"]),
        ((0, 4, 9), ["0", "<5", "<5"]),
        ((0, 0), ["0", "0"]),
    ],
)
def test_small_counts(counts: tuple[int, ...], shown: list[str]) -> None:
    assert hidden(*counts) == shown


def test_each_group_by_itself() -> None:
    frame = pl.DataFrame({"group": ["a", "b", "b"], "count": [7, 3, 8]})
    assert discreet(frame, "group", "count")["count"].to_list() == ["7", "<5", "<5"]


def lines(*outcomes: str) -> pl.DataFrame:
    return pl.DataFrame({"programme": ["PKH"] * len(outcomes), "outcome": outcomes})


def test_no_row_of_programmes_gives_a_small_count_away() -> None:
    few = by_programme(lines(*["TETAP"] * 40, *["KELUAR"] * 3))
    assert programmes_discreet(few).rows() == [("PKH", "43", "<5", "0", "0", "<5")]
    enough = by_programme(lines(*["TETAP"] * 40, *["DITAHAN"] * 5, *["KELUAR"] * 6))
    assert programmes_discreet(enough).rows() == [("PKH", "51", "40", "5", "0", "6")]
    assert programmes_discreet(by_programme(lines(*["KELUAR"] * 3))).rows() == [("PKH", "<5", "0", "0", "0", "<5")]
    assert programmes_discreet(by_programme(lines())).is_empty()
