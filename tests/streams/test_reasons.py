"""Aims at what people read: every answer has whole sentences in both languages, with the right values and days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings

from agents.rulebook import read_bundle
from streams.changes import net
from streams.reasons import explain
from tests.streams.quarters import evaluate
from tests.streams.villages import AS_OF, POOR, RICH, Person, event, holdings, members, rules, villages

RULES = rules()
OPEN = rules(ranking_mode="given", given_cut_points=[10**9] * 9)
PACKAGED = read_bundle("XS").at(AS_OF)
ELDER = Person(1, born=dt.date(1950, 1, 1), home=RICH, owns={"mobil": True})


@settings(max_examples=15, deadline=None)
@given(villages(cards=6))
def test_every_answer_can_be_told_in_both_languages(village: tuple[list[Person], list[tuple[int, str]]]) -> None:
    people, held = village
    small = rules({"PKH": 1, "SEMBAKO": 2, "KLJ": 1})
    for answer in evaluate(people, small, held).answers.rows(named=True):
        for programme in small.programmes:
            told = explain(programme, small, answer)
            for language in ("id", "en"):
                lines = told.lines(language)
                assert len(lines) >= 3
                assert not any("{" in line or "None" in line for line in lines)
            refused = answer[f"{programme}.verdict"] in ("INELIGIBLE", "ELIGIBLE", "HELD")
            assert (told.objection_until == dt.date(2025, 4, 30)) is refused


def test_a_decile_above_the_limit() -> None:
    people = [Person(n, kk=n, home=POOR if n < 9 else RICH) for n in range(1, 10)]
    told = explain("SEMBAKO", RULES, evaluate(people, RULES).of(9))
    assert told.lines("id") == [
        "Anda tidak menerima Program Sembako (BPNT).",
        "Alasan: Keluarga Anda berada di desil 9. Batasnya desil 5.",
        "Aturan: Kepmensos 79/HUK/2025.",
        "Belum diketahui: hasil kunjungan petugas.",
        (
            "Jika data ini keliru, Anda dapat menyanggah sampai 30 April 2025 lewat aplikasi Cek Bansos "
            "(menu Sanggah), telepon 021-171, atau kantor kelurahan. Bawa bukti, misalnya foto rumah atau surat."
        ),
    ]
    assert told.lines("en")[1] == "Reason: Your family is in decile 9. The limit is decile 5."
    assert (told.rule, told.article) == ("SEMBAKO:desil", "Kepmensos 79/HUK/2025")
    assert (told.failures[0].value.id, told.failures[0].threshold.id) == ("9", "5")
    assert told.causes == (event(900),)


def test_the_deciding_failure_comes_first_and_the_others_are_told_too() -> None:
    people = [replace(ELDER, born=dt.date(1990, 1, 1))]
    none = rules({"PKH": 0, "SEMBAKO": 0})
    told = explain("KLJ", none, evaluate(people, none).of(1))
    assert [failure.rule for failure in told.failures] == ["KLJ:lansia", "KLJ:mobil"]
    assert told.lines("id")[1] == "Alasan: Umur Anda 35 tahun. Bantuan ini mulai umur 60 tahun."
    assert "Juga: Keluarga Anda tercatat memiliki mobil." in told.lines("id")
    car = told.failures[1]
    assert (car.value.id, car.threshold.en) == ("ya", "no")


def test_money_is_written_as_each_language_does() -> None:
    told = explain("SEMBAKO", OPEN, evaluate([Person(1, home=POOR)], OPEN).of(1))
    assert told.lines("id")[0] == "Anda menerima Program Sembako (BPNT): Rp600.000 untuk triwulan ini."
    assert "Rp600,000" in told.lines("en")[0]
    assert told.objection is None


def test_a_published_change_is_told_as_it_was_published() -> None:
    """A removal, by the answer and by the line that the payer got."""
    people, held = [Person(1, home=RICH), *(Person(n, kk=n, home=POOR) for n in range(2, 9))], holdings((1, "SEMBAKO"))
    found = evaluate(people, RULES, [(1, "SEMBAKO")])
    changes, _ = net(held, found.answers, members(people), quarter="2025-Q1", as_of=AS_OF, rules=RULES)
    change = changes.row(by_predicate=pl.col("action") == "REVOKED", named=True)
    told = explain("SEMBAKO", RULES, found.of(1), change)
    assert told.what.id == "Program Sembako (BPNT) untuk Anda berhenti."
    assert told.objection_until == change["objection_until"] == dt.date(2025, 4, 30)
    assert (told.rule, told.article) == (change["rule"], change["article"])


def test_a_death_is_told_without_an_answer() -> None:
    change = {
        "action": "REVOKED",
        "reason": "MENINGGAL",
        "rule": "SEMBAKO",
        "article": "Kepmensos 79/HUK/2025",
        "amount_rupiah": None,
        "causes": [event(1)],
        "objection_until": dt.date(2025, 4, 30),
    }
    told = explain("SEMBAKO", RULES, None, change)
    assert told.verdict is None
    assert told.lines("id")[:2] == [
        "Program Sembako (BPNT) untuk Anda berhenti.",
        "Alasan: Penerima tercatat meninggal.",
    ]


def test_what_cannot_be_explained_is_named() -> None:
    with pytest.raises(ValueError, match="nothing was answered or published about PKH"):
        explain("PKH", RULES, None)
    with pytest.raises(ValueError, match="KAJ is not in force on 2025-03-31; in force: KLJ, PKH, SEMBAKO"):
        explain("KAJ", RULES, None)


def test_limits_between_two_values_are_told_as_such() -> None:
    told = explain("KJP_PLUS", PACKAGED, evaluate([ELDER], PACKAGED).of(1))
    assert "6 sampai 21 tahun" in told.why.id
    assert "the ages 6 to 21" in told.why.en
