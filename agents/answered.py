"""The answers of a run that has ended, read back from their topic."""

from collections.abc import AsyncIterator

import polars as pl

from agents.errors import OperatorError
from agents.parts import read_parts
from agents.reported import no_answers_of, sent_to
from agents.settings import Settings
from agents.topics import ANSWERS
from agents.transport.log import LogReader
from streams.runs import Journal, Run


async def answers_are_there(settings: Settings, run: Run) -> bool:
    """Whether retention has left all answers of a run."""
    reports = run.step_reports("ANSWER")
    for number in range(run.partitions):
        first = [sent.first for sent in sent_to(reports, "answers", number).values() if sent.first >= 0]
        async with LogReader(settings.broker, settings.topic(ANSWERS), number) as reader:
            if first and min(first) < await reader.beginning_offset():
                return False
    return True


async def answers_of(settings: Settings, journal: Journal, run: Run) -> AsyncIterator[pl.DataFrame]:
    """The answers of a run (docs/contracts.md 6), one frame per partition, so that only one need be in memory.

    Raises OperatorError when they are no longer kept, or are not those that were sent.
    """
    if not await answers_are_there(settings, run):
        raise OperatorError(
            f"The answers of {run.name} are no longer kept: ask for a preview of the quarter, or for one sealed later."
        )
    none = {"answers": no_answers_of(journal, run)}
    for number in range(run.partitions):
        wanted = sent_to(run.step_reports("ANSWER"), "answers", number)
        async with LogReader(settings.broker, settings.topic(ANSWERS), number) as reader:
            received = await read_parts(reader, "answer", run.name, wanted, none)
        if received.found != wanted:
            raise OperatorError(
                f"Answers of {run.name} are missing in partition {number}: see `dtsen checkpoint status`."
            )
        yield received.together("answers", none["answers"])
