"""Aims at two runs side by side: winners less losers is the difference of the totals, and no cell names anybody."""

import polars as pl
import pytest
from hypothesis import given, settings

from streams.comparing import CELLS, by, compared, programmes_of
from streams.comparing.effects import AMOUNT, NOT_IN_FORCE, NOT_LISTED, TEXTS
from tests.streams.comparing.made import sides, unit, units


def recipients(side: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Programme -> who receives, and rupiah: by a plain sum."""
    found: dict[str, tuple[int, int]] = {}
    for row in side.iter_rows(named=True):
        heads, rupiah = found.get(row["programme"], (0, 0))
        found[row["programme"]] = heads + row["receives"], rupiah + row["rupiah"]
    return found


@settings(deadline=None)
@given(sides(), sides())
def test_winners_less_losers_is_the_difference_of_the_totals(before: pl.DataFrame, after: pl.DataFrame) -> None:
    then, now = recipients(before), recipients(after)
    told = {row["programme"]: row for row in programmes_of(compared(before, after)).iter_rows(named=True)}
    assert set(told) == set(then) | set(now)
    for programme, row in told.items():
        heads, rupiah = then.get(programme, (0, 0))
        heads_after, rupiah_after = now.get(programme, (0, 0))
        assert (row["before"], row["after"]) == (heads, heads_after)
        assert row["gains"] - row["loses"] == heads_after - heads
        assert (row["rupiah_before"], row["rupiah_after"]) == (rupiah, rupiah_after)
        assert row["rupiah_difference"] == rupiah_after - rupiah
        assert row["winners"] == row["gains"] + row["more"]
        assert row["losers"] == row["loses"] + row["less"]


@settings(deadline=None)
@given(sides(), sides())
def test_every_table_adds_up_to_the_programmes(before: pl.DataFrame, after: pl.DataFrame) -> None:
    cells = compared(before, after)
    totals = programmes_of(cells)
    for keys in (["programme", "desil"], ["programme", "kelurahan"], ["programme", "reason"]):
        summed = by(cells, keys).group_by("programme").agg(pl.exclude(keys).sum()).sort("programme")
        assert summed.select(totals.columns).equals(totals.cast(summed.select(totals.columns).schema))


@settings(deadline=None)
@given(sides())
def test_the_same_rules_have_no_winners_and_no_losers(side: pl.DataFrame) -> None:
    cells = compared(side, side)
    assert set(cells["effect"].cast(pl.String)) <= {"KEEPS", "NEITHER"}
    assert cells["units"].sum() == side.height


@settings(deadline=None)
@given(sides(), sides())
def test_turned_around_winners_are_losers(before: pl.DataFrame, after: pl.DataFrame) -> None:
    there, back = (programmes_of(compared(*it)) for it in ((before, after), (after, before)))
    assert there.select("programme", "winners", "losers").rows() == back.select("programme", "losers", "winners").rows()


@settings(deadline=None)
@given(sides(), sides())
def test_cells_name_nobody(before: pl.DataFrame, after: pl.DataFrame) -> None:
    assert compared(before, after).schema == CELLS
    assert "unit" not in CELLS


def test_reasons_are_those_of_the_obstacle() -> None:
    before = units(
        unit("PKH", 1, None, reason="KUOTA_HABIS"),
        unit("PKH", 2, 300_000),
        unit("PKH", 3, 300_000),
        unit("PKH", 4, 600_000),
        unit("PKH", 5, None, reason="PUNYA_MOBIL"),
    )
    after = units(
        unit("PKH", 1, 300_000),
        unit("PKH", 2, None, reason="DESIL_DI_ATAS_BATAS"),
        unit("PKH", 3, 600_000),
        unit("PKH", 4, 300_000),
        unit("PKH", 5, None, reason="KUOTA_HABIS"),
    )
    told = compared(before, after).select(pl.col("effect").cast(pl.String), "reason").rows()
    assert told == [
        ("GAINS", "KUOTA_HABIS"),
        ("MORE", AMOUNT),
        ("LESS", AMOUNT),
        ("LOSES", "DESIL_DI_ATAS_BATAS"),
        ("NEITHER", "KUOTA_HABIS"),
    ]


def test_a_side_that_does_not_know_the_programme_or_the_unit_says_so() -> None:
    before, after = units(unit("PKH", 1, 300_000), unit("KLJ", 1, 900_000)), units(unit("PKH", 2, 300_000))
    told = {(row["programme"], row["effect"]): row["reason"] for row in compared(before, after).iter_rows(named=True)}
    assert told == {("KLJ", "LOSES"): NOT_IN_FORCE, ("PKH", "LOSES"): NOT_LISTED, ("PKH", "GAINS"): NOT_LISTED}
    assert {AMOUNT, NOT_IN_FORCE, NOT_LISTED} == set(TEXTS), "each has a sentence"


def test_a_unit_that_stands_twice_is_refused() -> None:
    twice = units(unit("PKH", 1, None), unit("PKH", 1, 300_000))
    with pytest.raises(ValueError, match="put the partitions together first"):
        compared(twice, twice)
