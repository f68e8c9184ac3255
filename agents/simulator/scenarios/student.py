"""PDDikti says how a student does, and another payer what it pays: KJMU ends by either."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, card, comfortable, known, man, receives, studies, woman

FATHER, DAUGHTER = man("Bambang", 1975), woman("Kartika", 2006, 3, 8)
MOTHER, SON = woman("Sulastri", 1978), man("Surya", 2006, 2, 2)

LIFE = Life(
    "student",
    "a student whose marks fall, and one who receives a scholarship of the state",
    ("KIP_KULIAH", "KJMU"),
    (FATHER, DAUGHTER, MOTHER, SON),
    (
        Chapter(
            "2025-Q1",
            (
                *known(FATHER, DAUGHTER, MOTHER, SON),
                card(211, (FATHER, HEAD), (DAUGHTER, CHILD), day="2024-12-01"),
                comfortable(211, FATHER, DAUGHTER, day="2025-01-10"),
                studies(DAUGHTER, day="2025-02-20", semester=2, marks=325),
                card(212, (MOTHER, HEAD), (SON, CHILD), day="2024-12-01"),
                comfortable(212, MOTHER, SON, day="2025-01-10"),
                studies(SON, day="2025-02-20", semester=2, marks=340),
            ),
            (
                ("Kartika", "KJMU", "GRANTED", "MEMENUHI_SYARAT", None, 4_500_000),
                ("Surya", "KJMU", "GRANTED", "MEMENUHI_SYARAT", None, 4_500_000),
            ),
        ),
        # it is decided by half-years: nothing ends in this quarter
        Chapter("2025-Q2", (receives(SON, "BIDIKMISI", day="2025-05-02"),)),
        Chapter(
            "2025-Q3",
            (
                studies(DAUGHTER, day="2025-08-20", semester=3, marks=290),
                studies(SON, day="2025-08-20", semester=3, marks=345),
            ),
            (
                ("Kartika", "KJMU", "REVOKED", "IPK_DI_BAWAH_BATAS", 4_500_000, None),
                ("Surya", "KJMU", "REVOKED", "BEASISWA_LAIN", 4_500_000, None),
            ),
        ),
    ),
)
