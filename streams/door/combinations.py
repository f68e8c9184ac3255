"""Impossible combinations of fields that are possible each by itself, by event type."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from streams.door import masking
from streams.door.checks import HEADS, RECORDED_DAY, Check, count_of
from streams.door.codes import Code
from streams.door.reading import DAY_MS, WIB_MS

# Contacts by which an officer saw the dwelling, and those by which nobody could have.
SEEN = ("LENGKAP",)
NOT_SEEN = ("TIDAK_DITEMUKAN", "PINDAH_ATAU_BANGUNAN_HILANG", "MENOLAK", "TIDAK_ADA_RESPONDEN")
# First and last class of a level, as PIP counts them (domain-facts 2.5); the equivalents run through all of them.
CLASSES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"SD": (1, 6), "SMP": (7, 9), "SMA": (10, 12), "SMK": (10, 13), "PKBM": (1, 13), "SLB": (1, 13)}
)
# A birth is expected at most so many days after an examination, and an examination made so many days after it: wide
# enough for every pregnancy, narrow enough for a wrong year.
EXPECTING_DAYS, OVERDUE_DAYS = 300, 60


def _dated(column: str, after: Code, differs: Code) -> tuple[Check, Check]:
    """A day that the whole event is about: not after it was recorded, and the day from which the event is true."""
    day = pl.col(column)
    shown = masking.birth_date(day)
    return (
        Check(after, column, day.to_physical() > pl.col(RECORDED_DAY), shown),
        Check(differs, column, day != pl.col("effective_on"), shown),
    )


def _contacts() -> tuple[Check, ...]:
    contact = pl.col("content.hasil_kontak").cast(pl.String)
    missing = contact.is_in(SEEN) & ~pl.col("content.perumahan")
    return (
        Check(Code.HOUSING_MISSING, "content.perumahan", missing, contact),
        *(
            Check(Code.HOUSING_UNEXPECTED, field, contact.is_in(NOT_SEEN) & pl.col(field), contact)
            for field in ("content.perumahan", "content.aset")
        ),
    )


def _interview() -> tuple[Check, ...]:
    """When the officer was there: a whole interval of the day that the visit is about, before it was recorded."""
    began, ended = pl.col("content.mulai").to_physical(), pl.col("content.selesai").to_physical()
    day = (began + WIB_MS) // DAY_MS
    return (
        Check(Code.INTERVIEW_HALF, "content.mulai", began.is_null() & ended.is_not_null(), masking.nothing()),
        Check(Code.INTERVIEW_HALF, "content.selesai", ended.is_null() & began.is_not_null(), masking.nothing()),
        Check(
            Code.INTERVIEW_NOT_EFFECTIVE,
            "content.mulai",
            day != pl.col("effective_on").to_physical(),
            masking.instant(pl.col("content.mulai")),
        ),
        Check(Code.INTERVIEW_BACKWARDS, "content.selesai", ended < began, masking.instant(pl.col("content.selesai"))),
        Check(
            Code.INTERVIEW_AFTER_RECORDED,
            "content.selesai",
            ended > pl.col("recorded_at").to_physical(),
            masking.instant(pl.col("content.selesai")),
        ),
    )


def _geotag() -> tuple[Check, ...]:
    north, east = pl.col("content.lintang_e6"), pl.col("content.bujur_e6")
    return (
        Check(Code.GEOTAG_HALF, "content.lintang_e6", north.is_null() & east.is_not_null(), masking.nothing()),
        Check(Code.GEOTAG_HALF, "content.bujur_e6", east.is_null() & north.is_not_null(), masking.nothing()),
    )


def _couple(column: str) -> tuple[Check, ...]:
    count, day = pl.col(count_of("content.pasangan")), pl.col(column)
    return (
        Check(Code.NOT_A_COUPLE, "content.pasangan", pl.col("content") & (count != 2), masking.number(count)),
        Check(Code.MARRIAGE_NOT_EFFECTIVE, column, day != pl.col("effective_on"), masking.date(day)),
    )


def _classes() -> pl.Expr:
    """Whether a class is none of its level; a level without classes has none at all."""
    grade, bounds = pl.col("content.kelas"), pl.col("content.jenjang").cast(pl.String)
    least = bounds.replace_strict({level: it[0] for level, it in CLASSES.items()}, default=1, return_dtype=pl.Int32)
    most = bounds.replace_strict({level: it[1] for level, it in CLASSES.items()}, default=0, return_dtype=pl.Int32)
    return ~grade.is_between(least, most)


def _pregnancy() -> tuple[Check, ...]:
    expected = pl.col("content.perkiraan_lahir")
    ahead = expected.to_physical().cast(pl.Int64) - pl.col("effective_on").to_physical().cast(pl.Int64)
    ended = ~pl.col("content.hamil") & expected.is_not_null()
    shown = masking.birth_date(expected)
    return (
        Check(Code.ENDED_PREGNANCY_EXPECTED, "content.perkiraan_lahir", ended, shown),
        Check(Code.EXPECTED_BIRTH, "content.perkiraan_lahir", ~ahead.is_between(-OVERDUE_DAYS, EXPECTING_DAYS), shown),
    )


def _benefits() -> tuple[Check, ...]:
    path = "content.penerimaan"
    none = pl.col("content") & (pl.col(count_of(path)) == 0)
    twice = pl.struct("row", "program").is_duplicated()
    return (
        Check(Code.NO_BENEFITS, path, none, masking.nothing()),
        Check(Code.DUPLICATE_PROGRAMME, f"{path}.program", twice, masking.public(pl.col("program")), path),
    )


def _period() -> tuple[Check, ...]:
    first, last = pl.col("content.dari"), pl.col("content.sampai")
    return (
        Check(Code.PERIOD_BACKWARDS, "content.sampai", last < first, masking.date(last)),
        Check(Code.PERIOD_AFTER_DECISION, "content.sampai", last > pl.col("effective_on"), masking.date(last)),
    )


_DECISION = pl.col("content.status").cast(pl.String)
_LEVEL = pl.col("content.jenjang").cast(pl.String)
_NOWHERE = pl.col("content.provinsi_sekolah") == ""
_MOTHER = pl.col("content.nik_ibu")
_REPLACED = pl.col("content.no_kk_lama")
_HEADS = pl.col("content") & (pl.col(HEADS) != 1)

COMBINATIONS: Mapping[str, tuple[Check, ...]] = MappingProxyType(
    {
        "lahir": (
            *_dated("content.tanggal_lahir", Code.BIRTH_AFTER_RECORDED, Code.BIRTH_NOT_EFFECTIVE),
            Check(Code.MOTHER_IS_CHILD, "content.nik_ibu", pl.col("content.nik") == _MOTHER, masking.personal(_MOTHER)),
        ),
        "mati": _dated("content.tanggal_meninggal", Code.DEATH_AFTER_RECORDED, Code.DEATH_NOT_EFFECTIVE),
        "kartu_keluarga": (
            Check(Code.NO_HEAD, "content.anggota", _HEADS & (pl.col(HEADS) == 0), masking.nothing()),
            Check(Code.TWO_HEADS, "content.anggota", _HEADS, masking.number(pl.col(HEADS))),
            Check(
                Code.CARD_REPLACES_ITSELF,
                "content.no_kk_lama",
                pl.col("content.no_kk") == _REPLACED,
                masking.personal(_REPLACED),
            ),
        ),
        "groundcheck": (*_contacts(), *_interview(), *_geotag()),
        "pengesampingan": _period(),
        "kawin": _couple("content.tanggal_kawin"),
        "cerai": _couple("content.tanggal_cerai"),
        "sekolah": (
            Check(
                Code.SCHOOL_WITHOUT_PLACE,
                "content.provinsi_sekolah",
                (_LEVEL == "TIDAK_SEKOLAH") != _NOWHERE,
                _LEVEL,
            ),
            Check(Code.CLASS_OF_LEVEL, "content.kelas", _classes(), masking.number(pl.col("content.kelas"))),
        ),
        "listrik": (
            Check(
                Code.SUBSIDY_WITHOUT_POWER,
                "content.bersubsidi",
                pl.col("content.bersubsidi") & (pl.col("content.daya_va") == 0),
                masking.number(pl.col("content.daya_va")),
            ),
        ),
        "disabilitas": (
            Check(
                Code.SEVERE_NOT_REGISTERED,
                "content.berat",
                pl.col("content.berat") & ~pl.col("content.terdaftar"),
                masking.nothing(),
            ),
        ),
        "kehamilan": _pregnancy(),
        "kuliah": (
            Check(
                Code.GRADUATED_LATER,
                "content.lulus_sekolah_tahun",
                pl.col("content.lulus_sekolah_tahun") > pl.col("effective_on").dt.year(),
                masking.number(pl.col("content.lulus_sekolah_tahun")),
            ),
        ),
        "bantuan_lain": _benefits(),
        "putusan_kasus": (
            Check(
                Code.FRIVOLOUS_NOT_REJECTED,
                "content.tidak_berdasar",
                pl.col("content.tidak_berdasar") & (_DECISION != "DITOLAK"),
                _DECISION,
            ),
        ),
    }
)
