"""The audit of the door: what stands in the event topics against what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from agents.checkpoints.reading import limited
from agents.context import Context
from agents.parts import Key, Received, Sent, read_parts
from agents.register.scanning import DOOR_SCHEMA
from agents.rejections import producers, rejections
from agents.topics import DOOR
from agents.transport.log import LogReader
from schemas.registry import contracts
from streams.books import ACCEPTED, PARTS, door_lines
from streams.runs import Journal, Run

PLACE = ("source", "topic", "partition")
OFFSETS = pl.Schema({"offset": pl.Int64})
REFUSED = pl.Schema({"topic": pl.String, "partition": pl.Int32, "offset": pl.Int64})


@dataclass(frozen=True)
class Audit:
    """The door between two cuts.

    `lines`: LINES, one per partition of an event topic; `accepted`: ACCEPTED, what stands there and was not refused;
    `sent` and `found`: PARTS of the register's statements about it; `forgotten`: what retention leaves unchecked.
    """

    lines: pl.DataFrame
    accepted: pl.DataFrame
    sent: pl.DataFrame
    found: pl.DataFrame
    forgotten: list[str]


async def door_audit(context: Context, journal: Journal, run: Run) -> Audit:
    """What stands in the event topics between the last seal's cut and this one, against what became of it.

    A preview may look further back than the topics go. What they have forgotten was checked when it was sealed; here
    it is left out and said. A seal has no such excuse: what is gone before it was sealed breaks its books.
    """
    before = journal.before(run.quarter)
    cut = journal.cut_of(run)
    bounds = {
        (topic, partition): (before.cut[topic][partition] if before and topic in before.cut else 0, end)
        for topic, ends in sorted(cut.items())
        for partition, end in enumerate(ends)
    }
    wanted = _wanted(run)
    parts = await limited(_parts(context, run, source, mine) for source, mine in sorted(wanted.items()))
    refused = await refusals(context)
    read = await limited(_offsets(context, *place, first, end) for place, (first, end) in bounds.items())
    types = {contract.topic: contract.event_type for contract in contracts().events}
    lines, accepted, forgotten = [], [], list[str]()
    for (place, (first, end)), (offsets, kept_from) in zip(bounds.items(), read, strict=True):
        topic, partition = place
        checked_from = min(kept_from, end) if run.is_preview else first
        inside = pl.col("offset").is_between(checked_from, end - 1)
        facts = pl.concat(
            [pl.DataFrame(schema=DOOR_SCHEMA)]
            + [frames["frame"] for it in parts for key, frames in it.frames.items() if key[1:] == place]
        )
        mine = refused.filter((pl.col("topic") == topic) & (pl.col("partition") == partition) & inside)
        lines.append(door_lines(topic, partition, offsets, facts.filter(pl.col("offset") >= checked_from), mine))
        count = offsets.unique().join(mine, on="offset", how="anti").height
        if checked_from > first:
            count += facts.filter(pl.col("offset") < checked_from).get_column("offset").n_unique()
            forgotten.append(
                f"{topic}[{partition}] goes back to offset {kept_from}, the quarter to {first}: what became of older "
                "records is taken from the register, and not checked against the topic"
            )
        accepted.append((types[topic], count))
    sent = [_row(key, it) for mine in wanted.values() for key, it in sorted(mine.items())]
    found = [_row(key, it) for one in parts for key, it in sorted(one.found.items())]
    return Audit(
        pl.concat(lines),
        pl.DataFrame(accepted, schema=ACCEPTED, orient="row"),
        pl.DataFrame(sent, schema=PARTS, orient="row"),
        pl.DataFrame(found, schema=PARTS, orient="row"),
        forgotten,
    )


def _row(key: Key, sent: Sent) -> tuple[object, ...]:
    source, topic, partition = key
    return f"{DOOR} about {topic}[{partition}]", source, source, sent.rows, sent.digest


def _wanted(run: Run) -> dict[int, dict[Key, Sent]]:
    """Register partition -> (source, topic, partition) -> where its statement stands."""
    wanted: dict[int, dict[Key, Sent]] = {}
    for source, entry in run.step_reports("SCAN").items():
        mine = wanted.setdefault(source, {})
        for said in entry.body["door"]:
            place = (source, said["topic"], said["partition"])
            mine[place] = Sent.from_json({k: v for k, v in said.items() if k not in ("topic", "partition")})
    return wanted


async def _parts(context: Context, run: Run, source: int, wanted: Mapping[Key, Sent]) -> Received:
    async with LogReader(context.settings.broker, context.topic(DOOR), source) as reader:
        return await read_parts(reader, "door", run.name, wanted, {"frame": pl.DataFrame(schema=DOOR_SCHEMA)}, PLACE)


async def _offsets(context: Context, topic: str, partition: int, first: int, end: int) -> tuple[pl.DataFrame, int]:
    """The offsets of the records that are really there (transactions leave holes), and from where on they are kept."""
    found = [np.zeros(0, np.int64)]
    if first < end:
        async with LogReader(context.settings.broker, context.topic(topic), partition) as reader:
            first = max(first, await reader.beginning_offset())
            found += [records.offsets async for records in reader.read_range(first, end - 1)]
    return pl.DataFrame({"offset": np.concatenate(found)}, schema=OFFSETS), first


async def refusals(context: Context) -> pl.DataFrame:
    """Columns REFUSED: where every rejected record stood, of all producers, as far as retention goes."""
    parts = await limited(rejections(context.settings, producer, REFUSED) for producer in producers())
    return pl.concat([pl.DataFrame(schema=REFUSED), *parts])
