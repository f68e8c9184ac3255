"""What the register would decide about everybody, or has decided: the answers of a preview, or of a sealed quarter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from agents.errors import OperatorError
from agents.keeper import read_journal
from agents.opening import following
from agents.parts import read_parts
from agents.previews import ask_preview, wait_for_preview
from agents.reported import rules_of, sent_to
from agents.settings import Settings
from agents.topics import ANSWERS
from agents.transport.log import LogReader
from streams.answers import no_answers
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
    rules = rules_of(journal, run)
    reports, parts = run.step_reports("ANSWER"), []
    for number in range(settings.partitions):
        wanted = sent_to(reports, "answers", number)
        async with LogReader(settings.broker, settings.topic(ANSWERS), number) as reader:
            first = min((sent.first for sent in wanted.values() if sent.first >= 0), default=None)
            if first is not None and first < await reader.beginning_offset():
                raise OperatorError(
                    f"The answers of {run.name} are no longer kept: make the report of a quarter that is sealed later."
                )
            received = await read_parts(reader, "answer", run.name, wanted, {"answers": no_answers(rules)})
        if received.found != wanted:
            raise OperatorError(
                f"Answers of {run.name} are missing in partition {number}: see `dtsen checkpoint status`."
            )
        parts.append(received.together("answers", no_answers(rules)))
    return Answered(run.quarter, run.name, sealed, rules, pl.concat(parts).sort("nik"))
