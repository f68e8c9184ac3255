"""Opening a quarter: its cut is looked up, and decided once by the first entry that says so."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import aiokafka
from aiokafka.structs import TopicPartition

from agents.context import new_attempt
from agents.errors import OperatorError
from agents.keeper import Keeper
from agents.settings import Settings
from agents.transport.sender import Sender
from agents.version import code_version
from schemas.registry import contracts
from streams.quarters import Quarter
from streams.rules import Bundle
from streams.runs import Entry, Journal, Kind
from streams.runs.journal import Cut

WIB = dt.timezone(dt.timedelta(hours=7))
SETTLED = dt.timedelta(minutes=10)  # a cut is not younger: what producers send now may still be on its way


@dataclass(frozen=True)
class Asked:
    """How an operator opens a quarter."""

    quarter: Quarter
    bundle: Bundle
    now: bool = False  # cut at the end of what is there, in place of the quarter's end
    empty: bool = False  # even if the cut takes in no record


@contextlib.asynccontextmanager
async def following(settings: Settings) -> AsyncIterator[Keeper]:
    """The log, followed while the block runs, for commands that write to it."""
    async with Sender(settings.broker, client_id="dtsen-operator") as sender:
        keeper = Keeper(settings, sender)
        await keeper.start()
        task = asyncio.ensure_future(keeper.follow())
        try:
            await keeper.catch_up()
            yield keeper
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await keeper.stop()


async def open_quarter(settings: Settings, keeper: Keeper, asked: Asked, today: dt.datetime) -> Entry:
    """Decide the cut of a quarter and write it to the log; the entry as it was read back.

    Raises OperatorError when the quarter was opened before, is not over, does not come next, or when its cut would
    lie before an earlier one or take in nothing.
    """
    journal = await keeper.catch_up()
    name = str(asked.quarter)
    _refuse_order(journal, asked.quarter)
    instant = dt.datetime.combine(asked.quarter.last_day + dt.timedelta(days=1), dt.time(), WIB)
    if not asked.now and today - instant < SETTLED:
        raise OperatorError(
            f"{name} ends at {instant:%d %B %Y, %H:%M} WIB, and a cut is taken 10 minutes later at the earliest. "
            "Wait, or cut at what is there now with --now."
        )
    cut = await look_up_cut(settings, None if asked.now else int(instant.timestamp() * 1000))
    _refuse_cut(journal, name, cut, empty=asked.empty, now=asked.now)
    body = {
        "cut": cut,
        "as_of": asked.quarter.last_day.isoformat(),
        "cut_by": "now" if asked.now else instant.isoformat(),
        "rules": asked.bundle.to_json(),
    }
    return await written(keeper, from_operator(Kind.OPENED, name, asked.bundle.rules_hash, body))


async def abandon_run(keeper: Keeper) -> Entry:
    """End the open run without an outcome; its quarter is run again when somebody asks. Raises OperatorError."""
    run = (await keeper.catch_up()).open_run
    if run is None:
        raise OperatorError("No run is open: there is nothing to abandon.")
    body = {"why": "an operator ended it", "restart": False}
    entry = from_operator(Kind.ABANDONED, run.quarter, run.started.rules_hash, body)
    return await written(keeper, replace(entry, run=run.name))


async def retry_quarter(keeper: Keeper, quarter: str, bundle: Bundle | None, *, restate: bool = False) -> Entry:
    """Ask for another run of a refused quarter; with a bundle, under other rules.

    `restate` confirms that newer code sees the sealed quarter before otherwise (a mended view): the difference is then
    a line of the books, and not a reason to refuse. Raises OperatorError.
    """
    journal = await keeper.catch_up()
    found = journal.quarters.get(quarter)
    if found is None:
        raise OperatorError(f"{quarter} was never opened: open it with `dtsen checkpoint open {quarter}`.")
    if found.sealed:
        raise OperatorError(f"{quarter} is sealed: a sealed quarter is never run again.")
    if found.open_run:
        raise OperatorError(f"{quarter} is being run ({found.open_run.name}): wait for its outcome.")
    body: dict[str, Any] = {} if bundle is None else {"rules": bundle.to_json()}
    body |= {"restate": True} if restate else {}
    digest = found.rules_entry.rules_hash if bundle is None else bundle.rules_hash
    return await written(keeper, from_operator(Kind.RETRY, quarter, digest, body))


def from_operator(kind: Kind, quarter: str, rules_digest: str, body: dict[str, Any]) -> Entry:
    """What an operator has to say to the log, under this code."""
    return Entry(
        kind=kind,
        quarter=quarter,
        stage="operator",
        attempt=new_attempt(),
        code_version=code_version(),
        rules_hash=rules_digest,
        body=body,
    )


async def written(keeper: Keeper, entry: Entry) -> Entry:
    """Append an operator's entry; it, with its offset. Raises OperatorError when the log as it stands refuses it."""
    offset = await keeper.append(entry)
    journal = await keeper.catch_up()
    for ignored, why in journal.ignored:
        if ignored.offset == offset:
            raise OperatorError(f"{entry.quarter} was not changed: {why}.")
    return replace(entry, offset=offset)


def _refuse_order(journal: Journal, quarter: Quarter) -> None:
    if str(quarter) in journal.quarters:
        opened = journal.quarters[str(quarter)].opened
        when = dt.datetime.fromtimestamp(opened.written_ms / 1000, WIB)
        raise OperatorError(
            f"{quarter} was opened on {when:%d %B %Y, %H:%M} WIB, and its cut is decided once: "
            f"see `dtsen checkpoint status`; a refused quarter is run again with --retry."
        )
    if journal.quarters:
        last = Quarter.parse(max(journal.quarters))
        if quarter != last.plus(1):
            raise OperatorError(f"{last} is the last quarter that was opened: {last.plus(1)} comes next.")


def _refuse_cut(journal: Journal, name: str, cut: Cut, *, empty: bool, now: bool) -> None:
    earlier = journal.quarters[max(journal.quarters)].cut if journal.quarters else {}
    behind = [
        f"{topic}[{n}] ({ends[n]}, cut before at {at})"
        for topic, offsets in earlier.items()
        for n, at in enumerate(offsets)
        if (ends := cut.get(topic, [])) is not None and n < len(ends) and ends[n] < at
    ]
    if behind:
        more = f" and {len(behind) - 2} more partitions" if len(behind) > 2 else ""
        raise OperatorError(
            f"The end of {name} lies before the last cut in {', '.join(behind[:2])}{more}: cuts never move backwards. "
            "Events of simulated quarters are appended today: cut them with --now."
        )
    if not empty and sum(map(sum, cut.values())) == sum(map(sum, earlier.values())):
        end = "now" if now else f"the end of {name}; events that were sent later are taken in with --now"
        raise OperatorError(f"No record was appended between the last cut and {end}. If that is right, say --empty.")


async def look_up_cut(settings: Settings, instant_ms: int | None) -> dict[str, list[int]]:
    """Topic (without realm) -> per partition the first offset at or after the instant; None: behind all that is there.

    Raises OperatorError when the topics are not there.
    """
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=settings.broker.split(","), group_id=None, isolation_level="read_committed"
    )
    await consumer.start()
    try:
        places: dict[str, list[TopicPartition]] = {}
        for contract in contracts().events:
            topic = settings.topic(contract.topic or "")
            known = await consumer._client._wait_on_metadata(topic)  # noqa: SLF001 - see test_private_names.py
            places[contract.topic or ""] = [TopicPartition(topic, partition) for partition in sorted(known)]
        every = [tp for tps in places.values() for tp in tps]
        ends = await consumer.end_offsets(every)
        if instant_ms is not None:
            found = await consumer.offsets_for_times(dict.fromkeys(every, instant_ms))
            ends |= {tp: at.offset for tp, at in found.items() if at is not None}
        return {topic: [int(ends[tp]) for tp in tps] for topic, tps in places.items()}
    finally:
        await consumer.stop()
