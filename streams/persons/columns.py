"""The columns of the persons frame, group by group, and which column of a fact each comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUS = pl.Enum(["TERDAFTAR", "TRANSIT", "LUAR", "MENINGGAL", "NONAKTIF", "TANPA_KARTU"])

SEX = pl.Enum(["LAKI_LAKI", "PEREMPUAN"])
PHASE = pl.Enum(["MENETAP", "KELUAR", "DATANG"])
OCCUPATION = pl.Enum(
    [
        *("TIDAK_BEKERJA", "SWASTA", "MANDIRI", "BEBAS", "ASN", "TNI", "POLRI", "PEJABAT_NEGARA"),
        *("BUMN", "BUMD", "PENSIUNAN"),
    ]
)
SCHOOL_LEVEL = pl.Enum(
    ["TIDAK_SEKOLAH", "PAUD", "SD", "SMP", "SMA", "SMK", "PKBM", "SLB", "PERGURUAN_TINGGI"],
)
CONTACT = pl.Enum(
    [
        *("LENGKAP", "TIDAK_LENGKAP", "TIDAK_ADA_RESPONDEN", "MENOLAK"),
        *("PINDAH_ATAU_BANGUNAN_HILANG", "TIDAK_DITEMUKAN", "DATA_GANDA"),
    ]
)
PRESENCE = pl.Enum(["BERSAMA", "MENINGGAL", "PINDAH_DN", "PINDAH_LN", "BARU", "TIDAK_DITEMUKAN"])
VERDICT = pl.Enum(["LAYAK", "TIDAK_LAYAK", "BELUM_DIPUTUSKAN"])
STUDENT = pl.Enum(["AKTIF", "CUTI", "LULUS", "KELUAR", "LAINNYA"])
STUDY_LEVEL = pl.Enum(["D3", "D4", "S1", "LAINNYA"])
ACCREDITATION = pl.Enum(["UNGGUL", "A", "B", "C", "LAINNYA"])
SCIENCES = pl.Enum(["SOSIAL", "EKSAKTA", "KEDOKTERAN", "LAINNYA"])
MOMENT = pl.Datetime("ms", "UTC")

# the Regsosek variables of a groundcheck: codes and square metres, then livestock in heads
HOUSING = (
    *("status_bangunan", "bukti_lahan", "luas_lantai", "lantai", "dinding", "atap", "air_minum"),
    *("jarak_tinja", "penerangan", "daya", "bahan_bakar", "fasilitas_bab", "kloset", "pembuangan_tinja"),
)
POSSESSIONS = (
    *("tabung_gas", "lemari_es", "ac", "pemanas_air", "telepon_rumah", "televisi", "emas", "komputer"),
    *("sepeda_motor", "sepeda", "mobil", "perahu", "kapal_motor", "smartphone", "lahan", "rumah_lain"),
)
LIVESTOCK = ("sapi", "kerbau", "kuda", "babi", "kambing")

# a column of persons, and the column of the fact that it copies
Copied = tuple[str, str, pl.DataType | type[pl.DataType]]


class Clock(Enum):
    """What makes a fact the greatest of its group (architecture.md 4)."""

    RECORDED = "administrative: the act of recording"
    OBSERVED = "the date of observation (effective_on), then the act of recording"
    AT_HOME = "as observed, but what was seen at the present card or address before anything seen elsewhere"


@dataclass(frozen=True)
class Group:
    """How one group is shown: by which clock the greatest fact is chosen, and what is copied from it.

    `presence` has a Boolean column of the group's own name.
    """

    name: str
    clock: Clock
    copied: tuple[Copied, ...]
    presence: bool = field(default=False)


def _same(group: str, names: Mapping[str, pl.DataType | type[pl.DataType]]) -> tuple[Copied, ...]:
    """Columns that are called in persons as in the fact."""
    return tuple((f"{group}.{name}", f"{group}.{name}", dtype) for name, dtype in names.items())


GROUPS_SHOWN = (
    Group(
        "birth",
        clock=Clock.RECORDED,
        copied=(
            ("birth_date", "birth.tanggal_lahir", pl.Date),
            ("sex", "birth.jenis_kelamin", SEX),
            ("nama", "birth.nama", pl.String),
        ),
    ),
    Group(
        "vital",
        clock=Clock.RECORDED,
        copied=(("alive", "vital.hidup", pl.Boolean), ("died_on", "vital.tanggal_meninggal", pl.Date)),
    ),
    Group("nik_status", clock=Clock.RECORDED, copied=(("nik_active", "nik_status.aktif", pl.Boolean),)),
    Group(
        "listing",
        clock=Clock.RECORDED,
        copied=(
            ("no_kk", "listing.no_kk", pl.String),
            ("relation", "listing.hubungan", pl.Int32),
            ("listing.recorded_at", "recorded_at", MOMENT),
        ),
    ),
    Group("civil", clock=Clock.RECORDED, copied=(("marital", "civil.status_kawin", pl.Int32),)),
    Group(
        "residence",
        clock=Clock.RECORDED,
        copied=(
            ("kelurahan", "residence.kelurahan", pl.String),
            ("address", "residence.alamat", pl.String),
            ("phase", "residence.fase", PHASE),
            ("skpwni", "residence.skpwni", pl.String),
            ("departed_on", "effective_on", pl.Date),  # kept only in phase KELUAR
        ),
    ),
    Group("work", clock=Clock.OBSERVED, copied=(("occupation", "work.kategori", OCCUPATION),)),
    Group(
        "education",
        clock=Clock.OBSERVED,
        copied=(
            ("school_level", "education.jenjang", SCHOOL_LEVEL),
            ("school_private", "education.swasta", pl.Boolean),
            ("school_province", "education.provinsi_sekolah", pl.String),
            ("kelas", "education.kelas", pl.Int32),
        ),
    ),
    Group(
        "property",
        clock=Clock.OBSERVED,
        copied=(
            ("vehicles", "property.kendaraan_roda_empat", pl.Int32),
            ("njop_rupiah", "property.njop_rupiah", pl.Int64),
            ("property.observed_on", "effective_on", pl.Date),
        ),
    ),
    Group("institution", clock=Clock.OBSERVED, copied=(("in_institution", "institution.tinggal", pl.Boolean),)),
    Group(
        "utilities",
        clock=Clock.OBSERVED,
        copied=(
            ("daya_va", "utilities.daya_va", pl.Int32),
            ("listrik_bersubsidi", "utilities.bersubsidi", pl.Boolean),
        ),
    ),
    Group(
        "disability",
        clock=Clock.OBSERVED,
        copied=(
            ("disabilitas_terdaftar", "disability.terdaftar", pl.Boolean),
            ("disabilitas_berat", "disability.berat", pl.Boolean),
        ),
    ),
    Group(
        "pregnancy",
        clock=Clock.OBSERVED,
        copied=(
            ("pregnancy.hamil", "pregnancy.hamil", pl.Boolean),
            ("kehamilan_ke", "pregnancy.kehamilan_ke", pl.Int32),
            ("pregnancy.perkiraan_lahir", "pregnancy.perkiraan_lahir", pl.Date),
            ("pregnancy.observed_on", "effective_on", pl.Date),
        ),
    ),
    Group("health", clock=Clock.OBSERVED, copied=(("katastropik", "health.katastropik", pl.Boolean),)),
    Group(
        "university",
        clock=Clock.OBSERVED,
        copied=(
            ("kuliah_status", "university.status", STUDENT),
            ("kuliah_jenjang", "university.jenjang", STUDY_LEVEL),
            ("kuliah_negeri", "university.negeri", pl.Boolean),
            ("kuliah_akreditasi", "university.akreditasi", ACCREDITATION),
            ("kuliah_semester", "university.semester", pl.Int32),
            ("kuliah_ipk_x100", "university.ipk_x100", pl.Int32),
            ("kuliah_rumpun", "university.rumpun", SCIENCES),
            ("kuliah_reguler", "university.reguler", pl.Boolean),
            ("kuliah_provinsi_sekolah", "university.provinsi_sekolah", pl.String),
            ("kuliah_lulus_sekolah_tahun", "university.lulus_sekolah_tahun", pl.Int32),
        ),
    ),
    Group(
        "household",
        clock=Clock.AT_HOME,
        presence=True,
        copied=(
            *_same("household", {"no_kk": pl.String, "kelurahan": pl.String, "alamat": pl.String}),
            *_same("household", dict.fromkeys(HOUSING, pl.Int32)),
            ("household.observed_on", "effective_on", pl.Date),
            ("household.recorded_at", "recorded_at", MOMENT),
        ),
    ),
    Group(
        "assets",
        clock=Clock.AT_HOME,
        presence=True,
        copied=(
            *_same("assets", dict.fromkeys(POSSESSIONS, pl.Boolean)),
            *_same("assets", dict.fromkeys(LIVESTOCK, pl.Int32)),
            ("assets.observed_on", "effective_on", pl.Date),
        ),
    ),
    Group(
        "field",
        clock=Clock.AT_HOME,
        presence=True,
        copied=(
            *_same("field", {"hasil_kontak": CONTACT, "keberadaan": PRESENCE, "putusan": VERDICT}),
            *_same("field", {"no_kk": pl.String, "kelurahan": pl.String, "alamat": pl.String}),
            ("field.observed_on", "effective_on", pl.Date),
        ),
    ),
)


def _persons() -> dict[str, pl.DataType | type[pl.DataType]]:
    columns: dict[str, pl.DataType | type[pl.DataType]] = {"nik": pl.String}
    for group in GROUPS_SHOWN:
        if group.presence:
            columns[group.name] = pl.Boolean
        columns |= {name: dtype for name, _, dtype in group.copied}
    for group in GROUPS_SHOWN:
        columns[f"{group.name}.event"] = pl.Binary
    for group in GROUPS_SHOWN:
        columns[f"{group.name}.event_type"] = pl.String
    lists = dict.fromkeys(("objections", "reactivations", "benefits"), pl.List(pl.String))
    return columns | lists | {"status": STATUS, "kab_kota": pl.String}


# every column of the persons frame, in its order
PERSONS = _persons()
