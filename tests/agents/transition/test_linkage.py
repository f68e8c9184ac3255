"""Aims at linkage against the simulator's truth: precision and recall above stated bounds, in any order of the rows.

The bounds stand in docs/explanation/linkage.md beside what was measured.
"""

import re
from dataclasses import dataclass
from functools import cache

import polars as pl
import pytest

from agents.simulator import simulate
from agents.simulator.lists import Lists, lists_of
from agents.transition.linking import Linked, link
from agents.transition.scoring import LEVELS, score
from streams.transition.judging import DECISIONS, LINK_WEIGHT, MARGIN_WEIGHT, PARK_WEIGHT, Outcome, Why
from streams.transition.rows import as_compared, persons_compared
from tests.docs.pages import PROJECT
from tests.streams.year import year

NO_DECISIONS = pl.DataFrame(schema=DECISIONS)
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Case:
    """Lists, the register that they are linked to, and what came of it beside the truth."""

    lists: Lists
    persons: pl.DataFrame
    linked: Linked
    told: pl.DataFrame  # baris, outcome, why, nik, kind, harm, truly (the NIK; null: not in the register)


@cache
def case(seed: int) -> Case:
    simulation = simulate("XS", 1, seed=seed)
    persons = year(simulation)["2025-Q1"].persons
    lists = lists_of(simulation)
    linked = link(lists.rows, persons, NO_DECISIONS)
    known = persons.filter(pl.col("nama").is_not_null())["nik"].implode()
    truth = lists.truth.with_columns(truly=pl.when(pl.col("nik").is_in(known)).then("nik")).drop("nik")
    return Case(lists, persons, linked, linked.links.join(truth, on="baris"))


def share(found: pl.DataFrame, condition: pl.Expr) -> float:
    return float(found.select(condition.mean()).item())


RIGHT = pl.col("nik") == pl.col("truly")


@pytest.mark.parametrize("seed", SEEDS)
def test_precision_and_recall(seed: int) -> None:
    told = case(seed).told
    linked, there = told.filter(pl.col("outcome") == Outcome.LINKED), told.filter(pl.col("truly").is_not_null())
    assert share(linked, RIGHT.fill_null(value=False)) >= 0.998, "precision"
    assert share(there, RIGHT.fill_null(value=False)) >= 0.99, "recall"
    assert share(told, pl.col("outcome") == Outcome.PARKED) <= 0.02, "work for people"


@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_nik_to_go_by(seed: int) -> None:
    told = case(seed).told.filter(pl.col("why") != Why.NIK)
    by_score, there = told.filter(pl.col("why") == Why.SCORE), told.filter(pl.col("truly").is_not_null())
    assert by_score.height > 400, "enough to judge by"
    assert share(by_score, RIGHT.fill_null(value=False)) >= 0.99, "precision"
    assert share(there, RIGHT.fill_null(value=False)) >= 0.95, "recall"


@pytest.mark.parametrize("seed", SEEDS)
def test_twins_and_strangers_are_nobody_else(seed: int) -> None:
    told = case(seed).told
    twins, strangers = (told.filter(pl.col("kind") == kind) for kind in ("twin", "stranger"))
    assert twins.height >= 10
    assert not share(twins, pl.col("outcome") == Outcome.LINKED)
    assert share(strangers, pl.col("outcome") == Outcome.NOT_FOUND) >= 0.95
    doubles = told.filter(pl.col("kind") == "double")
    assert share(doubles, pl.col("outcome") == Outcome.LINKED) >= 0.95


def test_each_harm_is_survived() -> None:
    """Whatever is wrong with a row, most rows that have it find their person."""
    told = pl.concat([case(seed).told for seed in SEEDS]).filter(pl.col("truly").is_not_null())
    harms = told.with_columns(pl.col("harm").str.split(" ")).explode("harm").filter(pl.col("harm") != "")
    found = harms.group_by("harm").agg(right=RIGHT.fill_null(value=False).mean(), rows=pl.len())
    assert found.height == 14, "every kind of damage occurs"
    assert found.filter(pl.col("right") < 0.85).is_empty(), found.sort("right").head(3)


def test_whose_name_is_common_is_found_as_well() -> None:
    """Fairness: namesakes, and people of one word, are linked nearly as often as the others, and as rightly."""
    told = pl.concat([case(seed).told for seed in SEEDS]).filter(pl.col("truly").is_not_null())
    names = pl.concat([case(seed).persons.select("nik", "nama") for seed in SEEDS]).unique("nik")
    counted = names.with_columns(namesakes=pl.len().over("nama"))
    joined = told.join(counted, left_on="truly", right_on="nik").with_columns(common=pl.col("namesakes") >= 14)
    rates = joined.group_by("common").agg(RIGHT.fill_null(value=False).mean().alias("right")).sort("common")["right"]
    assert rates.len() == 2
    assert abs(rates[0] - rates[1]) < 0.01, rates


def test_the_order_of_rows_and_the_company_change_nothing() -> None:
    it = case(1)
    few = it.lists.rows.sample(300, seed=5)
    alone = link(few, it.persons.reverse(), NO_DECISIONS)
    whole = it.linked.links.join(few.select("baris"), on="baris", how="semi")
    assert alone.links.equals(whole), "a row is judged as it is, whoever else stands in the file"


def test_nothing_to_compare() -> None:
    it = case(1)
    rows, persons = as_compared(it.lists.rows), persons_compared(it.persons)
    assert score(rows.clear(), persons).is_empty()
    assert link(it.lists.rows, it.persons.clear(), NO_DECISIONS).count(Outcome.NOT_FOUND) == it.lists.rows.height


@pytest.mark.parametrize("name", LEVELS)
def test_each_comparison_is_a_whole(name: str) -> None:
    """m and u of the levels sum to one each, but for the u that frequencies replace."""
    assert sum(level.m for level in LEVELS[name]) == pytest.approx(1)
    assert sum(level.u for level in LEVELS[name]) == pytest.approx(1, abs=0.02)


def test_the_page_states_the_model_that_runs() -> None:
    text = (PROJECT / "docs" / "explanation" / "linkage.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [\w ]*\| [^|]+ \| (0\.\d+) \| (0\.\d+|of the register) \|$", text, re.MULTILINE)
    levels = [level for part in LEVELS.values() for level in part]
    stated = [(level.m, "of the register" if level.equal else level.u) for level in levels]
    assert [(float(m), u if u == "of the register" else float(u)) for m, u in rows] == stated
    assert f"at least {LINK_WEIGHT:.0f} bits" in text
    assert f"at\n   least {MARGIN_WEIGHT:.0f} bits behind" in text
    assert f"({PARK_WEIGHT:.0f} to {LINK_WEIGHT:.0f} bits)" in text
