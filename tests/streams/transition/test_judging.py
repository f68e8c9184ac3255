"""Aims at who decides: the NIK where nothing contradicts it, the score where there is no doubt, else a person."""

import polars as pl
import pytest

from streams.transition.judging import (
    CANDIDATES_SHOWN,
    DECISIONS,
    LINK_WEIGHT,
    MARGIN_WEIGHT,
    PARK_WEIGHT,
    candidates,
    judge,
)

NOBODY = pl.DataFrame(schema=DECISIONS)
Pair = tuple[str, bool, int, int, float]  # nik, same NIK, level of name, of birth, weight


def pairs(*of_row: Pair, row: str = "A-1") -> pl.DataFrame:
    schema = {
        "baris": pl.String,
        "nik": pl.String,
        "same_nik": pl.Boolean,
        "name": pl.Int32,
        "birth": pl.Int32,
        "weight": pl.Float64,
    }
    return pl.DataFrame([(row, *pair) for pair in of_row], schema=schema, orient="row")


def judged(*of_row: Pair, decided: tuple[str | None, ...] = ()) -> tuple[str, str, str | None]:
    decisions = pl.DataFrame([("A-1", nik) for nik in decided], schema=DECISIONS, orient="row")
    found = judge(pl.Series(["A-1"]), pairs(*of_row), decisions).row(0, named=True)
    return found["outcome"], found["why"], found["nik"]


@pytest.mark.parametrize(
    ("of_row", "expected"),
    [
        # the NIK decides, however little the score says
        ([("p", True, 1, 1, -3.0)], ("TERHUBUNG", "NIK", "p")),
        ([("p", True, 4, -1, -3.0)], ("TERHUBUNG", "NIK", "p")),
        ([("p", True, 4, 4, 20.0), ("q", False, 4, 4, 20.0)], ("TERHUBUNG", "NIK", "p")),
        # a NIK that name or birth date contradicts plays no part in whom it is
        ([("p", True, 0, 4, 9.0)], ("DIPARKIR", "NIK_ORANG_LAIN", None)),
        ([("p", True, 4, 0, 9.0)], ("DIPARKIR", "NIK_ORANG_LAIN", None)),
        ([("p", True, 0, 0, -9.0), ("q", False, 4, 4, 15.0)], ("TERHUBUNG", "SKOR", "q")),
        # the score: at the threshold, just below, and with a second behind it
        ([("p", False, 4, 4, LINK_WEIGHT)], ("TERHUBUNG", "SKOR", "p")),
        ([("p", False, 4, 4, LINK_WEIGHT - 0.01)], ("DIPARKIR", "SKOR_DI_ANTARA", None)),
        ([("p", False, 4, 4, 12.0), ("q", False, 4, 4, 12.0 - MARGIN_WEIGHT)], ("TERHUBUNG", "SKOR", "p")),
        ([("p", False, 4, 4, 12.0), ("q", False, 4, 4, 12.1 - MARGIN_WEIGHT)], ("DIPARKIR", "DUA_CALON", None)),
        ([("p", False, 4, 4, PARK_WEIGHT)], ("DIPARKIR", "SKOR_DI_ANTARA", None)),
        ([("p", False, 4, 4, PARK_WEIGHT - 0.01)], ("TIDAK_ADA_DI_DTSEN", "TIDAK_ADA_CALON", None)),
        # a twin: everything fits but the name; never linked by the score alone
        ([("p", False, 0, 4, 30.0)], ("DIPARKIR", "BERTENTANGAN", None)),
        ([("p", False, 4, 0, 30.0)], ("DIPARKIR", "BERTENTANGAN", None)),
        ([], ("TIDAK_ADA_DI_DTSEN", "TIDAK_ADA_CALON", None)),
    ],
)
def test_who_decides(of_row: list[Pair], expected: tuple[str, str, str | None]) -> None:
    assert judged(*of_row) == expected


def test_a_person_decides_over_everything() -> None:
    certain = ("p", True, 4, 4, 20.0)
    assert judged(certain, decided=("q",)) == ("TERHUBUNG", "PETUGAS", "q")
    assert judged(certain, decided=(None,)) == ("TIDAK_ADA_DI_DTSEN", "PETUGAS", None)


def test_every_row_has_one_line_whatever_the_order_of_pairs() -> None:
    both = pl.concat(
        [pairs(("p", False, 4, 4, 9.0), ("q", False, 4, 4, 9.0)), pairs(("r", True, 4, 4, 9.0), row="B-1")]
    )
    rows = pl.Series(["C-1", "B-1", "A-1"])
    found = judge(rows, both, NOBODY)
    assert found["baris"].to_list() == ["A-1", "B-1", "C-1"]
    assert found.equals(judge(rows.reverse(), both.reverse(), NOBODY))


def test_candidates_of_the_parked_only() -> None:
    many = [(f"p{number}", False, 4, 4, 6.0 - number / 10) for number in range(8)]
    both = pl.concat([pairs(*many, ("owner", True, 0, 0, -9.0)), pairs(("r", True, 4, 4, 9.0), row="B-1")])
    shown = candidates(judge(pl.Series(["A-1", "B-1"]), both, NOBODY), both)
    assert shown["nik"].to_list() == ["owner", *(nik for nik, *_ in many[: CANDIDATES_SHOWN - 1])]
    assert shown["candidate"].to_list() == list(range(1, CANDIDATES_SHOWN + 1))
