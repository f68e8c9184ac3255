"""Previews: what a quarter would decide, under the rules in force or others. Nothing of it reaches a payer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from agents.answered import answers_are_there
from agents.checkpoints.manifests import manifests_of
from agents.checkpoints.previewing import ADJUSTED_FRAME
from agents.errors import OperatorError
from agents.keeper import Keeper
from agents.opening import from_operator, look_up_cut, written
from agents.parts import from_ipc
from agents.rulebook import read_bundle, read_proposal
from agents.runs_told import adjusted_rows, programme_row, run_waits_for
from agents.settings import Settings
from agents.version import code_version
from agents.waiting import LOOK_SECONDS, Company
from streams.quarters import Quarter
from streams.rules import Bundle
from streams.runs import Entry, Journal, Kind, Run
from streams.runs.journal import Cut

NOW = "now"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see. `quarter`: whose day, rules and holdings; `on`: at which cut."""

    quarter: str | None = None  # None: that of `on`, or the one that is sealed next
    on: str | None = None  # a quarter, or NOW; None: the quarter's own cut, or NOW where it has none
    rules: Path | None = None  # a folder, or one file laid over the rules in force
    quotas: str | None = None  # a table of quotas


@dataclass(frozen=True)
class Subject:
    """One cut, seen on one quarter's day, and two sets of rules: in force, and proposed (the same, if nothing is)."""

    quarter: Quarter
    cut: Cut
    in_force: Bundle
    proposed: Bundle

    @property
    def as_of(self) -> str:
        """The quarter's last day, ISO."""
        return self.quarter.last_day.isoformat()


@dataclass(frozen=True)
class Sides:
    """Two runs that saw the same cut; one and the same where nothing was proposed."""

    in_force: Run
    proposed: Run


async def subject_of(settings: Settings, journal: Journal, wish: Wish) -> Subject:
    """What a wish comes to. Raises OperatorError for a quarter that cannot be previewed, and RulesError."""
    quarter = _quarter_of(journal, wish)
    found = journal.quarters.get(str(quarter))
    cut = found.cut if found and wish.on != NOW else await look_up_cut(settings, None)
    in_force = _in_force(journal, quarter, wish.quotas)
    proposed = in_force
    if wish.rules is not None or wish.quotas not in (None, in_force.scale):
        proposed = read_proposal(in_force, wish.rules, wish.quotas)
    _refuse_forgotten(journal, quarter, proposed)
    return Subject(quarter, cut, in_force, proposed)


def _quarter_of(journal: Journal, wish: Wish) -> Quarter:
    names = [it for it in (wish.quarter, wish.on if wish.on != NOW else None) if it is not None]
    if len(set(names)) > 1:
        raise OperatorError(
            f"{names[0]} cannot be seen at the cut of {names[1]}: leave one of them out, or say --on now to see a "
            "quarter with what is known today."
        )
    try:
        quarter = Quarter.parse(names[0]) if names else _next(journal)
    except ValueError as error:
        raise OperatorError(f"{error}.") from None
    if str(quarter) in journal.quarters and journal.quarters[str(quarter)].sealed:
        return quarter
    if wish.on == str(quarter) and wish.on not in journal.quarters:
        opened = ", ".join(sorted(journal.quarters)) or "none"
        raise OperatorError(
            f"{quarter} has no cut yet. Quarters that have one: {opened}; --on now takes what is there."
        )
    _refuse_other(journal, quarter)
    return quarter


def _next(journal: Journal) -> Quarter:
    """The quarter that is to be sealed next."""
    unsealed = sorted(it.name for it in journal.quarters.values() if not it.sealed)
    if unsealed:
        return Quarter.parse(unsealed[0])
    if not journal.sealed:
        raise OperatorError("No quarter was opened yet: name the one that you want to see, like 2025-Q1.")
    return Quarter.parse(journal.sealed[-1].name).plus(1)


def _refuse_other(journal: Journal, quarter: Quarter) -> None:
    name = str(quarter)
    unsealed = sorted(it.name for it in journal.quarters.values() if not it.sealed)
    if unsealed and name != unsealed[0]:
        raise OperatorError(f"{unsealed[0]} is open and comes before any other: preview that one, or a sealed one.")
    if not unsealed and journal.sealed:
        last = Quarter.parse(journal.sealed[-1].name)
        if quarter != last.plus(1):
            raise OperatorError(
                f"{last} is the last sealed quarter: {last.plus(1)} can be previewed, and those that are sealed, from "
                f"{journal.sealed[0].name} on."
            )


def _in_force(journal: Journal, quarter: Quarter, quotas: str | None) -> Bundle:
    """The rules of a quarter: those that it was sealed or opened with, else what this release would open it with."""
    found = journal.quarters.get(str(quarter))
    if found is not None:
        source = found.sealed_run.started if found.sealed_run else found.rules_entry
        return Bundle.from_json(source.body["rules"])
    opened = [journal.quarters[name] for name in sorted(journal.quarters)]
    last = opened[-1].rules_entry.body["rules"]["scale"] if opened else "nasional"
    return read_bundle(quotas or last)


def _refuse_forgotten(journal: Journal, quarter: Quarter, proposed: Bundle) -> None:
    """What somebody holds must be named, so that everybody hears what becomes of it."""
    closing = [manifest.closing for manifest in manifests_of(journal.before(str(quarter))).values()]
    held = {name for lists in closing for name in lists.get_column("programme").unique()}
    forgotten = sorted(held - set(proposed.at(quarter.last_day).programmes))
    if forgotten:
        raise OperatorError(
            f"The rules do not name {', '.join(forgotten)}, which somebody holds before {quarter}. To see them end, "
            "keep them with a quota of 0."
        )


async def preview(settings: Settings, keeper: Keeper, subject: Subject, tell: Callable[[str], None]) -> Sides:
    """Run what a subject asks for; `tell` hears what it waits for.

    The proposed rules are run anew. For those in force, a run that saw the same cut under the same rules by the same
    code serves as well: an earlier preview, or the very run that was sealed.
    """
    other = subject.in_force.rules_hash != subject.proposed.rules_hash
    earlier = await _earlier(settings, await keeper.catch_up(), subject) if other else None
    in_force = None
    if other and earlier is None:
        in_force = await _run(settings, keeper, subject, subject.in_force, tell)
    proposed = await _run(settings, keeper, subject, subject.proposed, tell)
    return Sides(in_force or earlier or proposed, proposed)


async def _earlier(settings: Settings, journal: Journal, subject: Subject) -> Run | None:
    quarter = journal.quarters.get(str(subject.quarter))
    runs: list[Run] = [*reversed(journal.previews), *(quarter.runs if quarter else ())]
    for run in runs:
        if (
            run.outcome is not None
            and (run.outcome.kind is Kind.SEALED or ADJUSTED_FRAME in run.outcome.frames)
            and run.quarter == str(subject.quarter)
            and run.started.rules_hash == subject.in_force.rules_hash
            and run.started.code_version == code_version()
            and journal.as_of(run) == subject.as_of
            and journal.cut_of(run) == subject.cut
            and await answers_are_there(settings, run)
        ):
            return run
    return None


async def _run(
    settings: Settings, keeper: Keeper, subject: Subject, bundle: Bundle, tell: Callable[[str], None]
) -> Run:
    asked = await _ask(keeper, subject.quarter, subject.cut, bundle)
    return await wait_for_preview(settings, keeper, asked, tell)


async def ask_preview(settings: Settings, keeper: Keeper, quarter: Quarter, bundle: Bundle) -> Entry:
    """Ask in the log for a preview of the quarter that comes next; the entry as it was written, with its offset.

    An opened quarter is previewed at its cut, any other at what is in the topics now. Raises OperatorError when another
    quarter comes next.
    """
    journal = await keeper.catch_up()
    _refuse_other(journal, quarter)
    opened = journal.quarters.get(str(quarter))
    return await _ask(keeper, quarter, opened.cut if opened else await look_up_cut(settings, None), bundle)


async def _ask(keeper: Keeper, quarter: Quarter, cut: Cut, bundle: Bundle) -> Entry:
    body = {"cut": cut, "as_of": quarter.last_day.isoformat(), "rules": bundle.to_json()}
    return await written(keeper, from_operator(Kind.PREVIEW, str(quarter), bundle.rules_hash, body))


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
    """A preview that has ended, as JSON can hold it: totals by programme, cut points, what its books say,
    what it could not check any more, and what it would say about sealed quarters.
    """
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
        "forgotten": list(run.outcome.body["forgotten"]),
        "programmes": [programme_row(row) for row in joined.iter_rows(named=True)],
        "adjusted": adjusted_rows([from_ipc(run.outcome.frames[ADJUSTED_FRAME])]),
    }
