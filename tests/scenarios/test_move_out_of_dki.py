"""Aims at a move out of DKI whose SKPWNI gap lies across a cut: in transit nothing is lost, and nothing paid twice."""

from tests.scenarios.told import (
    BOGOR,
    HEAD,
    KIN,
    MENTENG,
    POOR,
    Village,
    arrived,
    card,
    comfortable,
    kk,
    known,
    left,
    man,
    visit,
    woman,
)

POOR_WIDOW, OLD_MAN, BROTHER = woman("Ratna", 1988), man("Slamet", 1950), man("Anto", 1991)
SKPWNI = "SKPWNI/3174/20032025/0007"


def gone() -> Village:
    """In the quarter before, one holds Sembako (of the nation), the other KLJ (of DKI); then both leave."""
    village = Village("PKH", "SEMBAKO", "KLJ")
    village.tells(
        *known(POOR_WIDOW, OLD_MAN),
        card(1, (POOR_WIDOW, HEAD), day="2024-11-10"),
        card(2, (OLD_MAN, HEAD), day="2024-11-10"),
        visit(1, POOR_WIDOW, day="2024-11-15", home=POOR),
        comfortable(2, OLD_MAN, day="2024-11-15"),
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
    """The arrivals bear an earlier clock than the departure: they count all the same."""
    village = gone()
    village.tells(
        arrived(8, (POOR_WIDOW, HEAD), day="2025-03-19", skpwni=SKPWNI, kelurahan=MENTENG),
        arrived(9, (OLD_MAN, HEAD), day="2025-03-19", skpwni=SKPWNI, kelurahan=MENTENG),
    )
    second = village.seal("2025-Q2")
    assert second.status(POOR_WIDOW) == second.status(OLD_MAN) == "TERDAFTAR"
    assert second.lines == [
        ("Slamet", "KLJ", "AMENDED", "DILANJUTKAN", 0, 900_000),
        ("Ratna", "SEMBAKO", "AMENDED", "PINDAH_KOTA", 600_000, 600_000),
    ]
    assert {second.line(OLD_MAN, "KLJ")[it] for it in ("kab_kota", "no_kk")} == {"3171", kk(9)}


def test_nobody_records_an_arrival() -> None:
    village = gone()
    second = village.seal("2025-Q2")  # 102 days after they left: more than the 90 of the rules
    assert second.status(POOR_WIDOW) == second.status(OLD_MAN) == "LUAR"
    assert [line[:4] for line in second.lines] == [
        ("Slamet", "KLJ", "REVOKED", "PINDAH_KELUAR"),
        ("Ratna", "SEMBAKO", "REVOKED", "PINDAH_KELUAR"),
    ]


def test_a_payee_leaves_alone() -> None:
    """The line goes with the payee while that one is in transit; the family gets it when the limit has passed."""
    village = Village("SEMBAKO")
    village.tells(
        *known(POOR_WIDOW, BROTHER),
        card(1, (POOR_WIDOW, HEAD), (BROTHER, KIN), day="2024-11-10"),
        visit(1, POOR_WIDOW, BROTHER, day="2024-11-15", home=POOR),
    )
    assert village.seal("2024-Q4").lines == [("Ratna", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000)]
    village.tells(left(POOR_WIDOW, day="2025-03-20", skpwni=SKPWNI))
    first = village.seal("2025-Q1")
    assert first.lines == []
    assert first.answer(BROTHER, "SEMBAKO") == ("NOT_PAYEE", "BUKAN_PENERIMA")
    assert village.seal("2025-Q2").lines == [
        ("Anto", "SEMBAKO", "GRANTED", "PENGGANTI", None, 600_000),
        ("Ratna", "SEMBAKO", "REVOKED", "PINDAH_KELUAR", 600_000, None),
    ]
