"""Aims at voids (invariant 2 and 4): corrections judged from the greatest down, one answer in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import GROUP_BITS
from streams.voids import VISIT, void_masks
from tests.streams.strategies import (
    AUTHORITIES,
    FEW,
    Fact,
    facts,
    facts_frame,
    finding,
    nik,
    residence,
    set_aside,
    vital,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Voids = set[tuple[tuple[str, int, int], str]]
ANI = nik(1)


def computed(sample: Sequence[Fact]) -> Voids:
    masks = void_masks(facts_frame(sample)).tolist()
    return {
        (fact.key, group)
        for fact, mask in zip(sample, masks, strict=True)
        for group, bit in GROUP_BITS.items()
        if mask & bit
    }


def by_text(sample: Sequence[Fact], *, from_the_greatest: bool = True) -> Voids:
    """The rules of architecture.md 4, one fact after another, as one would do them on paper."""
    void: Voids = set()
    known = {fact.key: fact for fact in sample}
    for group in ("set_aside", *(name for name in GROUP_BITS if name != "set_aside")):
        decided: set[tuple[str, int, int]] = set()  # whose chain a greater one has decided
        order = sorted(sample, key=lambda it: (*it.clock, it.producer), reverse=from_the_greatest)
        for fact in order:
            for hit, takes_over in hits_of(fact, known, group, void):
                target = hit
                while target is not None:
                    void.add((target.key, group))
                    if target.key in decided:
                        break
                    decided.add(target.key)
                    target = named_by(target, known, group) if takes_over else None
    for fact in sample:
        for other in sample:
            if arrives_for(other, fact) and (other.key, "residence") not in void:
                void.add((fact.key, "residence"))
    return void


def named_by(fact: Fact, known: dict[tuple[str, int, int], Fact], group: str) -> Fact | None:
    """The fact that this one may hit in this group."""
    if fact.kind == "STATE" or fact.corrects is None or group not in fact.voids:
        return None
    target = known.get((fact.nik, *fact.corrects))
    if target is None or target.clock >= fact.clock:
        return None
    above = AUTHORITIES[fact.producer] > AUTHORITIES[target.producer]
    return target if above or fact.producer == target.producer else None


def hits_of(
    fact: Fact, known: dict[tuple[str, int, int], Fact], group: str, void: Voids
) -> list[tuple[Fact | None, bool]]:
    """What a fact hits in a group, and whether it takes that over; of one clock, what it takes over comes first."""
    found = [] if (fact.key, group) in void else [(named_by(fact, known, group), fact.kind == "CORRECT")]
    if group != "set_aside" and (fact.key, "set_aside") not in void:
        found += [(visit, False) for visit in set_aside_by(fact, known)]
    return found


def set_aside_by(fact: Fact, known: dict[tuple[str, int, int], Fact]) -> list[Fact]:
    """The visits that this fact may set aside."""
    found = []
    for it in fact.groups.get("set_aside", {}).get("events", ()):
        producer, event = int.from_bytes(it["producer_number"], "big"), int.from_bytes(it["event_id"], "big")
        target = known.get((fact.nik, producer, event))
        if target is None or target.event_type != VISIT or target.clock >= fact.clock:
            continue
        if AUTHORITIES[fact.producer] > AUTHORITIES[producer] or fact.producer == producer:
            found.append(target)
    return found


def arrives_for(arrival: Fact, departure: Fact) -> bool:
    there, here = arrival.groups.get("residence"), departure.groups.get("residence")
    return (
        there is not None
        and here is not None
        and arrival.nik == departure.nik
        and (there["fase"], here["fase"]) == ("DATANG", "KELUAR")
        and there["skpwni"] is not None
        and there["skpwni"] == here["skpwni"]
    )


@given(facts(most=14))
@settings(FEW, max_examples=100)
def test_equals_the_text(sample: list[Fact]) -> None:
    assert computed(sample) == by_text(sample)


@given(facts(), st.randoms())
@FEW
def test_any_order_gives_the_same(sample: list[Fact], random: object) -> None:
    shuffled = list(sample)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert computed(shuffled) == computed(sample)


@given(facts(people=3))
@FEW
def test_each_person_is_judged_alone(sample: list[Fact]) -> None:
    alone = [computed([fact for fact in sample if fact.nik == nik(person)]) for person in (1, 2, 3)]
    assert set().union(*alone) == computed(sample)


def chain(*kinds: str, onto: Sequence[int] | None = None) -> list[Fact]:
    """A stated death (event 1), then corrections 2, 3, ... each of the one before, or of `onto`."""
    made = [Fact(ANI, 1, hour=0, groups={"vital": vital(alive=False)})]
    for number, kind in enumerate(kinds, start=2):
        target = onto[number - 2] if onto else number - 1
        made.append(
            Fact(
                ANI,
                number,
                hour=number,
                kind=kind,
                corrects=(1, target),
                voids=("vital",),
                groups={} if kind == "CANCEL" else {"vital": vital()},
            )
        )
    return made


@pytest.mark.parametrize(
    ("sample", "void"),
    [
        (chain("CORRECT"), {1}),
        (chain("CANCEL"), {1}),
        (chain("CORRECT", "CORRECT"), {1, 2}),  # the chain below stays void
        (chain("CANCEL", "CANCEL"), {2}),  # a cancelled cancellation gives its target back
        (chain("CORRECT", "CANCEL"), {2}),  # so does a cancelled correction
        (chain("CANCEL", "CORRECT"), {1, 2}),  # taken over: the cancelled stays so
        (chain("CANCEL", "CANCEL", "CANCEL"), {1, 3}),
        (chain("CORRECT", "CANCEL", "CORRECT"), {1, 2, 3}),
        (chain("CORRECT", "CORRECT", "CANCEL"), {1, 3}),
        (chain("CORRECT", "CANCEL", "CORRECT", onto=[1, 2, 2]), {1, 2}),  # both hit 2: the greater decides
        (chain("CORRECT", "CORRECT", "CANCEL", onto=[1, 2, 2]), {2}),
        (chain("CORRECT", "CORRECT", "CORRECT", "CANCEL", onto=[1, 2, 3, 2]), {2, 3}),
        (chain("CORRECT", "CORRECT", "CANCEL", "CORRECT", onto=[1, 2, 2, 3]), {1, 2, 3}),
        (chain("CORRECT", onto=[2]), set()),  # names itself
        (chain("CORRECT", onto=[9]), set()),  # names nothing that is known
        (chain("CORRECT", "CORRECT", onto=[3, 2]), {2}),  # a cycle: only the greater one counts
    ],
)
def test_chains(sample: list[Fact], void: set[int]) -> None:
    expected = {((ANI, 1, number), "vital") for number in void}
    assert computed(sample) == expected == by_text(sample)


def test_mutant_judged_from_the_smallest_is_caught() -> None:
    sample = chain("CANCEL", "CANCEL")
    assert by_text(sample, from_the_greatest=False) != computed(sample)


def correction(**changes: object) -> Fact:
    settings_: dict[str, object] = {"corrects": (2, 1), "voids": ("vital",), "kind": "CANCEL", "hour": 5}
    return Fact(ANI, 2, **(settings_ | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fact", "counts"),
    [
        (correction(producer=2), True),
        (correction(producer=1), False),  # an equal office, but not the same
        (correction(producer=3), False),  # set below
        (correction(producer=2, hour=-1), False),  # earlier than what it names
        (correction(producer=2, hour=0), True),  # at the same time: the event id decides
        (correction(producer=2, voids=("listing",)), False),
        (correction(producer=2, kind="CORRECT"), True),  # with nothing stated: the NIK is dropped
        (correction(producer=2, corrects=(1, 1)), False),  # the same id of another producer
    ],
)
def test_whose_correction_counts(fact: Fact, counts: bool) -> None:
    target = Fact(ANI, 1, producer=2, groups={"vital": vital()})
    assert (((ANI, 2, 1), "vital") in computed([fact, target])) == counts


def test_an_office_set_above_may_correct() -> None:
    target = Fact(ANI, 1, producer=7, groups={"vital": vital()})
    assert computed([correction(producer=3, corrects=(7, 1)), target]) == {((ANI, 7, 1), "vital")}


def test_the_correction_of_another_persons_event_has_no_effect() -> None:
    target = Fact(nik(2), 1, producer=2, groups={"vital": vital()})
    assert computed([correction(producer=2), target]) == set()


@pytest.mark.parametrize("hours", [(0, 24), (24, 0)])
def test_an_arrival_voids_its_departure_whatever_the_clocks(hours: tuple[int, int]) -> None:
    left = Fact(ANI, 1, hour=hours[0], groups={"residence": residence(fase="KELUAR", skpwni="S1")})
    came = Fact(ANI, 2, hour=hours[1], groups={"residence": residence("3172011001", "DATANG", "S1")})
    assert computed([left, came]) == {(left.key, "residence")}
    cancelled = Fact(ANI, 3, hour=48, kind="CANCEL", corrects=(1, 2), voids=("residence",))
    assert computed([left, came, cancelled]) == {(came.key, "residence")}
    other = Fact(nik(2), 2, hour=48, groups=came.groups)
    assert computed([left, other]) == set()


def test_a_long_chain_of_cancellations_ends() -> None:
    sample = chain(*["CANCEL"] * 200)
    assert {key[2] for key, _ in computed(sample)} == set(range(200, 0, -2))


def visit(number: int, hour: int, **changes: object) -> Fact:
    settings_: dict[str, object] = {"producer": 3, "event_type": VISIT, "groups": {"field": finding()}}
    return Fact(ANI, number, hour=hour, **(settings_ | changes))  # type: ignore[arg-type]


def decision(number: int, hour: int, *events: tuple[int, int], producer: int = 3, **changes: object) -> Fact:
    settings_: dict[str, object] = {"event_type": "pengesampingan", "groups": {"set_aside": set_aside(*events)}}
    return Fact(ANI, number, producer, hour=hour, **(settings_ | changes))  # type: ignore[arg-type]


def void_visits(*sample: Fact) -> set[int]:
    return {key[2] for key, group in computed(sample) if group == "field"}


def test_a_decision_voids_the_visits_it_lists_and_its_withdrawal_gives_them_back() -> None:
    first, second, decided = visit(1, 0), visit(2, 1), decision(3, 5, (3, 1), (3, 2))
    assert void_visits(first, second, decided) == {1, 2}
    assert {group for key, group in computed([first, decided])} == set(GROUP_BITS) - {"set_aside"}
    withdrawn = decision(4, 6, kind="CANCEL", corrects=(3, 3), voids=("set_aside",), groups={})
    assert void_visits(first, second, decided, withdrawn) == set()
    narrowed = decision(4, 6, (3, 2), kind="CORRECT", corrects=(3, 3), voids=("set_aside",))
    assert void_visits(first, second, decided, narrowed) == {2}
    again = decision(5, 7, kind="CANCEL", corrects=(3, 4), voids=("set_aside",), groups={})
    assert void_visits(first, second, decided, withdrawn, again) == {1, 2}


def test_a_visit_that_is_set_aside_gives_back_what_it_had_corrected() -> None:
    corrected = visit(2, 1, kind="CORRECT", corrects=(3, 1), voids=("field",))
    assert void_visits(visit(1, 0), corrected) == {1}
    assert void_visits(visit(1, 0), corrected, decision(3, 5, (3, 2))) == {2}


@pytest.mark.parametrize(
    ("decided", "counts"),
    [
        (decision(3, 5, (3, 1), producer=1), True),  # an office set above
        (decision(3, 5, (3, 1), producer=7), False),  # an office set below
        (decision(3, -1, (3, 1)), False),  # before the visit was recorded
        (decision(3, 5, (7, 1)), False),  # the visit of another office
        (decision(3, 5), False),  # about somebody else's visits only
    ],
)
def test_whose_decision_counts(decided: Fact, counts: bool) -> None:
    assert void_visits(visit(1, 0), decided) == ({1} if counts else set())


def test_only_visits_can_be_set_aside() -> None:
    card = Fact(ANI, 1, producer=3, groups={"vital": vital()})
    assert computed([card, decision(3, 5, (3, 1), producer=1)]) == set()
    other = decision(2, 4, (3, 1), event_type=VISIT)  # no decision acts on another one
    assert void_visits(visit(1, 0), other, decision(3, 5, (3, 2))) == {1, 2}
