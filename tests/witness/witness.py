"""The witness: quarter after quarter, from accepted events to accounts, deciles, answers and changes, in SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from tests.witness.events import load_events
from tests.witness.rules import DATA, load_rules

if TYPE_CHECKING:
    from agents.simulator import Simulation

SQL = Path(__file__).parent / "sql"
EMPTY = (
    "CREATE TABLE holding(nik TEXT, programme TEXT, state TEXT, rupiah BIGINT, kab_kota TEXT, held_since DATE)",
    "CREATE TABLE listed_before(nik TEXT, no_kk TEXT)",
    "CREATE TABLE paid_list(quarter INT, last_day DATE, nik TEXT, programme TEXT, rupiah BIGINT, kab_kota TEXT)",
    "CREATE TABLE adjusted(nik TEXT, programme TEXT, quarter INT, cause TEXT, rupiah BIGINT, kab_kota TEXT)",
)
# Held back in as many lists as an objection may hold a removal.
HELD_OUT = """CREATE MACRO held_out(since) AS
    date_diff('quarter', since, getvariable('as_of')::DATE) > getvariable('objection_hold_quarters')"""


@dataclass(frozen=True)
class Witnessed:
    """What the witness says of one quarter, sorted by its first columns."""

    accounts: pl.DataFrame  # kab_kota, status, persons
    cut_points: list[int]  # largest score of desil 1 to 9
    families: pl.DataFrame  # no_kk, family_status, members, score, desil
    answers: pl.DataFrame  # nik, programme, verdict, amount_rupiah, reason
    changes: pl.DataFrame  # nik, programme, action, reason, amount_rupiah, amount_before_rupiah, kab_kota
    holdings: pl.DataFrame  # nik, programme, state, amount_rupiah, kab_kota: after the quarter
    adjustments: pl.DataFrame  # nik, programme, concerns, cause, amount_rupiah, kab_kota: of lists of before


def witness_year(simulation: Simulation, rules: Path = DATA) -> dict[str, Witnessed]:
    """Every quarter of a simulation, each with the holdings that the one before it left; `rules`: the YAML files."""
    with duckdb.connect(config={"threads": 1}) as witness:
        load_events(witness, simulation)
        for statement in (*EMPTY, HELD_OUT):
            witness.execute(statement)
        return {quarter: _quarter(witness, simulation.scale, quarter, rules) for quarter in simulation.quarters}


def _quarter(witness: duckdb.DuckDBPyConnection, scale: str, quarter: str, rules: Path) -> Witnessed:
    year, number = int(quarter[:4]), int(quarter[-1])
    as_of = dt.date(year + number // 4, 3 * number % 12 + 1, 1) - dt.timedelta(days=1)
    waves = load_rules(witness, scale, as_of, rules)
    witness.execute(f"SET VARIABLE as_of = DATE '{as_of}'; SET VARIABLE arrived_by = {4 * year + number - 1}")
    _run(witness, "persons", "families", "lines")
    for wave in range(1, waves + 1):
        witness.execute(f"SET VARIABLE wave = {wave}")
        _run(witness, "wave")
    _run(witness, "changes", "adjustments")
    witness.execute("CREATE OR REPLACE TABLE listed_before AS SELECT nik, no_kk FROM person")
    return Witnessed(
        accounts=_table(witness, "SELECT kab_kota, status, count(*) AS persons FROM person GROUP BY ALL ORDER BY ALL"),
        cut_points=_table(witness, "SELECT score FROM cut_point ORDER BY desil")["score"].to_list(),
        families=_table(
            witness,
            "SELECT no_kk, family_status, members, score, desil FROM family LEFT JOIN decile USING (score)",
        ),
        answers=_table(
            witness, "SELECT nik, programme, verdict, rupiah AS amount_rupiah, reason FROM answer ORDER BY ALL"
        ),
        changes=_table(witness, "SELECT * FROM change ORDER BY ALL"),
        holdings=_table(
            witness, "SELECT nik, programme, state, rupiah AS amount_rupiah, kab_kota FROM holding ORDER BY ALL"
        ),
        adjustments=_table(
            witness,
            "SELECT nik, programme, concerns, cause, rupiah AS amount_rupiah, kab_kota FROM adjustment ORDER BY ALL",
        ),
    )


def _run(witness: duckdb.DuckDBPyConnection, *names: str) -> None:
    for name in names:
        witness.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def _table(witness: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """The rows of a query; whole numbers as Int64."""
    frame = pl.DataFrame(witness.sql(query).to_arrow_table())
    whole = [name for name, dtype in frame.schema.items() if dtype.is_integer() or isinstance(dtype, pl.Decimal)]
    return frame.with_columns(pl.col(whole).cast(pl.Int64))
