"""Aims at an objection that comes by two channels: it holds a removal once, and a late one holds nothing."""

from agents.simulator.scenarios.telling import HEAD, card, comfortable, known, man, visit
from tests.scenarios.claiming import decides, objects
from tests.scenarios.told import POOR, Sealed, Village

SURYA = man("Surya", 1980)
CARD = 301


def removed(*told: object) -> tuple[Village, Sealed]:
    """A poor family receives Sembako, and is found well off in the second quarter, in which `told` is told."""
    village = Village("SEMBAKO")
    assert not village.tells(
        *known(SURYA), card(CARD, (SURYA, HEAD), day="2024-12-01"), visit(CARD, SURYA, day="2025-01-10", home=POOR)
    )
    assert village.seal("2025-Q1").holds(SURYA) == {"SEMBAKO": ("ACTIVE", 600_000)}
    assert not village.tells(comfortable(CARD, SURYA, day="2025-04-10"), *told)  # type: ignore[arg-type]
    return village, village.seal("2025-Q2")


TWICE = (
    objects(SURYA, "SEMBAKO", "2025-Q2", day="2025-06-20"),
    objects(SURYA, "SEMBAKO", "2025-Q2", day="2025-06-21", channel="JAKI"),
)


def test_an_objection_by_cek_bansos_and_jaki_holds_once() -> None:
    village, second = removed(*TWICE)
    assert second.lines == [("Surya", "SEMBAKO", "HELD", "ADA_SANGGAHAN", 600_000, None)]
    assert not village.tells(objects(SURYA, "SEMBAKO", "2025-Q3", day="2025-09-20"))
    assert village.seal("2025-Q3").lines == []
    assert not village.tells(objects(SURYA, "SEMBAKO", "2025-Q4", day="2025-12-20", channel="LAPOR_MAS_WAPRES"))
    fourth = village.seal("2025-Q4")
    assert [it[:4] for it in fourth.lines] == [("Surya", "SEMBAKO", "REVOKED", "DESIL_DI_ATAS_BATAS")]


def test_a_decision_ends_the_hold_and_accepting_alone_gives_no_money() -> None:
    village, _ = removed(*TWICE)
    assert not village.tells(decides(SURYA, "SANGGAH", "SEMBAKO", "2025-Q2", "DITERIMA", day="2025-07-10"))
    third = village.seal("2025-Q3")
    assert [it[:4] for it in third.lines] == [("Surya", "SEMBAKO", "REVOKED", "DESIL_DI_ATAS_BATAS")]


def test_a_decision_acts_through_the_corrected_facts() -> None:
    village, _ = removed(*TWICE)
    assert not village.tells(
        decides(SURYA, "SANGGAH", "SEMBAKO", "2025-Q2", "DITERIMA", day="2025-07-10"),
        visit(CARD, SURYA, day="2025-07-08", home=POOR),
    )
    third = village.seal("2025-Q3")
    assert third.lines == [("Surya", "SEMBAKO", "AMENDED", "DILANJUTKAN", 0, 600_000)]


def test_a_late_objection_is_counted_and_holds_nothing() -> None:
    _, second = removed(objects(SURYA, "SEMBAKO", "2024-Q4", day="2025-06-20"))
    assert [it[:4] for it in second.lines] == [("Surya", "SEMBAKO", "REVOKED", "DESIL_DI_ATAS_BATAS")]
