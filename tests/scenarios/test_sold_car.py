"""Aims at a car that was sold but is still in the family's name: it blocks until the STNK is changed."""

from tests.scenarios.told import HEAD, SMALL_COMFORTS, Village, card, cars, comfortable, known, man

OLD_MAN = man("Sukardi", 1951)


def test_a_sold_car_blocks_until_the_stnk_is_changed() -> None:
    village = Village("PKH", "SEMBAKO", "KLJ")
    village.tells(
        *known(OLD_MAN),
        card(1, (OLD_MAN, HEAD), day="2024-12-01"),
        cars(OLD_MAN, 1, day="2024-12-10"),
        comfortable(1, OLD_MAN, day="2025-01-10", owns=(*SMALL_COMFORTS, "mobil")),
    )
    first = village.seal("2025-Q1")
    assert (first.answer(OLD_MAN, "KLJ"), first.lines) == (("INELIGIBLE", "PUNYA_MOBIL"), [])

    # an officer sees that it is gone; the register of vehicles still has it
    village.tells(comfortable(1, OLD_MAN, day="2025-04-10"))
    second = village.seal("2025-Q2")
    assert (second.answer(OLD_MAN, "KLJ"), second.lines) == (("INELIGIBLE", "MOBIL_TERDAFTAR"), [])

    village.tells(cars(OLD_MAN, 0, day="2025-09-01"))
    third = village.seal("2025-Q3")
    assert third.lines == [("Sukardi", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000)]
    assert {"name": "mobil", "value": "tidak"} in third.line(OLD_MAN, "KLJ")["values"]

    # and bought again
    village.tells(cars(OLD_MAN, 1, day="2025-10-02"))
    assert village.seal("2025-Q4").lines == [("Sukardi", "KLJ", "REVOKED", "MOBIL_TERDAFTAR", 900_000, None)]
