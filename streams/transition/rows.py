"""Rows of old lists and persons of the register, written alike so that they can be compared.

What a list must hold stands in `CONTRACT`; whatever is compared is made here, the same way for both sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

SOURCES: Final = ("DTKS", "REGSOSEK", "P3KE", "APBN", "APBD")


@dataclass(frozen=True)
class Column:
    """One column of a list: whether each row must have it, and what it means."""

    needed: bool
    meaning: str


CONTRACT: Final[Mapping[str, Column]] = {
    "baris": Column(True, "Name of the row, unique in the file; said in parked pairs and logs in place of a person."),
    "sumber": Column(True, f"The list: {', '.join(SOURCES)}; APBN and APBD are lists of receivers."),
    "per_tanggal": Column(True, "Day that the list stands for, YYYY-MM-DD."),
    "nama": Column(True, "Name as the list writes it."),
    "tanggal_lahir": Column(False, "Birth date, YYYY-MM-DD; empty when the list has none."),
    "jenis_kelamin": Column(False, "L or P."),
    "nik": Column(False, "NIK as the list writes it; may be missing or wrong."),
    "no_kk": Column(False, "No. KK as the list writes it."),
    "alamat": Column(False, "Street address."),
    "kelurahan": Column(True, "Code of the kelurahan, 10 digits, Kemendagri."),
    "program": Column(
        False, "What the person, or the family under this name, received: codes joined by ; (PKH;SEMBAKO)."
    ),
    "anggaran": Column(False, "Who paid: APBN or APBD; empty: APBD for the list APBD, else APBN."),
    "sampai": Column(False, "Last day that was paid for, YYYY-MM-DD; empty: still running."),
}

# As compared. `birth_turned`: day and month in the other order, null where that is no date.
COMPARED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "unique_id": pl.String,
    "nik": pl.String,
    "name": pl.String,
    "birth": pl.Date,
    "birth_turned": pl.Date,
    "birth_year": pl.Int32,
    "sex": pl.String,
    "no_kk": pl.String,
    "address": pl.String,
    "kelurahan": pl.String,
}

# Titles and words of respect before or after a name, and short forms of one word. Both sides lose or gain the same.
_TITLES = r"\b(H|HJ|HAJI|HAJJAH|DR|DRS|DRA|IR|SH|SE|ST|SPD|MM|BPK|BAPAK|IBU|SDR|SDRI|ALM|ALMH|TN|NY|NN|BIN|BINTI)\b"
_WORDS = {"MUH": "MUHAMMAD", "MUHAMAD": "MUHAMMAD", "MOCHAMAD": "MUHAMMAD", "MOHAMAD": "MUHAMMAD"} | {
    "MOHAMMAD": "MUHAMMAD",
    "MOCH": "MUHAMMAD",
    "MOH": "MUHAMMAD",
    "MHD": "MUHAMMAD",
    "M": "MUHAMMAD",
    "ACHMAD": "AHMAD",
    "ABD": "ABDUL",
}
# Spelling before 1972, and letters that are written one way or the other.
_LETTERS = {
    "OE": "U",
    "DJ": "J",
    "TJ": "C",
    "SJ": "SY",
    "NJ": "NY",
    "DH": "D",
    "TH": "T",
    "CH": "H",
    "Y": "J",
    "V": "F",
}


def as_compared(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a list as COMPARED; in: columns of CONTRACT, `tanggal_lahir` a date. `unique_id` is `baris`."""
    return _compared(rows, "baris", "nama", "tanggal_lahir", "alamat")


def persons_compared(persons: pl.DataFrame) -> pl.DataFrame:
    """Persons of the register as COMPARED; in: nik, nama, birth_date, sex, no_kk, address, kelurahan.

    Without a birth that the civil registry told there is nothing to compare: such persons are left out.
    """
    told = persons.filter(pl.col("nama").is_not_null(), pl.col("birth_date").is_not_null()).with_columns(
        jenis_kelamin=pl.col("sex").cast(pl.String).replace({"LAKI_LAKI": "L", "PEREMPUAN": "P"}),
        person=pl.col("nik"),
    )
    return _compared(told, "person", "nama", "birth_date", "address")


def _compared(frame: pl.DataFrame, name_of: str, name: str, birth: str, address: str) -> pl.DataFrame:
    born = pl.col(birth)
    turned = pl.when(born.dt.day() <= 12).then(
        pl.date(born.dt.year(), pl.min_horizontal(born.dt.day(), 12), born.dt.month())
    )
    made = frame.select(
        unique_id=pl.col(name_of),
        nik=_sixteen("nik"),
        name=plain_name(pl.col(name)),
        birth=born,
        birth_turned=turned,
        birth_year=born.dt.year(),
        sex=pl.when(pl.col("jenis_kelamin").is_in(["L", "P"])).then("jenis_kelamin"),
        no_kk=_sixteen("no_kk"),
        address=plain_address(pl.col(address)),
        kelurahan=pl.col("kelurahan"),
    )
    return made.select(pl.col(column).cast(dtype) for column, dtype in COMPARED.items())


def _sixteen(column: str) -> pl.Expr:
    """Sixteen digits, or null: whatever else stands there is no number."""
    kept = pl.col(column).str.replace_all(r"[\s.\-]", "")
    return pl.when(kept.str.contains(r"^\d{16}$")).then(kept)


def plain_name(name: pl.Expr) -> pl.Expr:
    """A name for comparison: capitals, no titles, one spelling of what is written in several ways, words in order."""
    said = (
        name.str.to_uppercase()
        .str.normalize("NFKD")
        .str.replace_all(r"\b([A-Z])\.([A-Z]{1,2})\b", "$1$2")  # S.E. and S.Pd. are one word
        .str.replace_all(r"[^A-Z ]", " ")
        .str.replace_all(_TITLES, " ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    for old, new in _WORDS.items():
        said = said.str.replace_all(rf"\b{old}\b", new)
    for old, new in _LETTERS.items():
        said = said.str.replace_all(old, new, literal=True)
    return pl.when(said != "").then(said)


def plain_address(address: pl.Expr) -> pl.Expr:
    """An address for comparison: capitals, no word for street, house, RT or RW, numbers without zeros before them."""
    said = (
        address.str.to_uppercase()
        .str.replace_all(r"[^A-Z0-9]", " ")
        .str.replace_all(r"\b(JL|JLN|JALAN|GG|GANG|NO|NOMOR|RT|RW|BLOK)\b", " ")
        .str.replace_all(r"\b0+(\d)", "$1")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    return pl.when(said != "").then(said)
