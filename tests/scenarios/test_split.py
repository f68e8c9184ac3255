"""Aims at a family that splits (pisah KK): the line stays with its payee, and the new family gets one of its own."""

from agents.simulator.scenarios.split import BABY, CARD, LIFE, MOTHER, NEW_CARD, PUPIL
from tests.scenarios.told import CHILD, HEAD, Village, card


def test_the_young_family_takes_a_card_of_its_own() -> None:
    _, second = Village(*LIFE.programmes).lives(LIFE)
    assert second.family(BABY)[:2] == second.family(PUPIL)[:2] == ("RANKED", 3)


def test_the_payee_is_among_those_who_leave() -> None:
    village = Village(*LIFE.programmes)
    next(village.lives(LIFE))
    village.tells(card(NEW_CARD, (MOTHER, HEAD), (PUPIL, CHILD), day="2025-04-20", replaces=CARD, because="PISAH"))
    second = village.seal("2025-Q2")
    assert second.lines == [
        ("Agus", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
        ("Agus", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Nur", "PKH", "AMENDED", "JUMLAH_BERUBAH", 975_000, 225_000),
    ]
    assert second.answer(MOTHER, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
