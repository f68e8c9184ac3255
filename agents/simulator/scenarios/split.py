"""A family splits (pisah KK): the line stays with its payee, and the new family gets one of its own."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import (
    CHILD,
    GRANDCHILD,
    HEAD,
    IN_LAW,
    POOR,
    WIFE,
    card,
    known,
    man,
    visit,
    woman,
)

MOTHER, FATHER, PUPIL = woman("Nur", 1975), man("Agus", 1972), man("Bayu", 2014)
SON, DAUGHTER_IN_LAW, BABY = man("Eko", 1999), woman("Lina", 2000), woman("Citra", 2023)
TOGETHER = (MOTHER, FATHER, PUPIL, SON, DAUGHTER_IN_LAW, BABY)
OLD = ((FATHER, HEAD), (MOTHER, WIFE), (PUPIL, CHILD))
YOUNG = ((SON, CHILD), (DAUGHTER_IN_LAW, IN_LAW), (BABY, GRANDCHILD))
CARD, NEW_CARD = 111, 112

LIFE = Life(
    "split",
    "a young family that takes a card of its own (pisah KK)",
    ("PKH", "SEMBAKO"),
    TOGETHER,
    (
        Chapter(
            "2025-Q1",
            (
                *known(*TOGETHER),
                card(CARD, *OLD, *YOUNG, day="2024-12-01"),
                visit(CARD, *TOGETHER, day="2025-01-10", home=POOR),
            ),
            (
                ("Nur", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 225_000 + 750_000),
                ("Nur", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
            ),
        ),
        Chapter(
            "2025-Q2",
            (
                card(
                    NEW_CARD,
                    (SON, HEAD),
                    (DAUGHTER_IN_LAW, WIFE),
                    (BABY, CHILD),
                    day="2025-04-20",
                    replaces=CARD,
                    because="PISAH",
                ),
                card(CARD, *OLD, day="2025-04-20"),
            ),
            (
                ("Lina", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
                ("Lina", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
                ("Nur", "PKH", "AMENDED", "JUMLAH_BERUBAH", 975_000, 225_000),
            ),
        ),
    ),
)
