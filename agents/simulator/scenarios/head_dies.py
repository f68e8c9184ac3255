"""A head who received dies: the payee is replaced, and the child keeps KJP Plus on the new card."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, KIN, POOR, card, death, known, man, school, visit, woman

FATHER, AUNT, GIRL = man("Budi", 1975), woman("Wati", 1990), woman("Dewi", 2014)
OLD, NEW = 51, 52

LIFE = Life(
    "head_dies",
    "the death of a head who received, and a new card a quarter later",
    ("SEMBAKO", "KJP_PLUS"),
    (FATHER, AUNT, GIRL),
    (
        Chapter(
            "2025-Q1",
            (
                *known(FATHER, AUNT, GIRL),
                card(OLD, (FATHER, HEAD), (GIRL, CHILD), (AUNT, KIN), day="2024-12-01"),
                visit(OLD, FATHER, GIRL, AUNT, day="2025-01-10", home=POOR),
                school(GIRL, "SD", day="2025-01-08"),
            ),
            (
                ("Budi", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
                ("Dewi", "KJP_PLUS", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
            ),
        ),
        Chapter(
            "2025-Q2",
            (death(FATHER, died="2025-05-02", recorded="2025-05-20"),),
            (
                ("Budi", "SEMBAKO", "REVOKED", "MENINGGAL", 600_000, None),
                ("Wati", "SEMBAKO", "GRANTED", "PENGGANTI", None, 600_000),
            ),
        ),
        # a new card number alone publishes nothing
        Chapter(
            "2025-Q3",
            (card(NEW, (AUNT, HEAD), (GIRL, KIN), day="2025-07-15", replaces=OLD, because="GANTI_KEPALA"),),
        ),
    ),
)
