"""A field officer takes a living person for dead: a finding, never a death; only the registry decides."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, POOR, card, death, known, man, visit, woman

MOTHER, SON = woman("Rohani", 1955), man("Andi", 1988)
CARD = 121

LIFE = Life(
    "wrong_death_flag",
    "a field officer who takes a living person for dead",
    ("PKH", "SEMBAKO"),
    (MOTHER, SON),
    (
        Chapter(
            "2025-Q1",
            (
                *known(MOTHER, SON),
                card(CARD, (MOTHER, HEAD), (SON, CHILD), day="2024-12-01"),
                visit(CARD, MOTHER, SON, day="2025-01-10", home=POOR),
            ),
            (
                ("Rohani", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
                ("Rohani", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
            ),
        ),
        Chapter("2025-Q2", (visit(CARD, MOTHER, SON, day="2025-05-10", home=POOR, found={"Rohani": "MENINGGAL"}),)),
        Chapter("2025-Q3"),
        Chapter(
            "2025-Q4",
            (death(MOTHER, died="2025-10-01", recorded="2025-10-12"),),
            (
                ("Andi", "SEMBAKO", "GRANTED", "PENGGANTI", None, 600_000),
                ("Rohani", "PKH", "REVOKED", "MENINGGAL", 600_000, None),
                ("Rohani", "SEMBAKO", "REVOKED", "MENINGGAL", 600_000, None),
            ),
        ),
    ),
)
