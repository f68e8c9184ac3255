"""Aims at a birth that is recorded before the mother's new card: no family of an infant, and nothing is lost."""

from tests.scenarios.told import CHILD, HEAD, POOR, WIFE, Person, Village, birth, card, known, man, on, visit, woman

GRANDMOTHER, GRANDFATHER = woman("Tuti", 1970), man("Karta", 1968)
MOTHER, FATHER = woman("Sari", 2000), man("Joko", 1998)
BABY = Person("Intan", on("2025-03-02"), female=True)


def test_a_birth_before_the_mothers_card() -> None:
    village = Village("PKH", "SEMBAKO", "KAJ")
    village.tells(
        *known(GRANDMOTHER, GRANDFATHER, MOTHER, FATHER),
        card(1, (GRANDFATHER, HEAD), (GRANDMOTHER, WIFE), (MOTHER, CHILD), day="2024-12-01"),
        visit(1, GRANDFATHER, GRANDMOTHER, MOTHER, day="2025-01-10", home=POOR),
        # card 2 is named by the birth, and nobody else is on it yet
        birth(BABY, MOTHER, 2, recorded="2025-03-20"),
    )
    first = village.seal("2025-Q1")
    assert first.status(BABY) == "TERDAFTAR"
    assert first.family(BABY) == ("INCOMPLETE", 1, None)
    assert {first.answer(BABY, it) for it in ("PKH", "SEMBAKO", "KAJ")} == {("INELIGIBLE", "KELUARGA_TIDAK_LENGKAP")}
    assert first.lines == [("Tuti", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000)]

    # written before the birth was, it comes after the cut; it does not list the baby
    village.tells(card(2, (FATHER, HEAD), (MOTHER, WIFE), day="2025-02-20", because="BARU"))
    second = village.seal("2025-Q2")
    assert second.family(BABY) == ("RANKED", 3, 1)
    assert second.family(GRANDMOTHER) == ("RANKED", 2, 1)
    assert second.answer(BABY, "SEMBAKO") == ("NOT_PAYEE", "BUKAN_PENERIMA")
    assert second.answer(BABY, "KAJ") == ("INELIGIBLE", "SUDAH_DILAYANI_PKH")
    assert second.lines == [
        ("Sari", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
        ("Sari", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
    ]
