"""What people held before a quarter: as the store has it, or built anew from the ranges that the seals name."""

import asyncio
from collections.abc import Iterable
from typing import Any

import polars as pl

from agents.context import Context, Work
from agents.parts import from_ipc
from agents.published import lines_in
from agents.store import PartitionStore
from agents.threads import in_thread
from streams.changes import holdings_after, no_holdings
from streams.changes.lines import CHANGE, Form, Lines, concatenated
from streams.runs import Run


class LostLinesError(RuntimeError):
    """The topic does not hold what the seal names."""


async def holdings_before(work: Work, store: PartitionStore) -> pl.DataFrame:
    """What this partition's people held when the quarter of this run began: columns HOLDINGS, by nik and programme.

    The store knows it after the last seal. For a quarter before that, which only previews ask for, every sealed range
    is applied from the first one on. Raises LostLinesError when a topic does not hold what was sealed.
    """
    before = work.journal.before(work.run.quarter)
    if store.holdings_quarter == (before.name if before else ""):
        return await in_thread(store.holdings)
    holdings = no_holdings()
    for quarter in work.journal.sealed:
        if before is None or quarter.name > before.name:
            break
        assert quarter.sealed_run is not None, "only a sealed run seals a quarter"
        lines = await sealed_lines(work.context, quarter.sealed_run, work.partition)
        holdings = await in_thread(holdings_after, holdings, lines.changes)
    return holdings


async def sealed_lines(context: Context, run: Run, number: int, form: Form = CHANGE) -> Lines:
    """The changes, or the adjustments, of one partition that a sealed run published for all payers, from their topics.

    Raises LostLinesError when the lines in a topic are not those that were sealed.
    """
    # Each range is read over a connection of its own: side by side, since making one takes longer than reading.
    ranges = [_lines_of(context, run, row, form) for row in sealed_ranges(run, number, form)]
    return concatenated(await asyncio.gather(*ranges), form)


def sealed_ranges(run: Run, number: int, form: Form = CHANGE) -> Iterable[dict[str, Any]]:
    """The ranges of RANGES that this run's report of NET names for one partition. Older code made no adjustments."""
    frames = run.step_reports("NET")[number].frames
    name = "ranges" if form is CHANGE else "adjustment_ranges"
    return from_ipc(frames[name]).sort("topic").iter_rows(named=True) if name in frames else ()


async def _lines_of(context: Context, run: Run, row: dict[str, Any], form: Form) -> Lines:
    lines = await lines_in(context.settings, run.name, row, form)
    if lines.frame.height != row["records"] or lines.digest.hex() != row["digest"]:
        raise LostLinesError(
            f"{row['topic']}[{row['partition']}] holds {lines.frame.height} of {row['records']} {form.contract} lines "
            f"of {run.name}, or others than were sealed: restore the topic; holdings stay as they were"
        )
    return lines
