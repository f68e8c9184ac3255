"""Aims at a move out of DKI whose SKPWNI gap lies across a cut: in transit nothing is lost, and nothing paid twice."""

from agents.simulator.scenarios.move_out_of_dki import LIFE, OLD_MAN, POOR_WIDOW, SKPWNI
from tests.scenarios.told import HEAD, KIN, MENTENG, POOR, Village, arrived, card, kk, known, left, man, visit

BROTHER = man("Anto", 1991)


def test_they_arrive_outside() -> None:
    _, first, second = Village(*LIFE.programmes).lives(LIFE)
    assert first.status(POOR_WIDOW) == first.status(OLD_MAN) == "TRANSIT"
    assert first.answer(POOR_WIDOW, "SEMBAKO") == ("KEPT", "DALAM_PERPINDAHAN")
    assert second.status(POOR_WIDOW) == second.status(OLD_MAN) == "LUAR"


def gone() -> Village:
    """As it is while both are under way."""
    village = Village(*LIFE.programmes)
    told = village.lives(LIFE)
    next(told), next(told)
    return village


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
