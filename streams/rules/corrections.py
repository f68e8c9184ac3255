"""Which facts a person can have corrected, by whom and where; and what to do where no condition decided.

Not correctable are what only time changes (age, semesters, the years since school), a decile in itself (the data
behind it are) and what another programme pays. Channels: domain-facts and the schemas of the event types; none of it
is a legal claim of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streams.rules.model import Text


@dataclass(frozen=True, slots=True)
class Correction:
    """`what` to have corrected and where. `columns` of the members' frame hold it (`streams.members.MEMBERS`).

    Without columns the outcome cannot be told beforehand: a survey, or who counts in the family. Not `when_unknown`:
    of whom nothing is recorded, it does not speak (nobody is told to become a student). `values`: of a fact that is
    derived, value -> what the columns hold then, the likeliest mistake first. `seldom`: the record is right as a rule,
    and a truly low mark is no mistake: it is told to whom it ended something, and never as what may well turn it.
    """

    what: Text
    columns: tuple[str, ...] = ()
    when_unknown: bool = True
    values: Mapping[Any, Mapping[str, Any]] = field(default_factory=dict)
    seldom: bool = False


_CAMPUS = Text(
    "Data kuliah salah? Minta kampus memperbarui data Anda di PDDikti.",
    "Are data of your studies wrong? Ask the university to update them in PDDikti.",
)
_MARK = Correction(
    Text(
        "IPK di transkrip Anda lebih tinggi dari yang tercatat? Minta kampus membetulkannya di PDDikti."
        " IPK yang memang rendah tidak bisa dibetulkan.",
        "Does your transcript state a higher IPK (grade point average) than is recorded?"
        " Ask the university to correct it in PDDikti. An IPK that is low indeed cannot be corrected.",
    ),
    ("kuliah_ipk_x100",),
    when_unknown=False,
    seldom=True,
)
_DISABILITY = Text(
    "Data itu salah? Minta Dinas Sosial memeriksa dan mencatat Anda.",
    "Is that wrong? Ask the social affairs office to see you and to record it.",
)

# By the name of the fact (`streams.rules.facts.FACTS`); a fact that is not here cannot be corrected by its person.
CORRECTIONS: dict[str, Correction] = {
    "members.vehicles": Correction(
        Text(
            "Mobil sudah dijual atau bukan milik keluarga? Urus balik nama STNK di Samsat.",
            "Was the car sold, or is it not the family's? Have the STNK (car papers) changed at Samsat.",
        ),
        ("vehicles",),
    ),
    "members.njop_rupiah": Correction(
        Text(
            "Tanah atau rumah sudah dijual atau nilainya salah? Bawa surat PBB ke Bapenda.",
            "Was the land or house sold, or is its value wrong? Take the PBB (land tax) letter to Bapenda.",
        ),
        ("njop_rupiah",),
    ),
    "members.occupation": Correction(
        Text(
            "Pekerjaan itu salah atau sudah berhenti? Bawa surat keterangan kerja ke kelurahan."
            " Bukan satu keluarga? Urus kartu keluarga sendiri di Dukcapil.",
            "Is that job wrong, or has it ended? Take a letter about the job to the kelurahan."
            " Not one family? Ask Dukcapil for a family card of your own.",
        ),
        ("occupation",),
    ),
    "person.occupation": Correction(
        Text(
            "Bukan pensiunan? Bawa surat keterangan kerja ke kelurahan.",
            "No such pensioner? Take a letter about your job to the kelurahan.",
        ),
        ("occupation",),
    ),
    "person.province": Correction(
        Text(
            "Sebenarnya tinggal di wilayah ini? Perbarui alamat di KTP dan kartu keluarga di Dukcapil.",
            "Do you live here in fact? Have KTP and family card brought up to date at Dukcapil.",
        ),
        ("kelurahan",),
    ),
    "person.in_institution": Correction(
        Text(
            "Sudah tidak tinggal di panti? Minta panti atau Dinas Sosial memperbarui data Anda.",
            "No longer in the institution? Ask it, or the social affairs office, to update your data.",
        ),
        ("in_institution",),
    ),
    "person.school_level": Correction(
        Text(
            "Masih bersekolah? Minta sekolah memperbarui data Anda.",
            "Still at school? Ask the school to update your data.",
        ),
        ("school_level",),
    ),
    "person.school_province": Correction(
        Text(
            "Bersekolah di DKI Jakarta? Minta sekolah memperbarui data Anda.",
            "At a school in DKI Jakarta? Ask the school to update your data.",
        ),
        ("school_province",),
    ),
    "person.class": Correction(
        Text("Kelas Anda salah? Minta sekolah memperbaruinya.", "Is your class wrong? Ask the school to update it."),
        ("kelas",),
        when_unknown=False,
    ),
    "person.disabilitas_terdaftar": Correction(_DISABILITY, ("disabilitas_terdaftar",), when_unknown=False),
    "person.disabilitas_berat": Correction(_DISABILITY, ("disabilitas_berat",), when_unknown=False),
    "person.kuliah_status": Correction(_CAMPUS, ("kuliah_status",), when_unknown=False),
    "person.kuliah_jenjang": Correction(_CAMPUS, ("kuliah_jenjang",), when_unknown=False),
    "person.kuliah_reguler": Correction(_CAMPUS, ("kuliah_reguler",), when_unknown=False),
    "person.kuliah_provinsi_sekolah": Correction(_CAMPUS, ("kuliah_provinsi_sekolah",), when_unknown=False),
    "person.kampus": Correction(
        Text(
            "Status atau akreditasi kampus Anda salah tercatat? Minta kampus membetulkannya di PDDikti.",
            "Is the status or the accreditation of your university recorded wrongly?"
            " Ask the university to correct it in PDDikti.",
        ),
        ("kuliah_akreditasi", "kuliah_negeri"),
        when_unknown=False,
        values={"PTS_A": {"kuliah_akreditasi": "A"}, "PTN": {"kuliah_negeri": True}},
    ),
    "person.akreditasi": Correction(
        Text(
            "Akreditasi program studi Anda belum atau salah tercatat? Minta kampus membetulkannya di PDDikti.",
            "Is the accreditation of your study programme missing or wrong? Ask the university to correct it in"
            " PDDikti.",
        ),
        ("kuliah_akreditasi",),
        when_unknown=False,
    ),
    "person.ipk_sosial_x100": _MARK,
    "person.ipk_eksakta_x100": _MARK,
    "person.beasiswa_lain": Correction(
        Text(
            "Tidak lagi menerima beasiswa itu? Minta pemberi beasiswa atau kampus melaporkannya.",
            "No longer on that scholarship? Ask who gave it, or the university, to report it.",
        ),
        ("benefits",),
        values={False: {"benefits": []}},
    ),
    "members.daya_va": Correction(
        Text(
            "Daya listrik salah atau bukan rumah Anda? Bawa tagihan listrik ke PLN.",
            "Is the electric power wrong, or of another house? Take the bill to PLN.",
        ),
        ("daya_va",),
    ),
    "family.mobil": Correction(
        Text(
            "Keluarga Anda tidak punya mobil? Minta petugas mendata ulang rumah Anda lewat kelurahan.",
            "Does your family own no car? Ask the kelurahan for a new visit to your home.",
        ),
        ("assets.mobil",),
    ),
    "family.hasil_kontak": Correction(
        Text(
            "Laporkan alamat yang benar ke kelurahan. Minta petugas datang lagi.",
            "Report the right address to the kelurahan. Ask for another visit.",
        ),
        ("field.hasil_kontak",),
    ),
    "family.air_minum": Correction(
        Text(
            "Tidak minum air kemasan? Minta petugas mendata ulang rumah Anda lewat kelurahan.",
            "No bottled water? Ask the kelurahan for a new visit to your home.",
        ),
        ("household.air_minum",),
    ),
    # Its data are the home and what the family owns: `streams.kenapa.home` says which.
    "family.desil": Correction(
        Text(
            "Data rumah atau barang keluarga salah? Minta petugas mendata ulang rumah Anda lewat kelurahan.",
            "Are data of your home or belongings wrong? Ask the kelurahan for a new visit to your home.",
        ),
    ),
    "family.status": Correction(
        Text(
            "Minta petugas mendata rumah Anda lewat kelurahan. Setelah itu desil dapat dihitung.",
            "Ask the kelurahan for a visit to your home. The decile can be computed after that.",
        ),
    ),
    "family.components": Correction(
        Text(
            "Ada anak, ibu hamil, atau lansia yang belum tercatat? Perbarui kartu keluarga di Dukcapil.",
            "Is a child, a pregnancy or an elder missing? Have the family card brought up to date at Dukcapil.",
        ),
    ),
    "family.members": Correction(
        Text(
            "Jumlah anggota keluarga salah? Perbarui kartu keluarga di Dukcapil.",
            "Is the number of members wrong? Have the family card brought up to date at Dukcapil.",
        ),
    ),
}

_HOME = Text(
    "Lapor datang di Dukcapil tempat Anda tinggal sekarang. Bawa surat pindah.",
    "Report your arrival to Dukcapil where you live now. Take the letter of departure.",
)
_CARD = Text(
    "Periksa kartu keluarga Anda di Dukcapil. Minta dibetulkan jika salah.",
    "Check your family card at Dukcapil. Have it corrected if it is wrong.",
)
# By the reason, where no condition failed: what its person can do.
ADVICE: dict[str, Text] = {
    "DALAM_PERPINDAHAN": _HOME,
    "MELEWATI_BATAS_PERPINDAHAN": _HOME,
    "PINDAH_KELUAR": _HOME,
    "TANPA_KARTU": _CARD,
    "TANPA_PENERIMA": _CARD,
    "KELUARGA_TIDAK_LENGKAP": _CARD,
    "BUKAN_KELUARGA": _CARD,
    "NONAKTIF": Text(
        "Aktifkan NIK Anda di Dukcapil. Bawa KTP dan kartu keluarga.",
        "Have your NIK made active at Dukcapil. Take KTP and family card.",
    ),
    "MENINGGAL": Text(
        "Laporan kematian itu salah? Datang ke Dukcapil dengan KTP dan kartu keluarga.",
        "Is the report of the death wrong? Go to Dukcapil with KTP and family card.",
    ),
}
