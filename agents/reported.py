"""What the log says of a run, in the types that the steps take."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from agents.parts import Key, Received, Sent, from_ipc
from agents.version import code_version
from streams.answers import no_answers
from streams.rules import Bundle, Rules
from streams.runs import Entry, Journal, Run, Step, next_step
from streams.runs.journal import Quarter


def as_of(quarter: Quarter) -> dt.date:
    """The day on which ages and rules are taken: the quarter's last."""
    return dt.date.fromisoformat(quarter.opened.body["as_of"])


def rules_of(journal: Journal, run: Run) -> Rules:
    """The rules of a run, from the bundle that it carries, as of its day."""
    return _rules_at(*_told(journal, run))


def no_answers_of(journal: Journal, run: Run) -> pl.DataFrame:
    """The answers of nobody under the rules of a run: their columns and types."""
    return _no_answers_at(*_told(journal, run))


def _told(journal: Journal, run: Run) -> tuple[str, dt.date]:
    """A run's bundle as text, and its day: what is equal was checked before, whoever wrote it, wherever it stands."""
    return json.dumps(run.started.body["rules"], sort_keys=True), dt.date.fromisoformat(journal.as_of(run))


# Either takes longer than many a step of a small register, and a run asks dozens of times.


@lru_cache(maxsize=8)
def _rules_at(bundle: str, as_of: dt.date) -> Rules:
    return Bundle.from_json(json.loads(bundle)).at(as_of)


@lru_cache(maxsize=8)
def _no_answers_at(bundle: str, as_of: dt.date) -> pl.DataFrame:
    return no_answers(_rules_at(bundle, as_of))


def my_step(run: Run | None, stage: str) -> Step | None:
    """The step that the run waits for, if `stage` does it and this process has the run's code.

    A part computed by other code would be refused by the log; the coordinator abandons such a run (invariant 20).
    """
    if run is None or run.started.code_version != code_version():
        return None
    step = next_step(run)
    return step if step is not None and step.stage == stage else None


def cut_points_of(run: Run) -> list[int]:
    """The nine cut points that the log holds for this run."""
    assert run.cutpoints is not None
    return [int(point) for point in run.cutpoints.body["cut_points"]]


def cuts_of(run: Run) -> dict[str, int | None]:
    """Programme -> largest score served, of all waves decided so far."""
    return {name: cut for entry in run.cuts.values() for name, cut in entry.body["cuts"].items()}


def sent_to(reports: Mapping[int, Entry], what: str, target: int) -> dict[Key, Sent]:
    """Where each source's report says that its parts for `target` stand, by (source,)."""
    return {(source,): Sent.from_json(entry.body[what][str(target)]) for source, entry in reports.items()}


def received_json(received: Received) -> dict[str, Any]:
    """What a target found of each source's parts, for its report."""
    return {str(source): sent.to_json() for (source,), sent in sorted(received.found.items())}


def report_frames(reports: Mapping[int, Entry], name: str) -> list[pl.DataFrame]:
    """The frame `name` of each report, by partition."""
    return [from_ipc(reports[partition].frames[name]) for partition in sorted(reports)]
