"""Aims at a programme with a last day: everybody loses it in the next quarter, with a reason, and it is gone after."""

from __future__ import annotations

import datetime as dt

import pytest

from streams.kenapa import outlooks, since
from streams.rules import Rules, RulesError, load
from tests.streams.kenapa.looking import judge
from tests.streams.quarters import evaluate
from tests.streams.villages import POOR, RICH, Person, documents, event, nik, only

LAST, NEXT, AFTER = dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30)


def ending(on: dt.date, until: dt.date = LAST, **register: object) -> Rules:
    """PKH ends on `until`; nobody asks for it."""
    changed = only(documents(), ("PKH", "SEMBAKO"))
    changed["programmes/pkh.yaml"]["until"] = until
    for name, value in register.items():
        changed["register.yaml"][name][0]["value"] = value
    return load(changed, scale="S").at(on)


@pytest.mark.parametrize(
    ("until", "day", "state"),
    [
        (LAST, dt.date(2025, 12, 31), "in force"),
        (LAST, dt.date(2026, 1, 1), "winds up"),
        (LAST, NEXT, "winds up"),
        (LAST, dt.date(2026, 4, 1), "gone"),
        (dt.date(2028, 2, 29), dt.date(2028, 2, 29), "in force"),
        (dt.date(2028, 2, 29), dt.date(2028, 3, 31), "winds up"),
        (dt.date(2028, 2, 29), dt.date(2028, 4, 1), "gone"),
    ],
)
def test_it_winds_up_in_the_quarter_after_its_last_day(until: dt.date, day: dt.date, state: str) -> None:
    programmes = ending(day, until).programmes
    told = "gone" if "PKH" not in programmes else "winds up" if programmes["PKH"].ended else "in force"
    assert told == state


FAMILY = [Person(1, born=dt.date(1985, 5, 5), home=POOR), Person(2, relation=4, born=dt.date(2020, 5, 5))]


def test_nobody_new_and_nobody_more() -> None:
    first = evaluate(FAMILY, ending(LAST)).of(1)
    assert (first["PKH.verdict"], first["PKH.amount_rupiah"]) == ("SERVED", 750_000)
    for held in ((), ((1, "PKH"),)):
        found = evaluate(FAMILY, ending(NEXT), held)
        assert {found.of(number)["PKH.verdict"] for number in (1, 2)} == {"INELIGIBLE"}
        assert {found.of(number)["PKH.reason"] for number in (1, 2)} == {"PROGRAM_BERAKHIR"}
        assert found.of(1)["PKH.amount_rupiah"] == 0


def test_an_objection_does_not_prolong_it() -> None:
    told = f"PKH/2025-Q4/2026-01-10/{event(77).hex()}"
    found = evaluate([Person(1, home=RICH, more={"objections": [told]})], ending(NEXT), [(1, "PKH")])
    assert found.of(1)["PKH.reason"] == "PROGRAM_BERAKHIR"
    assert found.reserved.rows() == []


def test_who_waits_for_a_programme_that_has_ended_is_refused_at_load() -> None:
    changed = only(documents(), ("KLJ", "PKH", "SEMBAKO"))
    changed["programmes/pkh.yaml"]["until"] = LAST
    with pytest.raises(RulesError, match="KLJ asks who is served by PKH, which is not in force"):
        load(changed, scale="S")


def test_kenapa_looks_at_it_as_at_every_other() -> None:
    """Nothing was asked of it, so nothing is found, and nothing that anybody corrects brings it back."""
    held = [(1, "PKH")]
    told = judge(FAMILY, evaluate(FAMILY, ending(NEXT), held), ending(NEXT), held=held)
    before = judge(FAMILY, evaluate(FAMILY, ending(LAST)), ending(LAST))
    assert told.failed(nik(1), "PKH") == told.found(nik(1), "PKH") == []
    assert [it.now for it in since(told, before, nik(1), "PKH")] == [None]
    outlook = outlooks(told, nik(1))["PKH"]
    assert (outlook.turns, outlook.stuck, outlook.asks) == ((), (), ())
