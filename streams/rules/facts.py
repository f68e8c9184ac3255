"""The facts that a condition may ask about, and the operators that it may use.

The part before the dot says whose fact it is: `person.` the person's own, `members.` every present
member's (all must hold), `family.` the family's, `served.` whether anybody in the family is served
by that programme in an earlier wave, `receives.` whether the person is (of a personal programme).
"""

from dataclasses import dataclass
from enum import StrEnum

from streams.rules.model import Text

OCCUPATIONS = frozenset(
    (
        "TIDAK_BEKERJA",
        "SWASTA",
        "MANDIRI",
        "BEBAS",
        "ASN",
        "TNI",
        "POLRI",
        "PEJABAT_NEGARA",
        "BUMN",
        "BUMD",
        "PENSIUNAN",
    )
)
SCHOOL_LEVELS = frozenset(
    ("TIDAK_SEKOLAH", "PAUD", "SD", "SMP", "SMA", "SMK", "PKBM", "SLB", "PERGURUAN_TINGGI"),
)
STUDENT_STATUSES = frozenset(("AKTIF", "CUTI", "LULUS", "KELUAR", "LAINNYA"))
STUDY_LEVELS = frozenset(("D3", "D4", "S1", "LAINNYA"))
ACCREDITATIONS = frozenset(("UNGGUL", "A", "B", "C", "LAINNYA", "TIDAK_ADA"))
CAMPUSES = frozenset(("PTN", "PTS_A", "PTS_B", "PTS_C", "PTS"))
CONTACTS = frozenset(
    (
        "LENGKAP",
        "TIDAK_LENGKAP",
        "TIDAK_ADA_RESPONDEN",
        "MENOLAK",
        "PINDAH_ATAU_BANGUNAN_HILANG",
        "TIDAK_DITEMUKAN",
        "DATA_GANDA",
    )
)
FAMILY_STATUSES = ("RANKED", "BELUM_TERDATA", "INCOMPLETE", "NOT_A_FAMILY")


class Level(StrEnum):
    """Whose fact it is."""

    PERSON = "person"
    MEMBERS = "members"
    FAMILY = "family"
    SERVED = "served"
    RECEIVES = "receives"


class Kind(StrEnum):
    """What its values are."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    CODE = "code"


OPERATORS: dict[str, frozenset[Kind]] = {
    "eq": frozenset(Kind),
    "ne": frozenset({Kind.INTEGER, Kind.CODE}),
    "le": frozenset({Kind.INTEGER}),
    "ge": frozenset({Kind.INTEGER}),
    "between": frozenset({Kind.INTEGER}),  # both ends included
    "in": frozenset({Kind.INTEGER, Kind.CODE}),
    "not_in": frozenset({Kind.INTEGER, Kind.CODE}),
}
MANY = frozenset({"between", "in", "not_in"})  # operators whose value is a list


@dataclass(frozen=True, slots=True)
class Fact:
    """`column` of the persons or families frame of `streams.families`; `event` names the column of its cause;
    `label` says what it is to whom it concerns.

    `protected`: disability, pregnancy, health (UU 27/2022). It decides; neither its value nor its event is published.
    """

    level: Level
    kind: Kind
    column: str
    label: Text
    event: str | None = None
    codes: frozenset[str] | None = None
    protected: bool = False

    @property
    def cause(self) -> str | None:
        """The column of the event that answers and change lines may name; none for what is protected."""
        return None if self.protected else self.event


FACTS: dict[str, Fact] = {
    "person.age_years": Fact(
        Level.PERSON, Kind.INTEGER, "age_years", Text("tanggal lahir Anda", "your date of birth"), "birth.event"
    ),
    "person.province": Fact(
        Level.PERSON, Kind.CODE, "province", Text("tempat tinggal Anda", "where you live"), "residence.event"
    ),
    "person.occupation": Fact(
        Level.PERSON, Kind.CODE, "occupation", Text("pekerjaan Anda", "your occupation"), "work.event", OCCUPATIONS
    ),
    "person.school_level": Fact(
        Level.PERSON,
        Kind.CODE,
        "school_level",
        Text("jenjang sekolah Anda", "your level of schooling"),
        "education.event",
        SCHOOL_LEVELS,
    ),
    "person.school_province": Fact(
        Level.PERSON,
        Kind.CODE,
        "school_province",
        Text("tempat Anda bersekolah", "where you go to school"),
        "education.event",
    ),
    "person.in_institution": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "in_institution",
        Text("apakah Anda tinggal di panti", "whether you live in an institution"),
        "institution.event",
    ),
    "person.class": Fact(
        Level.PERSON, Kind.INTEGER, "kelas", Text("kelas Anda di sekolah", "your class at school"), "education.event"
    ),
    "person.disabilitas_terdaftar": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "disabilitas_terdaftar",
        Text(
            "apakah Anda terdaftar sebagai penyandang disabilitas",
            "whether you are in the register of people with disabilities",
        ),
        "disability.event",
        protected=True,
    ),
    "person.disabilitas_berat": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "disabilitas_berat",
        Text(
            "apakah Anda terdaftar sebagai penyandang disabilitas berat",
            "whether you are registered with a severe disability",
        ),
        "disability.event",
        protected=True,
    ),
    "person.hamil": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "hamil",
        Text("apakah Anda hamil atau nifas", "whether you are pregnant or have just given birth"),
        "pregnancy.event",
        protected=True,
    ),
    "person.kehamilan_ke": Fact(
        Level.PERSON,
        Kind.INTEGER,
        "kehamilan_ke",
        Text("kehamilan yang ke berapa", "the number of the pregnancy"),
        "pregnancy.event",
        protected=True,
    ),
    "person.katastropik": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "katastropik",
        Text("apakah Anda berpenyakit katastropik", "whether you have a catastrophic illness"),
        "health.event",
        protected=True,
    ),
    "person.kuliah_status": Fact(
        Level.PERSON,
        Kind.CODE,
        "kuliah_status",
        Text("status kuliah Anda", "your status as a student"),
        "university.event",
        STUDENT_STATUSES,
    ),
    "person.kuliah_jenjang": Fact(
        Level.PERSON,
        Kind.CODE,
        "kuliah_jenjang",
        Text("jenjang kuliah Anda", "your level of study"),
        "university.event",
        STUDY_LEVELS,
    ),
    "person.kuliah_reguler": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "kuliah_reguler",
        Text("apakah Anda kuliah di kelas reguler", "whether you are in a regular class"),
        "university.event",
    ),
    "person.kampus": Fact(
        Level.PERSON,
        Kind.CODE,
        "kampus",
        Text("perguruan tinggi Anda", "your university"),
        "university.event",
        CAMPUSES,
    ),
    "person.akreditasi": Fact(
        Level.PERSON,
        Kind.CODE,
        "akreditasi",
        Text("akreditasi program studi Anda", "the accreditation of your study programme"),
        "university.event",
        ACCREDITATIONS,
    ),
    "person.semester": Fact(
        Level.PERSON, Kind.INTEGER, "kuliah_semester", Text("semester Anda", "your semester"), "university.event"
    ),
    "person.semester_diploma": Fact(
        Level.PERSON,
        Kind.INTEGER,
        "semester_diploma",
        Text("semester D3 Anda", "your semester of a D3"),
        "university.event",
    ),
    "person.semester_sarjana": Fact(
        Level.PERSON,
        Kind.INTEGER,
        "semester_sarjana",
        Text("semester D4 atau S1 Anda", "your semester of a D4 or S1"),
        "university.event",
    ),
    "person.ipk_sosial_x100": Fact(
        Level.PERSON,
        Kind.INTEGER,
        "ipk_sosial_x100",
        Text("IPK Anda kali 100, rumpun sosial", "your grade point average times 100, social sciences"),
        "university.event",
    ),
    "person.ipk_eksakta_x100": Fact(
        Level.PERSON,
        Kind.INTEGER,
        "ipk_eksakta_x100",
        Text("IPK Anda kali 100, rumpun eksakta", "your grade point average times 100, exact sciences"),
        "university.event",
    ),
    "person.kuliah_provinsi_sekolah": Fact(
        Level.PERSON,
        Kind.CODE,
        "kuliah_provinsi_sekolah",
        Text("tempat sekolah asal Anda", "where you finished school"),
        "university.event",
    ),
    "person.lulus_sekolah_tahun_lalu": Fact(
        Level.PERSON,
        Kind.INTEGER,
        "lulus_sekolah_tahun_lalu",
        Text("berapa tahun lalu Anda lulus sekolah", "how many years ago you finished school"),
        "university.event",
    ),
    "person.beasiswa_lain": Fact(
        Level.PERSON,
        Kind.BOOLEAN,
        "beasiswa_lain",
        Text(
            "apakah Anda menerima beasiswa lain dari APBN atau APBD",
            "whether you receive another scholarship of APBN or APBD",
        ),
        "benefits.event",
    ),
    "members.daya_va": Fact(
        Level.MEMBERS,
        Kind.INTEGER,
        "daya_va",
        Text("daya listrik atas nama anggota keluarga", "the electric power in the name of a member of the family"),
        "utilities.event",
    ),
    "members.vehicles": Fact(
        Level.MEMBERS,
        Kind.INTEGER,
        "vehicles",
        Text("kendaraan roda empat atas nama anggota keluarga", "cars in the name of a member of the family"),
        "property.event",
    ),
    "members.njop_rupiah": Fact(
        Level.MEMBERS,
        Kind.INTEGER,
        "njop_rupiah",
        Text("NJOP tanah dan bangunan anggota keluarga", "the taxable value of the family's land and buildings"),
        "property.event",
    ),
    "members.occupation": Fact(
        Level.MEMBERS,
        Kind.CODE,
        "occupation",
        Text("pekerjaan semua anggota keluarga", "every member's occupation"),
        "work.event",
        OCCUPATIONS,
    ),
    "family.status": Fact(
        Level.FAMILY,
        Kind.CODE,
        "family_status",
        Text("keadaan keluarga", "the state of the family"),
        codes=frozenset(FAMILY_STATUSES),
    ),
    "family.desil": Fact(
        Level.FAMILY, Kind.INTEGER, "desil", Text("desil keluarga", "the family's decile"), "household.event"
    ),
    "family.members": Fact(
        Level.FAMILY, Kind.INTEGER, "members", Text("jumlah anggota keluarga", "how many live in the family")
    ),
    "family.mobil": Fact(
        Level.FAMILY,
        Kind.BOOLEAN,
        "mobil",
        Text("apakah keluarga memiliki mobil", "whether the family owns a car"),
        "assets.event",
    ),
    "family.hasil_kontak": Fact(
        Level.FAMILY,
        Kind.CODE,
        "hasil_kontak",
        Text("hasil kunjungan petugas", "what the field officer found"),
        "field.event",
        CONTACTS,
    ),
    "family.air_minum": Fact(
        Level.FAMILY,
        Kind.INTEGER,
        "air_minum",
        Text("sumber air minum keluarga", "the source of the family's drinking water"),
        "household.event",
    ),
    "family.components": Fact(
        Level.FAMILY,
        Kind.INTEGER,
        "components",
        Text("komponen dalam keluarga", "the family's components"),
        "components.event",
    ),
}


# What a change may publish (decisions.md; UU 27/2022): of which fact, under which name. The rest stays in the answer.
PUBLISHED: dict[str, str] = {
    "family.desil": "desil",
    "person.age_years": "umur",
    "person.province": "domisili_dki",
    "family.mobil": "mobil",
    "members.vehicles": "mobil",
    "members.njop_rupiah": "njop_di_atas_batas",
    "members.occupation": "asn_dalam_keluarga",
}
# Facts of which the value itself is published, and can stand in a sentence: column of the answers that holds it.
NUMBERS: dict[str, str] = {"family.desil": "desil", "person.age_years": "age_years"}


def fact_of(name: str) -> Fact | None:
    """The fact of this name; None when there is none. `served.PKH` exists for every programme name."""
    level, _, programme = name.partition(".")
    if level in (Level.SERVED, Level.RECEIVES) and programme:
        return Fact(Level(level), Kind.BOOLEAN, programme, Text(f"penerimaan {programme}", f"receipt of {programme}"))
    return FACTS.get(name)
