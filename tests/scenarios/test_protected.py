"""Aims at protected facts (UU 27/2022): they decide, and no published line tells of them."""

from agents.simulator.scenarios.telling import HEAD, POOR, card, comfortable, disabled, known, man, named, visit, woman
from streams.rules.facts import FACTS, NUMBERS, PUBLISHED
from tests.scenarios.told import Village

RAHMAN, SITI = man("Rahman", 1980), woman("Siti Aminah", 1985)
ENTRY, SEVERE = disabled(RAHMAN, day="2025-01-15"), disabled(SITI, day="2025-01-20", severe=True)
PROTECTED_GROUPS = ("disability", "pregnancy", "health")


def test_whatever_comes_from_a_protected_group_is_protected() -> None:
    told = {name for name, fact in FACTS.items() if (fact.event or "").partition(".")[0] in PROTECTED_GROUPS}
    assert told == {name for name, fact in FACTS.items() if fact.protected} > {"person.hamil"}
    assert told & {*PUBLISHED, *NUMBERS} == set()


def test_a_disability_decides_and_no_line_names_it() -> None:
    village = Village("PKH", "SEMBAKO", "KPDJ")
    village.tells(
        *known(RAHMAN, SITI),
        card(231, (RAHMAN, HEAD), day="2024-12-01"),
        comfortable(231, RAHMAN, day="2025-01-10"),
        ENTRY,
        card(232, (SITI, HEAD), day="2024-12-01"),
        visit(232, SITI, day="2025-01-10", home=POOR),
        SEVERE,
    )
    sealed = village.seal("2025-Q1")
    assert sealed.holds(RAHMAN) == {"KPDJ": ("ACTIVE", 900_000)}
    assert sealed.holds(SITI)["PKH"] == ("ACTIVE", 600_000)
    village.tells(disabled(RAHMAN, day="2025-04-15", registered=False))
    later = village.seal("2025-Q2")
    assert later.line(RAHMAN, "KPDJ")["reason"] == "TIDAK_DALAM_DAFTAR_DINSOS"
    for row in (*sealed.published.to_dicts(), *later.published.to_dicts()):
        assert set(row["causes"]) & {named(ENTRY), named(SEVERE)} == set()
        assert "disab" not in f"{row['reason']} {row['values']} {row['article']}".lower()
