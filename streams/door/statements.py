"""Who states what: for each event type, the people it speaks of and the groups of facts it states about them.

Source: decisions.md, "Events". To add an event type: its schema (with `groups`), an entry here and, if it has
impossible combinations of its own, an entry in `combinations.py` with texts in `codes.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from schemas.codes import ASET_YA_TIDAK, CERAI_HIDUP, KAWIN, PERUMAHAN, TERNAK
from schemas.registry import Contract


@dataclass(frozen=True)
class Statement:
    """One group of the facts of an event: whole or not at all.

    Expressions are over one row per (event, NIK): the event's columns, and the columns of the item of
    the list in which the NIK stands.
    """

    group: str
    fields: Mapping[str, pl.Expr]  # field of the group -> its value
    when: pl.Expr | None = None  # stated only where true; None: always
    arrays: Mapping[str, str] = field(default_factory=dict)  # array of the group -> array of the event

    def present(self) -> pl.Expr:
        """Where the group is stated."""
        return pl.lit(value=True) if self.when is None else self.when


@dataclass(frozen=True)
class Testimony:
    """What one event type says."""

    people: str  # `content.nik`, or the path of the array whose items have a `nik`
    statements: tuple[Statement, ...]

    @property
    def many(self) -> bool:
        """Whether an event may speak of several people."""
        return self.people.rpartition(".")[2] != "nik"

    def columns(self) -> list[str]:
        """The columns of events and items that the statements read."""
        expressions = [each for it in self.statements for each in (*it.fields.values(), it.present())]
        return sorted({name for each in expressions for name in each.meta.root_names()})


def _content(**fields: str) -> dict[str, pl.Expr]:
    return {name: pl.col(f"content.{source}") for name, source in fields.items()}


def _residence(phase: str, kelurahan: str = "kelurahan", **more: pl.Expr) -> Statement:
    address = pl.lit("") if phase == "KELUAR" else pl.col("content.alamat")
    fields = {"kelurahan": pl.col(f"content.{kelurahan}"), "alamat": address, "fase": pl.lit(phase), **more}
    return Statement("residence", fields)


def _household() -> Statement:
    """The dwelling, and the card and address at which it was seen."""
    names = [*PERUMAHAN, "luas_lantai"]
    dwelling = {name: pl.col(f"content.perumahan.{name}") for name in names}
    place = _content(no_kk="no_kk", kelurahan="kelurahan", alamat="alamat")
    return Statement("household", {**place, **dwelling}, pl.col("content.perumahan"))


def _claim(kind: str) -> Statement:
    fields = {"jenis": pl.lit(kind), **_content(program="program", status="status", triwulan="triwulan")}
    return Statement("claim", fields)


_SKPWNI = pl.col("content.nomor_skpwni")

TESTIMONIES: Mapping[str, Testimony] = MappingProxyType(
    {
        "lahir": Testimony(
            "content.nik",
            (
                Statement("birth", _content(nama="nama", tanggal_lahir="tanggal_lahir", jenis_kelamin="jenis_kelamin")),
                Statement("vital", {"hidup": pl.lit(value=True), "tanggal_meninggal": pl.lit(None)}),
                Statement("listing", _content(no_kk="no_kk", hubungan="hubungan")),
                _residence("MENETAP"),
            ),
        ),
        "mati": Testimony(
            "content.nik",
            (Statement("vital", {"hidup": pl.lit(value=False), **_content(tanggal_meninggal="tanggal_meninggal")}),),
        ),
        "kartu_keluarga": Testimony(
            "content.anggota",
            (
                Statement("listing", {**_content(no_kk="no_kk"), "hubungan": pl.col("hubungan")}),
                Statement("civil", {"status_kawin": pl.col("status_kawin")}),
                _residence("MENETAP"),
            ),
        ),
        "pindah_keluar": Testimony(
            "content.pindah",
            (
                _residence(
                    "KELUAR",
                    "kelurahan_asal",
                    skpwni=_SKPWNI,
                    kabupaten_tujuan=pl.col("content.kabupaten_tujuan"),
                ),
            ),
        ),
        "pindah_datang": Testimony(
            "content.pendatang",
            (
                Statement("listing", {**_content(no_kk="no_kk"), "hubungan": pl.col("hubungan")}),
                _residence("DATANG", skpwni=_SKPWNI),
            ),
        ),
        "groundcheck": Testimony(
            "content.anggota",
            (
                _household(),
                Statement(
                    "assets",
                    {name: pl.col(f"content.aset.{name}") for name in (*ASET_YA_TIDAK, *TERNAK)},
                    pl.col("content.aset"),
                ),
                Statement(
                    "field",
                    {
                        **_content(
                            hasil_kontak="hasil_kontak",
                            putusan="putusan",
                            no_kk="no_kk",
                            kelurahan="kelurahan",
                            alamat="alamat",
                        ),
                        "keberadaan": pl.col("keberadaan"),
                    },
                ),
            ),
        ),
        "pekerjaan": Testimony("content.nik", (Statement("work", _content(kategori="kategori")),)),
        "pindah_dalam": Testimony(
            "content.pindah",
            (
                Statement("listing", {**_content(no_kk="no_kk"), "hubungan": pl.col("hubungan")}),
                _residence("MENETAP"),
            ),
        ),
        "kawin": Testimony("content.pasangan", (Statement("civil", {"status_kawin": pl.lit(KAWIN)}),)),
        "cerai": Testimony("content.pasangan", (Statement("civil", {"status_kawin": pl.lit(CERAI_HIDUP)}),)),
        "biodata": Testimony(
            "content.nik",
            (Statement("birth", _content(nama="nama", tanggal_lahir="tanggal_lahir", jenis_kelamin="jenis_kelamin")),),
        ),
        "status_nik": Testimony("content.nik", (Statement("nik_status", _content(aktif="aktif")),)),
        "sekolah": Testimony(
            "content.nik",
            (
                Statement(
                    "education", _content(jenjang="jenjang", swasta="swasta", provinsi_sekolah="provinsi_sekolah")
                ),
            ),
        ),
        "kepemilikan": Testimony(
            "content.nik",
            (Statement("property", _content(kendaraan_roda_empat="kendaraan_roda_empat", njop_rupiah="njop_rupiah")),),
        ),
        "panti": Testimony("content.nik", (Statement("institution", _content(tinggal="tinggal")),)),
        "sanggah": Testimony("content.nik", (_claim("SANGGAH"),)),
        "keluhan": Testimony("content.nik", (_claim("KELUHAN"),)),
        "daftar_lama": Testimony(
            "content.anggota",
            (
                _household(),
                Statement("receipt", _content(sumber="sumber"), arrays={"penerimaan": "content.penerimaan"}),
            ),
        ),
    }
)


def testimony_of(contract: Contract) -> Testimony:
    """What the events of a contract say.

    Raises ValueError when the table has no entry, or states a group that the schema doesn't grant: a field
    officer's "dead" is a field finding, never the vital group (architecture.md 4).
    """
    testimony = TESTIMONIES.get(contract.name)
    if testimony is None:
        raise ValueError(f"event type {contract.name} has no entry in streams/door/statements.py: say who states what")
    groups = [statement.group for statement in testimony.statements]
    if ungranted := sorted(set(groups) - set(contract.groups)):
        raise ValueError(
            f"streams/door/statements.py lets {contract.name} state {ungranted}, which its schema does not grant: "
            f"add them to `groups` of schemas/events/{contract.name}.avsc, or take them out"
        )
    return testimony
