"""A birth is recorded before the mother's new card: no family of an infant, and nothing is lost."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import (
    CHILD,
    HEAD,
    POOR,
    WIFE,
    Person,
    birth,
    card,
    known,
    man,
    on,
    visit,
    woman,
)

GRANDMOTHER, GRANDFATHER = woman("Tuti", 1970), man("Karta", 1968)
MOTHER, FATHER = woman("Sari", 2000), man("Joko", 1998)
BABY = Person("Intan", on("2025-03-02"), female=True)
OLD, NEW = 11, 12

LIFE = Life(
    "birth_before_the_card",
    "a birth that is recorded before the mother's new card",
    ("PKH", "SEMBAKO", "KAJ"),
    (GRANDMOTHER, GRANDFATHER, MOTHER, FATHER, BABY),
    (
        Chapter(
            "2025-Q1",
            (
                *known(GRANDMOTHER, GRANDFATHER, MOTHER, FATHER),
                card(OLD, (GRANDFATHER, HEAD), (GRANDMOTHER, WIFE), (MOTHER, CHILD), day="2024-12-01"),
                visit(OLD, GRANDFATHER, GRANDMOTHER, MOTHER, day="2025-01-10", home=POOR),
                # the new card is named by the birth, and nobody else is on it yet
                birth(BABY, MOTHER, NEW, recorded="2025-03-20"),
            ),
            (("Tuti", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),),
        ),
        Chapter(
            "2025-Q2",
            # written before the birth was, it comes after the cut; it does not list the baby
            (card(NEW, (FATHER, HEAD), (MOTHER, WIFE), day="2025-02-20", because="BARU"),),
            (
                ("Sari", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
                ("Sari", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
            ),
        ),
    ),
)
