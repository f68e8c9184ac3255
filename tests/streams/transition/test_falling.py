"""Aims at who would fall out: once per family or person, with the reason that counts and the way that is left."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from agents.rulebook import read_bundle
from streams.programmes.decide import Verdict
from streams.transition.falling import UNLINKED, falling
from streams.transition.receipts import RECEIPTS
from streams.transition.solutions import BY_CORRECTION, BY_NOTHING, BY_VISIT, REASONS, SOLUTIONS, reason_text

FAMILIES = {"KLJ": False, "PKH": True, "SEMBAKO": True}
SINCE = dt.date(2024, 3, 1)
NONE = pl.DataFrame(schema=UNLINKED)
Answer = tuple[str, str] | tuple[str, str, int]


def person(nik: str, card: str | None = "k", status: str = "TERDAFTAR", name: str | None = "Ani") -> dict[str, Any]:
    return {"nik": nik, "nama": name, "no_kk": card, "kelurahan": "3174051001", "status": status}


def people(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(("nik", "nama", "no_kk", "kelurahan", "status"), pl.String))


def received(*rows: tuple[str, str], until: dt.date | None = None, listed: int = 1) -> pl.DataFrame:
    full = [(nik, programme, "APBN", until, "DTKS", listed) for nik, programme in rows]
    return pl.DataFrame(full, schema=RECEIPTS, orient="row")


def answers(said: dict[tuple[str, str], dict[str, Answer]]) -> pl.DataFrame:
    """(nik, card) -> programme -> (verdict, reason, failed); what is not said is INELIGIBLE for its decile."""
    rows = []
    for (nik, card), told in said.items():
        row: dict[str, Any] = {"nik": nik, "no_kk": card}
        for name in FAMILIES:
            verdict, reason, *failed = told.get(name, ("INELIGIBLE", "DESIL_DI_ATAS_BATAS", 1))
            row |= {f"{name}.verdict": verdict, f"{name}.reason": reason, f"{name}.failed": failed[0] if failed else 0}
        rows.append(row)
    schema: dict[str, Any] = {"nik": pl.String, "no_kk": pl.String}
    for name in FAMILIES:
        schema |= {f"{name}.verdict": pl.Enum([it.value for it in Verdict]), f"{name}.reason": pl.String}
        schema |= {f"{name}.failed": pl.UInt64}
    return pl.DataFrame(rows, schema=schema)


def told(receipts: pl.DataFrame, persons: pl.DataFrame, said: pl.DataFrame, unlinked: pl.DataFrame = NONE) -> list[Any]:
    lines = falling(receipts, unlinked, persons, said, FAMILIES, SINCE)
    return lines.select("programme", "outcome", "reason", "solution", "other").rows()


def test_a_family_counts_once_and_goes_on_if_one_of_it_is_served() -> None:
    persons = people(person("a"), person("b"))
    said = answers(
        {("a", "k"): {"PKH": ("NOT_PAYEE", "BUKAN_PENERIMA")}, ("b", "k"): {"PKH": ("SERVED", "MEMENUHI_SYARAT")}}
    )
    both = received(("a", "PKH"), ("b", "PKH"))
    assert told(both, persons, said) == [("PKH", "TETAP", "MEMENUHI_SYARAT", None, None)]


def test_a_dead_payee_leaves_the_line_to_the_family() -> None:
    persons = people(person("a", status="MENINGGAL"), person("b"))
    said = answers({("b", "k"): {"PKH": ("SERVED", "MEMENUHI_SYARAT")}})
    assert told(received(("a", "PKH")), persons, said) == [("PKH", "TETAP", "MEMENUHI_SYARAT", None, None)]


def test_a_personal_programme_is_each_ones_own() -> None:
    persons = people(person("a"), person("b"))
    said = answers({("a", "k"): {"KLJ": ("SERVED", "MEMENUHI_SYARAT")}, ("b", "k"): {"KLJ": ("HELD", "ADA_SANGGAHAN")}})
    both = told(received(("a", "KLJ"), ("b", "KLJ")), persons, said)
    assert sorted(both) == [
        ("KLJ", "DITAHAN", "ADA_SANGGAHAN", None, None),
        ("KLJ", "TETAP", "MEMENUHI_SYARAT", None, None),
    ]


def test_what_a_list_says_of_a_whole_family_counts_once() -> None:
    persons = people(person("a"), person("b"))
    said = answers(
        {("a", "k"): {"KLJ": ("INELIGIBLE", "BELUM_LANSIA", 3)}, ("b", "k"): {"KLJ": ("SERVED", "PENGGANTI")}}
    )
    of_family = received(("a", "KLJ"), ("b", "KLJ"), listed=2)
    assert told(of_family, persons, said) == [("KLJ", "TETAP", "PENGGANTI", None, None)]


@pytest.mark.parametrize(
    ("status", "reason", "way"),
    [
        ("MENINGGAL", "MENINGGAL", "TIDAK_ADA"),
        ("LUAR", "PINDAH_KELUAR", "TIDAK_ADA"),
        ("NONAKTIF", "NONAKTIF", "PERBAIKAN_DATA"),
        ("TANPA_KARTU", "TANPA_KARTU", "PERBAIKAN_DATA"),
    ],
)
def test_who_has_no_answer_is_explained_by_their_status(status: str, reason: str, way: str) -> None:
    persons = people(person("a", card=None, status=status))
    assert told(received(("a", "KLJ")), persons, answers({})) == [("KLJ", "KELUAR", reason, way, None)]


def test_whom_no_civil_record_knows_is_not_in_the_register() -> None:
    persons = people(person("a", card=None, status="TANPA_KARTU", name=None))
    assert told(received(("a", "PKH")), persons, answers({})) == [
        ("PKH", "KELUAR", "TIDAK_ADA_DI_DTSEN", "PERBAIKAN_DATA", None)
    ]


def test_the_reason_of_whoever_fails_least_speaks_for_the_family() -> None:
    persons = people(person("a"), person("b"))
    said = answers(
        {
            ("a", "k"): {"PKH": ("INELIGIBLE", "BELUM_TERDATA", 7)},
            ("b", "k"): {"PKH": ("INELIGIBLE", "TANPA_KOMPONEN", 1)},
        }
    )
    assert told(received(("a", "PKH")), persons, said) == [("PKH", "KELUAR", "TANPA_KOMPONEN", "SANGGAH", None)]


def test_another_programme_is_a_solution_only_where_it_is_new() -> None:
    persons = people(person("a"), person("b", card="m"))
    served = {"SEMBAKO": ("SERVED", "MEMENUHI_SYARAT")}
    said = answers({("a", "k"): dict(served), ("b", "m"): dict(served)})
    lines = told(received(("a", "PKH"), ("b", "PKH"), ("b", "SEMBAKO")), persons, said)
    assert lines == [
        ("PKH", "KELUAR", "DESIL_DI_ATAS_BATAS", "PROGRAM_LAIN", "SEMBAKO"),
        ("PKH", "KELUAR", "DESIL_DI_ATAS_BATAS", "SANGGAH", None),
        ("SEMBAKO", "TETAP", "MEMENUHI_SYARAT", None, None),
    ]


def test_what_ended_before_counts_no_more_and_an_unknown_programme_is_not_in_force() -> None:
    persons, said = people(person("a")), answers({("a", "k"): {}})
    before = received(("a", "PKH"), until=dt.date(2024, 2, 29))
    assert told(before, persons, said) == []
    assert told(received(("a", "BLT_DESA"), until=SINCE), persons, said) == [
        ("BLT_DESA", "KELUAR", "PROGRAM_TIDAK_BERLAKU", "TIDAK_ADA", None)
    ]


def test_a_programme_that_is_not_due_drops_nobody_but_whom_nobody_knows() -> None:
    persons = people(person("a"), person("b"), person("x", card=None, name=None))
    said = answers(
        {("a", "k"): {"KLJ": ("KEPT", "BELUM_WAKTUNYA")}, ("b", "k"): {"KLJ": ("INELIGIBLE", "BELUM_WAKTUNYA")}}
    )
    receipts = received(("a", "KLJ"), ("b", "KLJ"), ("x", "KLJ"))
    lines = falling(receipts, NONE, persons, said, FAMILIES, SINCE, undecided=["KLJ"])
    assert dict(lines.select("nik", "outcome").iter_rows()) == {"a": "TETAP", "b": "BELUM_DIPUTUSKAN", "x": "KELUAR"}
    assert lines.filter(pl.col("outcome") != "KELUAR")["solution"].is_null().all()


def test_unlinked_rows_count_once_however_often_they_are_listed() -> None:
    rows = [("x", "3174051001", "PKH", None, False)] * 2 + [("y", "3174051001", "PKH", None, True)]
    unlinked = pl.DataFrame(rows, schema=UNLINKED, orient="row")
    assert told(received(), people(), answers({}), unlinked) == [
        ("PKH", "KELUAR", "MENUNGGU_PENCOCOKAN", "PERBAIKAN_DATA", None),
        ("PKH", "KELUAR", "TIDAK_ADA_DI_DTSEN", "PERBAIKAN_DATA", None),
    ]


def test_the_same_lines_in_any_order() -> None:
    persons = people(*(person(str(number), card=str(number // 2)) for number in range(6)))
    said = answers({(str(number), str(number // 2)): {} for number in range(6)})
    receipts = received(*((str(number), name) for number in range(6) for name in FAMILIES))
    once = falling(receipts, NONE, persons, said, FAMILIES, SINCE)
    again = falling(
        pl.concat([receipts, receipts]).sample(fraction=1, shuffle=True, seed=3),
        NONE,
        persons.reverse(),
        said.reverse(),
        FAMILIES,
        SINCE,
    )
    assert once.equals(again)


def test_every_reason_has_one_way_and_every_text_both_languages() -> None:
    lists = [*BY_VISIT, *BY_CORRECTION, *BY_NOTHING]
    assert len(lists) == len(set(lists))
    for text in [*SOLUTIONS.values(), *(reason_text(code) for code in lists)]:
        assert text.id
        assert text.en
    assert reason_text("SESUATU_YANG_BARU").id == "Sesuatu yang baru"


def test_every_reason_of_the_packaged_rules_has_a_short_text_in_both_languages() -> None:
    rules = read_bundle("XS").at(dt.date(2025, 12, 31))  # BLTS is in force on that day only
    asked = {condition.reason for it in rules.programmes.values() for condition in it.conditions}
    waiting = {it.waiting_reason for it in rules.programmes.values()}
    assert sorted((asked | waiting) - set(REASONS)) == []
