"""Aims at the death of a head who received: the payee is replaced, and the child keeps KJP Plus on the new card."""

import pytest

from tests.scenarios.told import CHILD, HEAD, KIN, POOR, Village, card, death, known, man, school, visit, woman

FATHER, AUNT, GIRL = man("Budi", 1975), woman("Wati", 1990), woman("Dewi", 2014)


def a_village(**quotas: int) -> Village:
    village = Village("SEMBAKO", "KJP_PLUS", **quotas)
    village.tells(
        *known(FATHER, AUNT, GIRL),
        card(1, (FATHER, HEAD), (GIRL, CHILD), (AUNT, KIN), day="2024-12-01"),
        visit(1, FATHER, GIRL, AUNT, day="2025-01-10", home=POOR),
        school(GIRL, "SD", day="2025-01-08"),
    )
    assert village.seal("2025-Q1").lines == [
        ("Budi", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Dewi", "KJP_PLUS", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
    ]
    return village


def test_the_death_comes_a_quarter_before_the_new_card() -> None:
    village = a_village(SEMBAKO=1)
    village.tells(death(FATHER, died="2025-05-02", recorded="2025-05-20"))
    second = village.seal("2025-Q2")
    assert second.lines == [
        ("Budi", "SEMBAKO", "REVOKED", "MENINGGAL", 600_000, None),
        ("Wati", "SEMBAKO", "GRANTED", "PENGGANTI", None, 600_000),
    ]
    assert second.answer(GIRL, "KJP_PLUS") == ("KEPT", "BELUM_WAKTUNYA")

    village.tells(card(2, (AUNT, HEAD), (GIRL, KIN), day="2025-07-15", replaces=1, because="GANTI_KEPALA"))
    third = village.seal("2025-Q3")
    assert third.lines == []  # a new card number alone publishes nothing
    assert third.answer(GIRL, "KJP_PLUS") == ("SERVED", "MEMENUHI_SYARAT")
    assert third.answer(AUNT, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
    assert third.status(FATHER) == "MENINGGAL"  # left behind on the old card


@pytest.mark.parametrize("told_first", ["death", "card"])
def test_death_and_new_card_in_one_quarter(told_first: str) -> None:
    village = a_village()
    events = [
        death(FATHER, died="2025-05-02", recorded="2025-05-20"),
        card(2, (AUNT, HEAD), (GIRL, KIN), day="2025-05-25", replaces=1, because="GANTI_KEPALA"),
    ]
    village.tells(*(events if told_first == "death" else reversed(events)))
    second = village.seal("2025-Q2")
    assert [line[:3] for line in second.lines] == [("Budi", "SEMBAKO", "REVOKED"), ("Wati", "SEMBAKO", "GRANTED")]
    assert second.holds(GIRL) == {"KJP_PLUS": ("ACTIVE", 750_000)}
    assert second.family(GIRL) == ("RANKED", 2, 1)  # the home was seen on the old card, and travels with them


def test_the_successor_is_told_so_when_the_new_card_comes_at_once() -> None:
    village = a_village()
    reported = death(FATHER, died="2025-05-02", recorded="2025-05-20")
    village.tells(reported, card(2, (AUNT, HEAD), (GIRL, KIN), day="2025-05-25", replaces=1, because="GANTI_KEPALA"))
    assert village.seal("2025-Q2").line(AUNT, "SEMBAKO")["reason"] == "PENGGANTI"


def test_the_child_is_left_alone_until_a_relative_takes_it_in() -> None:
    village = Village("SEMBAKO", "KJP_PLUS")
    village.tells(
        *known(FATHER, AUNT, GIRL),
        card(1, (FATHER, HEAD), (GIRL, CHILD), day="2024-12-01"),
        card(2, (AUNT, HEAD), day="2024-12-01", address="Gg. Buntu No. 2"),
        visit(1, FATHER, GIRL, day="2025-01-10", home=POOR),
        school(GIRL, "SD", day="2025-01-08"),
    )
    village.seal("2025-Q1")
    village.tells(death(FATHER, died="2025-05-02"))
    second = village.seal("2025-Q2")
    assert second.family(GIRL) == ("INCOMPLETE", 1, None)
    assert second.lines == [
        ("Budi", "SEMBAKO", "REVOKED", "MENINGGAL", 600_000, None),
        ("Dewi", "KJP_PLUS", "HELD", "KELUARGA_TIDAK_LENGKAP", 750_000, None),
    ]
    village.tells(card(2, (AUNT, HEAD), (GIRL, KIN), day="2025-07-15", address="Gg. Buntu No. 2"))
    third = village.seal("2025-Q3")
    assert third.line(GIRL, "KJP_PLUS")["reason"] == "DILANJUTKAN"
    assert third.holds(GIRL) == {"KJP_PLUS": ("ACTIVE", 750_000)}
    assert third.answer(AUNT, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
