"""Aims at scripted lives in the middle of a simulated year: each comes out as told, nobody else's answer changes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

from agents.cli import main
from agents.simulator import Simulation, pieces, simulate, simulate_piece
from agents.simulator.container import read_container
from agents.simulator.quarters import Quarter as SimulatedQuarter
from agents.simulator.scenarios import LIVES, Life
from agents.simulator.scenarios.mixing import NoLifeFitsError
from streams.changes import no_holdings, unanswered
from streams.changes.lines import encode_changes, read_lines
from streams.quarters import Quarter
from streams.rules import load
from tests.streams.villages import documents
from tests.streams.year import Facts, run

pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from pathlib import Path

    from streams.rules import Bundle
    from tests.streams.year import Computed

QUARTERS, FIRST, SEED = 5, "2024-Q4", 20_241_001
EVERYBODY = 1_000_000  # quotas that suffice
BY_LIFE = pytest.mark.parametrize("life", LIVES, ids=lambda it: it.name)


@dataclass(frozen=True)
class Sealed:
    """A quarter of the mixed year: what was computed, and the lines as read from their bytes."""

    computed: Computed
    published: pl.DataFrame


def bundle(mode: str) -> Bundle:
    """All programmes, with quotas that suffice; ranked by the nation's cut points ("given") or by its own ("own")."""
    rules = documents()
    rules["register.yaml"]["ranking_mode"][0]["value"] = mode
    for dated in rules["quotas/XS.yaml"]["quotas"].values():
        dated[0]["value"] = EVERYBODY
    return load(rules, scale="XS")


def sealed(simulation: Simulation, mode: str) -> dict[str, Sealed]:
    facts, holdings, found = Facts(), no_holdings(), {}
    for quarter in simulation.quarters:
        accepted = facts.take(simulation.events(quarter))
        computed = run(facts, holdings, bundle(mode).at(Quarter.parse(quarter).last_day), quarter, accepted)
        assert unanswered(holdings, computed.answers, computed.persons).is_empty()
        holdings = computed.holdings
        published = read_lines([encode_changes(computed.changes, quarter, 0)], quarter, 0).changes
        found[quarter] = Sealed(computed, published)
    return found


@pytest.fixture(scope="module")
def plain() -> Simulation:
    return simulate("XS", QUARTERS, FIRST, SEED)


@pytest.fixture(scope="module")
def mixed() -> Simulation:
    return simulate("XS", QUARTERS, FIRST, SEED, scenarios=True)


@pytest.fixture(scope="module")
def told(mixed: Simulation) -> dict[str, Sealed]:
    return sealed(mixed, "given")


def scripted() -> set[str]:
    return {person.nik for life in LIVES for person in life.people}


def test_no_two_lives_share_a_person_or_a_card() -> None:
    niks = [person.nik for life in LIVES for person in life.people]
    assert len(niks) == len(set(niks))
    cards = [cards_of(life) for life in LIVES]
    assert sum(map(len, cards)) == len(set().union(*cards))
    for life in LIVES:
        indices = [SimulatedQuarter.parse(quarter).index for quarter in life.quarters]
        assert all(after == before + 1 for before, after in pairwise(indices)), life.name


def cards_of(life: Life) -> set[str]:
    contents: list[dict[str, Any]] = [said.record["content"] or {} for it in life.chapters for said in it.told]
    return {content["no_kk"] for content in contents if "no_kk" in content}


def test_no_simulated_person_or_family_has_a_number_of_theirs(plain: Simulation) -> None:
    assert not scripted() & set(plain.world.people.nik.tolist())
    assert not set().union(*map(cards_of, LIVES)) & set(plain.world.families.number.tolist())


@BY_LIFE
def test_a_life_comes_out_as_told(life: Life, told: dict[str, Sealed]) -> None:
    names = {person.nik: person.name for person in life.people}
    for quarter, seal in told.items():
        rows = seal.published.filter(pl.col("nik").is_in(list(names)), pl.col("programme").is_in(life.programmes))
        shown = ("programme", "action", "reason", "amount_before_rupiah", "amount_rupiah")
        found = [(names[row["nik"]], *(row[it] for it in shown)) for row in rows.to_dicts()]
        due = life.chapter(quarter).lines if quarter in life.quarters else ()
        assert sorted(found, key=repr) == sorted(due, key=repr), quarter


def test_everybody_else_has_the_same_events(plain: Simulation, mixed: Simulation) -> None:
    for quarter in plain.quarters:
        before, after = plain.events(quarter), mixed.events(quarter)
        assert after.join(before, on="ce_id", how="semi").equals(before)
        assert after.height > before.height


def test_everybody_else_has_the_same_answers(plain: Simulation, told: dict[str, Sealed]) -> None:
    for quarter, without in sealed(plain, "given").items():
        others = told[quarter].computed.answers.filter(~pl.col("nik").is_in(list(scripted())))
        assert others.equals(without.computed.answers), quarter
        lines = told[quarter].published.filter(~pl.col("nik").is_in(list(scripted())))
        assert lines.equals(without.published), quarter


def test_ranked_among_themselves_an_answer_changes_only_with_a_cut_point(plain: Simulation, mixed: Simulation) -> None:
    """Where no cut point moved, all others have equal answers; where one moved, only desils near it differ."""
    with_them, without = sealed(mixed, "own"), sealed(plain, "own")
    for quarter in plain.quarters:
        one, other = with_them[quarter].computed, without[quarter].computed
        joined = one.answers.join(other.answers.select("nik", before="desil"), on="nik")
        moved = joined.filter(pl.col("desil").ne_missing(pl.col("before")))
        if one.cut_points == other.cut_points:
            assert moved.is_empty()
        assert moved.height < joined.height / 20
        same = joined.join(moved, on="nik", how="anti").select("nik")
        for programme in ("PKH", "PBI_JK"):  # neither excludes by what another family gets
            verdict = f"{programme}.verdict"
            assert (
                one.answers.join(same, on="nik", how="semi")
                .select("nik", verdict)
                .equals(other.answers.join(same, on="nik", how="semi").select("nik", verdict))
            )


def test_the_truth_counts_them_as_the_register_does(mixed: Simulation, told: dict[str, Sealed]) -> None:
    for quarter in mixed.quarters:
        truth = mixed.truth(quarter)
        seen = told[quarter].computed.persons.select("nik", pl.col("status").cast(pl.String)).sort("nik")
        assert seen.equals(truth.persons.select("nik", "status"))
        assert int(truth.events["records"].sum()) == mixed.events(quarter).height
    assert scripted() <= set(mixed.truth(mixed.quarters[-1]).persons["nik"])


def test_a_shorter_simulation_mixes_in_the_same(mixed: Simulation) -> None:
    shorter = simulate("XS", 2, FIRST, SEED, scenarios=True)
    assert shorter.events("2025-Q1").equals(mixed.events("2025-Q1"))


def test_of_a_scale_of_several_pieces_the_first_has_them() -> None:
    for place, piece in enumerate(pieces("XXM")):
        with_them, without = (simulate_piece("XXM", piece, 1, FIRST, SEED, scenarios=each) for each in (True, False))
        assert with_them.events(FIRST).equals(without.events(FIRST)) == (place > 0)


def test_the_command_mixes_them_in(mixed: Simulation, tmp_path: Path) -> None:
    file = tmp_path / "events.avro"
    asked = ["simulate", "--from", FIRST, "--only", "2025-Q1", "--seed", str(SEED), "--scenarios", "--out", str(file)]
    result = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert pl.concat(list(read_container(file))).equals(mixed.events("2025-Q1"))
    result = CliRunner().invoke(main, ["simulate", "--from", "2025-Q2", "--scenarios", "--out", str(file)])
    assert result.exit_code == 1
    assert "simulate from 2025-Q1 or earlier." in result.output


def test_a_simulation_that_begins_later_says_from_when_lives_are_told() -> None:
    with pytest.raises(NoLifeFitsError, match="begins before 2025-Q2: simulate from 2025-Q1 or earlier"):
        simulate("XXS", 1, "2025-Q2", SEED, scenarios=True)
