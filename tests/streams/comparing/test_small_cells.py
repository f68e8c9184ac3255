"""Aims at tables by kelurahan: no line points at somebody, and everything still adds up."""

from collections.abc import Sequence

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.comparing import CELLS, LEAST_UNITS, OTHERS, by_kelurahan, compared, programmes_of
from tests.streams.comparing.made import sides

_cells = st.lists(
    st.tuples(
        st.sampled_from(["KLJ", "PKH"]),
        st.sampled_from(["GAINS", "MORE", "LOSES", "LESS", "KEEPS"]),
        st.sampled_from(["KUOTA_HABIS", "PUNYA_MOBIL", "DESIL_DI_ATAS_BATAS"]),
        st.integers(1, 10),
        st.none() | st.sampled_from(["3174011001", "3171061001", "3171061002"]),
        st.integers(1, 14),
    ),
    max_size=40,
    unique_by=lambda row: row[:5],
)


def cells(rows: Sequence[tuple[str, str, str, int, str | None, int]]) -> pl.DataFrame:
    return pl.DataFrame([(*row, 0, 1000 * row[5]) for row in rows], schema=CELLS, orient="row")


@settings(deadline=None)
@given(_cells)
def test_no_line_is_small_unless_it_is_all_there_is(rows: Sequence[tuple[str, str, str, int, str | None, int]]) -> None:
    table = by_kelurahan(cells(rows))
    alone = pl.len().over("programme", "side") == 1
    small = table.filter((pl.col("units") < LEAST_UNITS) & ~alone)
    assert small.is_empty(), small
    placed = table.filter((pl.col("units") < LEAST_UNITS) & (pl.col("kelurahan") != OTHERS))
    assert placed.is_empty(), "what is small is nowhere in particular"


@settings(deadline=None)
@given(_cells)
def test_the_lines_add_up_to_the_totals(rows: Sequence[tuple[str, str, str, int, str | None, int]]) -> None:
    made = cells(rows)
    told = by_kelurahan(made).group_by("programme").agg(pl.col("units", "rupiah_difference").sum())
    due = made.filter(pl.col("effect").cast(pl.String) != "KEEPS").group_by("programme")
    assert dict((p, (u, r)) for p, u, r in told.iter_rows()) == dict(  # noqa: C402
        (p, (u, r)) for p, u, r in due.agg(pl.col("units").sum(), pl.col("rupiah_after").sum()).iter_rows()
    )


@settings(deadline=None)
@given(sides(), sides())
def test_winners_and_losers_of_a_comparison_are_all_there(before: pl.DataFrame, after: pl.DataFrame) -> None:
    found = compared(before, after)
    told = by_kelurahan(found).group_by("programme", "side").agg(pl.col("units").sum())
    due = programmes_of(found)
    sums = {(row["programme"], row["side"]): row["units"] for row in told.iter_rows(named=True)}
    for row in due.iter_rows(named=True):
        assert sums.get((row["programme"], "WINNERS"), 0) == row["winners"]
        assert sums.get((row["programme"], "LOSERS"), 0) == row["losers"]


def test_a_large_reason_stays_and_small_ones_go_together() -> None:
    rows = [
        ("PKH", "LOSES", "PUNYA_MOBIL", 5, "3174011001", 20),
        ("PKH", "LOSES", "KUOTA_HABIS", 5, "3174011001", 3),
        ("PKH", "LOSES", "DESIL_DI_ATAS_BATAS", 6, "3174011001", 4),
        ("PKH", "LOSES", "DESIL_DI_ATAS_BATAS", 6, "3171061001", 9),
    ]
    told = by_kelurahan(cells(rows)).select("kelurahan", "reason", "units").rows()
    assert told == [
        ("3171061001", "DESIL_DI_ATAS_BATAS", 9),
        ("3174011001", OTHERS, 7),
        ("3174011001", "PUNYA_MOBIL", 20),
    ]
