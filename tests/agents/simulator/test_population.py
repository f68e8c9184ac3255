"""The first population: exactly as large as the scale says, unique synthetic numbers, a believable pyramid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.simulator.identity import ages
from agents.simulator.population import found
from agents.simulator.quarters import Quarter
from agents.simulator.rates import Rates
from agents.simulator.scales import SCALES, pieces
from agents.simulator.world import ADULT_YEARS, CHILD, HEAD, WIFE, World

FIRST = Quarter(2025, 1)


@pytest.fixture(scope="module")
def world() -> World:
    return found(pieces("S")[0], FIRST, 3, Rates())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_the_scale_is_met_exactly(seed: int) -> None:
    world = found(pieces("XXS")[0], FIRST, seed, Rates())
    assert len(world.people) == SCALES["XXS"].persons
    assert sorted(set(world.people.family.tolist())) == list(range(SCALES["XXS"].families))


def test_numbers_are_unique_synthetic_and_never_both_nik_and_card(world: World) -> None:
    niks, cards = set(world.people.nik.tolist()), set(world.families.number.tolist())
    assert len(niks) == len(world.people)
    assert len(cards) == len(world.families)
    assert not niks & cards
    assert all(number.startswith("3171") and 90 <= int(number[4:6]) <= 99 for number in niks | cards)


def test_a_nik_tells_birth_and_sex(world: World) -> None:
    people = world.people
    day = np.array([int(nik[6:8]) for nik in people.nik.tolist()])
    assert ((day > 40) == people.woman).all()
    born = np.array([f"{nik[10:12]}-{nik[8:10]}" for nik in people.nik.tolist()])
    assert (born == np.strings.slice(people.born.astype(str), 2, 7)).all()


def test_every_family_has_one_head_who_is_adult(world: World) -> None:
    heads = world.people.relation == HEAD
    assert np.bincount(world.people.family[heads]).tolist() == [1] * len(world.families)
    assert (world.ages_on(FIRST.first_day)[heads] >= ADULT_YEARS).all()


def test_children_are_younger_than_the_head_by_a_generation(world: World) -> None:
    people = world.people
    born = np.empty(len(world.families), "datetime64[D]")
    born[people.family[people.relation == HEAD]] = people.born[people.relation == HEAD]
    child = people.relation == CHILD
    years = (people.born[child] - born[people.family[child]]).astype(np.int64) / 365.2425
    assert years.min() > 17
    assert people.woman[people.relation == WIFE].all()


def test_the_pyramid_is_that_of_jakarta(world: World) -> None:
    """Domain facts 6.1: 20.4% to 22.8% up to 14 and 8.5% to 13.2% from 60 on; with some tolerance."""
    age = world.ages_on(FIRST.first_day)
    assert 0.19 < (age < 15).mean() < 0.26
    assert 0.08 < (age >= 60).mean() < 0.14
    assert 0.49 < world.people.woman.mean() < 0.52


def test_ages_count_completed_years() -> None:
    born = np.array(["2000-06-15", "2000-06-16", "2004-02-29"], "datetime64[D]")
    assert ages(born, np.datetime64("2025-06-15", "D")).tolist() == [25, 24, 21]
    assert ages(born[2:], np.datetime64("2025-02-28", "D")).tolist() == [20]
