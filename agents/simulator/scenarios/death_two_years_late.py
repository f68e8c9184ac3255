"""A death is reported two years late, then cancelled, then dated anew: each list says what was known."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import CHILD, HEAD, cancelled, card, comfortable, death, known, man, woman

WIDOW, SON = woman("Aminah", 1950), man("Rudi", 1985)
REPORTED = death(WIDOW, died="2023-04-02", recorded="2025-05-20")
GRANTED = ("Aminah", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000)
REVOKED = ("Aminah", "KLJ", "REVOKED", "MENINGGAL", 900_000, None)

LIFE = Life(
    "death_two_years_late",
    "a death that is reported two years late, then cancelled, then dated anew",
    ("PKH", "SEMBAKO", "KLJ"),
    (WIDOW, SON),
    (
        Chapter(
            "2025-Q1",
            (
                *known(WIDOW, SON),
                card(31, (WIDOW, HEAD), (SON, CHILD), day="2024-12-01"),
                comfortable(31, WIDOW, SON, day="2025-01-10"),
            ),
            (GRANTED,),
        ),
        Chapter("2025-Q2", (REPORTED,), (REVOKED,)),
        Chapter("2025-Q3", (cancelled(REPORTED, WIDOW, recorded="2025-07-11"),), (GRANTED,)),
        # dated before the day of the death that was cancelled, and written down last
        Chapter("2025-Q4", (death(WIDOW, died="2022-11-30", recorded="2025-11-05"),), (REVOKED,)),
    ),
)
