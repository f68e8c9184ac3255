"""A move out of DKI whose SKPWNI gap lies across a cut: in transit nothing is lost, and nothing paid twice."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import (
    BOGOR,
    HEAD,
    KIN,
    POOR,
    arrived,
    card,
    comfortable,
    known,
    left,
    man,
    visit,
    woman,
)

POOR_WIDOW, OLD_MAN = woman("Ratna", 1988), man("Slamet", 1950)
HERS, HIS, IN_BOGOR = 81, 82, 83
SKPWNI = "SKPWNI/3174/20032025/0007"

LIFE = Life(
    "move_out_of_dki",
    "a move out of DKI whose SKPWNI gap lies across a cut",
    ("PKH", "SEMBAKO", "KLJ"),
    (POOR_WIDOW, OLD_MAN),
    (
        # one holds Sembako (of the nation), the other KLJ (of DKI)
        Chapter(
            "2024-Q4",
            (
                *known(POOR_WIDOW, OLD_MAN),
                card(HERS, (POOR_WIDOW, HEAD), day="2024-11-10"),
                card(HIS, (OLD_MAN, HEAD), day="2024-11-10"),
                visit(HERS, POOR_WIDOW, day="2024-11-15", home=POOR),
                comfortable(HIS, OLD_MAN, day="2024-11-15"),
            ),
            (
                ("Slamet", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),
                ("Ratna", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
            ),
        ),
        Chapter(
            "2025-Q1",
            (left(POOR_WIDOW, OLD_MAN, day="2025-03-20", skpwni=SKPWNI),),
            (("Slamet", "KLJ", "HELD", "DALAM_PERPINDAHAN", 900_000, None),),
        ),
        Chapter(
            "2025-Q2",
            (arrived(IN_BOGOR, (POOR_WIDOW, HEAD), (OLD_MAN, KIN), day="2025-04-15", skpwni=SKPWNI, kelurahan=BOGOR),),
            (
                ("Slamet", "KLJ", "REVOKED", "PINDAH_KELUAR", 0, None),
                ("Ratna", "SEMBAKO", "REVOKED", "PINDAH_KELUAR", 600_000, None),
            ),
        ),
    ),
)
