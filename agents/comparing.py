"""Two runs of one cut, compared: their answers are read partition by partition, and only sums come out."""

import datetime as dt

import polars as pl

from agents.answered import answers_of
from agents.reported import rules_of
from agents.runs_told import adjusted_in
from agents.settings import Settings
from agents.threads import in_thread
from streams.comparing import together, units_of
from streams.comparing.tables import Comparison, comparison
from streams.runs import Journal, Run


async def compare(
    settings: Settings, journal: Journal, in_force: Run, proposed: Run, checked_since: dt.date
) -> Comparison:
    """The comparison of two runs that have ended, with visits since a day as the yardstick.

    Raises OperatorError when answers of a run are no longer in the topic, or are not those that were sent.
    """
    before = await _units(settings, journal, in_force)
    after = before if proposed is in_force else await _units(settings, journal, proposed)
    adjusted = [adjusted_in(journal, run) for run in (in_force, proposed)]
    return await in_thread(
        comparison, before, after, checked_since, adjusted_before=adjusted[0], adjusted_after=adjusted[1]
    )


async def _units(settings: Settings, journal: Journal, run: Run) -> pl.DataFrame:
    rules = rules_of(journal, run)
    found = [await in_thread(units_of, answers, rules) async for answers in answers_of(settings, journal, run)]
    return await in_thread(together, found)
