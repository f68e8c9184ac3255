"""Aims at families: exact ages, who counts as present, whose observation speaks for a home, and who receives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.families import age_years, form
from streams.members import STOPPED
from tests.streams.villages import (
    AS_OF,
    MENTENG,
    POOR,
    RICH,
    SEEN,
    TEBET,
    Person,
    card,
    event,
    holdings,
    members,
    nik,
    rules,
    villages,
)

RULES = rules()
ADULT, CHILD = dt.date(1980, 5, 5), dt.date(2015, 5, 5)


def family(*people: Person, held: tuple[tuple[int, str], ...] = ()) -> dict[str, Any]:
    """The one family of these people."""
    families = form(members(people), holdings(*held), RULES, AS_OF).families
    assert families.height == 1
    return families.row(0, named=True)


@pytest.mark.parametrize(
    ("born", "as_of", "age"),
    [
        ("2018-04-01", "2025-03-31", 6),  # the day before the 7th birthday
        ("2018-03-31", "2025-03-31", 7),
        ("2018-03-30", "2025-03-31", 7),
        ("1965-04-01", "2025-03-31", 59),  # 60 is lansia
        ("1965-03-31", "2025-03-31", 60),
        ("2008-03-31", "2025-03-30", 16),  # 17 is adult
        ("2008-03-31", "2025-03-31", 17),
        ("2008-02-29", "2025-02-28", 16),  # born on 29 February, in a year without it
        ("2008-02-29", "2025-03-01", 17),
        ("2008-02-29", "2024-02-28", 15),  # and in a year with it
        ("2008-02-29", "2024-02-29", 16),
        ("2008-03-01", "2025-02-28", 16),
        ("2008-02-28", "2025-02-28", 17),
        ("2024-12-31", "2025-01-01", 0),
        ("2025-03-31", "2025-03-31", 0),
    ],
)
def test_ages(born: str, as_of: str, age: int) -> None:
    frame = pl.DataFrame({"born": [dt.date.fromisoformat(born)]})
    assert frame.select(age_years(pl.col("born"), dt.date.fromisoformat(as_of))).item() == age


@settings(deadline=None)
@given(st.dates(dt.date(1900, 1, 1), AS_OF), st.dates(AS_OF, dt.date(2040, 12, 31)))
def test_ages_equal_counted_birthdays(born: dt.date, as_of: dt.date) -> None:
    birthdays = 0
    while (born.year + birthdays + 1, born.month, born.day) <= (as_of.year, as_of.month, as_of.day):
        birthdays += 1
    frame = pl.DataFrame({"born": [born]})
    assert frame.select(age_years(pl.col("born"), as_of)).item() == birthdays


IN_PANTI = {"in_institution": True}


@pytest.mark.parametrize(
    ("people", "status"),
    [
        ([Person(1, home=POOR)], "RANKED"),
        ([Person(1)], "BELUM_TERDATA"),
        ([Person(1, born=CHILD, home=POOR)], "INCOMPLETE"),
        ([Person(1, born=None, home=POOR)], "INCOMPLETE"),  # nobody knows that this is an adult
        ([Person(1, status="MENINGGAL"), Person(2, born=CHILD, home=POOR)], "INCOMPLETE"),
        ([Person(1, status="TRANSIT", departed_on=SEEN), Person(2, born=CHILD, home=POOR)], "INCOMPLETE"),
        ([Person(n, home=POOR) for n in range(1, 31)], "RANKED"),
        ([Person(n, home=POOR) for n in range(1, 32)], "NOT_A_FAMILY"),
        # the card of a panti; one person alone is ranked by what was seen at home
        ([Person(n, home=POOR, more=IN_PANTI) for n in range(1, 4)], "NOT_A_FAMILY"),
        ([Person(1, home=POOR, more=IN_PANTI), Person(2, relation=3)], "RANKED"),
        ([Person(1, home=POOR, more=IN_PANTI), Person(2, relation=3, status="MENINGGAL")], "RANKED"),
        # the dead do not make a family too large
        ([*(Person(n, home=POOR) for n in range(1, 31)), Person(31, status="MENINGGAL")], "RANKED"),
    ],
)
def test_family_status(people: list[Person], status: str) -> None:
    found = family(*people)
    assert found["family_status"] == status
    assert (found["score"] is not None) == (status == "RANKED")


BABY = Person(1, born=AS_OF, relation=4)
HEAD, WIFE = Person(2), Person(3, relation=3)
ELDER, OLDEST = Person(4, relation=7, born=dt.date(1950, 1, 1)), Person(5, relation=7, born=dt.date(1949, 1, 1))


@pytest.mark.parametrize(
    ("people", "held", "payee"),
    [
        ([BABY], (), None),  # invariant 9: never an infant
        ([BABY, HEAD, WIFE, ELDER], (), 3),
        ([BABY, HEAD, ELDER], (), 2),
        ([BABY, ELDER, OLDEST], (), 5),
        ([replace(HEAD, number=7), replace(HEAD, number=6)], (), 6),  # tie by NIK
        ([replace(WIFE, number=7, born=dt.date(1940, 1, 1)), replace(WIFE, number=6)], (), 6),
        ([HEAD, replace(WIFE, born=CHILD)], (), 2),  # a wife who is not adult
        ([HEAD, replace(WIFE, status="MENINGGAL")], (), 2),
        ([HEAD, WIFE], ((2, "SEMBAKO"),), 2),  # the present payee stays
        ([HEAD, WIFE, ELDER], ((4, "SEMBAKO"),), 4),
        ([replace(HEAD, status="MENINGGAL"), WIFE], ((2, "SEMBAKO"),), 3),
        ([HEAD, replace(BABY, born=CHILD)], ((1, "SEMBAKO"),), 2),
        ([HEAD, WIFE, ELDER], ((4, "SEMBAKO"), (2, "SEMBAKO")), 2),  # two payees in one family: one stays
        ([HEAD, WIFE], ((2, "PKH"),), 2),  # who receives one programme receives the next
        ([replace(HEAD, status="LUAR"), BABY], ((2, "SEMBAKO"),), None),
    ],
)
def test_payee(people: list[Person], held: tuple[tuple[int, str], ...], payee: int | None) -> None:
    assert family(*people, held=held)["SEMBAKO.payee"] == (None if payee is None else nik(payee))


def test_each_programme_keeps_its_own_payee() -> None:
    found = family(HEAD, WIFE, held=((2, "PKH"), (3, "SEMBAKO")))
    assert (found["PKH.payee"], found["SEMBAKO.payee"]) == (nik(2), nik(3))


def test_the_order_of_payees_is_data() -> None:
    other = rules(payee_order=["KEPALA_DEWASA", "ISTRI_DEWASA", "DEWASA_TERTUA"])
    families = form(members([HEAD, WIFE]), holdings((3, "SEMBAKO")), other, AS_OF).families
    assert families["payee"].to_list() == [nik(2)]


LIMIT = dt.date(2024, 12, 31)  # 90 days before AS_OF


@pytest.mark.parametrize(
    ("departed_on", "kept"),
    [(LIMIT - dt.timedelta(days=1), False), (LIMIT, True), (AS_OF, True), (None, True)],
)
def test_a_holder_in_transit_keeps_the_line_up_to_the_limit(departed_on: dt.date | None, kept: bool) -> None:
    mover = replace(HEAD, status="TRANSIT", departed_on=departed_on)
    found = family(mover, WIFE, held=((2, "SEMBAKO"),))
    assert found["SEMBAKO.kept"] == (nik(2) if kept else None)
    assert found["SEMBAKO.payee"] == (None if kept else nik(3))
    # beyond the limit the line passes on
    assert found["SEMBAKO.former"] is not kept


def test_who_holds_nothing_keeps_nothing_in_transit() -> None:
    found = family(replace(HEAD, status="TRANSIT", departed_on=AS_OF), WIFE)
    assert (found["SEMBAKO.kept"], found["SEMBAKO.payee"]) == (None, nik(3))


def test_the_former_payee_and_the_event_are_named() -> None:
    dead = family(replace(HEAD, status="MENINGGAL"), WIFE, held=((2, "SEMBAKO"),))
    gone = family(replace(HEAD, status="LUAR"), WIFE, held=((2, "SEMBAKO"),))
    assert (dead["SEMBAKO.former"], dead["SEMBAKO.former_event"]) == (True, event(1021))
    assert (gone["SEMBAKO.former"], gone["SEMBAKO.former_event"]) == (True, event(1023))
    assert family(HEAD, WIFE, held=((2, "SEMBAKO"),))["SEMBAKO.former"] is False


# the head died and stayed on card 5; the others are on card 1
LEFT_BEHIND = pl.DataFrame([(card(5), "SEMBAKO", nik(9), event(7))], schema=STOPPED, orient="row")


@pytest.mark.parametrize(
    ("cards_before", "succeeds"),
    [
        ((5, 5), True),
        ((5, None), True),  # a child that was born since
        ((5, 6), True),  # somebody else came along
        ((5, 1), False),  # joined a family that had this card before
        ((6, 6), False),
        ((None, None), False),
        ((1, 1), False),
    ],
)
def test_a_new_card_succeeds_to_the_payee_left_behind(cards_before: tuple[int | None, ...], succeeds: bool) -> None:
    before = [{"card_before": None if number is None else card(number)} for number in cards_before]
    people = [replace(WIFE, more=before[0]), replace(HEAD, more=before[1])]
    families = form(members(people), holdings(), RULES, AS_OF, LEFT_BEHIND).families
    found = families.select("SEMBAKO.former", "SEMBAKO.former_event", "PKH.former").row(0)
    assert found == (succeeds, event(7) if succeeds else None, False)


def test_who_holds_the_line_already_succeeds_to_nobody() -> None:
    people = [replace(WIFE, more={"card_before": card(5)})]
    families = form(members(people), holdings((3, "SEMBAKO")), RULES, AS_OF, LEFT_BEHIND).families
    assert families["SEMBAKO.former"].to_list() == [False]


LATER = SEEN + dt.timedelta(days=20)
OLD: dict[str, Any] = {"home_kk": 77, "home_address": "Jalan Lama 3"}


@pytest.mark.parametrize(
    ("people", "speaks"),
    [
        # the latest at the present card
        ([Person(1, home=POOR, seen_as=1), Person(2, relation=3, home=RICH, seen_as=2, seen_on=LATER)], 2),
        # at the present card before any later one from elsewhere, even the head's
        (
            [
                Person(1, home=RICH, seen_as=1, seen_on=LATER, **OLD),
                Person(2, relation=3, home=POOR, seen_as=2),
            ],
            2,
        ),
        # at the present address, on another card
        (
            [
                Person(1, home=RICH, seen_as=1, seen_on=LATER, **OLD),
                Person(2, relation=3, home=POOR, seen_as=2, home_kk=77),
            ],
            2,
        ),
        # all from elsewhere: the head's, though older
        (
            [
                Person(1, home=POOR, seen_as=1, **OLD),
                Person(2, relation=3, home=RICH, seen_as=2, seen_on=LATER, **OLD),
            ],
            1,
        ),
        # all from elsewhere and the head never seen: the latest
        (
            [
                Person(1),
                Person(2, relation=3, home=POOR, seen_as=2, **OLD),
                Person(3, relation=4, home=RICH, seen_as=3, seen_on=LATER, **OLD),
            ],
            3,
        ),
        # and the head not present: the latest too
        (
            [
                Person(1, status="MENINGGAL"),
                Person(2, relation=3, home=POOR, seen_as=2, **OLD),
                Person(3, relation=4, home=RICH, seen_as=3, seen_on=LATER, **OLD),
            ],
            3,
        ),
        # the same day and hour: by event id
        ([Person(1, home=POOR, seen_as=8), Person(2, relation=3, home=RICH, seen_as=7)], 8),
        # the dead do not speak for the home of the living
        ([Person(1, status="MENINGGAL", home=POOR, seen_as=1, seen_on=LATER), Person(2, home=RICH, seen_as=2)], 2),
    ],
)
def test_which_observation_speaks_for_a_home(people: list[Person], speaks: int) -> None:
    assert family(*people)["household.event"] == event(speaks)
    assert family(*people[::-1])["household.event"] == event(speaks)


def test_belongings_come_from_the_present_home() -> None:
    """A sold car: the newer visit to the present home counts, not the bride's from her parents' home."""
    before = Person(1, home=POOR, owns={"mobil": True}, seen_as=1)
    after = Person(1, home=POOR, owns={"mobil": False}, seen_as=2, seen_on=LATER)
    bride = Person(2, relation=3, home=RICH, owns={"mobil": True}, seen_as=3, seen_on=LATER, **OLD)
    assert family(before)["mobil"] is True
    assert family(after)["mobil"] is False
    assert family(after, bride)["mobil"] is False
    assert family(Person(1))["mobil"] is None


def test_a_visit_elsewhere_says_nothing_about_the_present_address() -> None:
    """A renter moves: not being found at the old address must not drop the family."""
    gone = "PINDAH_ATAU_BANGUNAN_HILANG"
    assert family(Person(1, contact=gone))["hasil_kontak"] == gone
    assert family(Person(1, contact=gone, contact_kelurahan=MENTENG, kelurahan=TEBET))["hasil_kontak"] is None
    found_again = Person(2, relation=3, contact="LENGKAP", seen_as=901, seen_on=LATER)
    assert family(Person(1, contact=gone), found_again)["hasil_kontak"] == "LENGKAP"
    # the latest counts, whether or not a card was shown: who found nobody saw none
    seen = Person(1, contact="LENGKAP", more={"field.no_kk": card(1)})
    not_found = replace(found_again, contact=gone)
    assert family(seen, not_found)["hasil_kontak"] == gone


LIVES_AT = "Jl. Melati No. 40 RT 007 RW 05"


@pytest.mark.parametrize(
    ("address", "speaks"),
    [
        (LIVES_AT, True),
        ("JL MELATI NO.40, RT 7/RW 5", True),  # as another office writes it
        ("Jl. Melati No. 12 RT 003 RW 05", False),
        ("Jl. Melati No. 4 RT 007 RW 05", False),
        ("", False),
        (None, True),  # a fact of before version 2: only the kelurahan is known
    ],
)
def test_an_address_is_not_found_only_where_the_family_lives(address: str | None, speaks: bool) -> None:
    gone = "TIDAK_DITEMUKAN"
    for no_kk in (None, card(1)):  # an officer who finds nobody has the card's number from a list
        visit = {"field.alamat": address, "field.no_kk": no_kk}
        found = family(Person(1, address=LIVES_AT, contact=gone, more=visit))
        assert found["hasil_kontak"] == (gone if speaks else None)


def test_a_card_that_was_shown_tells_that_the_family_was_found() -> None:
    seen = {"field.alamat": "di belakang masjid", "field.no_kk": card(1)}
    not_found = Person(1, address=LIVES_AT, contact="TIDAK_DITEMUKAN", more={"field.alamat": LIVES_AT})
    found = Person(2, relation=3, contact="LENGKAP", seen_as=901, seen_on=LATER, more=seen)
    assert family(not_found, found)["hasil_kontak"] == "LENGKAP"


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="1 members have no card"):
        form(members([Person(1, more={"no_kk": None})]), holdings(), RULES, AS_OF)
    with pytest.raises(ValueError, match="stands twice"):
        form(members([Person(1), Person(1, kk=2)]), holdings(), RULES, AS_OF)


@settings(max_examples=20, deadline=None)
@given(villages(), st.randoms(use_true_random=False))
def test_any_order_of_people_gives_the_same_families(
    village: tuple[list[Person], list[tuple[int, str]]], random: Any
) -> None:
    people, held = village
    whole = form(members(people), holdings(*held), RULES, AS_OF)
    random.shuffle(people)
    random.shuffle(held)
    again = form(members(people), holdings(*held), RULES, AS_OF)
    assert again.people.equals(whole.people)
    assert again.families.equals(whole.families)


@settings(max_examples=20, deadline=None)
@given(villages())
def test_families_partition_the_present_people_and_payees_are_adults_among_them(
    village: tuple[list[Person], list[tuple[int, str]]],
) -> None:
    people, held = village
    formed = form(members(people), holdings(*held), RULES, AS_OF)
    assert formed.families["members"].sum() == sum(person.status == "TERDAFTAR" for person in people)
    assert formed.families["no_kk"].to_list() == sorted({card(person.kk) for person in people})
    able = formed.people.filter(pl.col("present") & pl.col("adult")).select("nik", "family")
    payees = formed.families.filter(pl.col("payee").is_not_null()).select(pl.col("payee").alias("nik"), "family")
    assert payees.join(able, on=["nik", "family"], how="anti").is_empty()
    # a family with an adult has a payee
    assert set(payees["family"]) == set(able["family"])
