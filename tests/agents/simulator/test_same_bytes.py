"""Same seed, same bytes; another seed, other bytes; more quarters never change the earlier ones."""

from pathlib import Path

import pytest

from agents.simulator import Simulation, simulate
from agents.simulator.container import write_container
from agents.simulator.quarters import Quarter
from tests.agents.simulator.conftest import SEED


def test_the_same_seed_gives_the_same_bytes(tiny: Simulation, tmp_path: Path) -> None:
    again = simulate("XXS", quarters=2, first="2025-Q1", seed=SEED)
    for number, simulation in enumerate((tiny, again)):
        frames = (simulation.events(quarter) for quarter in simulation.quarters)
        write_container(tmp_path / str(number), frames, SEED)
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()


def test_another_seed_gives_other_people(tiny: Simulation) -> None:
    other = simulate("XXS", quarters=1, first="2025-Q1", seed=SEED + 1)
    mine = set(tiny.truth("2025-Q1").persons["nik"])
    shared = mine & set(other.truth("2025-Q1").persons["nik"])
    assert len(shared) < len(mine) / 10


def test_more_quarters_change_nothing_earlier(tiny: Simulation) -> None:
    shorter = simulate("XXS", quarters=1, first="2025-Q1", seed=SEED)
    assert shorter.events("2025-Q1").equals(tiny.events("2025-Q1"))
    for name, frame in shorter.truth("2025-Q1").frames().items():
        assert frame.equals(tiny.truth("2025-Q1").frames()[name]), name


def test_a_quarter_that_was_not_simulated_is_named(tiny: Simulation) -> None:
    with pytest.raises(KeyError, match="2025-Q4 was not simulated; simulated are 2025-Q1, 2025-Q2"):
        tiny.events("2025-Q4")


@pytest.mark.parametrize("text", ["2025", "2025-Q5", "25-Q1", "2025-q1", "2025-Q1 "])
def test_a_quarter_written_wrongly_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 2025-Q1"):
        Quarter.parse(text)


def test_quarters_follow_each_other() -> None:
    assert [str(Quarter(2024, 4).plus(step)) for step in range(3)] == ["2024-Q4", "2025-Q1", "2025-Q2"]
    assert (str(Quarter(2024, 1).first_day), str(Quarter(2024, 1).last_day)) == ("2024-01-01", "2024-03-31")
    assert Quarter(2024, 1).days == 91
