"""Aims at the death of a head who received: the payee is replaced, and the child keeps KJP Plus on the new card."""

import pytest

from agents.simulator.scenarios.head_dies import AUNT, FATHER, GIRL, LIFE, NEW, OLD
from tests.scenarios.told import CHILD, HEAD, KIN, POOR, Village, card, death, known, school, visit


@pytest.mark.parametrize("quotas", [{}, {"SEMBAKO": 1}])  # succession needs no place of its own in the quota
def test_the_death_comes_a_quarter_before_the_new_card(quotas: dict[str, int]) -> None:
    _, second, third = Village(*LIFE.programmes, **quotas).lives(LIFE)
    assert second.answer(GIRL, "KJP_PLUS") == ("KEPT", "BELUM_WAKTUNYA")
    assert third.answer(GIRL, "KJP_PLUS") == ("SERVED", "MEMENUHI_SYARAT")
    assert third.answer(AUNT, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
    assert third.status(FATHER) == "MENINGGAL"  # left behind on the old card


def a_village() -> Village:
    """As it was before the death."""
    village = Village(*LIFE.programmes)
    next(village.lives(LIFE))
    return village


@pytest.mark.parametrize("told_first", ["death", "card"])
def test_death_and_new_card_in_one_quarter(told_first: str) -> None:
    village = a_village()
    events = [
        death(FATHER, died="2025-05-02", recorded="2025-05-20"),
        card(NEW, (AUNT, HEAD), (GIRL, KIN), day="2025-05-25", replaces=OLD, because="GANTI_KEPALA"),
    ]
    village.tells(*(events if told_first == "death" else reversed(events)))
    second = village.seal("2025-Q2")
    assert [line[:3] for line in second.lines] == [("Budi", "SEMBAKO", "REVOKED"), ("Wati", "SEMBAKO", "GRANTED")]
    assert second.holds(GIRL) == {"KJP_PLUS": ("ACTIVE", 750_000)}
    assert second.family(GIRL) == ("RANKED", 2, 1)  # the home was seen on the old card, and travels with them


def test_the_successor_is_told_so_when_the_new_card_comes_at_once() -> None:
    village = a_village()
    reported = death(FATHER, died="2025-05-02", recorded="2025-05-20")
    village.tells(
        reported, card(NEW, (AUNT, HEAD), (GIRL, KIN), day="2025-05-25", replaces=OLD, because="GANTI_KEPALA")
    )
    assert village.seal("2025-Q2").line(AUNT, "SEMBAKO")["reason"] == "PENGGANTI"


def test_the_child_is_left_alone_until_a_relative_takes_it_in() -> None:
    village = Village(*LIFE.programmes)
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
