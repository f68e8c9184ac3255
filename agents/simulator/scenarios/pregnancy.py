"""A pregnancy is a component of PKH from the day it is known until some weeks after the birth, and then no longer."""

from agents.simulator.scenarios.life import Chapter, Life
from agents.simulator.scenarios.telling import (
    HEAD,
    POOR,
    WIFE,
    birth,
    card,
    expects,
    expects_no_longer,
    known,
    man,
    visit,
    woman,
)

MOTHER, FATHER, CHILD = woman("Rahayu", 1998), man("Bagus", 1996), woman("Melati", 2025, 8, 25)
FORGOTTEN, HER_HUSBAND = woman("Widya", 1999), man("Tirta", 1997)
THIRD_TIME, HIS = woman("Endang", 1990), man("Wahyu", 1988)

LIFE = Life(
    "pregnancy",
    "a pregnancy that begins, ends, and is forgotten by the office that reported it",
    ("PKH",),
    (MOTHER, FATHER, CHILD, FORGOTTEN, HER_HUSBAND, THIRD_TIME, HIS),
    (
        Chapter(
            "2025-Q1",
            (
                *known(MOTHER, FATHER, FORGOTTEN, HER_HUSBAND, THIRD_TIME, HIS),
                card(201, (FATHER, HEAD), (MOTHER, WIFE), day="2024-12-01"),
                visit(201, MOTHER, FATHER, day="2025-01-10", home=POOR),
                card(202, (HER_HUSBAND, HEAD), (FORGOTTEN, WIFE), day="2024-12-01"),
                visit(202, FORGOTTEN, HER_HUSBAND, day="2025-01-10", home=POOR),
                expects(FORGOTTEN, day="2025-01-20", due="2025-05-10"),
                card(203, (HIS, HEAD), (THIRD_TIME, WIFE), day="2024-12-01"),
                visit(203, THIRD_TIME, HIS, day="2025-01-10", home=POOR),
                # at most the second pregnancy counts
                expects(THIRD_TIME, day="2025-01-25", due="2025-07-10", number=3),
            ),
            (("Widya", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),),
        ),
        Chapter(
            "2025-Q2",
            (expects(MOTHER, day="2025-05-12", due="2025-09-02"),),
            (
                ("Rahayu", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
                # nobody reported the end: it is over by itself, some weeks after the expected day
                ("Widya", "PKH", "REVOKED", "TANPA_KOMPONEN", 750_000, None),
            ),
        ),
        # the child counts, and the mother in the weeks after the birth
        Chapter(
            "2025-Q3",
            (
                expects_no_longer(MOTHER, day="2025-08-25"),
                birth(CHILD, MOTHER, 201, recorded="2025-09-10"),
            ),
            (("Rahayu", "PKH", "AMENDED", "JUMLAH_BERUBAH", 750_000, 1_500_000),),
        ),
        Chapter("2025-Q4", (), (("Rahayu", "PKH", "AMENDED", "JUMLAH_BERUBAH", 1_500_000, 750_000),)),
    ),
)
