"""What can be done for who would fall out: the way that the rules leave open, by the reason.

Where a reason stands in none of the lists, an objection (*sanggah*) is what remains: anybody may object to a removal
(Permensos 3/2025; Cek Bansos, domain facts 5.1).
"""

from enum import StrEnum
from typing import Final

import polars as pl

from streams.rules import Text


class Solution(StrEnum):
    """One way for each who would fall out."""

    OTHER = "PROGRAM_LAIN"
    CORRECT = "PERBAIKAN_DATA"
    GROUNDCHECK = "GROUNDCHECK"
    OBJECT = "SANGGAH"
    NONE = "TIDAK_ADA"


SOLUTIONS: Final = {
    Solution.OTHER: Text("Dilayani program lain", "Served by another programme"),
    Solution.CORRECT: Text("Data perlu diperbaiki dulu", "Data must be corrected first"),
    Solution.GROUNDCHECK: Text("Perlu didatangi petugas (groundcheck)", "A visit must come first"),
    Solution.OBJECT: Text("Dapat menyanggah", "May object"),
    Solution.NONE: Text("Tidak ada jalan keluar dalam aturan", "None within the rules"),
}

# Above a column of a table, where the text beside a colour says the rest.
SHORT: Final = {
    Solution.OTHER: Text("Lain", "Other"),
    Solution.CORRECT: Text("Data", "Data"),
    Solution.GROUNDCHECK: Text("Kunjungan", "Visit"),
    Solution.OBJECT: Text("Sanggah", "Objection"),
    Solution.NONE: Text("Nihil", "None"),
}

NOT_IN_REGISTER: Final = "TIDAK_ADA_DI_DTSEN"
WAITS_FOR_MATCH: Final = "MENUNGGU_PENCOCOKAN"
NOT_IN_FORCE: Final = "PROGRAM_TIDAK_BERLAKU"

# A family that is not surveyed, or whose address was not found, is visited before anything else is decided
# (domain facts 4.2, 2.2).
BY_VISIT: Final = ("BELUM_TERDATA", "ALAMAT_TIDAK_DITEMUKAN")
# Civil records, cards and registers of other offices: mended where they are kept (domain facts 1.2, 2.5, 2.8).
BY_CORRECTION: Final = (
    *(NOT_IN_REGISTER, WAITS_FOR_MATCH, "NONAKTIF", "TANPA_KARTU", "BUKAN_KELUARGA", "KELUARGA_TIDAK_LENGKAP"),
    *("TANPA_PENERIMA", "BUKAN_PELAJAR", "SEKOLAH_DI_LUAR_DKI", "MOBIL_TERDAFTAR", "BUKAN_WARGA_DKI"),
    *("DALAM_PERPINDAHAN", "MELEWATI_BATAS_PERPINDAHAN", "BUKAN_MAHASISWA", "TIDAK_DALAM_DAFTAR_DINSOS"),
)
# Nothing to correct and nothing to object to: death, departure, age, a quota, a programme that has ended.
BY_NOTHING: Final = (
    *("MENINGGAL", "PINDAH_KELUAR", "BELUM_LANSIA", "BUKAN_USIA_DINI", "BUKAN_USIA_SEKOLAH", "KUOTA_HABIS"),
    *("SATU_KELUARGA_SATU_PENERIMA", NOT_IN_FORCE, "TINGGAL_DI_PANTI", "PROGRAM_BERAKHIR", "MELEWATI_SEMESTER"),
    *("MELEWATI_SEMESTER_AWAL", "LULUS_TERLALU_LAMA"),
)
ALREADY_SERVED: Final = "SUDAH_"  # reasons that begin so name the other programme

# In a table many people stand behind one reason: a short text, without the values of one person.
REASONS: Final = {
    NOT_IN_REGISTER: Text("Tidak ditemukan di DTSEN", "Not found in DTSEN"),
    WAITS_FOR_MATCH: Text("Menunggu pencocokan oleh petugas", "Waits for an officer to match it"),
    NOT_IN_FORCE: Text("Program tidak berlaku pada triwulan ini", "Programme is not in force in this quarter"),
    "DESIL_DI_ATAS_BATAS": Text("Desil di atas batas", "Decile above the limit"),
    "BELUM_TERDATA": Text("Keadaan rumah belum didata", "Home not surveyed yet"),
    "KUOTA_HABIS": Text("Memenuhi syarat, kuota habis", "Eligible, quota used up"),
    "MENINGGAL": Text("Meninggal", "Deceased"),
    "PINDAH_KELUAR": Text("Pindah ke luar wilayah", "Moved out of the region"),
    "NONAKTIF": Text("NIK tidak aktif", "NIK not active"),
    "TANPA_KARTU": Text("Tidak ada di kartu keluarga", "On no family card"),
    "ANGGOTA_APARATUR": Text("Ada anggota keluarga aparatur negara", "A family member works for the state"),
    "ALAMAT_TIDAK_DITEMUKAN": Text("Alamat tidak ditemukan", "Address not found"),
    "TANPA_KOMPONEN": Text("Tidak ada komponen PKH", "No component of PKH"),
    "SUDAH_DILAYANI_PKH": Text("Sudah menerima PKH", "Already served by PKH"),
    "SUDAH_DILAYANI_SEMBAKO": Text("Sudah menerima Sembako", "Already served by Sembako"),
    "MOBIL_TERDAFTAR": Text("Mobil terdaftar atas nama keluarga", "A car is registered to the family"),
    "PUNYA_MOBIL": Text("Keluarga memiliki mobil", "The family owns a car"),
    "NJOP_DI_ATAS_BATAS": Text("NJOP di atas batas", "Taxable value above the limit"),
    "BUKAN_PELAJAR": Text("Tidak tercatat bersekolah", "Not recorded as a pupil"),
    "BELUM_LANSIA": Text("Belum lanjut usia", "Not yet elderly"),
    "BUKAN_USIA_SEKOLAH": Text("Bukan usia sekolah", "Not of school age"),
    "BUKAN_USIA_DINI": Text("Bukan anak usia dini", "Not a small child"),
    "BUKAN_KELUARGA": Text("Kartu bukan kartu satu keluarga", "Not the card of one family"),
    "KELUARGA_TIDAK_LENGKAP": Text("Tidak ada orang dewasa di kartu", "No adult on the card"),
    "TINGGAL_DI_PANTI": Text("Tinggal di panti", "Lives in an institution"),
    "PENSIUNAN_APARATUR": Text("Pensiunan aparatur negara", "Pensioner of the state"),
    "BUKAN_WARGA_DKI": Text("Tidak tercatat tinggal di DKI", "Not recorded as living in DKI"),
    "SEKOLAH_DI_LUAR_DKI": Text("Bersekolah di luar DKI", "School outside DKI"),
    "AIR_KEMASAN": Text("Minum air kemasan bermerek", "Drinks branded bottled water"),
    "DAYA_LISTRIK_DI_ATAS_BATAS": Text("Daya listrik di atas batas", "Electric power above the limit"),
    "TIDAK_DALAM_DAFTAR_DINSOS": Text("Tidak ada dalam daftar Dinas Sosial", "Not in the register of social affairs"),
    "MENUNGGU_ASESMEN": Text("Menunggu asesmen Dinas Sosial", "Waits for an assessment"),
    "BUKAN_MAHASISWA": Text("Tidak tercatat sebagai mahasiswa", "Not recorded as a student"),
    "BUKAN_KELAS_REGULER": Text("Bukan kelas reguler", "Not in a regular class"),
    "IPK_DI_BAWAH_BATAS": Text("IPK di bawah batas", "Grade point average below the limit"),
    "JENJANG_TIDAK_DIDANAI": Text("Jenjang tidak didanai", "Level that is not paid for"),
    "KAMPUS_TIDAK_MEMENUHI": Text("Perguruan tinggi tidak memenuhi syarat", "University does not qualify"),
    "PRODI_TIDAK_TERAKREDITASI": Text("Program studi tidak terakreditasi", "Study programme not accredited"),
    "LULUS_TERLALU_LAMA": Text("Lulus sekolah terlalu lama", "Finished school too long ago"),
    "MELEWATI_SEMESTER": Text("Melewati batas semester", "Beyond the last semester"),
    "MELEWATI_SEMESTER_AWAL": Text("Terlambat memohon", "Applied in a later semester"),
    "BEASISWA_LAIN": Text("Menerima beasiswa lain", "Receives another scholarship"),
    "SUDAH_MENERIMA_KIP_KULIAH": Text("Sudah menerima KIP Kuliah", "Already receives KIP Kuliah"),
    "BUKAN_PENERIMA": Text("Anggota keluarga lain yang menerima", "Another member receives"),
    "SATU_KELUARGA_SATU_PENERIMA": Text("Satu keluarga satu penerima", "One recipient per family"),
    "TANPA_PENERIMA": Text("Tidak ada penerima dewasa", "No adult recipient"),
    "DALAM_PERPINDAHAN": Text("Sedang dalam perpindahan", "Between departure and arrival"),
    "MELEWATI_BATAS_PERPINDAHAN": Text("Perpindahan melewati batas waktu", "Departure without arrival in time"),
    "PROGRAM_BERAKHIR": Text("Program sudah berakhir", "The programme has ended"),
    "BELUM_WAKTUNYA": Text("Tidak ditetapkan pada triwulan ini", "Not decided in this quarter"),
}


def reason_text(code: str) -> Text:
    """A reason in a few words; one that has no short text is told by its code."""
    return REASONS.get(code) or Text(*[code.replace("_", " ").capitalize()] * 2)


def solution() -> pl.Expr:
    """The solution by `reason` and `other` (another programme that serves the same family or person, or null)."""
    reason, other = pl.col("reason"), pl.col("other").is_not_null()
    return (
        pl.when(reason.is_in(BY_NOTHING) & ~other)
        .then(pl.lit(Solution.NONE))
        .when(other | reason.str.starts_with(ALREADY_SERVED))
        .then(pl.lit(Solution.OTHER))
        .when(reason.is_in(BY_CORRECTION))
        .then(pl.lit(Solution.CORRECT))
        .when(reason.is_in(BY_VISIT))
        .then(pl.lit(Solution.GROUNDCHECK))
        .otherwise(pl.lit(Solution.OBJECT))
    )
