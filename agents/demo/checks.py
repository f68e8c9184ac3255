"""What must have happened, compared with what the simulator knows: the demo and the year test fail otherwise."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from agents.parts import from_ipc
from agents.reported import report_frames
from agents.runs_told import outcomes_of, programme_rows
from agents.simulator import Truth
from agents.simulator.malformed import CODES
from streams.cases import COUNTED, add_counted
from streams.outcomes import late_events
from streams.runs.journal import Quarter

WAVE_2 = ("SUDAH_DILAYANI_PKH", "SUDAH_DILAYANI_SEMBAKO")


@dataclass
class Seen:
    """What the quarters so far have shown; `wrong` says what should not have been so."""

    granted: int = 0
    revoked: int = 0
    held: int = 0
    late: int = 0
    quota_bound: int = 0
    excluded_in_wave_2: int = 0
    held_by_objection: int = 0
    cases_late: int = 0
    cases_frivolous: int = 0
    goes_on_undecided: int = 0  # programmes that are not due in the quarter
    rejects: dict[str, int] = field(default_factory=dict)
    visited: list[pl.DataFrame] = field(default_factory=list)  # officers by quarter, as the simulator knows them
    wrong: list[str] = field(default_factory=list)

    def missing(self) -> list[str]:
        """What a year must show at least once, and did not."""
        wanted = {
            "granted": self.granted,
            "revoked": self.revoked,
            "held": self.held,
            "late": self.late,
            "quota-bound": self.quota_bound,
            "excluded in wave 2": self.excluded_in_wave_2,
            "held by an objection": self.held_by_objection,
            "a late objection in a case": self.cases_late,
            "found frivolous": self.cases_frivolous,
            "carried over by a programme that was not due": self.goes_on_undecided,
            **{f"refused with {code}": self.rejects.get(code, 0) for code in sorted(set(CODES.values()))},
        }
        return [f"nobody and nothing was {name}" for name, count in wanted.items() if not count]


def look_at(seen: Seen, quarter: Quarter, truth: Truth, rejects: Mapping[str, int]) -> None:
    """Add what one sealed quarter shows. `rejects`: by code, all that the door has refused so far."""
    assert quarter.sealed is not None
    assert quarter.sealed_run is not None
    for row in programme_rows(quarter):
        seen.granted += row["granted"]
        seen.revoked += row["revoked"]
        seen.held += row["held"]
    seen.visited.append(truth.officers)
    _compare_late(seen, quarter, truth)
    answers = quarter.sealed_run.step_reports("ANSWER").values()
    reasons = pl.concat(from_ipc(entry.frames["reasons"]) for entry in answers)
    seen.quota_bound += _count(reasons, pl.col("reason") == "KUOTA_HABIS")
    seen.excluded_in_wave_2 += _count(reasons, pl.col("reason").is_in(WAVE_2))
    seen.held_by_objection += _count(reasons, (pl.col("verdict") == "HELD") & (pl.col("reason") == "ADA_SANGGAHAN"))
    seen.goes_on_undecided += _count(reasons, (pl.col("verdict") == "KEPT") & (pl.col("reason") == "BELUM_WAKTUNYA"))
    _compare_rejects(seen, quarter.name, truth, rejects)
    _compare_accounts(seen, quarter, truth)
    _compare_cases(seen, quarter, truth)


def _count(reasons: pl.DataFrame, which: pl.Expr) -> int:
    return int(reasons.filter(which).get_column("persons").sum())


def _compare_rejects(seen: Seen, name: str, truth: Truth, rejects: Mapping[str, int]) -> None:
    planted = dict(truth.rejects.iter_rows())
    for code in sorted(set(planted) | set(rejects)):
        found = rejects.get(code, 0) - seen.rejects.get(code, 0)
        if found != planted.get(code, 0):
            seen.wrong.append(f"{name}: {planted.get(code, 0)} records with {code} were planted, {found} were refused")
    seen.rejects = dict(rejects)


def _compare_late(seen: Seen, quarter: Quarter, truth: Truth) -> None:
    """What the register counts as late, by event type, is what the simulator sent late."""
    assert quarter.sealed_run is not None
    late = late_events(outcomes_of(quarter.sealed_run)).group_by("event_type").agg(pl.col("records").sum())
    found = dict(late.iter_rows())
    due = dict(truth.late.group_by("contract").len().iter_rows())
    for name in sorted(set(due) | set(found)):
        if due.get(name, 0) != found.get(name, 0):
            seen.wrong.append(
                f"{quarter.name}: {due.get(name, 0)} events {name} were sent late, the register counts "
                f"{found.get(name, 0)}"
            )
    seen.late += sum(found.values())


def _compare_accounts(seen: Seen, quarter: Quarter, truth: Truth) -> None:
    assert quarter.sealed is not None
    sealed = pl.read_ipc(io.BytesIO(quarter.sealed.frames["accounts"]))
    keys = ["kab_kota", "status"]
    found, due = (
        frame.select(*(pl.col(key).cast(pl.String) for key in keys), pl.col("persons").cast(pl.Int64))
        for frame in (sealed, truth.accounts)
    )
    both = due.join(found, on=keys, how="full", coalesce=True, suffix="_found").fill_null(0)
    for row in both.filter(pl.col("persons") != pl.col("persons_found")).sort(keys).iter_rows(named=True):
        seen.wrong.append(
            f"{quarter.name}: {row['persons']} persons are {row['status']} in {row['kab_kota']}, "
            f"the register counts {row['persons_found']}"
        )


def _compare_cases(seen: Seen, quarter: Quarter, truth: Truth) -> None:
    """Cases by kind, channel, list and state, late and repeated ones too, as the register counted them at the cut."""
    assert quarter.sealed_run is not None
    counts = ["cases", "joined", "repeated"]
    keys = [name for name in truth.cases.columns if name not in counts]
    found = add_counted(report_frames(quarter.sealed_run.step_reports("SCAN"), "cases"), COUNTED)
    both = truth.cases.join(found.select(*keys, *counts), on=keys, how="full", coalesce=True, suffix="_found")
    both = both.with_columns(pl.col(f"{name}{side}").fill_null(0) for name in counts for side in ("", "_found"))
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_found") for name in counts)
    for row in both.filter(differs).sort(keys).iter_rows(named=True):
        due, counted = ([row[f"{name}{side}"] for name in counts] for side in ("", "_found"))
        seen.wrong.append(
            f"{quarter.name}: {', '.join(counts)} of {' '.join(str(row[key]) for key in keys)} are {due}, the register "
            f"counts {counted}"
        )
    seen.cases_late += int(found.filter(~pl.col("timely")).get_column("cases").sum())
    seen.cases_frivolous += int(found.filter(pl.col("state") == "TIDAK_BERDASAR").get_column("cases").sum())


def report(seen: Seen) -> dict[str, Any]:
    """For report.json."""
    names = (
        *("granted", "revoked", "held", "late", "quota_bound", "excluded_in_wave_2"),
        *("held_by_objection", "goes_on_undecided", "cases_late", "cases_frivolous"),
    )
    return {**{name: getattr(seen, name) for name in names}, "rejects": dict(sorted(seen.rejects.items()))}
