"""Codes and numbers as people say them, in both languages: never as they are stored."""

from schemas.regions import provinces
from streams.rules.model import Text

# English of codes that are words of Indonesian; the Indonesian is the code itself in small letters.
ENGLISH = {
    "TIDAK_BEKERJA": "no job", "SWASTA": "private employee", "MANDIRI": "self-employed", "BEBAS": "casual work",
    "ASN": "civil servant", "TNI": "armed forces", "POLRI": "police", "PEJABAT_NEGARA": "official of the state",
    "BUMN": "state company", "BUMD": "regional state company", "PENSIUNAN": "pensioner",
    "TIDAK_SEKOLAH": "not at school", "PAUD": "early childhood", "SD": "primary school", "SMP": "junior secondary",
    "SMA": "senior secondary", "SMK": "vocational school", "PKBM": "community learning centre",
    "SLB": "special school", "PERGURUAN_TINGGI": "university",
    "LENGKAP": "complete", "TIDAK_LENGKAP": "incomplete", "TIDAK_ADA_RESPONDEN": "nobody could answer",
    "MENOLAK": "refused", "PINDAH_ATAU_BANGUNAN_HILANG": "moved, or the building is gone",
    "TIDAK_DITEMUKAN": "not found", "DATA_GANDA": "recorded twice",
    "RANKED": "ranked", "BELUM_TERDATA": "not yet surveyed", "INCOMPLETE": "no adult", "NOT_A_FAMILY": "no family",
    "AKTIF": "active", "CUTI": "on leave", "LULUS": "graduated", "KELUAR": "left",
    "PTN": "a state university", "PTS_A": "a private university, accredited A",
    "PTS_B": "a private university, accredited B", "PTS_C": "a private university, accredited C",
    "PTS": "a private university without accreditation", "UNGGUL": "excellent", "TIDAK_ADA": "none",
    "LAINNYA": "another",
}  # fmt: skip
INDONESIAN = {
    "RANKED": "sudah dihitung", "INCOMPLETE": "tanpa orang dewasa", "NOT_A_FAMILY": "bukan satu keluarga",
    "PTN": "kampus negeri", "PTS_A": "kampus swasta terakreditasi A", "PTS_B": "kampus swasta terakreditasi B",
    "PTS_C": "kampus swasta terakreditasi C", "PTS": "kampus swasta tanpa akreditasi",
    "POLRI": "Polri", "PINDAH_ATAU_BANGUNAN_HILANG": "pindah atau bangunan sudah tidak ada",
}  # fmt: skip
WATER = {
    1: Text("air kemasan bermerek", "branded bottled water"),
    2: Text("air isi ulang", "refilled water"),
    3: Text("leding", "piped water"),
    4: Text("sumur bor atau pompa", "a drilled well or a pump"),
    5: Text("sumur terlindung", "a protected well"),
    6: Text("sumur tidak terlindung", "an open well"),
    7: Text("mata air terlindung", "a protected spring"),
    8: Text("mata air tidak terlindung", "an open spring"),
    9: Text("air permukaan", "surface water"),
    10: Text("air hujan", "rain water"),
}  # of a groundcheck, after REGSOSEK22-K
UPPER = frozenset(
    {"ASN", "TNI", "BUMN", "BUMD", "PAUD", "SD", "SMP", "SMA", "SMK", "PKBM", "SLB", "D3", "D4", "S1", "A", "B", "C"}
)


def code(value: str) -> Text:
    """A code as words: never as it is stored."""
    plain = value if value in UPPER else value.replace("_", " ").lower()
    return Text(INDONESIAN.get(value, plain), ENGLISH.get(value, plain))


def number(value: int) -> Text:
    """12.345 in Indonesian, 12,345 in English."""
    return Text(f"{value:,}".replace(",", "."), f"{value:,}")


def region(province: str) -> Text:
    """A province by its code of two digits."""
    name = provinces().get(province, "provinsi lain")
    return Text(name, "another province" if province not in provinces() else name)


def of_fact(fact: str, value: int | str) -> Text:
    """A value of a rule's fact (not a boolean): a code, an amount, or a number."""
    if fact.endswith("air_minum"):
        return WATER.get(int(value), Text("air lain", "other water"))
    if isinstance(value, int) and fact.endswith("_x100"):
        return Text(f"{value / 100:.2f}".replace(".", ","), f"{value / 100:.2f}")
    if isinstance(value, int):
        return money(value) if fact.endswith("rupiah") else number(value)
    return region(value) if fact.endswith("province") else code(value)


def money(rupiah: int) -> Text:
    """Rp1.200.000 in Indonesian, Rp1,200,000 in English."""
    return Text("Rp" + f"{rupiah:,}".replace(",", "."), f"Rp{rupiah:,}")
