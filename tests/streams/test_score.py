"""Aims at the welfare score: whole rupiah, by the table, blind to what is not known; counts that add up anyhow."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.families import form
from streams.score import COUNTS, combine_counts, score_step
from tests.streams.villages import AS_OF, POOR, RICH, Person, holdings, members, rules

RULES = rules()
MODEL = RULES.score


def score_of(*people: Person) -> int | None:
    families = form(members(people), holdings(), RULES, AS_OF).families
    score: int | None = families["score"][0]
    return score


def test_a_score_by_hand() -> None:
    home = {"lantai": 2, "daya": 3, "luas_lantai": 50}
    owns = {"sepeda_motor": True, "ac": False, "kambing": 2}
    people = [Person(1, home=home, owns=owns), Person(2, relation=3), Person(3, relation=4)]
    # base + floor tiles + 1,300 W + motorcycle + two goats + two further members + 16 m2 a head
    assert score_of(*people) == 420_000 + 75_000 + 110_000 + 57_000 + 2 * 6_000 - 2 * 42_000 + 16 * 7_000


def test_what_is_not_known_gives_no_points() -> None:
    assert score_of(Person(1, home={"luas_lantai": 0})) == MODEL.base_rupiah
    assert score_of(Person(1, home={"luas_lantai": 0, "lantai": 99})) == MODEL.base_rupiah
    assert score_of(Person(1)) is None


def test_limits() -> None:
    assert score_of(Person(1, home={"luas_lantai": 0, "lantai": 8, "dinding": 6, "penerangan": 4, "daya": 1})) == max(
        MODEL.minimum_rupiah, 420_000 - 45_000 - 30_000 - 50_000 - 20_000
    )
    many = [Person(number, relation=4, home={"luas_lantai": 10}) for number in range(1, 25)]
    assert score_of(*many) == MODEL.minimum_rupiah
    assert score_of(Person(1, home={"luas_lantai": 900}, owns={"sapi": 500})) == (
        MODEL.base_rupiah + 60 * 7_000 + MODEL.livestock_limit * 26_000
    )


def test_only_present_members_count_and_a_better_home_scores_higher() -> None:
    alone = score_of(Person(1, home=POOR))
    assert score_of(Person(1, home=POOR), Person(2, status="MENINGGAL")) == alone
    with_child, rich = score_of(Person(1, home=POOR), Person(2, relation=4)), score_of(Person(1, home=RICH))
    assert with_child is not None
    assert alone is not None
    assert rich is not None
    assert with_child < alone < rich


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 9)), max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_counts_add_up_over_any_partitions(parts: list[list[tuple[int, int, int]]]) -> None:
    frames = [pl.DataFrame(rows, schema=COUNTS, orient="row") for rows in parts]
    whole = combine_counts(frames)
    assert combine_counts([pl.concat(frames)]).equals(whole)
    assert combine_counts(frames[::-1]).equals(whole)
    assert whole["persons"].sum() == sum(row[2] for rows in parts for row in rows)
    assert whole["score"].is_sorted()


def test_counts_are_of_ranked_families_and_their_present_people() -> None:
    people = [
        Person(1, home=POOR),
        Person(2, relation=4, status="TRANSIT"),
        Person(3, kk=2),  # home never seen
        Person(4, kk=3, home=POOR, born=AS_OF.replace(year=2015)),  # no adult
    ]
    counts = score_step(form(members(people), holdings(), RULES, AS_OF))
    assert counts.select("families", "persons").rows() == [(1, 1)]
    assert score_step(form(members([]), holdings(), RULES, AS_OF)).schema == COUNTS
