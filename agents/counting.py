"""What became of a producer's records, day by day: from the register's stores and from its rejections."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import aiokafka
import polars as pl
from aiokafka.structs import TopicPartition

from agents.everybody import Question, of_all_partitions, of_own_partitions
from agents.keeper import read_journal
from agents.pages import Pages
from agents.people import WIB
from agents.register.scanning import authorities, chunks, cut_frame
from agents.register.stage import Register
from agents.rejections import rejections
from agents.reported import as_of
from agents.settings import Settings
from agents.store import PartitionStore
from agents.threads import in_thread
from schemas.registry import contracts
from streams.daily import DAILY, WINDOWS, add_daily, daily, dated
from streams.outcomes import EVER, Bounds
from streams.runs import Journal

COUNTS = "/counts"
COUNTED = ("accepted", "refused", "late", "repeated")


async def producer_counts(settings: Settings, producer: str, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """One row per day and event type of which `producer` sent anything: day, event_type, and COUNTED.

    A record that intake has not passed yet is in none of them. Raises OperatorError when a partition of the register
    can be asked neither through a worker nor beside it.
    """
    windows = await _windows(settings, first, last)
    known = contracts().producers_by_code.get(producer)
    accepted = pl.DataFrame(schema=DAILY)
    if known is not None:
        journal = await read_journal(settings)
        question = {
            "producer": known.number,
            "windows": [[*row[:2], row[2].isoformat(), *row[3:]] for row in windows.iter_rows()],
            "quarters": [_quarter(journal, name) for name in sorted(journal.quarters)],
        }
        accepted = add_daily(
            await of_all_partitions(
                settings,
                COUNTS,
                question,
                received=lambda it: _frame(it["rows"]),
                beside=lambda number, store: counted(store, number, question),
            )
        )
    types = {contract.topic_number: contract.event_type for contract in contracts().events}
    both = accepted.join(
        await _refused(settings, producer, windows), on=["topic_number", "day"], how="full", coalesce=True
    ).with_columns(pl.col(COUNTED).fill_null(0))
    event_type = pl.col("topic_number").cast(pl.Int64).replace_strict(types, return_dtype=pl.String)
    return both.select("day", event_type.alias("event_type"), *COUNTED).sort("day", "event_type").to_dicts()


async def _refused(settings: Settings, producer: str, windows: pl.DataFrame) -> pl.DataFrame:
    """topic_number, day, refused: each record once, though intake may have read it again."""
    found = await rejections(settings, producer, ["topic", "partition", "offset"])
    numbers = {contract.topic: contract.topic_number for contract in contracts().events}
    places = found.unique().select(
        pl.col("topic").replace_strict(numbers, return_dtype=pl.UInt16).alias("topic_number"),
        pl.col("partition").cast(pl.UInt32),
        "offset",
    )
    return dated(places, windows).group_by("topic_number", "day").agg(pl.len().cast(pl.Int64).alias("refused"))


async def _windows(settings: Settings, first: dt.date, last: dt.date) -> pl.DataFrame:
    """The offsets of each day in each partition of the event topics, by append time: columns WINDOWS."""
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    borders = [dt.datetime.combine(day, dt.time(), WIB) for day in [*days, last + dt.timedelta(days=1)]]
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=settings.broker.split(","), group_id=None, isolation_level="read_committed"
    )
    await consumer.start()
    try:
        places: dict[TopicPartition, int] = {}
        for contract in contracts().events:
            topic = settings.topic(contract.topic or "")
            known = await consumer._client._wait_on_metadata(topic)  # noqa: SLF001 - see test_private_names.py
            places |= {TopicPartition(topic, partition): contract.topic_number or 0 for partition in sorted(known)}
        ends = await consumer.end_offsets(list(places))
        at = []
        for border in borders:
            found = await consumer.offsets_for_times(dict.fromkeys(places, int(border.timestamp() * 1000)))
            at.append({tp: it.offset if (it := found.get(tp)) is not None else ends[tp] for tp in places})
    finally:
        await consumer.stop()
    rows = [
        (number, tp.partition, day, before[tp], behind[tp])
        for day, before, behind in zip(days, at[:-1], at[1:], strict=True)
        for tp, number in places.items()
    ]
    return pl.DataFrame(rows, schema=WINDOWS, orient="row")


def _quarter(journal: Journal, name: str) -> dict[str, Any]:
    """An opened quarter for a question: its cut, its last day, and its sealed run's command in each partition."""
    quarter = journal.quarters[name]
    run = quarter.sealed_run
    commands = {n: entry.body["command_offset"] for n, entry in run.step_reports("SCAN").items()} if run else {}
    return {"cut": dict(quarter.cut), "last_day": as_of(quarter).isoformat(), "commands": commands}


# --- the answer of a partition ------------------------------------------------------------------------------------


def answer_counts(pages: Pages, register: Register) -> None:
    """Let a register process answer POST /counts with {producer, windows, quarters}."""

    async def counts(question: Question) -> dict[str, Any]:
        numbers, parts = await of_own_partitions(
            register.stores, lambda number, store: counted(store, number, question)
        )
        return {"partitions": numbers, "rows": _plain(add_daily(parts))}

    pages.answer(COUNTS, counts)


def _plain(rows: pl.DataFrame) -> list[list[Any]]:
    return [[number, day.isoformat(), *counts] for number, day, *counts in rows.iter_rows()]


def _frame(rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    found = [(number, dt.date.fromisoformat(day), *counts) for number, day, *counts in rows]
    return pl.DataFrame(found, schema=DAILY, orient="row")


async def counted(store: PartitionStore, number: int, question: Question) -> pl.DataFrame:
    """What one partition's store says: columns DAILY.

    Raises ScanCancelledError or StoreClosedError when its partition moves meanwhile.
    """
    windows = pl.DataFrame(
        [(*it[:2], dt.date.fromisoformat(it[2]), *it[3:]) for it in question["windows"]], schema=WINDOWS, orient="row"
    )
    quarters = [
        Bounds(cut_frame(it["cut"]), int(it["commands"].get(str(number), EVER)), dt.date.fromisoformat(it["last_day"]))
        for it in question["quarters"]
    ]
    fact, producer = contracts().by_name["fact"], int(question["producer"])
    parts = [
        await in_thread(daily, rows, fact, authorities(), producer, windows, quarters) async for rows in chunks(store)
    ]
    return add_daily(parts)
