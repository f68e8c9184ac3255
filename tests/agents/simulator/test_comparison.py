"""Aims at: a simulated year is near what was published, every rate has a source, and the page is up to date."""

from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from agents.cli import main
from agents.simulator import Rates
from agents.simulator.comparison import Year, compare, compare_ages, counted
from agents.simulator.lists.rates import Damage
from agents.simulator.published import ASSUMPTION, NOT_COMPARED, RESULTS, aged_pyramid
from agents.simulator.rates import origins

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "simulator.md"


@pytest.fixture(scope="module")
def year() -> Year:
    return counted()


def test_each_figure_lies_within_its_bounds(year: Year) -> None:
    found = compare(year)
    beyond = found.filter(~found["ratio"].is_between(found["least"], found["most"]))
    assert beyond.select("measure", "published", "simulated", "ratio").rows() == []
    # wide bounds upwards need a reason that the page tells
    assert found.filter(found["most"] > 2)["remark"].str.len_chars().min() > 20  # type: ignore[operator]


def test_ages_follow_the_pyramid(year: Year) -> None:
    ages = compare_ages(year)
    assert ages.height == 16
    assert ages["published"].sum() == pytest.approx(1)
    assert ages["simulated"].sum() == pytest.approx(1)
    assert ages.filter(~ages["ratio"].is_between(0.75, 1.35)).rows() == []


def test_the_pyramid_is_aged_as_the_later_counts_say() -> None:
    """Jakarta Pusat 2024: 20.4% up to 14 years, 13.2% from 60 on; in 2019 it was 22.8% and 8.5%."""
    shares = aged_pyramid()
    assert 0.19 < sum(shares[:3]) < 0.21
    assert 0.11 < sum(shares[12:]) < 0.14


def test_every_rate_has_a_unit_a_note_and_a_source_or_says_assumption() -> None:
    assert list(origins()) == [each.name for each in fields(Rates)]
    for name, origin in origins().items():
        assert origin.unit, name
        assert origin.note, name
        assert origin.source == ASSUMPTION or "(" in origin.source or "," in origin.source, name
    assert list(origins(Damage)) == [each.name for each in fields(Damage)]
    assert all(origin.unit and origin.note for origin in origins(Damage).values())
    sourced = [name for name, origin in origins().items() if origin.source != ASSUMPTION]
    assert len(sourced) >= 12


def test_what_is_not_compared_is_sourced() -> None:
    assert all(figure.source != ASSUMPTION and 0 < figure.value < 1 for figure in (*RESULTS, *NOT_COMPARED))


def test_the_page_is_up_to_date(tmp_path: Path) -> None:
    """Made anew by `dtsen simulate compare --out docs/reference/simulator.md`."""
    made = tmp_path / "made.md"
    result = CliRunner().invoke(main, ["simulate", "compare", "--out", str(made)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert made.read_text() == PAGE.read_text()
