"""Two recipients marry: one family, one recipient; neither line is paid twice, and none is lost."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, POOR, WIFE, card, known, man, married, visit, woman

HUSBAND, WIDOW = man("Dodi", 1980, day=9), woman("Yanti", 1982, day=3)
HIS, HERS = man("Raka", 2013), woman("Mega", 2022)
HER_HOME = "Jl. Kenanga No. 4 RT 001 RW 02"

LIFE = Life(
    "marriage_of_two_payees",
    "two recipients who marry: one family, one recipient",
    ("PKH", "SEMBAKO"),
    (HUSBAND, WIDOW, HIS, HERS),
    (
        Chapter(
            "2025-Q1",
            (
                *known(HUSBAND, WIDOW, HIS, HERS),
                card(61, (HUSBAND, HEAD), (HIS, CHILD), day="2024-12-01"),
                card(62, (WIDOW, HEAD), (HERS, CHILD), day="2024-12-01", address=HER_HOME),
                visit(61, HUSBAND, HIS, day="2025-01-10", home=POOR),
                visit(62, WIDOW, HERS, day="2025-01-11", home=POOR, address=HER_HOME),
            ),
            (
                ("Dodi", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 225_000),
                ("Dodi", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
                ("Yanti", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
                ("Yanti", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
            ),
        ),
        # married, but on two cards: still two families
        Chapter("2025-Q2", (married(HUSBAND, WIDOW, day="2025-06-14"),)),
        Chapter(
            "2025-Q3",
            (
                card(
                    61,
                    (HUSBAND, HEAD),
                    (WIDOW, WIFE),
                    (HIS, CHILD),
                    (HERS, CHILD),
                    day="2025-07-01",
                    because="GABUNG",
                    replaces=62,
                ),
            ),
            # of two present payees the NIK decides
            (
                ("Dodi", "PKH", "AMENDED", "JUMLAH_BERUBAH", 225_000, 225_000 + 750_000),
                ("Yanti", "PKH", "REVOKED", "SATU_KELUARGA_SATU_PENERIMA", 750_000, None),
                ("Yanti", "SEMBAKO", "REVOKED", "SATU_KELUARGA_SATU_PENERIMA", 600_000, None),
            ),
        ),
        Chapter("2025-Q4"),
    ),
)
