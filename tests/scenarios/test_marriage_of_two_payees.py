"""Aims at two recipients who marry: one family, one recipient; neither line is paid twice, and none is lost."""

from tests.scenarios.told import CHILD, HEAD, POOR, WIFE, Village, card, known, man, married, visit, woman

HUSBAND, WIDOW = man("Dodi", 1980, day=9), woman("Yanti", 1982, day=3)
HIS, HERS = man("Raka", 2013), woman("Mega", 2022)


def test_the_marriage_of_two_payees() -> None:
    village = Village("PKH", "SEMBAKO")
    village.tells(
        *known(HUSBAND, WIDOW, HIS, HERS),
        card(1, (HUSBAND, HEAD), (HIS, CHILD), day="2024-12-01"),
        card(2, (WIDOW, HEAD), (HERS, CHILD), day="2024-12-01", address="Jl. Kenanga No. 4 RT 001 RW 02"),
        visit(1, HUSBAND, HIS, day="2025-01-10", home=POOR),
        visit(2, WIDOW, HERS, day="2025-01-11", home=POOR, address="Jl. Kenanga No. 4 RT 001 RW 02"),
    )
    assert village.seal("2025-Q1").lines == [
        ("Dodi", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 225_000),
        ("Dodi", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
        ("Yanti", "PKH", "GRANTED", "MEMENUHI_SYARAT", None, 750_000),
        ("Yanti", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
    ]
    # married, but on two cards: still two families
    village.tells(married(HUSBAND, WIDOW, day="2025-06-14"))
    assert village.seal("2025-Q2").lines == []

    together = ((HUSBAND, HEAD), (WIDOW, WIFE), (HIS, CHILD), (HERS, CHILD))
    village.tells(card(1, *together, day="2025-07-01", because="GABUNG"))
    third = village.seal("2025-Q3")
    assert HUSBAND.nik < WIDOW.nik  # of two present payees the NIK decides
    assert third.lines == [
        ("Dodi", "PKH", "AMENDED", "JUMLAH_BERUBAH", 225_000, 225_000 + 750_000),
        ("Yanti", "PKH", "REVOKED", "SATU_KELUARGA_SATU_PENERIMA", 750_000, None),
        ("Yanti", "SEMBAKO", "REVOKED", "SATU_KELUARGA_SATU_PENERIMA", 600_000, None),
    ]
    assert third.line(WIDOW, "SEMBAKO")["objection_until"] is not None
    assert village.seal("2025-Q4").lines == []
