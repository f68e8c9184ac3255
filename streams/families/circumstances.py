"""What the rules ask about a person that no event states in so many words: derived on the day of the list."""

import datetime as dt

import polars as pl

from streams.persons.benefits import split_benefits
from streams.rules import Rules

# Columns of members that the expressions below, and the rules themselves, look at.
LOOKED_AT = (
    *("kelas", "daya_va", "disabilitas_terdaftar", "disabilitas_berat", "kehamilan_ke", "katastropik"),
    *("pregnancy.hamil", "pregnancy.perkiraan_lahir", "pregnancy.observed_on"),
    *("kuliah_status", "kuliah_jenjang", "kuliah_negeri", "kuliah_akreditasi", "kuliah_semester", "kuliah_ipk_x100"),
    *("kuliah_rumpun", "kuliah_reguler", "kuliah_provinsi_sekolah", "kuliah_lulus_sekolah_tahun", "benefits"),
    *("utilities.event", "disability.event", "pregnancy.event", "health.event", "university.event"),
)
CAMPUSES = ("PTN", "PTS_A", "PTS_B", "PTS_C", "PTS")  # a state university, or a private one by its accreditation
UNACCREDITED = "TIDAK_ADA"


def with_circumstances(people: pl.DataFrame, rules: Rules, as_of: dt.date) -> pl.DataFrame:
    """Add to `people` (columns nik and LOOKED_AT):

    hamil Boolean?: pregnant, or within `postpartum_days` of the day on which the pregnancy ended or, as long as nobody
    has reported that, of the expected birth; without one, of `pregnancy_days` after the report. kampus String?: of
    CAMPUSES. akreditasi String?. semester_diploma, semester_sarjana Int32?: the semester, of a D3, or of a D4 or S1.
    ipk_sosial_x100, ipk_eksakta_x100 Int32?: the grade point average by the group of sciences, medicine being exact.
    lulus_sekolah_tahun_lalu Int32?: calendar years since school. beasiswa_lain Boolean?: another scholarship of APBN or
    APBD that goes on; benefits.event Binary?: that tells it.
    """
    expected = pl.coalesce(
        "pregnancy.perkiraan_lahir", pl.col("pregnancy.observed_on") + dt.timedelta(days=rules.pregnancy_days)
    )
    accredited = pl.col("kuliah_akreditasi").cast(pl.String)
    studies, sciences = pl.col("kuliah_jenjang").cast(pl.String), pl.col("kuliah_rumpun").cast(pl.String)
    private = (
        pl.when(accredited.is_in(["UNGGUL", "A"]))
        .then(pl.lit("PTS_A"))
        .when(accredited == "B")
        .then(pl.lit("PTS_B"))
        .when(accredited == "C")
        .then(pl.lit("PTS_C"))
        .otherwise(pl.lit("PTS"))
    )
    ended = pl.when("pregnancy.hamil").then(expected).otherwise("pregnancy.observed_on")
    return people.with_columns(
        (ended + dt.timedelta(days=rules.postpartum_days) >= as_of).alias("hamil"),
        pl.when(pl.col("kuliah_negeri"))
        .then(pl.lit("PTN"))
        .when(~pl.col("kuliah_negeri"))
        .then(private)
        .alias("kampus"),
        pl.when(pl.col("kuliah_status").is_not_null()).then(accredited.fill_null(UNACCREDITED)).alias("akreditasi"),
        pl.when(studies == "D3").then("kuliah_semester").alias("semester_diploma"),
        pl.when(studies.is_in(["D4", "S1"])).then("kuliah_semester").alias("semester_sarjana"),
        pl.when(sciences == "SOSIAL").then("kuliah_ipk_x100").alias("ipk_sosial_x100"),
        pl.when(sciences.is_in(["EKSAKTA", "KEDOKTERAN"])).then("kuliah_ipk_x100").alias("ipk_eksakta_x100"),
        (as_of.year - pl.col("kuliah_lulus_sekolah_tahun")).alias("lulus_sekolah_tahun_lalu"),
    ).join(_scholarships(people, as_of), on="nik", how="left", maintain_order="left")


def _scholarships(people: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """nik, beasiswa_lain, benefits.event, of those of whom any benefit was reported. KJMU itself is not another."""
    told = people.select("nik", "benefits").drop_nulls().explode("benefits").drop_nulls()
    entries = pl.concat([told.select("nik"), split_benefits(told.get_column("benefits"))], how="horizontal")
    counts = (
        (pl.col("jenis") == "BEASISWA")
        & pl.col("anggaran").is_in(["APBN", "APBD"])
        & (pl.col("program") != "KJMU")
        & (pl.col("until").is_null() | (pl.col("until") >= as_of))
    )
    return entries.group_by("nik").agg(
        counts.any().alias("beasiswa_lain"),
        pl.col("event").filter(counts).min().alias("benefits.event"),
    )
