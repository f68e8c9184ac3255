"""A renter moves to another RT of the same kelurahan: the family must not be dropped for that."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, POOR, card, knocked, known, man, moved, visit, woman

RENTER, BOY = woman("Siti", 1986), man("Rizki", 2016)
MOVERS = ((RENTER, HEAD), (BOY, CHILD))
CARD, NEW_CARD = 91, 92
OLD, NEW = "Jl. Melati No. 12 RT 003 RW 05", "Jl. Melati No. 40 RT 007 RW 05"

LIFE = Life(
    "renter_moves",
    "a renter who moves to another RT, and an officer at the old door",
    ("PKH", "SEMBAKO"),
    (RENTER, BOY),
    (
        Chapter(
            "2025-Q1",
            (
                *known(RENTER, BOY),
                card(CARD, *MOVERS, day="2024-12-01", address=OLD),
                visit(CARD, RENTER, BOY, day="2025-01-10", home=POOR, address=OLD),
            ),
            (
                ("Siti", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 225_000),
                ("Siti", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
            ),
        ),
        Chapter(
            "2025-Q2",
            (
                moved(CARD, *MOVERS, day="2025-04-10", address=NEW),
                knocked(CARD, RENTER, BOY, day="2025-05-02", contact="PINDAH_ATAU_BANGUNAN_HILANG", address=OLD),
            ),
        ),
    ),
)
