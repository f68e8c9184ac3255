"""Events with one thing wrong each, for every code that is about fields."""

from schemas.registry import contracts
from streams.door import Code
from tests.streams.door.case import Case
from tests.streams.door.cases_of_officers import OF_OFFICERS
from tests.streams.door.claim_cases import CLAIMS
from tests.streams.door.made import (
    CARD,
    CHILD,
    HEAD,
    RECEIVED_MS,
    TODAY,
    WIFE,
    days,
    event_id,
    good,
)

# NIK of 201 persons, all with serials of their own
MANY = [f"31719001028{number:05d}" for number in range(1, 202)]
MASKED_HEAD, MASKED_CHILD, MASKED_CARD = "3171********0012", "3171********0001", "3171********0001"
REFUSALS = contracts().refusals  # of single event types
GROUNDCHECK_MEMBER = {"keberadaan": "BERSAMA"}


CASES = [
    Case(Code.EVENT_ID, "mati", "STATE", {"event_id": bytes(16)}, "event_id", "0000********0000"),
    Case(Code.EVENT_ID, "mati", "CANCEL", {"corrects__event_id": bytes(16)}, "corrects.event_id", "0000********0000"),
    Case(Code.PRODUCER_UNKNOWN, "mati", "STATE", {"producer": "dinas-antah"}, "producer", "dinas-antah"),
    Case(Code.PRODUCER_UNKNOWN, "mati", "STATE", {"producer": HEAD}, "producer", MASKED_HEAD),
    Case(Code.PRODUCER_NOT_ALLOWED, "mati", "STATE", {"producer": "bps"}, "producer", "bps"),
    Case(
        Code.RECORDED_IN_FUTURE,
        "mati",
        "STATE",
        {"recorded_at": RECEIVED_MS + 600_001},
        "recorded_at",
        "2025-03-10T03:11:00Z",
    ),
    Case(
        Code.EFFECTIVE_AFTER_RECORDED,
        "pekerjaan",
        "STATE",
        {"effective_on": days(TODAY) + 1},
        "effective_on",
        "2025-03-11",
    ),
    Case(Code.EFFECTIVE_TOO_EARLY, "pekerjaan", "STATE", {"effective_on": -25568}, "effective_on", "1899-12-31"),
    Case(
        Code.CORRECTS_UNEXPECTED,
        "mati",
        "STATE",
        {"corrects": {"producer": "dukcapil-dki", "event_id": event_id(7), "nik": [HEAD]}},
        "corrects",
        None,
    ),
    Case(Code.CORRECTS_MISSING, "mati", "CORRECT", {"corrects": None}, "corrects", "CORRECT"),
    Case(Code.CORRECTS_MISSING, "mati", "CANCEL", {"corrects": None}, "corrects", "CANCEL"),
    Case(Code.CONTENT_MISSING, "mati", "STATE", {"content": None}, "content", "STATE"),
    Case(Code.CONTENT_MISSING, "groundcheck", "CORRECT", {"content": None}, "content", "CORRECT"),
    Case(Code.CONTENT_UNEXPECTED, "mati", "CANCEL", {"content": good("mati")["content"]}, "content", None),
    Case(Code.CORRECTS_PRODUCER_UNKNOWN, "mati", "CANCEL", {"corrects__producer": "x"}, "corrects.producer", "x"),
    Case(Code.CORRECTS_ITSELF, "mati", "CANCEL", {"corrects__event_id": event_id(1)}, "corrects.event_id", None),
    Case(Code.CORRECTS_NO_NIK, "mati", "CANCEL", {"corrects__nik": []}, "corrects.nik", None),
    Case(Code.TOO_MANY_MEMBERS, "mati", "CANCEL", {"corrects__nik": MANY}, "corrects.nik", "201"),
    Case(Code.DUPLICATE_MEMBER, "mati", "CANCEL", {"corrects__nik": [HEAD, WIFE, HEAD]}, "corrects.nik", MASKED_HEAD),
    Case(
        Code.NIK_SERIAL,
        "mati",
        "CANCEL",
        {"corrects__nik": [HEAD, HEAD[:12] + "0000"]},
        "corrects.nik",
        "3171********0000",
    ),
    Case(Code.NIK_DIGITS, "mati", "STATE", {"content__nik": HEAD[:15]}, "content.nik", "3171*******0001"),
    Case(Code.NIK_DIGITS, "mati", "STATE", {"content__nik": HEAD[:14] + "X2"}, "content.nik", "3171********00X2"),
    Case(
        Code.NIK_DIGITS, "mati", "STATE", {"content__nik": HEAD[:6] + "O" + HEAD[7:]}, "content.nik", "3171**?*****0012"
    ),
    Case(Code.NIK_DIGITS, "mati", "STATE", {"content__nik": MASKED_HEAD}, "content.nik", "3171????????0012"),
    Case(Code.NIK_DIGITS, "mati", "STATE", {"content__nik": ""}, "content.nik", ""),
    Case(Code.NIK_DIGITS, "lahir", "STATE", {"content__nik_ibu": f" {WIFE}"}, "content.nik_ibu", " 317*********0003"),
    Case(Code.NIK_REGION, "mati", "STATE", {"content__nik": "99" + HEAD[2:]}, "content.nik", "9971********0012"),
    Case(Code.NIK_DATE, "mati", "STATE", {"content__nik": HEAD[:8] + "13" + HEAD[10:]}, "content.nik", MASKED_HEAD),
    Case(Code.NIK_SERIAL, "mati", "STATE", {"content__nik": HEAD[:12] + "0000"}, "content.nik", "3171********0000"),
    Case(
        Code.NIK_DATE,
        "kartu_keluarga",
        "STATE",
        {"content__anggota__1__nik": "3171903202800012"},
        "content.anggota.nik",
        MASKED_HEAD,
    ),
    Case(Code.NO_KK, "lahir", "STATE", {"content__no_kk": CARD[:15]}, "content.no_kk", "3171*******0000"),
    Case(
        Code.NO_KK_REGION, "lahir", "STATE", {"content__no_kk": "0000" + CARD[4:]}, "content.no_kk", "0000********0001"
    ),
    Case(
        Code.NO_KK_DATE, "lahir", "STATE", {"content__no_kk": "317195" + "50" + CARD[8:]}, "content.no_kk", MASKED_CARD
    ),
    Case(Code.REGION_SCHEME, "lahir", "STATE", {"content__skema_wilayah": "BPS"}, "content.skema_wilayah", "BPS"),
    Case(Code.REGION, "lahir", "STATE", {"content__kelurahan": "3174051099"}, "content.kelurahan", "3174051099"),
    Case(Code.REGION, "lahir", "STATE", {"content__kelurahan": "31.74.05.1001"}, "content.kelurahan", "31.74.05.1001"),
    Case(Code.REGION, "lahir", "STATE", {"content__kelurahan": "9901012001"}, "content.kelurahan", "9901012001"),
    Case(Code.REGION, "lahir", "STATE", {"content__kelurahan": "3201014001"}, "content.kelurahan", "3201014001"),
    Case(Code.REGION, "lahir", "STATE", {"content__kelurahan": HEAD}, "content.kelurahan", MASKED_HEAD),
    Case(Code.REGION, "pindah_keluar", "STATE", {"content__kelurahan_asal": ""}, "content.kelurahan_asal", ""),
    Case(
        Code.REGION, "pindah_keluar", "STATE", {"content__kabupaten_tujuan": "3176"}, "content.kabupaten_tujuan", "3176"
    ),
    Case(Code.CODE, "lahir", "STATE", {"content__hubungan": 12}, "content.hubungan", "12"),
    Case(
        Code.CODE,
        "kartu_keluarga",
        "STATE",
        {"content__anggota__0__status_kawin": 5},
        "content.anggota.status_kawin",
        "5",
    ),
    Case(Code.CODE, "groundcheck", "STATE", {"content__perumahan__lantai": 10}, "content.perumahan.lantai", "10"),
    Case(Code.CODE, "daftar_lama", "STATE", {"content__perumahan__daya": 0}, "content.perumahan.daya", "0"),
    Case(
        Code.FLOOR_AREA,
        "groundcheck",
        "STATE",
        {"content__perumahan__luas_lantai": 2001},
        "content.perumahan.luas_lantai",
        "2001",
    ),
    Case(Code.LIVESTOCK, "groundcheck", "STATE", {"content__aset__sapi": -1}, "content.aset.sapi", "-1"),
    Case(
        Code.DATE_RANGE,
        "daftar_lama",
        "STATE",
        {"content__penerimaan__0__sampai": 2**31 - 1},
        "content.penerimaan.sampai",
        "9999-12-31",
    ),
    Case(Code.SKPWNI, "pindah_datang", "STATE", {"content__nomor_skpwni": ""}, "content.nomor_skpwni", ""),
    Case(Code.SKPWNI, "pindah_keluar", "STATE", {"content__nomor_skpwni": "A 1"}, "content.nomor_skpwni", "A 1"),
    Case(
        Code.SKPWNI,
        "pindah_keluar",
        "STATE",
        {"content__nomor_skpwni": "S" * 41},
        "content.nomor_skpwni",
        "SSSS********SSSS",
    ),
    Case(Code.TEXT_LENGTH, "lahir", "STATE", {"content__nama": "  "}, "content.nama", "2"),
    Case(Code.TEXT_LENGTH, "lahir", "STATE", {"content__alamat": "J" * 501}, "content.alamat", "501"),
    Case(
        Code.TEXT_LENGTH,
        "daftar_lama",
        "STATE",
        {"content__penerimaan__1__program": ""},
        "content.penerimaan.program",
        "0",
    ),
    Case(
        REFUSALS["VEHICLES"],
        "kepemilikan",
        "STATE",
        {"content__kendaraan_roda_empat": 101},
        "content.kendaraan_roda_empat",
        "101",
    ),
    Case(REFUSALS["NJOP"], "kepemilikan", "STATE", {"content__njop_rupiah": -1}, "content.njop_rupiah", "-1"),
    Case(REFUSALS["QUARTER"], "sanggah", "STATE", {"content__triwulan": "2025-Q5"}, "content.triwulan", "2025-Q5"),
    Case(
        Code.SCHOOL_PROVINCE, "sekolah", "STATE", {"content__provinsi_sekolah": "39"}, "content.provinsi_sekolah", "39"
    ),
    Case(
        Code.SCHOOL_WITHOUT_PLACE,
        "sekolah",
        "STATE",
        {"content__provinsi_sekolah": ""},
        "content.provinsi_sekolah",
        "SD",
    ),
    Case(
        Code.SCHOOL_WITHOUT_PLACE,
        "sekolah",
        "STATE",
        {"content__jenjang": "TIDAK_SEKOLAH"},
        "content.provinsi_sekolah",
        "TIDAK_SEKOLAH",
    ),
    Case(REFUSALS["POWER"], "listrik", "STATE", {"content__daya_va": -1}, "content.daya_va", "-1"),
    Case(Code.SUBSIDY_WITHOUT_POWER, "listrik", "STATE", {"content__daya_va": 0}, "content.bersubsidi", "0"),
    Case(Code.SEVERE_NOT_REGISTERED, "disabilitas", "STATE", {"content__terdaftar": False}, "content.berat", None),
    Case(REFUSALS["PREGNANCY_NUMBER"], "kehamilan", "STATE", {"content__kehamilan_ke": 0}, "content.kehamilan_ke", "0"),
    Case(
        Code.ENDED_PREGNANCY_EXPECTED,
        "kehamilan",
        "STATE",
        {"content__hamil": False},
        "content.perkiraan_lahir",
        "2025-**-**",
    ),
    *(
        Case(
            Code.EXPECTED_BIRTH,
            "kehamilan",
            "STATE",
            {"content__perkiraan_lahir": expected},
            "content.perkiraan_lahir",
            masked,
        )
        for expected, masked in (
            (days(TODAY) + 301, "2026-**-**"),
            (days(TODAY) - 61, "2025-**-**"),
            (2**31 - 1, "9999-**-**"),
        )
    ),
    Case(REFUSALS["SEMESTER"], "kuliah", "STATE", {"content__semester": 21}, "content.semester", "21"),
    Case(REFUSALS["IPK"], "kuliah", "STATE", {"content__ipk_x100": 401}, "content.ipk_x100", "401"),
    Case(
        REFUSALS["GRADUATION_YEAR"],
        "kuliah",
        "STATE",
        {"content__lulus_sekolah_tahun": 23},
        "content.lulus_sekolah_tahun",
        "23",
    ),
    Case(
        Code.GRADUATED_LATER,
        "kuliah",
        "STATE",
        {"content__lulus_sekolah_tahun": 2026},
        "content.lulus_sekolah_tahun",
        "2026",
    ),
    Case(Code.SCHOOL_PROVINCE, "kuliah", "STATE", {"content__provinsi_sekolah": "3"}, "content.provinsi_sekolah", "3"),
    Case(Code.NO_BENEFITS, "bantuan_lain", "STATE", {"content__penerimaan": []}, "content.penerimaan", None),
    Case(
        REFUSALS["PROGRAMME_NAME"],
        "bantuan_lain",
        "STATE",
        {"content__penerimaan__1__program": "BOS/DKI"},
        "content.penerimaan.program",
        "BOS/DKI",
    ),
    Case(
        Code.DUPLICATE_PROGRAMME,
        "bantuan_lain",
        "STATE",
        {"content__penerimaan__1__program": "KIP_KULIAH"},
        "content.penerimaan.program",
        "KIP_KULIAH",
    ),
    *(
        Case(
            Code.CLASS_OF_LEVEL,
            "sekolah",
            "STATE",
            {"content__jenjang": level, "content__kelas": grade},
            "content.kelas",
            str(grade),
        )
        for level, grade in (("SD", 7), ("SMP", 6), ("SMA", 13), ("PAUD", 1), ("SLB", 0), ("PERGURUAN_TINGGI", 1))
    ),
    Case(Code.NOT_A_COUPLE, "kawin", "STATE", {"content__pasangan": [{"nik": HEAD}]}, "content.pasangan", "1"),
    Case(
        Code.MARRIAGE_NOT_EFFECTIVE,
        "cerai",
        "STATE",
        {"content__tanggal_cerai": days(TODAY) - 1},
        "content.tanggal_cerai",
        "2025-03-09",
    ),
    Case(Code.NO_MEMBERS, "kartu_keluarga", "STATE", {"content__anggota": []}, "content.anggota", None),
    Case(Code.NO_MEMBERS, "pindah_keluar", "STATE", {"content__pindah": []}, "content.pindah", None),
    Case(Code.NO_MEMBERS, "pindah_datang", "STATE", {"content__pendatang": []}, "content.pendatang", None),
    Case(Code.NO_MEMBERS, "groundcheck", "STATE", {"content__anggota": []}, "content.anggota", None),
    Case(
        Code.TOO_MANY_MEMBERS,
        "groundcheck",
        "STATE",
        {"content__anggota": [{"nik": nik, **GROUNDCHECK_MEMBER} for nik in MANY]},
        "content.anggota",
        "201",
    ),
    Case(
        Code.DUPLICATE_MEMBER,
        "pindah_keluar",
        "STATE",
        {"content__pindah": [{"nik": HEAD}, {"nik": WIFE}, {"nik": HEAD}]},
        "content.pindah.nik",
        MASKED_HEAD,
    ),
    Case(
        Code.TOO_MANY_RECEIPTS,
        "daftar_lama",
        "STATE",
        {"content__penerimaan": [{"program": "PKH", "anggaran": "APBN", "sampai": None}] * 101},
        "content.penerimaan",
        "101",
    ),
    Case(
        Code.BIRTH_AFTER_RECORDED,
        "lahir",
        "STATE",
        {"content__tanggal_lahir": days(TODAY) + 1},
        "content.tanggal_lahir",
        "2025-**-**",
    ),
    Case(
        Code.BIRTH_NOT_EFFECTIVE,
        "lahir",
        "STATE",
        {"content__tanggal_lahir": days(TODAY) - 1},
        "content.tanggal_lahir",
        "2025-**-**",
    ),
    Case(Code.MOTHER_IS_CHILD, "lahir", "STATE", {"content__nik_ibu": CHILD}, "content.nik_ibu", MASKED_CHILD),
    Case(
        Code.DEATH_AFTER_RECORDED,
        "mati",
        "STATE",
        {"content__tanggal_meninggal": 2**31 - 1},
        "content.tanggal_meninggal",
        "9999-**-**",
    ),
    Case(
        Code.DEATH_NOT_EFFECTIVE,
        "mati",
        "STATE",
        {"content__tanggal_meninggal": -(2**31)},
        "content.tanggal_meninggal",
        "0001-**-**",
    ),
    Case(Code.NO_HEAD, "kartu_keluarga", "STATE", {"content__anggota__1__hubungan": 2}, "content.anggota", None),
    Case(Code.TWO_HEADS, "kartu_keluarga", "STATE", {"content__anggota__0__hubungan": 1}, "content.anggota", "2"),
    Case(
        Code.CARD_REPLACES_ITSELF,
        "kartu_keluarga",
        "STATE",
        {"content__no_kk_lama": CARD},
        "content.no_kk_lama",
        MASKED_CARD,
    ),
    Case(Code.HOUSING_MISSING, "groundcheck", "STATE", {"content__perumahan": None}, "content.perumahan", "LENGKAP"),
    *(
        Case(
            Code.HOUSING_UNEXPECTED,
            "groundcheck",
            "STATE",
            {"content__hasil_kontak": contact},
            "content.perumahan",
            contact,
        )
        for contact in ("TIDAK_DITEMUKAN", "PINDAH_ATAU_BANGUNAN_HILANG", "MENOLAK", "TIDAK_ADA_RESPONDEN")
    ),
    Case(
        Code.HOUSING_UNEXPECTED,
        "groundcheck",
        "STATE",
        {"content__hasil_kontak": "MENOLAK", "content__perumahan": None},
        "content.aset",
        "MENOLAK",
    ),
    *(
        Case(code, it, "STATE", {f"content__{name}": value}, f"content.{field}", shown)
        for code, it, name, value, field, shown in OF_OFFICERS
    ),
    *CLAIMS,
]
