"""Moves within DKI: what is held goes on, a city of its own tells the payer, and an old door drops nobody."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import (
    CHILD,
    HEAD,
    KEBAYORAN,
    MENTENG,
    PONDOK_PINANG,
    POOR,
    card,
    knocked,
    known,
    man,
    moved,
    visit,
    woman,
)

MOTHER, BOY = woman("Sri", 1984), man("Galih", 2015)
MOVERS = ((MOTHER, HEAD), (BOY, CHILD))
CARD, CIKINI = 71, "Jl. Cikini No. 8"

LIFE = Life(
    "move_between_kelurahan",
    "moves within DKI, and officers at the old and at the new door",
    ("SEMBAKO",),
    (MOTHER, BOY),
    (
        Chapter(
            "2025-Q1",
            (
                *known(MOTHER, BOY),
                card(CARD, *MOVERS, day="2024-12-01"),
                visit(CARD, MOTHER, BOY, day="2025-01-10", home=POOR),
            ),
            (("Sri", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),),
        ),
        # to another kelurahan of the same city; afterwards an officer still looks for them at the old address
        Chapter(
            "2025-Q2",
            (
                moved(CARD, *MOVERS, day="2025-04-10", kelurahan=PONDOK_PINANG, address="Jl. Arteri No. 3"),
                knocked(
                    CARD, MOTHER, BOY, day="2025-05-02", contact="PINDAH_ATAU_BANGUNAN_HILANG", kelurahan=KEBAYORAN
                ),
            ),
        ),
        # to another city
        Chapter(
            "2025-Q3",
            (moved(CARD, *MOVERS, day="2025-07-10", kelurahan=MENTENG, address=CIKINI),),
            (("Sri", "SEMBAKO", "AMENDED", "PINDAH_KOTA", 600_000, 600_000),),
        ),
        # at the new address they are looked for in vain, too
        Chapter(
            "2025-Q4",
            (
                knocked(
                    CARD, MOTHER, BOY, day="2025-10-20", contact="TIDAK_DITEMUKAN", kelurahan=MENTENG, address=CIKINI
                ),
            ),
            (("Sri", "SEMBAKO", "REVOKED", "ALAMAT_TIDAK_DITEMUKAN", 600_000, None),),
        ),
    ),
)
