"""Previews: what a quarter would decide, under the packaged rules or others. Nothing of it reaches a payer."""

import asyncio
from collections.abc import Callable
from typing import Any

import polars as pl

from agents.errors import OperatorError
from agents.keeper import Keeper
from agents.opening import from_operator, look_up_cut, written
from agents.parts import from_ipc
from agents.runs_told import programme_row, run_waits_for
from agents.settings import Settings
from agents.waiting import LOOK_SECONDS, Company
from streams.quarters import Quarter
from streams.rules import Bundle, rules_hash
from streams.runs import Entry, Journal, Kind, Run


async def ask_preview(settings: Settings, keeper: Keeper, quarter: Quarter, bundle: Bundle) -> Entry:
    """Ask in the log for a preview of the quarter that comes next; the entry as it was written, with its offset.

    An opened quarter is previewed at its cut, any other at what is in the topics now. Raises OperatorError when another
    quarter comes next.
    """
    journal = await keeper.catch_up()
    name = str(quarter)
    _refuse_other(journal, quarter)
    opened = journal.quarters.get(name)
    cut = opened.cut if opened else await look_up_cut(settings, None)
    body = {"cut": cut, "as_of": quarter.last_day.isoformat(), "rules": bundle.to_json()}
    return await written(keeper, from_operator(Kind.PREVIEW, name, rules_hash(bundle), body))


def _refuse_other(journal: Journal, quarter: Quarter) -> None:
    name = str(quarter)
    unsealed = sorted(it.name for it in journal.quarters.values() if not it.sealed)
    if unsealed and name != unsealed[0]:
        raise OperatorError(f"{unsealed[0]} is open and comes before any other: preview that one.")
    if not unsealed and journal.sealed:
        last = Quarter.parse(journal.sealed[-1].name)
        if quarter != last.plus(1):
            raise OperatorError(f"{last} is the last sealed quarter: only {last.plus(1)} can be previewed.")


async def wait_for_preview(settings: Settings, keeper: Keeper, asked: Entry, tell: Callable[[str], None]) -> Run:
    """The run that answered, when it has ended; `tell` hears what it waits for.

    Raises OperatorError when it was abandoned (a seal takes precedence), or when no worker is running.
    """
    company = Company(settings, f"the preview of {asked.quarter}")
    told = alone = ""
    while True:
        journal = await keeper.catch_up()
        run = next((it for it in journal.previews if it.started.body["preview"] == asked.offset), None)
        if run is not None and run.outcome is not None:
            if run.outcome.kind is Kind.ABANDONED:
                raise OperatorError(f"{run.name} was abandoned: {run.outcome.body['why']}. Ask again afterwards.")
            return run
        saying = run_waits_for(run) if run else f"the preview of {asked.quarter} waits for its turn"
        saying += alone
        if saying != told:
            told = saying
            tell(saying)
        alone = await company.check()
        await asyncio.sleep(LOOK_SECONDS)


def preview_state(run: Run) -> dict[str, Any]:
    """A preview that has ended, as JSON can hold it: totals by programme, cut points, and what its books say."""
    assert run.outcome is not None, "shown when it has ended"
    summed = from_ipc(run.outcome.frames["totals"]).group_by("programme").agg(pl.exclude("kab_kota").sum())
    quotas = from_ipc(run.outcome.frames["quotas"])
    joined = quotas.join(summed, on="programme", how="left").fill_null(0).sort("programme")
    return {
        "quarter": run.quarter,
        "run": run.name,
        "state": run.outcome.kind.value,
        "as_of": run.started.body["as_of"],
        "rules_hash": run.started.rules_hash,
        "cut_points": list(run.cutpoints.body["cut_points"]) if run.cutpoints else [],
        "breaks": list(run.outcome.body["breaks"]),
        "programmes": [programme_row(row) for row in joined.iter_rows(named=True)],
    }
