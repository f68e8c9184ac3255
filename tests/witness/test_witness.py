"""Aims at the register's lists: a second implementation, in SQL over the accepted events, must give the same."""

import ast
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from agents.simulator import Rates, Simulation, simulate
from tests.streams.year import Computed, year
from tests.witness.decisions import with_decisions
from tests.witness.planted import with_chains, with_two_payees
from tests.witness.witness import Witnessed, witness_year

pytestmark = pytest.mark.long

PROGRAMMES = {
    *("ATENSI", "BLTS", "KAJ", "KIP_KULIAH", "KJMU", "KJP_PLUS", "KLJ", "KPDJ", "PBI_JK", "PIP", "PKH", "SEMBAKO"),
}
HERE = Path(__file__).parent
SHOWN = 5  # differing rows in a message

# Far more of what is rare, so that every rule decides about somebody.
LIVELY = Rates(
    births_per_1000=60,
    deaths_per_1000=80,
    arrivals_per_1000=60,
    departures_per_1000=120,
    moves_between_kota_per_1000=90,
    marriages_per_1000=90,
    job_changes_per_1000=60,
    moves_within_per_1000=60,
    divorces_per_1000=30,
    deactivated_per_1000=20,
    car_changes_per_1000=40,
    into_panti_per_1000=15,
    card_reissues_per_1000=60,
    corrected_births_per_1000=40,
    corrected_deaths=0.3,
    wrong_deaths=0.35,
    dead_before_start=0.02,
    staged_transits_per_1000_families=20,
    groundchecked=0.35,
    contact_not_found=0.08,
    contact_moved=0.06,
    objecting=0.9,
    late=0.08,
    repeated=0.05,
)


@dataclass(frozen=True)
class Year:
    """Four quarters: what the register's core computed, and what the witness says."""

    simulation: Simulation
    core: dict[str, Computed]
    witness: dict[str, Witnessed]

    def quarters(self) -> Iterator[tuple[str, Computed, Witnessed]]:
        for quarter in self.simulation.quarters:
            yield quarter, self.core[quarter], self.witness[quarter]


# From 2024-Q4, when KJP Plus is not due and its desil counts for the last time, to 2026-Q1, when BLTS winds up.
SIMULATED = {
    "XS": lambda: simulate("XS", quarters=6, first="2024-Q4", seed=20_241_001),
    "S": lambda: simulate("S", quarters=4, first="2025-Q1", seed=20_250_101),
    "lively": lambda: simulate("XS", quarters=4, first="2025-Q1", seed=3, rates=LIVELY),
    "decisions": lambda: with_decisions(simulate("XS", quarters=4, first="2025-Q1", seed=11), seed=11),
    "chains": lambda: with_chains(simulate("XS", quarters=4, first="2025-Q1", seed=10), seed=10),
}


@pytest.fixture(scope="module", params=SIMULATED)
def told(request: pytest.FixtureRequest) -> Year:
    simulation = SIMULATED[request.param]()
    return Year(simulation, year(simulation), witness_year(simulation))


def differing(core: pl.DataFrame, witness: pl.DataFrame) -> dict[str, list[dict[str, object]]]:
    """Rows that only one side has, a few of each; in the witness's columns and types."""
    core = core.select(pl.col(name).cast(dtype) for name, dtype in witness.schema.items())
    assert core.is_duplicated().sum() == witness.is_duplicated().sum() == 0
    sides = {"core": (core, witness), "witness": (witness, core)}
    return {
        name: found.sort(core.columns).head(SHOWN).to_dicts()
        for name, (mine, other) in sides.items()
        if (found := mine.join(other, on=core.columns, how="anti", nulls_equal=True)).height
    }


def by_programme(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers, a row per person and programme."""
    names = [name.removesuffix(".verdict") for name in answers.columns if name.endswith(".verdict")]
    parts = ("verdict", "amount_rupiah", "reason")
    return pl.concat(
        answers.select(
            "nik",
            pl.lit(name).alias("programme"),
            *(pl.col(f"{name}.{part}").alias(part) for part in parts),
        )
        for name in names
    )


def test_the_door_accepts_what_the_witness_takes(told: Year) -> None:
    for quarter, core, _ in told.quarters():
        index = 4 * int(quarter[:4]) + int(quarter[-1]) - 1
        good = (pl.col("sim.arrival") == index) & pl.col("sim.plant").is_in(["GOOD", "REPEAT"])
        sent = sum(each.frame.filter(good).height for each in told.simulation.written.values())
        assert core.accepted == sent, quarter


def test_accounts_of_persons(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert differing(core.accounts, witness.accounts) == {}, quarter


def test_cut_points(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert core.cut_points == witness.cut_points, quarter


def test_families_scores_and_deciles(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert differing(core.families, witness.families) == {}, quarter


def test_answers(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert differing(by_programme(core.answers), witness.answers) == {}, quarter


def test_changes(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert differing(core.changes, witness.changes) == {}, quarter


def test_holdings_carried_to_the_next_quarter(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert differing(core.holdings, witness.holdings) == {}, quarter


def test_adjustments_of_lists_of_before(told: Year) -> None:
    for quarter, core, witness in told.quarters():
        assert differing(core.adjustments, witness.adjustments) == {}, quarter


def test_lines_and_adjustments_sum_to_what_is_due(told: Year) -> None:
    """By the witness alone: after the last quarter, nothing is paid for a day on which somebody was dead."""
    last = told.witness[told.simulation.quarters[-1]]
    dead = told.core[told.simulation.quarters[-1]].persons.filter(pl.col("status") == "MENINGGAL")
    adjusted = pl.concat(it.adjustments for it in told.witness.values())
    sums = adjusted.group_by("nik", "programme", "concerns").agg(pl.col("amount_rupiah").sum())
    for quarter in told.simulation.quarters[:-1]:
        day = dt.date(int(quarter[:4]) + int(quarter[-1]) // 4, 3 * int(quarter[-1]) % 12 + 1, 1)
        paid = told.witness[quarter].holdings.filter(pl.col("state") == "ACTIVE", pl.col("amount_rupiah") > 0)
        gone = paid.join(dead.filter(pl.col("died_on") < day).select("nik"), on="nik", how="semi")
        both = gone.join(sums.filter(concerns=quarter), on=["nik", "programme"], how="left", suffix="_back")
        left = both.filter(pl.col("amount_rupiah") + pl.col("amount_rupiah_back").fill_null(0) != 0)
        assert left.is_empty(), f"{quarter}: {left.head(SHOWN).to_dicts()}"
    assert last.holdings.join(dead, on="nik", how="semi").is_empty()


def test_two_payees_in_one_family() -> None:
    plain = simulate("XS", quarters=2, first="2025-Q1", seed=20_250_101)
    held = witness_year(plain)["2025-Q1"].holdings.filter(programme="SEMBAKO")
    simulation = with_two_payees(plain, held["nik"].to_list(), dt.date(2025, 6, 20))
    witness = witness_year(simulation)["2025-Q2"]
    if "SATU_KELUARGA_SATU_PENERIMA" not in set(witness.changes["reason"]):
        pytest.fail("no family came to two payees: plant others")
    assert differing(year(simulation)["2025-Q2"].changes, witness.changes) == {}


def test_the_years_are_worth_comparing(told: Year) -> None:
    answers = pl.concat([each.answers for each in told.witness.values()])
    changes = pl.concat([each.changes for each in told.witness.values()])
    assert set(answers["programme"]) == PROGRAMMES
    assert set(answers["verdict"]) == {"SERVED", "KEPT", "HELD", "ELIGIBLE", "INELIGIBLE", "NOT_PAYEE"}
    assert set(changes["action"]) == {"GRANTED", "REVOKED", "AMENDED", "HELD"}
    if told.simulation.scale == "S":  # at XS a quota of four may stay empty
        assert set(changes.filter(action="GRANTED")["programme"]) == PROGRAMMES - {"ATENSI"}
    assert pl.concat(each.adjustments for each in told.witness.values()).height
    statuses = set(pl.concat([each.accounts for each in told.witness.values()])["status"])
    assert statuses == {"TERDAFTAR", "TRANSIT", "LUAR", "MENINGGAL", "NONAKTIF", "TANPA_KARTU"}


def test_the_witness_shares_no_code_with_the_register() -> None:
    """Of the project it knows itself and the simulator; the rules and the producers it reads as plain YAML."""
    strange = [
        f"{path.name}: {module}"
        for path in HERE.glob("*.py")
        if not path.name.startswith("test_")
        for module in _imported(ast.parse(path.read_text(encoding="utf-8")))
        if module.partition(".")[0] in {"agents", "schemas", "streams", "tests"}
        and not module.startswith(("agents.simulator", "tests.witness."))
    ]
    assert strange == []


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that they can be judged"
            yield from (
                f"{node.module}.{alias.name}" if node.module in {"agents", "tests"} else str(node.module)
                for alias in node.names
            )
