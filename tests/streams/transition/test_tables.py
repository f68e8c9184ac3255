"""Aims at counts that point at nobody: small ones are hidden, the others rounded, and none gives another away."""

import polars as pl
import pytest

from streams.transition.tables import by_programme, discreet

PARTS = ("received", "goes_on", "held", "waits", "out")


def shown(*counts: int) -> list[str]:
    return discreet(pl.DataFrame({"count": counts}), "count")["count"].to_list()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((0, 0), ["0", "0"]),
        ((1, 4, 5), ["<5", "<5", "5"]),
        ((6, 7, 8, 12, 13), ["5", "5", "10", "10", "15"]),
        ((4, 812), ["<5", "810"]),  # the large one is not hidden, and is not said to be small
        ((11_038_216,), ["11038215"]),
    ],
)
def test_counts(counts: tuple[int, ...], told: list[str]) -> None:
    assert shown(*counts) == told


@pytest.mark.parametrize("others", [(5,), (7,), (812,), (5, 8), (33, 120), (7, 6, 9)])
def test_no_row_gives_a_small_count_away(others: tuple[int, ...]) -> None:
    """Who sees the total and the others cannot tell the hidden one: all four that it may be would look so."""
    whole = {tuple(shown(small + sum(others), *others)) for small in range(1, 5)}
    possible = {
        seen: {
            small
            for small in range(1, 5)
            for off in range(-2 * len(others), 2 * len(others) + 1)
            if shown(small + sum(map(int, seen[1:])) + off)[0] == seen[0]
        }
        for seen in whole
    }
    assert all(len(it) == 4 for it in possible.values()), possible


def lines(*outcomes: str) -> pl.DataFrame:
    return pl.DataFrame({"programme": ["PKH"] * len(outcomes), "outcome": outcomes})


def test_a_row_of_programmes() -> None:
    few = by_programme(lines(*["TETAP"] * 41, *["KELUAR"] * 3))
    assert discreet(few, *PARTS).rows() == [("PKH", "45", "40", "0", "0", "<5")]
    enough = by_programme(lines(*["TETAP"] * 40, *["DITAHAN"] * 5, *["KELUAR"] * 6))
    assert discreet(enough, *PARTS).rows() == [("PKH", "50", "40", "5", "0", "5")]
    assert discreet(by_programme(lines(*["KELUAR"] * 3)), *PARTS).rows() == [("PKH", "<5", "0", "0", "0", "<5")]
    assert discreet(by_programme(lines()), *PARTS).is_empty()
