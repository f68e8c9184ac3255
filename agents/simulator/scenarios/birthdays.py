"""Ages pass a limit without any event: a child turns 7 and a person turns 60 between two quarters."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, POOR, card, comfortable, known, man, visit, woman

MOTHER, BOY = woman("Ida", 1990), man("Fajar", 2018, 6, 30)
FATHER, GIRL = man("Hasan", 1985), woman("Laila", 2018, 7, 1)
NEARLY_OLD = woman("Mariam", 1965, 6, 30)

LIFE = Life(
    "birthdays",
    "ages that pass a limit without any event",
    ("PKH", "SEMBAKO", "KAJ", "KLJ"),
    (MOTHER, BOY, FATHER, GIRL, NEARLY_OLD),
    (
        Chapter(
            "2025-Q1",
            (
                *known(MOTHER, BOY, FATHER, GIRL, NEARLY_OLD),
                card(21, (MOTHER, HEAD), (BOY, CHILD), day="2024-12-01"),
                visit(21, MOTHER, BOY, day="2025-01-10", home=POOR),
                card(22, (FATHER, HEAD), (GIRL, CHILD), day="2024-12-01"),
                comfortable(22, FATHER, GIRL, day="2025-01-10"),
                card(23, (NEARLY_OLD, HEAD), day="2024-12-01"),
                comfortable(23, NEARLY_OLD, day="2025-01-10"),
            ),
            (
                ("Ida", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
                ("Ida", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
                ("Laila", "KAJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),
            ),
        ),
        # nothing is told: the boy's 7th and the woman's 60th birthday are the day of the list, the girl's is the next
        Chapter(
            "2025-Q2",
            (),
            (
                ("Ida", "PKH", "AMENDED", "JUMLAH_BERUBAH", 750_000, 225_000),
                ("Mariam", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),
            ),
        ),
        Chapter("2025-Q3", (), (("Laila", "KAJ", "REVOKED", "BUKAN_USIA_DINI", 900_000, None),)),
    ),
)
