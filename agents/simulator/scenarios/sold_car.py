"""A car was sold but is still in the family's name: it blocks until the STNK is changed."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import HEAD, SMALL_COMFORTS, card, cars, comfortable, known, man

OLD_MAN = man("Sukardi", 1951)
CARD = 101

LIFE = Life(
    "sold_car",
    "a car that was sold but is still in the family's name",
    ("PKH", "SEMBAKO", "KLJ"),
    (OLD_MAN,),
    (
        Chapter(
            "2025-Q1",
            (
                *known(OLD_MAN),
                card(CARD, (OLD_MAN, HEAD), day="2024-12-01"),
                cars(OLD_MAN, 1, day="2024-12-10"),
                comfortable(CARD, OLD_MAN, day="2025-01-10", owns=(*SMALL_COMFORTS, "mobil")),
            ),
        ),
        # an officer sees that it is gone; the register of vehicles still has it
        Chapter("2025-Q2", (comfortable(CARD, OLD_MAN, day="2025-04-10"),)),
        Chapter(
            "2025-Q3",
            (cars(OLD_MAN, 0, day="2025-09-01"),),
            (("Sukardi", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),),
        ),
        # and bought again
        Chapter(
            "2025-Q4",
            (cars(OLD_MAN, 1, day="2025-10-02"),),
            (("Sukardi", "KLJ", "REVOKED", "MOBIL_TERDAFTAR", 900_000, None),),
        ),
    ),
)
