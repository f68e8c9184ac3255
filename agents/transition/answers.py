"""What the register would decide about everybody, or has decided: the answers of a preview, or of a sealed quarter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from agents.answered import answers_of
from agents.errors import OperatorError
from agents.keeper import read_journal
from agents.opening import following
from agents.previews import ask_preview, wait_for_preview
from agents.reported import rules_of
from agents.settings import Settings
from streams.quarters import Quarter
from streams.rules import Bundle, Rules
from streams.runs import Journal, Run


@dataclass(frozen=True)
class Answered:
    """Everybody's answers in one run (docs/contracts.md 6), and the rules that gave them."""

    quarter: str
    run: str
    sealed: bool
    rules: Rules
    answers: pl.DataFrame


def answers_for(settings: Settings, name: str | None, bundle: Bundle, tell: Callable[[str], None]) -> Answered:
    """The answers of a sealed quarter; of any other, those of a preview of it under `bundle`, made by the workers.

    `name`: the quarter; None: the last sealed one. Nothing of a preview reaches a payer. `tell` hears what it
    waits for.
    Raises OperatorError when nothing is sealed and no quarter is named, and as `agents.previews` does.
    """
    return asyncio.run(_answers_for(settings, name, bundle, tell))


async def _answers_for(settings: Settings, name: str | None, bundle: Bundle, tell: Callable[[str], None]) -> Answered:
    journal = await read_journal(settings)
    if name is None and not journal.sealed:
        raise OperatorError("No quarter is sealed yet: name the one that comes, for example 2025-Q1, to preview it.")
    name = name or journal.sealed[-1].name
    found = journal.quarters.get(name)
    if found is not None and found.sealed_run is not None:
        return await _read(settings, journal, found.sealed_run, sealed=True)
    async with following(settings) as keeper:
        asked = await ask_preview(settings, keeper, Quarter.parse(name), bundle)
        run = await wait_for_preview(settings, keeper, asked, tell)
        return await _read(settings, await keeper.catch_up(), run, sealed=False)


async def _read(settings: Settings, journal: Journal, run: Run, *, sealed: bool) -> Answered:
    parts = [part async for part in answers_of(settings, journal, run)]
    return Answered(run.quarter, run.name, sealed, rules_of(journal, run), pl.concat(parts).sort("nik"))
