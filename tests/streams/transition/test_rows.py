"""Aims at names, addresses and numbers written alike: what one clerk writes one way and another otherwise is equal."""

import datetime as dt

import polars as pl
import pytest

from streams.transition.rows import COMPARED, CONTRACT, as_compared, persons_compared, plain_address, plain_name


def named(text: str) -> str | None:
    found: str | None = pl.DataFrame({"it": [text]}).select(plain_name(pl.col("it"))).item()
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H. Achmad Soekarno, S.E.", "AHMAD SUKARNO"),
        ("Muh. Yusuf", "Mohammad Jusuf"),
        ("  Siti   Aisyah ", "SITI AISYAH"),
        ("Ny. Tjitra", "Citra"),
        ("I Made Wayan", "i made wayan"),
        ("André", "ANDRE"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert named(one) == named(other) is not None


@pytest.mark.parametrize(("one", "other"), [("Dewi", "Desi"), ("Budi Santoso", "Budi Susanto"), ("Slamet", "Sri")])
def test_other_names_stay_others(one: str, other: str) -> None:
    assert named(one) != named(other)


def test_a_name_of_signs_or_titles_alone_is_none() -> None:
    assert named("H. ---") is None


def test_spellings_of_one_address() -> None:
    said = ["Jl. Melati No. 12 RT 003 RW 05", "JALAN MELATI 12 RT.3/5", "Jln Melati Nomor 12, RT 3, RW 05"]
    assert pl.DataFrame({"it": said}).select(plain_address(pl.col("it")))["it"].to_list() == ["MELATI 12 3 5"] * 3


def row(**given: object) -> pl.DataFrame:
    blank: dict[str, object] = dict.fromkeys(CONTRACT)
    known = {"baris": "A-1", "nama": "Ani", "kelurahan": "3174051001", "tanggal_lahir": dt.date(1990, 5, 12)}
    schema = dict.fromkeys(CONTRACT, pl.String) | {"tanggal_lahir": pl.Date}
    return pl.DataFrame([{**blank, **known, **given}], schema=schema)


@pytest.mark.parametrize(
    ("nik", "kept"),
    [
        ("3171904101900001", "3171904101900001"),
        ("3171 9041 0190 0001", "3171904101900001"),
        ("317190410190000", None),
        ("317190410190000X", None),
        (None, None),
    ],
)
def test_only_sixteen_digits_are_a_nik(nik: str | None, kept: str | None) -> None:
    assert as_compared(row(nik=nik))["nik"].to_list() == [kept]


@pytest.mark.parametrize(
    ("born", "turned"),
    [
        (dt.date(1990, 5, 12), dt.date(1990, 12, 5)),
        (dt.date(1990, 5, 13), None),
        (dt.date(2000, 2, 29), None),
        (dt.date(1990, 1, 1), dt.date(1990, 1, 1)),
        (None, None),
    ],
)
def test_day_and_month_turned(born: dt.date | None, turned: dt.date | None) -> None:
    assert as_compared(row(tanggal_lahir=born))["birth_turned"].to_list() == [turned]


def test_persons_without_a_birth_are_not_compared() -> None:
    people = pl.DataFrame(
        {
            "nik": ["3171904101900001", "3171904101900002"],
            "nama": ["Ani", None],
            "birth_date": [dt.date(1990, 1, 1), None],
            "sex": ["PEREMPUAN", None],
            "no_kk": ["3171950101200001", "3171950101200001"],
            "address": ["Jl. A", "Jl. A"],
            "kelurahan": ["3174051001", "3174051001"],
        }
    )
    found = persons_compared(people)
    assert found.schema == pl.Schema(COMPARED)
    assert found.select("unique_id", "sex").rows() == [("3171904101900001", "P")]
