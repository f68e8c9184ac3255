"""Aims at what is received elsewhere: of each programme what was said last, by whomever; others stay untouched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
from hypothesis import given

from streams.persons import persons
from streams.persons.benefits import PARTS, split_benefits
from tests.streams.strategies import DAY, FEW, Fact, benefit, facts, facts_frame
from tests.streams.test_persons import ANI, AS_OF, view
from tests.streams.test_voids import by_text

KIP = Fact(ANI, 1, producer=3, day=0, groups={"benefit": benefit(("KIP_KULIAH", "BEASISWA", None))})
REGION = Fact(ANI, 2, producer=7, day=1, groups={"benefit": benefit(("BEASISWA_DAERAH", "BEASISWA", 30))})


def told(*sample: Fact) -> list[dict[str, Any]]:
    """The one person's benefits."""
    found = view(*sample)["benefits"]
    return split_benefits(pl.Series(found or [], dtype=pl.String)).to_dicts()


def test_what_two_offices_report_stands_side_by_side() -> None:
    region, kip = told(REGION, KIP)
    event = b"\x00\x03" + bytes(12) + b"\x00\x00\x00\x01"
    assert tuple(kip.values()) == ("KIP_KULIAH", "BEASISWA", "APBN", DAY, None, event)
    assert (region["program"], region["until"]) == ("BEASISWA_DAERAH", DAY + timedelta(days=30))
    assert tuple(kip) == PARTS


def test_a_later_report_of_the_programme_counts_whatever_comes_first() -> None:
    ended = Fact(ANI, 3, producer=3, day=5, groups={"benefit": benefit(("KIP_KULIAH", "BEASISWA", 5))})
    for sample in ((KIP, ended), (ended, KIP)):
        (kip,) = told(*sample)
        assert kip["until"] == DAY + timedelta(days=5)


def test_a_cancelled_report_counts_no_longer() -> None:
    lifted = Fact(ANI, 4, producer=3, hour=2, kind="CANCEL", corrects=(3, 1), voids=("benefit",))
    assert [it["program"] for it in told(KIP, REGION, lifted)] == ["BEASISWA_DAERAH"]
    assert told(KIP, lifted) == []


def test_a_name_with_the_separator_breaks_nothing() -> None:
    (odd,) = told(Fact(ANI, 1, groups={"benefit": benefit(("BOS/DAERAH", "LAINNYA", None))}))
    assert (odd["program"], odd["jenis"]) == ("BOS DAERAH", "LAINNYA")


@given(facts(people=3))
@FEW
def test_the_last_word_about_each_programme_counts(sample: list[Fact]) -> None:
    void = by_text(sample)
    expected: dict[str, dict[str, Any]] = {}
    for fact in sorted(sample, key=lambda it: (it.day, it.hour, it.event, it.producer)):
        if "benefit" in fact.groups and (fact.key, "benefit") not in void:
            for item in fact.groups["benefit"]["penerimaan"]:
                expected.setdefault(fact.nik, {})[item["program"]] = (item["jenis"], item["sampai"])
    for person in persons(facts_frame(sample), AS_OF).iter_rows(named=True):
        entries = split_benefits(pl.Series(person["benefits"] or [], dtype=pl.String)).iter_rows(named=True)
        found = {it["program"]: (it["jenis"], it["until"]) for it in entries}
        assert found == expected.get(person["nik"], {})
