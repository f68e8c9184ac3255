"""Aims at a death that is reported two years late, then cancelled, then dated anew: each list says what was known."""

from tests.scenarios.told import CHILD, HEAD, Village, cancelled, card, comfortable, death, known, man, named, woman

WIDOW, SON = woman("Aminah", 1950), man("Rudi", 1985)


def test_a_death_two_years_late_then_cancelled_then_dated_anew() -> None:
    village = Village("PKH", "SEMBAKO", "KLJ")
    village.tells(
        *known(WIDOW, SON),
        card(1, (WIDOW, HEAD), (SON, CHILD), day="2024-12-01"),
        comfortable(1, WIDOW, SON, day="2025-01-10"),
    )
    granted = ("Aminah", "KLJ", "GRANTED", "MEMENUHI_SYARAT", None, 900_000)
    revoked = ("Aminah", "KLJ", "REVOKED", "MENINGGAL", 900_000, None)
    assert village.seal("2025-Q1").lines == [granted]

    reported = death(WIDOW, died="2023-04-02", recorded="2025-05-20")
    village.tells(reported)
    second = village.seal("2025-Q2")
    assert (second.status(WIDOW), second.lines) == ("MENINGGAL", [revoked])
    assert not second.answers(WIDOW)
    assert second.line(WIDOW, "KLJ")["causes"] == [named(reported)]

    village.tells(cancelled(reported, WIDOW, recorded="2025-07-11"))
    third = village.seal("2025-Q3")
    assert (third.status(WIDOW), third.lines) == ("TERDAFTAR", [granted])

    # dated before the day of the death that was cancelled, and written down last
    village.tells(death(WIDOW, died="2022-11-30", recorded="2025-11-05"))
    fourth = village.seal("2025-Q4")
    assert (fourth.status(WIDOW), fourth.lines) == ("MENINGGAL", [revoked])


def test_a_cancellation_that_comes_before_the_death() -> None:
    village = Village("PKH", "SEMBAKO", "KLJ")
    reported = death(WIDOW, died="2023-04-02", recorded="2025-05-20")
    village.tells(*known(WIDOW), card(1, (WIDOW, HEAD), day="2024-12-01"))
    village.tells(cancelled(reported, WIDOW, recorded="2025-05-21"))
    assert village.seal("2025-Q2").status(WIDOW) == "TERDAFTAR"
    village.tells(reported)
    assert village.seal("2025-Q3").status(WIDOW) == "TERDAFTAR"
