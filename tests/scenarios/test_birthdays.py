"""Aims at ages that pass a limit without any event: a child turns 7 and a person turns 60 between two quarters."""

from tests.scenarios.told import CHILD, HEAD, POOR, Village, card, comfortable, known, man, visit, woman

MOTHER, BOY = woman("Ida", 1990), man("Fajar", 2018, 6, 30)
FATHER, GIRL = man("Hasan", 1985), woman("Laila", 2018, 7, 1)
NEARLY_OLD = woman("Mariam", 1965, 6, 30)


def test_birthdays_without_an_event() -> None:
    village = Village("PKH", "SEMBAKO", "KAJ", "KLJ")
    village.tells(
        *known(MOTHER, BOY, FATHER, GIRL, NEARLY_OLD),
        card(1, (MOTHER, HEAD), (BOY, CHILD), day="2024-12-01"),
        visit(1, MOTHER, BOY, day="2025-01-10", home=POOR),
        card(2, (FATHER, HEAD), (GIRL, CHILD), day="2024-12-01"),
        comfortable(2, FATHER, GIRL, day="2025-01-10"),
        card(3, (NEARLY_OLD, HEAD), day="2024-12-01"),
        comfortable(3, NEARLY_OLD, day="2025-01-10"),
    )
    first = village.seal("2025-Q1")
    assert sorted(first.lines) == [
        ("Ida", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
        ("Ida", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Laila", "KAJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),
    ]
    assert first.answer(NEARLY_OLD, "KLJ") == ("INELIGIBLE", "BELUM_LANSIA")

    # nothing is told. The boy's 7th and the woman's 60th birthday are the very day of the list; the girl's is the next
    second = village.seal("2025-Q2")
    assert sorted(second.lines) == [
        ("Ida", "PKH", "AMENDED", "JUMLAH_BERUBAH", 750_000, 225_000),
        ("Mariam", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),
    ]
    assert {"name": "umur", "value": "60"} in second.line(NEARLY_OLD, "KLJ")["values"]

    third = village.seal("2025-Q3")
    assert third.lines == [("Laila", "KAJ", "REVOKED", "BUKAN_USIA_DINI", 900_000, None)]
    assert third.line(GIRL, "KAJ")["values"] == [{"name": "umur", "value": "7"}]
