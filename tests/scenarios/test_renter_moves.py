"""Aims at a renter who moves to another RT of the same kelurahan: the family must not be dropped for that."""

from agents.simulator.scenarios.renter_moves import BOY, CARD, LIFE, MOVERS, NEW, NEW_CARD, OLD, RENTER
from tests.scenarios.told import Village, card, knocked, moved


def a_village() -> Village:
    """As it was before the move."""
    village = Village(*LIFE.programmes)
    next(village.lives(LIFE))
    return village


def test_the_move_alone_changes_nothing() -> None:
    village = a_village()
    village.tells(moved(CARD, *MOVERS, day="2025-04-10", address=NEW))
    second = village.seal("2025-Q2")
    assert second.lines == []
    assert second.family(RENTER) == ("RANKED", 2, 1)


def test_a_new_card_at_the_new_address_changes_nothing() -> None:
    village = a_village()
    village.tells(card(NEW_CARD, *MOVERS, day="2025-04-10", replaces=CARD, address=NEW))
    assert village.seal("2025-Q2").lines == []


def test_an_officer_does_not_find_them_at_the_old_address() -> None:
    _, second = Village(*LIFE.programmes).lives(LIFE)
    assert second.family(RENTER) == ("RANKED", 2, 1)


def test_an_officer_does_not_find_them_before_the_move_is_known() -> None:
    village = a_village()
    village.tells(knocked(CARD, RENTER, BOY, day="2025-04-20", contact="PINDAH_ATAU_BANGUNAN_HILANG", address=OLD))
    village.tells(moved(CARD, *MOVERS, day="2025-04-10", recorded="2025-06-20", address=NEW))
    assert village.seal("2025-Q2").lines == []
