"""What the log says of quarters and runs, for people who look on."""

import io
from collections.abc import Iterable
from typing import Any

import polars as pl

from agents.checkpoints.manifests import manifests_of
from agents.checkpoints.previewing import ADJUSTED_FRAME
from agents.parts import from_ipc
from agents.reported import report_frames
from schemas.registry import contracts
from streams.books import REASONS
from streams.cases import COUNTED, add_counted
from streams.outcomes import OUTCOME, OUTCOMES, add_outcomes
from streams.retroactive import ADJUSTED
from streams.runs import Entry, Journal, Run, next_step, steps
from streams.runs.journal import Quarter
from streams.runs.plan import missing

# states of cases, by the names that people see
CASE_STATES = {
    "TERBUKA": "open", "LEWAT_TENGGAT": "overdue", "DITERIMA": "accepted", "DITOLAK": "rejected",
    "TIDAK_BERDASAR": "frivolous", "DITARIK": "withdrawn",
}  # fmt: skip


def quarter_state(journal: Journal, name: str) -> dict[str, Any]:
    """One quarter as JSON can hold it: state (OPEN, RUNNING, REFUSED, SEALED, ROLLED), detail, and what was decided."""
    quarter = journal.quarters[name]
    run = quarter.runs[-1] if quarter.runs else None
    state, detail = _state(quarter, run)
    sealed = quarter.sealed
    progress = progress_of(quarter, run)
    return {
        "quarter": name,
        "state": "SEALED" if state == "ROLLED" else state,
        "rolled": state == "ROLLED",
        "detail": detail,
        "done": progress[0],
        "total": progress[1],
        "runs": len(quarter.runs),
        "records": sum(sum(offsets) for offsets in quarter.cut.values()),
        "as_of": quarter.opened.body["as_of"],
        "rules_hash": quarter.rules_entry.rules_hash,
        "cut_points": list(run.cutpoints.body["cut_points"]) if run and run.cutpoints else [],
        "cuts": {k: v for entry in run.cuts.values() for k, v in entry.body["cuts"].items()} if run else {},
        "breaks": list(run.outcome.body.get("breaks", [])) if run and run.outcome else [],
        "content_digests": dict(sealed.body["content_digests"]) if sealed else {},
        "programmes": programme_rows(quarter),
        "adjusted": adjusted_rows([it.adjusted for it in manifests_of(quarter).values()]),
    }


def _state(quarter: Quarter, run: Run | None) -> tuple[str, str]:
    if quarter.sealed:
        partitions = quarter.sealed_run.partitions if quarter.sealed_run else 0
        if len(quarter.rolled) < partitions:
            return "SEALED", f"rolled in {len(quarter.rolled)} of {partitions} partitions"
        return "ROLLED", ""
    if run is None:
        return "OPEN", "waits for its run"
    if run.is_open:
        return "RUNNING", run_waits_for(run)
    if quarter.wants_run:
        return "OPEN", "waits for another run"
    assert run.outcome is not None
    return run.outcome.kind.value, f"run it again with `dtsen checkpoint open {quarter.name} --retry`"


def run_waits_for(run: Run) -> str:
    """What an open run waits for, and where."""
    step = next_step(run)
    assert step is not None, "a run that waits for nothing has an outcome"
    wave = f" of wave {step.wave}" if step.wave else ""
    where = f" in partitions {missing(run, step)}" if step.channel else ""
    return f"{run.name} waits for {step.name}{wave} by {step.stage}{where}"


def progress_of(quarter: Quarter, run: Run | None) -> tuple[int, int]:
    """How many entries of the last run are there, and how many there will be with all partitions rolled."""
    if run is None:
        return 0, 0
    planned = list(steps(run.waves))
    by_partition = [step for step in planned if step.channel]
    reported = sum(len(run.step_reports(step.name, step.wave)) for step in by_partition)
    decided = sum(it is not None for it in (run.cutpoints, *run.cuts.values(), run.outcome))
    total = run.partitions * (len(by_partition) + 1) + len(planned) - len(by_partition)
    return reported + decided + len(quarter.rolled), total


def programme_rows(quarter: Quarter) -> list[dict[str, Any]]:
    """Per programme of a sealed quarter: opening, granted, revoked, amended, held, closing, rupiah, quota, served."""
    rows = []
    for payer, manifest in sorted(manifests_of(quarter).items()):
        summed = manifest.totals.group_by("programme").agg(pl.exclude("kab_kota").sum())
        joined = manifest.quotas.join(summed, on="programme", how="left").fill_null(0).sort("programme")
        rows += [{"payer": payer, **programme_row(row)} for row in joined.iter_rows(named=True)]
    return rows


def adjusted_in(journal: Journal, run: Run) -> pl.DataFrame:
    """What a sealed or previewed run says about quarters sealed before it: columns ADJUSTED."""
    assert run.outcome is not None, "asked when it has ended"
    if run.is_preview:
        return from_ipc(run.outcome.frames[ADJUSTED_FRAME])
    of_payers = [it.adjusted for it in manifests_of(journal.quarters[run.quarter]).values()]
    return pl.concat([pl.DataFrame(schema=ADJUSTED), *of_payers])


def adjusted_rows(adjusted: Iterable[pl.DataFrame]) -> list[dict[str, Any]]:
    """Some frames with columns ADJUSTED added up by programme, quarter and cause; rupiah by direction."""
    keys = ["programme", "concerns", "cause"]
    found = pl.concat([pl.DataFrame(schema=ADJUSTED), *adjusted])
    summed = found.group_by(keys).agg(pl.col("lines", "taken_back_rupiah", "given_back_rupiah").sum())
    rows: list[dict[str, Any]] = summed.sort(keys).to_dicts()
    return rows


def programme_row(row: dict[str, Any]) -> dict[str, Any]:
    """One programme's totals and quota, by the names that people see."""
    return {
        "programme": row["programme"],
        "opening": row["opening_heads"],
        "granted": row["granted"],
        "revoked": row["revoked"],
        "amended": row["amended"],
        "held": row["held"],
        "moved": row["moved_in"],
        "closing": row["closing_heads"],
        "rupiah": row["closing_rupiah"],
        "quota": row["quota"],
        "served": row["served"],
        "reserved": row["reserved"],
    }


def outcomes_of(run: Run) -> pl.DataFrame:
    """What became of the records that a run takes in: columns OUTCOMES, of all partitions that have reported SCAN."""
    reports = {number: entry for number, entry in run.step_reports("SCAN").items() if "outcomes" in entry.frames}
    return add_outcomes([pl.DataFrame(schema=OUTCOMES), *report_frames(reports, "outcomes")])


def record_rows(run: Run) -> list[dict[str, Any]]:
    """Accepted events of a run by producer and event type: on_time, late, repeated (records)."""
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for row in outcomes_of(run).iter_rows(named=True):
        known = contracts().producers_by_number.get(row["producer"])
        said = rows.setdefault(
            (row["producer"], row["event_type"]),
            {
                "producer": known.code if known else str(row["producer"]),
                "event_type": row["event_type"],
                **{name.lower(): 0 for name in OUTCOME.categories},
            },
        )
        said[row["outcome"].lower()] += row["records"]
    return [rows[key] for key in sorted(rows)]


def case_rows(run: Run) -> list[dict[str, Any]]:
    """Cases below a run's cut by kind: open, overdue, decided as what, late, joined, repeated; and the lines that an
    objection held back or kept in this list. Empty for a run of a release that did not count them.
    """
    scans = {number: entry for number, entry in run.step_reports("SCAN").items() if "cases" in entry.frames}
    if not scans:
        return []
    found = add_counted(report_frames(scans, "cases"), COUNTED)
    reasons = pl.concat([pl.DataFrame(schema=REASONS), *report_frames(run.step_reports("ANSWER"), "reasons")])
    objected = reasons.filter(pl.col("reason") == "ADA_SANGGAHAN")
    state, events = pl.col("state"), pl.col("cases")
    table = found.group_by("kind").agg(
        events.sum(),
        *(events.filter(state == code).sum().alias(name) for code, name in CASE_STATES.items()),
        events.filter(~pl.col("timely")).sum().alias("late"),
        pl.col("joined", "repeated").sum(),
    )
    held = {
        name: int(objected.filter(pl.col("verdict") == verdict).get_column("persons").sum())
        for name, verdict in (("held", "HELD"), ("protected", "KEPT"))
    }
    none = dict.fromkeys(held, 0)  # only objections hold
    return [{**row, **(held if row["kind"] == "SANGGAH" else none)} for row in table.sort("kind").to_dicts()]


def step_rows(run: Run) -> list[dict[str, Any]]:
    """How long each step of a run took, in seconds, by the times at which the log took its entries."""
    ended: list[tuple[str, int, int]] = [
        (step, wave, max(entry.written_ms for entry in reports.values()))
        for (step, wave), reports in run.reports.items()
        if len(reports) == run.partitions
    ]
    single: list[tuple[str, int, Entry | None]] = [
        ("CUTPOINTS", 0, run.cutpoints),
        *(("CUT", wave, entry) for wave, entry in run.cuts.items()),
        ("BOOKS", 0, run.outcome),
    ]
    ended += [(step, wave, entry.written_ms) for step, wave, entry in single if entry is not None]
    rows, before = [], run.started.written_ms
    for step, wave, at in sorted(ended, key=lambda it: it[2]):
        rows.append({"step": step, "wave": wave or "", "seconds": round((at - before) / 1000, 2)})
        before = at
    return rows


def books_of(run: Run) -> list[dict[str, Any]]:
    """Per book of a run that ended: how many lines it has, and how many do not balance."""
    if run.outcome is None or "lines" not in run.outcome.frames:
        return []
    lines = pl.read_ipc(io.BytesIO(run.outcome.frames["lines"]))
    counted = lines.group_by("book").agg(pl.len().alias("lines"), (~pl.col("balanced")).sum().alias("unbalanced"))
    return counted.sort("book").to_dicts()
