"""Aims at the limits of ages and dates in programmes, as tables: the day before, on, and after, and 29 February.

Also at the limits of class, semester, grade and year that students have.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from streams.rules import Rules, RulesError
from tests.streams.quarters import evaluate
from tests.streams.villages import AS_OF, POOR, Person, bundle, documents, rules

ALL = tuple(it["name"] for name, it in documents().items() if name.startswith("programmes/"))
PARENT = Person(1, born=dt.date(1985, 5, 5), home=POOR, occupation="BEBAS")
OK = "MEMENUHI_SYARAT"


def of(programme: str, on: dt.date = AS_OF) -> Rules:
    """The rules of a programme, where every ranked family is in desil 1 and every quota suffices."""
    needed = {"PKH", "SEMBAKO", "KIP_KULIAH"} if programme in ("KLJ", "KAJ", "KPDJ", "KJMU") else set()
    given = {"ranking_mode": "given", "given_cut_points": [10**9] * 9}
    # nobody is served by another programme
    none = dict.fromkeys(needed, 0)
    return bundle({**none, programme: 9}, programmes={programme, *needed}, **given).at(on)


def reason(programme: str, person: Person, on: dt.date = AS_OF, *, holds: bool = False) -> str:
    held = [(2, programme)] if holds else []
    answer = evaluate([PARENT, person], of(programme, on), held).of(2)
    return str(answer[f"{programme}.reason"])


def born(years: int, days: int, on: dt.date = AS_OF) -> dt.date:
    """So as to complete `years` so many days after `on`: -1 yesterday, 0 today, 1 tomorrow."""
    day = on + dt.timedelta(days=days)
    return day.replace(year=day.year - years)


PUPIL: dict[str, Any] = {"school_level": "SMA", "school_private": False, "school_province": "31"}
# programme, years completed, whether it is met the day after, on, and the day before that birthday
AGES = [
    ("KAJ", 7, {}, (False, False, True)),
    ("KLJ", 60, {}, (True, True, False)),
    ("KJP_PLUS", 6, PUPIL, (True, True, False)),
    ("KJP_PLUS", 22, PUPIL, (False, False, True)),
    ("PIP", 6, PUPIL, (True, True, False)),
    ("PIP", 22, PUPIL, (False, False, True)),
]


@pytest.mark.parametrize(("programme", "years", "more", "met"), AGES)
def test_ages_of_personal_programmes(
    programme: str, years: int, more: dict[str, Any], met: tuple[bool, bool, bool]
) -> None:
    found = [reason(programme, Person(2, relation=4, born=born(years, days), more=more)) == OK for days in (-1, 0, 1)]
    assert tuple(found) == met


LEAP = dt.date(2020, 2, 29)


@pytest.mark.parametrize(
    ("programme", "born_on", "on", "met"),
    [
        # born on 29 February: the birthday is 1 March in a year without that day
        ("KAJ", LEAP, dt.date(2027, 2, 28), True),
        ("KAJ", LEAP, dt.date(2027, 3, 1), False),
        ("KAJ", dt.date(2021, 3, 1), dt.date(2028, 2, 29), True),
        ("KAJ", dt.date(2021, 2, 28), dt.date(2028, 2, 29), False),
        ("KLJ", dt.date(1968, 2, 29), dt.date(2028, 2, 28), False),
        ("KLJ", dt.date(1968, 2, 29), dt.date(2028, 2, 29), True),
        ("KLJ", dt.date(1968, 2, 29), dt.date(2028, 3, 1), True),
        ("KJP_PLUS", LEAP, dt.date(2026, 2, 28), False),
        ("KJP_PLUS", LEAP, dt.date(2026, 3, 1), True),
        ("PIP", LEAP, dt.date(2026, 2, 28), False),
        ("PIP", LEAP, dt.date(2026, 3, 1), True),
    ],
)
def test_the_29th_of_february(programme: str, born_on: dt.date, on: dt.date, *, met: bool) -> None:
    assert (reason(programme, Person(2, relation=4, born=born_on, more=PUPIL), on) == OK) is met


SCHOOLS = {level: {"school_level": level} for level in ("SD", "SMP", "SMA", "SMK", "SLB", "PERGURUAN_TINGGI")}


@pytest.mark.parametrize(
    ("years", "more", "rupiah"),  # the day after, on, and the day before the birthday
    [
        (7, {}, (225_000, 225_000, 750_000)),
        (13, {}, (375_000, 375_000, 225_000)),
        (16, {}, (500_000, 500_000, 375_000)),
        (19, {}, (0, 0, 500_000)),
        (60, {}, (600_000, 600_000, 0)),
        # a pupil counts by the level, from 6 (where the small child goes first) until 21
        (7, SCHOOLS["SD"], (225_000, 225_000, 750_000)),
        (13, SCHOOLS["SD"], (225_000, 225_000, 225_000)),
        (22, SCHOOLS["SD"], (0, 0, 225_000)),
        (22, SCHOOLS["SMP"], (0, 0, 375_000)),
        (22, SCHOOLS["SMA"], (0, 0, 500_000)),
        (22, SCHOOLS["SMK"], (0, 0, 500_000)),
        (16, SCHOOLS["SLB"], (500_000, 500_000, 375_000)),  # no level: by age
        (16, SCHOOLS["PERGURUAN_TINGGI"], (0, 0, 0)),  # known to be at no school that counts
    ],
)
def test_components_of_pkh(years: int, more: dict[str, Any], rupiah: tuple[int, int, int]) -> None:
    people = [Person(2, relation=4, born=born(years, days), more=more) for days in (-1, 0, 1)]
    found = tuple(int(evaluate([PARENT, it], of("PKH")).of(1)["PKH.amount_rupiah"]) for it in people)
    assert found == rupiah


@pytest.mark.parametrize(
    ("more", "rupiah"),
    [
        # 42 days after the expected birth
        ({"pregnancy.perkiraan_lahir": AS_OF - dt.timedelta(41)}, 750_000),
        ({"pregnancy.perkiraan_lahir": AS_OF - dt.timedelta(42)}, 750_000),
        ({"pregnancy.perkiraan_lahir": AS_OF - dt.timedelta(43)}, 0),
        # without one, 280 days after the report and 42 more
        ({"pregnancy.observed_on": AS_OF - dt.timedelta(321)}, 750_000),
        ({"pregnancy.observed_on": AS_OF - dt.timedelta(322)}, 750_000),
        ({"pregnancy.observed_on": AS_OF - dt.timedelta(323)}, 0),
        ({"pregnancy.observed_on": AS_OF, "kehamilan_ke": 2}, 750_000),
        ({"pregnancy.observed_on": AS_OF, "kehamilan_ke": 3}, 0),
        # 42 days after a pregnancy whose end was reported
        ({"pregnancy.hamil": False, "pregnancy.observed_on": AS_OF - dt.timedelta(41)}, 750_000),
        ({"pregnancy.hamil": False, "pregnancy.observed_on": AS_OF - dt.timedelta(42)}, 750_000),
        ({"pregnancy.hamil": False, "pregnancy.observed_on": AS_OF - dt.timedelta(43)}, 0),
    ],
)
def test_a_pregnancy_counts_for_its_time(more: dict[str, Any], rupiah: int) -> None:
    told = {"pregnancy.hamil": True, "pregnancy.observed_on": AS_OF - dt.timedelta(60), "pregnancy.event": b"x" * 18}
    woman = Person(2, relation=3, born=dt.date(1995, 1, 1), more=told | more)
    answer = evaluate([PARENT, woman], of("PKH")).of(2)  # the wife receives
    assert answer["PKH.amount_rupiah"] == rupiah
    assert b"x" * 18 not in answer["PKH.causes"], "a protected fact is no published cause"


def test_severe_disability_counts_once() -> None:
    people = [Person(n, relation=7, born=born(30, 0), more={"disabilitas_berat": True}) for n in (2, 3)]
    assert evaluate([PARENT, *people], of("PKH")).of(1)["PKH.amount_rupiah"] == 600_000


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (dt.date(2023, 7, 1), [3]),
        (dt.date(2023, 12, 31), [3]),
        (dt.date(2024, 1, 1), [4]),
        (dt.date(2024, 2, 29), [4]),
        (dt.date(2024, 12, 31), [4]),
        (dt.date(2025, 1, 1), []),
        (dt.date(2026, 1, 1), []),
    ],
)
def test_the_desil_rule_of_kjp_plus_by_tahap(day: dt.date, limit: list[int]) -> None:
    conditions = rules(programmes=("KJP_PLUS",), as_of=day).programmes["KJP_PLUS"].conditions
    assert [it.value for it in conditions if it.id == "desil"] == limit


def test_kjp_plus_has_no_rule_before_2023_ii() -> None:
    with pytest.raises(RulesError, match="nothing is in force on 2023-06-30"):
        rules(programmes=("KJP_PLUS",), as_of=dt.date(2023, 6, 30))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (dt.date(2025, 9, 30), None),
        (dt.date(2025, 10, 1), "pays"),
        (dt.date(2025, 12, 31), "pays"),
        (dt.date(2026, 1, 1), "winds up"),
        (dt.date(2026, 3, 31), "winds up"),
        (dt.date(2026, 4, 1), None),
    ],
)
def test_blts_is_of_one_quarter(day: dt.date, state: str | None) -> None:
    found = rules(programmes=ALL, as_of=day).programmes.get("BLTS")
    assert (None if found is None else "winds up" if found.ended else "pays") == state


@pytest.mark.parametrize(
    ("day", "quota"),
    [(dt.date(2024, 12, 31), 15_649), (dt.date(2025, 1, 1), 15_000), (dt.date(2025, 12, 31), 15_000),
     (dt.date(2026, 1, 1), 20_000)],
)  # fmt: skip
def test_the_quota_of_kjmu_by_year(day: dt.date, quota: int) -> None:
    series = documents()["quotas/nasional.yaml"]["quotas"]["KJMU"]
    assert [it["value"] for it in series if it["from"] <= day <= it.get("until", day)] == [quota]


@pytest.mark.parametrize(
    ("programme", "due"),
    [("KJP_PLUS", (1, 3)), ("KJMU", (1, 3)), ("KIP_KULIAH", (1, 3)), ("PIP", (1,)), ("PKH", (1, 2, 3, 4))],
)
def test_in_which_quarters_it_is_decided(programme: str, due: tuple[int, ...]) -> None:
    ends = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
    found = [n for n, end in ends.items() if rules(programmes=ALL, as_of=dt.date(2025, *end)).programmes[programme].due]
    assert tuple(found) == due


@pytest.mark.parametrize(
    ("level", "classes"),
    [
        ("SD", {5: 450_000, 6: 225_000, None: 450_000}),
        ("SMP", {8: 750_000, 9: 375_000, None: 750_000}),
        ("SMA", {11: 1_800_000, 12: 900_000, None: 1_800_000}),
        ("SMK", {11: 1_800_000, 12: 900_000, 13: 1_800_000}),
    ],
)
def test_pip_pays_half_in_the_final_class(level: str, classes: dict[int | None, int]) -> None:
    """The amounts of the year."""
    for number, rupiah in classes.items():
        pupil = Person(2, relation=4, born=born(12, 0), more={"school_level": level, "kelas": number})
        assert 4 * evaluate([PARENT, pupil], of("PIP")).of(2)["PIP.amount_rupiah"] == rupiah, number


STUDENT: dict[str, Any] = {
    "kuliah_status": "AKTIF", "kuliah_jenjang": "S1", "kuliah_negeri": True, "kuliah_akreditasi": "A",
    "kuliah_semester": 2, "kuliah_ipk_x100": 350, "kuliah_rumpun": "SOSIAL", "kuliah_reguler": True,
    "kuliah_provinsi_sekolah": "31", "kuliah_lulus_sekolah_tahun": 2024,
}  # fmt: skip
RECEIVED = f"BEASISWA_DAERAH/BEASISWA/APBD/2024-08-01/{{}}/{'00' * 18}"


@pytest.mark.parametrize(
    ("programme", "more", "holds", "expected"),
    [
        ("KJMU", {}, False, OK),
        ("KJMU", {"kuliah_status": "CUTI"}, True, "BUKAN_MAHASISWA"),
        ("KJMU", {"kuliah_jenjang": "LAINNYA"}, False, "JENJANG_TIDAK_DIDANAI"),
        # a private university with A accreditation
        ("KJMU", {"kuliah_negeri": False}, False, OK),
        ("KJMU", {"kuliah_negeri": False, "kuliah_akreditasi": "UNGGUL"}, False, OK),
        ("KJMU", {"kuliah_negeri": False, "kuliah_akreditasi": "B"}, False, "KAMPUS_TIDAK_MEMENUHI"),
        ("KJMU", {"kuliah_negeri": False, "kuliah_akreditasi": None}, False, "KAMPUS_TIDAK_MEMENUHI"),
        ("KJMU", {"kuliah_reguler": False}, False, "BUKAN_KELAS_REGULER"),
        ("KJMU", {"kuliah_provinsi_sekolah": "32"}, False, "SEKOLAH_DI_LUAR_DKI"),
        ("KJMU", {"kuliah_provinsi_sekolah": "32"}, True, OK),
        # at most three years since school, for newcomers
        ("KJMU", {"kuliah_lulus_sekolah_tahun": 2022}, False, OK),
        ("KJMU", {"kuliah_lulus_sekolah_tahun": 2021}, False, "LULUS_TERLALU_LAMA"),
        ("KJMU", {"kuliah_lulus_sekolah_tahun": 2021}, True, OK),
        # first application until semester 4; in all until 10, or 8 of a D3
        ("KJMU", {"kuliah_semester": 4}, False, OK),
        ("KJMU", {"kuliah_semester": 5}, False, "MELEWATI_SEMESTER_AWAL"),
        ("KJMU", {"kuliah_semester": 5}, True, OK),
        ("KJMU", {"kuliah_semester": 10}, True, OK),
        ("KJMU", {"kuliah_semester": 11}, True, "MELEWATI_SEMESTER"),
        ("KJMU", {"kuliah_semester": 8, "kuliah_jenjang": "D3"}, True, OK),
        ("KJMU", {"kuliah_semester": 9, "kuliah_jenjang": "D3"}, True, "MELEWATI_SEMESTER"),
        ("KJMU", {"kuliah_ipk_x100": 300}, True, OK),
        ("KJMU", {"kuliah_ipk_x100": 299}, True, "IPK_DI_BAWAH_BATAS"),
        ("KJMU", {"kuliah_ipk_x100": 275, "kuliah_rumpun": "EKSAKTA"}, True, OK),
        ("KJMU", {"kuliah_ipk_x100": 274, "kuliah_rumpun": "EKSAKTA"}, True, "IPK_DI_BAWAH_BATAS"),
        ("KJMU", {"kuliah_ipk_x100": 100, "kuliah_rumpun": None}, True, OK),
        # another scholarship until the day before, the day, and further notice
        ("KJMU", {"benefits": [RECEIVED.format("2025-03-30")]}, False, OK),
        ("KJMU", {"benefits": [RECEIVED.format("2025-03-31")]}, False, "BEASISWA_LAIN"),
        ("KJMU", {"benefits": [RECEIVED.format("")]}, False, "BEASISWA_LAIN"),
        ("KJMU", {"benefits": [RECEIVED.format("").replace("BEASISWA_DAERAH", "KJMU")]}, False, OK),
        ("KJMU", {"benefits": [RECEIVED.format("").replace("/APBD/", "/LAINNYA/")]}, False, OK),
        # two years since school
        ("KIP_KULIAH", {"kuliah_lulus_sekolah_tahun": 2023}, False, OK),
        ("KIP_KULIAH", {"kuliah_lulus_sekolah_tahun": 2022}, False, "LULUS_TERLALU_LAMA"),
        ("KIP_KULIAH", {"kuliah_lulus_sekolah_tahun": 2022}, True, OK),
        ("KIP_KULIAH", {"kuliah_akreditasi": "C"}, False, OK),
        ("KIP_KULIAH", {"kuliah_akreditasi": "LAINNYA"}, False, "PRODI_TIDAK_TERAKREDITASI"),
        ("KIP_KULIAH", {"kuliah_akreditasi": None}, False, "PRODI_TIDAK_TERAKREDITASI"),
    ],
)
def test_students(programme: str, more: dict[str, Any], expected: str, *, holds: bool) -> None:
    student = Person(2, relation=4, born=dt.date(2005, 5, 5), more=STUDENT | more)
    assert reason(programme, student, holds=holds) == expected


def test_kjmu_excludes_who_receives_kip_kuliah_and_not_the_brother() -> None:
    given = {"ranking_mode": "given", "given_cut_points": [10**9] * 9}
    both = bundle({"KJMU": 9, "KIP_KULIAH": 9}, programmes={"KJMU", "KIP_KULIAH"}, **given).at(AS_OF)
    served = Person(2, relation=4, born=dt.date(2005, 5, 5), more=STUDENT)
    brother = replace(served, number=3, more=STUDENT | {"kuliah_akreditasi": None})  # KIP Kuliah is not for him
    found = evaluate([PARENT, served, brother], both)
    assert found.of(2)["KIP_KULIAH.reason"] == OK
    assert found.of(2)["KJMU.reason"] == "SUDAH_MENERIMA_KIP_KULIAH"
    assert found.of(3)["KJMU.reason"] == OK


@pytest.mark.parametrize(
    ("more", "home", "expected"),
    [
        ({"disabilitas_terdaftar": True}, {}, OK),
        ({"disabilitas_terdaftar": False}, {}, "TIDAK_DALAM_DAFTAR_DINSOS"),
        ({}, {}, "TIDAK_DALAM_DAFTAR_DINSOS"),
        ({"disabilitas_terdaftar": True, "in_institution": True}, {}, "TINGGAL_DI_PANTI"),
        ({"disabilitas_terdaftar": True}, {"air_minum": 1}, "AIR_KEMASAN"),
        ({"disabilitas_terdaftar": True}, {"air_minum": 2}, OK),  # refilled
    ],
)
def test_kpdj(more: dict[str, Any], home: dict[str, int], expected: str) -> None:
    people = [replace(PARENT, home=POOR | home), Person(2, relation=4, born=dt.date(2000, 1, 1), more=more)]
    assert evaluate(people, of("KPDJ")).of(2)["KPDJ.reason"] == expected


def test_atensi_waits_for_an_assessment() -> None:
    answer = evaluate([PARENT], bundle(programmes=("ATENSI",)).at(AS_OF)).of(1)
    assert (answer["ATENSI.verdict"], answer["ATENSI.reason"]) == ("ELIGIBLE", "MENUNGGU_ASESMEN")
