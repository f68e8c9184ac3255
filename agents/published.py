"""Change lines read back from the payers' topics, by the ranges that a run reports."""

import asyncio
from collections.abc import Mapping
from typing import Any

from agents.settings import Settings
from agents.transport.log import LogReader
from schemas.columnar import Encoded
from streams.changes.lines import CHANGE, Form, Lines, read_lines


async def lines_in(settings: Settings, run: str, row: Mapping[str, Any], form: Form = CHANGE) -> Lines:
    """The lines of one form, run and attempt in one range (a row of streams.books.RANGES), as they stand there now.

    What is missing is missing in the result: comparing it with the row is the caller's business.
    """
    values: list[Encoded] = []
    if row["first_offset"] >= 0:
        async with LogReader(settings.broker, settings.topic(row["topic"]), row["partition"]) as reader:
            values += [
                Encoded(records.arena, records.value_starts, records.value_lengths)
                async for records in reader.read_range(row["first_offset"], row["last_offset"])
            ]
    return await asyncio.to_thread(read_lines, values, run, row["attempt"], form)
