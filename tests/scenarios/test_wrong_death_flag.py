"""Aims at a field officer who takes a living person for dead: a finding, never a death; only the registry decides."""

from tests.scenarios.told import CHILD, HEAD, POOR, Village, card, death, known, man, visit, woman

MOTHER, SON = woman("Rohani", 1955), man("Andi", 1988)


def test_a_wrong_death_flag_by_a_field_officer() -> None:
    village = Village("PKH", "SEMBAKO")
    village.tells(
        *known(MOTHER, SON),
        card(1, (MOTHER, HEAD), (SON, CHILD), day="2024-12-01"),
        visit(1, MOTHER, SON, day="2025-01-10", home=POOR),
    )
    assert village.seal("2025-Q1").lines == [
        ("Rohani", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Rohani", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
    ]
    village.tells(visit(1, MOTHER, SON, day="2025-05-10", home=POOR, found={"Rohani": "MENINGGAL"}))
    second = village.seal("2025-Q2")
    assert second.status(MOTHER) == "TERDAFTAR"
    assert second.lines == []
    assert second.answer(MOTHER, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
    found = second.computed.persons.filter(nik=MOTHER.nik)
    assert found["field.keberadaan"].to_list() == ["MENINGGAL"]  # kept, and shown

    # nor may the officer's office state a death
    refused = village.tells(death(MOTHER, died="2025-05-01", recorded="2025-07-12", producer="bps"))
    assert sum(refused.values()) == 1
    third = village.seal("2025-Q3")
    assert (third.status(MOTHER), third.lines) == ("TERDAFTAR", [])

    village.tells(death(MOTHER, died="2025-10-01", recorded="2025-10-12"))
    fourth = village.seal("2025-Q4")
    assert fourth.status(MOTHER) == "MENINGGAL"
    assert fourth.lines == [
        ("Andi", "SEMBAKO", "GRANTED", "PENGGANTI", None, 600_000),
        ("Rohani", "PKH", "REVOKED", "MENINGGAL", 600_000, None),
        ("Rohani", "SEMBAKO", "REVOKED", "MENINGGAL", 600_000, None),
    ]
