"""Aims at moves within DKI: what is held goes on, a city of its own tells the payer, and an old door drops nobody."""

from tests.scenarios.told import (
    CHILD,
    HEAD,
    KEBAYORAN,
    MENTENG,
    PONDOK_PINANG,
    POOR,
    Village,
    card,
    knocked,
    known,
    man,
    moved,
    visit,
    woman,
)

MOTHER, BOY = woman("Sri", 1984), man("Galih", 2015)
CIKINI = "Jl. Cikini No. 8"
MOVERS = ((MOTHER, HEAD), (BOY, CHILD))


def test_a_move_between_kelurahan() -> None:
    village = Village("SEMBAKO")
    village.tells(*known(MOTHER, BOY), card(1, *MOVERS, day="2024-12-01"))
    village.tells(visit(1, MOTHER, BOY, day="2025-01-10", home=POOR))
    granted = village.seal("2025-Q1")
    assert granted.lines == [("Sri", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000)]

    # to another kelurahan of the same city; afterwards an officer still looks for them at the old address
    village.tells(moved(1, *MOVERS, day="2025-04-10", kelurahan=PONDOK_PINANG, address="Jl. Arteri No. 3"))
    village.tells(knocked(1, MOTHER, BOY, day="2025-05-02", contact="PINDAH_ATAU_BANGUNAN_HILANG", kelurahan=KEBAYORAN))
    second = village.seal("2025-Q2")
    assert second.lines == []
    assert second.answer(MOTHER, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")

    # to another city
    village.tells(moved(1, *MOVERS, day="2025-07-10", kelurahan=MENTENG, address=CIKINI))
    third = village.seal("2025-Q3")
    assert third.lines == [("Sri", "SEMBAKO", "AMENDED", "PINDAH_KOTA", 600_000, 600_000)]
    line = third.line(MOTHER, "SEMBAKO")
    assert (line["kab_kota_before"], line["kab_kota"]) == ("3174", "3171")

    # at the new address they are looked for in vain, too
    village.tells(
        knocked(1, MOTHER, BOY, day="2025-10-20", contact="TIDAK_DITEMUKAN", kelurahan=MENTENG, address=CIKINI)
    )
    assert village.seal("2025-Q4").lines == [("Sri", "SEMBAKO", "REVOKED", "ALAMAT_TIDAK_DITEMUKAN", 600_000, None)]
