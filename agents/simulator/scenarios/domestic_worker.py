"""A domestic worker on the card of an employer of the state: removed with the card, back on one of her own."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import HEAD, HELPER, POOR, card, known, man, visit, woman, works

WORKER, EMPLOYER = woman("Painem", 1979), man("Hendra", 1970)
ROOM = "Gg. Buntu No. 2"
HOUSE, HERS, ON_HER_OWN = 41, 42, 43
GRANTED = (
    ("Painem", "PBI_JK", "GRANTED", "MEMENUHI_SYARAT", None, 126_000),
    ("Painem", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
)

LIFE = Life(
    "domestic_worker",
    "a domestic worker on the card of an employer of the state",
    ("SEMBAKO", "PBI_JK"),
    (WORKER, EMPLOYER),
    (
        Chapter(
            "2025-Q1",
            (
                *known(WORKER, EMPLOYER),
                card(HOUSE, (EMPLOYER, HEAD), day="2024-12-01"),
                card(HERS, (WORKER, HEAD), day="2024-12-01", address=ROOM),
                works(EMPLOYER, "ASN", day="2024-12-05"),
                visit(HERS, WORKER, day="2025-01-10", home=POOR, address=ROOM),
            ),
            GRANTED,
        ),
        Chapter(
            "2025-Q2",
            (card(HOUSE, (EMPLOYER, HEAD), (WORKER, HELPER), day="2025-04-20"),),
            (
                ("Painem", "PBI_JK", "REVOKED", "ANGGOTA_APARATUR", 126_000, None),
                ("Painem", "SEMBAKO", "REVOKED", "ANGGOTA_APARATUR", 600_000, None),
            ),
        ),
        Chapter(
            "2025-Q3",
            (card(ON_HER_OWN, (WORKER, HEAD), day="2025-08-01", because="PISAH", replaces=HOUSE, address=ROOM),),
            GRANTED,
        ),
    ),
)
