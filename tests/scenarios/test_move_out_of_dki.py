"""Aims at a move out of DKI whose SKPWNI gap lies across a cut: in transit nothing is lost, and nothing paid twice."""

from tests.scenarios.told import (
    BOGOR,
    COMFORTABLE,
    HEAD,
    MENTENG,
    POOR,
    Village,
    arrived,
    card,
    known,
    left,
    man,
    visit,
    woman,
)

POOR_WIDOW, OLD_MAN = woman("Ratna", 1988), man("Slamet", 1950)
SKPWNI = "SKPWNI/3174/20032025/0007"


def gone() -> Village:
    """In the quarter before, one holds Sembako (of the nation), the other KLJ (of DKI); then both leave."""
    village = Village("PKH", "SEMBAKO", "KLJ")
    village.tells(
        *known(POOR_WIDOW, OLD_MAN),
        card(1, (POOR_WIDOW, HEAD), day="2024-11-10"),
        card(2, (OLD_MAN, HEAD), day="2024-11-10", address="Jl. Kenanga No. 4"),
        visit(1, POOR_WIDOW, day="2024-11-15", home=POOR),
        visit(2, OLD_MAN, day="2024-11-15", home=COMFORTABLE, address="Jl. Kenanga No. 4"),
    )
    assert village.seal("2024-Q4").lines == [
        ("Slamet", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000),
        ("Ratna", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
    ]
    village.tells(left(POOR_WIDOW, OLD_MAN, day="2025-03-20", skpwni=SKPWNI))
    first = village.seal("2025-Q1")
    assert first.status(POOR_WIDOW) == first.status(OLD_MAN) == "TRANSIT"
    assert first.lines == [("Slamet", "KLJ", "HELD", "DALAM_PERPINDAHAN", 900_000, None)]
    assert first.answer(POOR_WIDOW, "SEMBAKO") == ("KEPT", "DALAM_PERPINDAHAN")
    return village


def test_they_arrive_outside() -> None:
    village = gone()
    village.tells(arrived(9, (POOR_WIDOW, HEAD), (OLD_MAN, 9), day="2025-04-15", skpwni=SKPWNI, kelurahan=BOGOR))
    second = village.seal("2025-Q2")
    assert second.status(POOR_WIDOW) == second.status(OLD_MAN) == "LUAR"
    assert second.lines == [
        ("Slamet", "KLJ", "REVOKED", "PINDAH_KELUAR", 0, None),
        ("Ratna", "SEMBAKO", "REVOKED", "PINDAH_KELUAR", 600_000, None),
    ]


def test_they_come_back_to_another_city_of_dki() -> None:
    """The arrival bears an earlier clock than the departure: it counts all the same."""
    village = gone()
    village.tells(arrived(9, (POOR_WIDOW, HEAD), (OLD_MAN, 9), day="2025-03-19", skpwni=SKPWNI, kelurahan=MENTENG))
    second = village.seal("2025-Q2")
    assert second.status(POOR_WIDOW) == second.status(OLD_MAN) == "TERDAFTAR"
    assert second.answer(POOR_WIDOW, "SEMBAKO") == ("SERVED", "MEMENUHI_SYARAT")
    assert second.lines[1:] == [("Ratna", "SEMBAKO", "AMENDED", "PINDAH_KOTA", 600_000, 600_000)]
    # the old man now lives with a family that Sembako serves
    assert second.lines[0] == ("Slamet", "KLJ", "REVOKED", "SUDAH_DILAYANI_SEMBAKO", 0, None)


def test_nobody_records_an_arrival() -> None:
    village = gone()
    second = village.seal("2025-Q2")  # 102 days after they left: more than the 90 of the rules
    assert second.status(POOR_WIDOW) == second.status(OLD_MAN) == "LUAR"
    assert [line[:4] for line in second.lines] == [
        ("Slamet", "KLJ", "REVOKED", "PINDAH_KELUAR"),
        ("Ratna", "SEMBAKO", "REVOKED", "PINDAH_KELUAR"),
    ]
