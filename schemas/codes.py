"""Code lists, each with its source. Enums are not here: they stand in the schemas themselves."""

from collections.abc import Mapping

# What a fact may state, in the order of its bits (docs/contracts.md section 2).
GROUPS = (
    "birth",
    "vital",
    "nik_status",
    "listing",
    "civil",
    "residence",
    "education",
    "work",
    "health",
    "household",
    "assets",
    "utilities",
    "field",
    "claim",
    "receipt",
    "property",
    "institution",
    "disability",
    "pregnancy",
    "university",
    "benefit",
    "set_aside",
)
GROUP_BITS: Mapping[str, int] = {group: 1 << place for place, group in enumerate(GROUPS)}

# SIAK: relation to the head in the family card.
SHDK: Mapping[int, str] = {
    1: "kepala keluarga",
    2: "suami",
    3: "istri",
    4: "anak",
    5: "menantu",
    6: "cucu",
    7: "orang tua",
    8: "mertua",
    9: "famili lain",
    10: "pembantu",
    11: "lainnya",
}
KEPALA_KELUARGA = 1

# SIAK and Regsosek 408: marital status.
STATUS_KAWIN: Mapping[int, str] = {1: "belum kawin", 2: "kawin", 3: "cerai hidup", 4: "cerai mati"}

# Employment that excludes the whole card: Kepmensos 79/HUK/2025, Kepmensos 73/HUK/2024.
PEKERJAAN_PENGECUALIAN = frozenset({"ASN", "TNI", "POLRI", "PEJABAT_NEGARA", "BUMN", "BUMD"})

# The dwelling: BPS questionnaire REGSOSEK22-K, variables 301a to 310. Field of Perumahan -> code -> meaning.
# luas_lantai (302) is a number of square metres and has no list.
PERUMAHAN: Mapping[str, Mapping[int, str]] = {
    "status_bangunan": {1: "milik sendiri", 2: "kontrak/sewa", 3: "bebas sewa", 4: "dinas", 5: "lainnya"},
    "bukti_lahan": {
        1: "SHM atas nama anggota keluarga",
        2: "SHM bukan atas nama dengan perjanjian",
        3: "SHM bukan atas nama tanpa perjanjian",
        4: "sertifikat selain SHM",
        5: "surat lain (girik, letter C)",
        6: "tidak punya",
    },
    "lantai": {
        1: "marmer/granit",
        2: "keramik",
        3: "parket/vinil/karpet",
        4: "ubin/tegel/teraso",
        5: "kayu/papan",
        6: "semen/bata merah",
        7: "bambu",
        8: "tanah",
        9: "lainnya",
    },
    "dinding": {
        1: "tembok",
        2: "plesteran anyaman bambu/kawat",
        3: "kayu/papan/gypsum/GRC",
        4: "anyaman bambu",
        5: "batang kayu",
        6: "bambu",
        7: "lainnya",
    },
    "atap": {
        1: "beton",
        2: "genteng",
        3: "seng",
        4: "asbes",
        5: "kayu/sirap",
        6: "bambu",
        7: "jerami/ijuk/rumbia",
        8: "lainnya",
    },
    "air_minum": {
        1: "air kemasan bermerk",
        2: "air isi ulang",
        3: "leding",
        4: "sumur bor/pompa",
        5: "sumur terlindung",
        6: "sumur tak terlindung",
        7: "mata air terlindung",
        8: "mata air tak terlindung",
        9: "air permukaan",
        10: "air hujan",
        11: "lainnya",
    },
    "jarak_tinja": {1: "kurang dari 10 m", 2: "10 m atau lebih", 3: "tidak tahu"},
    "penerangan": {
        1: "PLN dengan meteran",
        2: "PLN tanpa meteran",
        3: "listrik non-PLN",
        4: "bukan listrik",
    },
    "daya": {1: "450 W", 2: "900 W", 3: "1.300 W", 4: "2.200 W", 5: "lebih dari 2.200 W"},
    "bahan_bakar": {
        1: "listrik",
        2: "elpiji 5,5 kg",
        3: "elpiji 12 kg",
        4: "elpiji 3 kg",
        5: "gas kota",
        6: "biogas",
        7: "minyak tanah",
        8: "briket",
        9: "arang",
        10: "kayu bakar",
        11: "lainnya",
        12: "tidak memasak",
    },
    "fasilitas_bab": {
        1: "sendiri",
        2: "bersama rumah tangga tertentu",
        3: "MCK komunal",
        4: "MCK umum",
        5: "ada, tidak digunakan",
        6: "tidak ada",
    },
    "kloset": {
        1: "leher angsa",
        2: "plengsengan dengan tutup",
        3: "plengsengan tanpa tutup",
        4: "cemplung/cubluk",
    },
    "pembuangan_tinja": {
        1: "tangki septik",
        2: "IPAL",
        3: "kolam/sawah/sungai/danau/laut",
        4: "lubang tanah",
        5: "pantai/tanah lapang/kebun",
        6: "lainnya",
    },
}

# Assets: BPS questionnaire REGSOSEK22-K. Yes/no, and numbers of animals.
ASET_YA_TIDAK = (
    "tabung_gas",
    "lemari_es",
    "ac",
    "pemanas_air",
    "telepon_rumah",
    "televisi",
    "emas",
    "komputer",
    "sepeda_motor",
    "sepeda",
    "mobil",
    "perahu",
    "kapal_motor",
    "smartphone",
    "lahan",
    "rumah_lain",
)
TERNAK = ("sapi", "kerbau", "kuda", "babi", "kambing")
