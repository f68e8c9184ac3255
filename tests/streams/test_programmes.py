"""Aims at the programmes: their conditions at each border, amounts, quotas with reservations, and waves (12, 28)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.families import form
from streams.programmes import UNRANKED, Verdict, quota_cuts, units_step
from streams.programmes.amounts import amounts
from tests.streams.quarters import evaluate
from tests.streams.villages import (
    AS_OF,
    BOGOR,
    CORE,
    POOR,
    RICH,
    Person,
    event,
    holdings,
    members,
    rules,
    villages,
)

RULES = rules()
EVERYBODY_IN_DESIL_1 = rules(ranking_mode="given", given_cut_points=[10**9] * 9)


def aged(years: int, *, days: int = 0) -> dt.date:
    """Born so as to complete `years` on AS_OF; `days` later."""
    return AS_OF.replace(year=AS_OF.year - years) + dt.timedelta(days=days)


def pkh_rupiah(*ages: int) -> int:
    """What PKH pays for a family with a head of 40 and members of these ages."""
    people = [Person(1, born=aged(40)), *(Person(2 + n, relation=4, born=aged(age)) for n, age in enumerate(ages))]
    formed = form(members(people), holdings(), RULES, AS_OF)
    return int(amounts(RULES.programmes["PKH"], formed)["rupiah"][0])


@pytest.mark.parametrize(
    ("ages", "rupiah"),
    [
        ((), 0),
        ((0,), 750_000),
        ((6,), 750_000),
        ((7,), 225_000),
        ((12,), 225_000),
        ((13,), 375_000),
        ((15,), 375_000),
        ((16,), 500_000),
        ((18,), 500_000),
        ((19,), 0),
        ((59,), 0),
        ((60,), 600_000),
        ((60, 70), 600_000),  # one elderly person
        ((1, 2, 3), 1_500_000),  # two small children
        ((1, 2, 3, 60, 17, 8), 1_500_000 + 600_000 + 500_000),  # the four highest
        ((7, 8, 9, 10, 11), 900_000),
        ((1, 2, 7, 13, 16), 1_500_000 + 500_000 + 375_000),
    ],
)
def test_pkh_components(ages: tuple[int, ...], rupiah: int) -> None:
    assert pkh_rupiah(*ages) == rupiah


@pytest.mark.parametrize(("days", "rupiah"), [(-1, 225_000), (0, 225_000), (1, 750_000)])
def test_a_child_turns_7_without_any_event(days: int, rupiah: int) -> None:
    people = [Person(1), Person(2, relation=4, born=aged(7, days=days))]
    amount = amounts(RULES.programmes["PKH"], form(members(people), holdings(), RULES, AS_OF))
    assert amount["rupiah"].to_list() == [rupiah]
    assert amount["components.event"].to_list() == [event(1020)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 90), max_size=9))
def test_pkh_pays_the_best_choice_of_four(ages: list[int]) -> None:
    worth = {0: 750_000, 1: 225_000, 2: 375_000, 3: 500_000, 4: 600_000}
    bands = [(0, 6), (7, 12), (13, 15), (16, 18), (60, 200)]
    limits = {0: 2, 4: 1}
    found: list[int] = []
    for band, (low, high) in enumerate(bands):
        counted = sum(low <= age <= high for age in ages)
        found += [worth[band]] * min(counted, limits.get(band, counted))
    assert pkh_rupiah(*ages) == sum(sorted(found, reverse=True)[:4])


def only(people: list[Person], programme: str, held: tuple[tuple[int, str], ...] = ()) -> tuple[str, str]:
    """Verdict and reason of person 1, where every ranked family is in desil 1 and every quota suffices."""
    answer = evaluate(people, EVERYBODY_IN_DESIL_1, held).of(1)
    return answer[f"{programme}.verdict"], answer[f"{programme}.reason"]


OK = ("SERVED", "MEMENUHI_SYARAT")
HOME = Person(1, home=POOR)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([HOME], OK),
        ([Person(1)], ("INELIGIBLE", "BELUM_TERDATA")),
        ([replace(HOME, occupation=None)], OK),  # an unknown exclusion does not exclude
        *[
            ([HOME, Person(2, relation=3, occupation=job)], ("INELIGIBLE", "ANGGOTA_APARATUR"))
            for job in ("ASN", "TNI", "POLRI", "PEJABAT_NEGARA", "BUMN", "BUMD")
        ],
        # a domestic worker on the card of an ASN loses it with the family
        ([replace(HOME, relation=10), Person(2, occupation="ASN")], ("INELIGIBLE", "ANGGOTA_APARATUR")),
        ([HOME, Person(2, relation=7, occupation="PENSIUNAN")], OK),
        ([HOME, Person(2, occupation="ASN", status="MENINGGAL")], OK),
        ([HOME, Person(2, occupation="ASN", kk=2)], OK),
        ([replace(HOME, contact="TIDAK_DITEMUKAN")], ("INELIGIBLE", "ALAMAT_TIDAK_DITEMUKAN")),
        ([replace(HOME, contact="PINDAH_ATAU_BANGUNAN_HILANG")], ("INELIGIBLE", "ALAMAT_TIDAK_DITEMUKAN")),
        ([replace(HOME, contact="MENOLAK")], OK),
        ([replace(HOME, born=aged(17, days=1))], ("INELIGIBLE", "KELUARGA_TIDAK_LENGKAP")),
        ([replace(HOME, born=aged(17))], OK),
        ([HOME, *(Person(n, relation=4) for n in range(2, 32))], ("INELIGIBLE", "BUKAN_KELUARGA")),
    ],
)
def test_sembako(people: list[Person], expected: tuple[str, str]) -> None:
    assert only(people, "SEMBAKO") == expected


def test_a_field_verdict_is_never_decisive() -> None:
    assert only([replace(HOME, contact="LENGKAP", more={"field.putusan": "TIDAK_LAYAK"})], "SEMBAKO") == OK


def test_pkh_needs_a_component() -> None:
    assert only([HOME], "PKH") == ("INELIGIBLE", "TANPA_KOMPONEN")
    assert only([HOME, Person(2, relation=4, born=aged(6))], "PKH") == OK


ELDER = Person(1, born=aged(60), home=RICH, owns={"mobil": False})
NOBODY_BELOW_10 = rules(ranking_mode="given", given_cut_points=[0] * 9)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([ELDER], OK),
        ([replace(ELDER, born=aged(60, days=1))], ("INELIGIBLE", "BELUM_LANSIA")),
        ([replace(ELDER, born=aged(60, days=-1))], OK),
        ([replace(ELDER, born=None), Person(2)], ("INELIGIBLE", "BELUM_LANSIA")),
        ([replace(ELDER, kelurahan=BOGOR)], ("INELIGIBLE", "BUKAN_WARGA_DKI")),
        ([replace(ELDER, owns={"mobil": True})], ("INELIGIBLE", "PUNYA_MOBIL")),
        ([replace(ELDER, owns=None)], OK),
        ([replace(ELDER, occupation="PENSIUNAN")], ("INELIGIBLE", "PENSIUNAN_APARATUR")),
        ([replace(ELDER, home=None)], OK),  # without desil: the home need not be known
    ],
)
def test_klj(people: list[Person], expected: tuple[str, str]) -> None:
    answer = evaluate(people, NOBODY_BELOW_10).of(1)
    assert (answer["KLJ.verdict"], answer["KLJ.reason"]) == expected


def test_klj_excludes_whom_the_nation_serves() -> None:
    answer = evaluate([ELDER], EVERYBODY_IN_DESIL_1).of(1)
    assert (answer["SEMBAKO.verdict"], answer["KLJ.verdict"]) == ("SERVED", "INELIGIBLE")
    assert answer["KLJ.reason"] == "SUDAH_DILAYANI_PKH"  # an elderly person is a component
    # eligible, but not served: KLJ takes over
    no_room = evaluate([ELDER], rules({"PKH": 0, "SEMBAKO": 0}, ranking_mode="given", given_cut_points=[10**9] * 9))
    assert no_room.of(1)["SEMBAKO.verdict"] == "ELIGIBLE"
    assert no_room.of(1)["SEMBAKO.reason"] == "KUOTA_HABIS"
    assert no_room.of(1)["KLJ.verdict"] == "SERVED"


def test_waves_matter_and_their_swap_is_caught() -> None:
    """Invariant 12."""
    swapped = replace(EVERYBODY_IN_DESIL_1, waves=(("KLJ",), ("PKH", "SEMBAKO")))
    with pytest.raises(ValueError, match="KLJ asks who is served by PKH, which is not decided yet"):
        evaluate([ELDER], swapped)
    # without the conditions that tie them, the order would have given another list
    klj = EVERYBODY_IN_DESIL_1.programmes["KLJ"]
    untied = replace(klj, conditions=klj.conditions[:4], needs=())
    blind = replace(swapped, programmes={**EVERYBODY_IN_DESIL_1.programmes, "KLJ": untied})
    assert evaluate([ELDER], blind).of(1)["KLJ.verdict"] == "SERVED"
    assert evaluate([ELDER], EVERYBODY_IN_DESIL_1).of(1)["KLJ.verdict"] == "INELIGIBLE"


def test_cuts_are_asked_for_in_order() -> None:
    formed = form(members([ELDER]), holdings(), RULES, AS_OF)
    with pytest.raises(ValueError, match=r"the cut of PKH \(wave 1\) is missing"):
        units_step(formed, RULES, 2, [0] * 9, {})


def test_transit_is_reserved_before_the_quota_is_cut() -> None:
    mover = Person(1, kk=1, status="TRANSIT", departed_on=AS_OF, born=aged(70))
    settled = [Person(n, kk=n, home=POOR) for n in (2, 3)]
    held = [(1, "SEMBAKO", 600_000), (1, "KLJ", 900_000)]
    given_points: dict[str, Any] = {"ranking_mode": "given", "given_cut_points": [10**9] * 9}
    found = evaluate([mover, *settled], rules({"SEMBAKO": 3}, **given_points), held)
    assert found.verdicts("SEMBAKO") == {1: "KEPT", 2: "SERVED", 3: "SERVED"}
    assert found.of(1)["KLJ.verdict"] == "HELD"
    assert (found.of(1)["SEMBAKO.amount_rupiah"], found.of(1)["KLJ.amount_rupiah"]) == (600_000, 900_000)
    assert found.reserved.rows() == [("SEMBAKO", "TRANSIT", 1), ("KLJ", "TRANSIT", 1)]
    # one place fewer: the two settled families are equals, so neither fits
    tight = evaluate([mover, *settled], rules({"SEMBAKO": 2}, **given_points), held)
    assert tight.verdicts("SEMBAKO") == {1: "KEPT", 2: "ELIGIBLE", 3: "ELIGIBLE"}
    # reservations alone pass the quota: they stand, and nobody new is served
    none = evaluate([mover, *settled], rules({"SEMBAKO": 0}, **given_points), held)
    assert none.verdicts("SEMBAKO") == {1: "KEPT", 2: "ELIGIBLE", 3: "ELIGIBLE"}


def test_without_an_adult_what_is_held_is_held_back() -> None:
    """Invariant 9, architecture.md 7: INCOMPLETE families."""
    children = [Person(n, kk=1, relation=4, born=aged(age)) for n, age in ((1, 3), (2, 4), (3, 9))]
    found = evaluate(children, rules(programmes=("KAJ", *CORE)), [(1, "KAJ", 900_000), (3, "KAJ", 900_000)])
    assert found.verdicts("KAJ") == {1: "HELD", 2: "INELIGIBLE", 3: "INELIGIBLE"}
    # nothing begins without an adult, and who has grown out of it loses it
    assert [found.of(n)["KAJ.reason"] for n in (1, 2, 3)] == [
        "KELUARGA_TIDAK_LENGKAP",
        "KELUARGA_TIDAK_LENGKAP",
        "BUKAN_USIA_DINI",
    ]
    assert found.of(1)["KAJ.amount_rupiah"] == 900_000
    assert ("KAJ", "INCOMPLETE", 1) in found.reserved.rows()


def test_personal_programmes_rank_families_without_a_score_last() -> None:
    seen, unseen = replace(ELDER, number=1, kk=1), replace(ELDER, number=2, kk=2, home=None)
    one_place = rules({"KLJ": 1}, ranking_mode="given", given_cut_points=[0] * 9)
    found = evaluate([seen, unseen], one_place)
    assert found.verdicts("KLJ") == {1: "SERVED", 2: "ELIGIBLE"}
    assert found.units.filter(pl.col("programme") == "KLJ")["score"].to_list()[-1] == UNRANKED


quotas = st.fixed_dictionaries({name: st.integers(0, 8) for name in ("PKH", "SEMBAKO", "KLJ")})


@settings(max_examples=20, deadline=None)
@given(villages(), quotas)
def test_no_quota_is_passed_and_equals_are_treated_equally(
    village: tuple[list[Person], list[tuple[int, str]]], quota: dict[str, int]
) -> None:
    """Invariants 11 and 28, against a plain sort."""
    people, held = village
    found = evaluate(people, rules(quota), held)
    for name, programme in rules(quota).programmes.items():
        told = found.answers.select("no_kk", pl.col("score").fill_null(UNRANKED), pl.col(f"{name}.verdict").alias("v"))
        carried = told.filter(pl.col("v").is_in([Verdict.KEPT, Verdict.HELD])).height
        served = sorted(told.filter(pl.col("v") == Verdict.SERVED)["score"])
        waiting = sorted(told.filter(pl.col("v") == Verdict.ELIGIBLE)["score"])
        if programme.is_family:  # who waits is told to the payee alone
            waiting = sorted(told.filter(pl.col("v") == Verdict.ELIGIBLE).unique("no_kk")["score"])
        room = max(quota[name] - carried, 0)
        line = served + waiting
        fitting = [score for score in line if sum(other <= score for other in line) <= room]
        assert served == [score for score in sorted(line) if fitting and score <= max(fitting)]
        assert len(served) + carried <= max(quota[name], carried)


def test_cuts_do_not_depend_on_the_order_of_reports() -> None:
    people = [Person(n, kk=n, home={"lantai": 1 + n % 9, "luas_lantai": 10}) for n in range(1, 20)]
    parts = evaluate(people, RULES, partitions=3).parts
    told = [units_step(part, RULES, 1, [10**9] * 9, {}) for part in parts]
    units, reserved = [it[0] for it in told], [it[1] for it in told]
    assert quota_cuts(units, reserved, RULES, 1) == quota_cuts(units[::-1], reserved[::-1], RULES, 1)
