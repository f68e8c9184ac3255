"""Aims at a renter who moves to another RT of the same kelurahan: the family must not be dropped for that."""

from tests.scenarios.told import CHILD, HEAD, POOR, Village, card, knocked, known, man, moved, visit, woman

RENTER, BOY = woman("Siti", 1986), man("Rizki", 2016)
MOVERS = ((RENTER, HEAD), (BOY, CHILD))
OLD, NEW = "Jl. Melati No. 12 RT 003 RW 05", "Jl. Melati No. 40 RT 007 RW 05"


def a_village() -> Village:
    village = Village("PKH", "SEMBAKO")
    village.tells(*known(RENTER, BOY), card(1, *MOVERS, day="2024-12-01", address=OLD))
    village.tells(visit(1, RENTER, BOY, day="2025-01-10", home=POOR, address=OLD))
    assert village.seal("2025-Q1").lines == [
        ("Siti", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 225_000),
        ("Siti", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
    ]
    return village


def test_the_move_alone_changes_nothing() -> None:
    village = a_village()
    village.tells(moved(1, *MOVERS, day="2025-04-10", address=NEW))
    second = village.seal("2025-Q2")
    assert second.lines == []
    assert second.family(RENTER) == ("RANKED", 2, 1)


def test_a_new_card_at_the_new_address_changes_nothing() -> None:
    village = a_village()
    village.tells(card(2, *MOVERS, day="2025-04-10", replaces=1, address=NEW))
    assert village.seal("2025-Q2").lines == []


def test_an_officer_does_not_find_them_at_the_old_address() -> None:
    village = a_village()
    village.tells(moved(1, *MOVERS, day="2025-04-10", address=NEW))
    village.tells(knocked(1, RENTER, BOY, day="2025-05-02", contact="PINDAH_ATAU_BANGUNAN_HILANG", address=OLD))
    assert village.seal("2025-Q2").lines == []


def test_an_officer_does_not_find_them_before_the_move_is_known() -> None:
    village = a_village()
    village.tells(knocked(1, RENTER, BOY, day="2025-04-20", contact="PINDAH_ATAU_BANGUNAN_HILANG", address=OLD))
    village.tells(moved(1, *MOVERS, day="2025-04-10", recorded="2025-06-20", address=NEW))
    assert village.seal("2025-Q2").lines == []
