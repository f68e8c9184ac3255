"""Aims at a family that splits (pisah KK): the line stays with its payee, and the new family gets one of its own."""

from tests.scenarios.told import CHILD, GRANDCHILD, HEAD, IN_LAW, POOR, WIFE, Village, card, known, man, visit, woman

MOTHER, FATHER, PUPIL = woman("Nur", 1975), man("Agus", 1972), man("Bayu", 2014)
SON, DAUGHTER_IN_LAW, BABY = man("Eko", 1999), woman("Lina", 2000), woman("Citra", 2023)
TOGETHER = (MOTHER, FATHER, PUPIL, SON, DAUGHTER_IN_LAW, BABY)
OLD = ((FATHER, HEAD), (MOTHER, WIFE), (PUPIL, CHILD))


def a_village() -> Village:
    village = Village("PKH", "SEMBAKO")
    young = ((SON, CHILD), (DAUGHTER_IN_LAW, IN_LAW), (BABY, GRANDCHILD))
    village.tells(
        *known(*TOGETHER),
        card(1, *OLD, *young, day="2024-12-01"),
        visit(1, *TOGETHER, day="2025-01-10", home=POOR),
    )
    assert village.seal("2025-Q1").lines == [
        ("Nur", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 225_000 + 750_000),
        ("Nur", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
    ]
    return village


def test_the_young_family_takes_a_card_of_its_own() -> None:
    village = a_village()
    village.tells(
        card(2, (SON, HEAD), (DAUGHTER_IN_LAW, WIFE), (BABY, CHILD), day="2025-04-20", replaces=1, because="PISAH"),
        card(1, *OLD, day="2025-04-20"),
    )
    second = village.seal("2025-Q2")
    assert second.lines == [
        ("Lina", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
        ("Lina", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Nur", "PKH", "AMENDED", "JUMLAH_BERUBAH", 975_000, 225_000),
    ]
    assert second.family(BABY)[:2] == second.family(PUPIL)[:2] == ("RANKED", 3)


def test_the_payee_is_among_those_who_leave() -> None:
    village = a_village()
    village.tells(card(2, (MOTHER, HEAD), (PUPIL, CHILD), day="2025-04-20", replaces=1, because="PISAH"))
    second = village.seal("2025-Q2")
    assert second.lines == [
        ("Agus", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
        ("Agus", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Nur", "PKH", "AMENDED", "JUMLAH_BERUBAH", 975_000, 225_000),
    ]
    assert second.answer(MOTHER, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
