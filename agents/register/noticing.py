"""Notices beside the stream: who holds something and died, left or lost a valid identity since the last seal.

Whose facts may stop something is marked in the very write that stores the facts, so that no crash forgets anybody; the
marks are worked off here, seconds later, whatever scan runs meanwhile. A roll marks all holders.
"""

import asyncio
from collections import defaultdict
from typing import Any

import numpy as np
import polars as pl

from agents.context import Context
from agents.keeper import values_of
from agents.metrics import NOTICES as COUNTED
from agents.register.netting import only
from agents.register.scanning import authorities, chunks, rows_of
from agents.reported import as_of, rules_of
from agents.store import FactBatch, PartitionStore
from agents.store.cards import topic_numbers
from agents.threads import in_thread
from agents.topics import FACTS, NOTICES
from agents.transport.log import LogReader
from schemas import slow
from schemas.columnar import encode
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.facts import NIK_BYTES, Rows, facts_frame
from streams.notices import NOTICES as COLUMNS
from streams.notices import differences, stops
from streams.persons import PERSONS, AsOf, persons
from streams.runs import Journal

STOPPING = ("vital", "nik_status", "residence")
FEW = 200  # people are read by their keys up to here, and by a scan of all keys beyond


class Noticing:
    """One per register process."""

    def __init__(self, context: Context, stores: dict[int, PartitionStore]) -> None:
        self._context = context
        self._stores = stores
        self._wake = asyncio.Event()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._due: dict[int, int] = {}  # the end of the facts at the assignment: before it, the store is being filled
        self._holders: dict[int, tuple[str, np.ndarray[Any, Any]]] = {}
        context.keeper.on_change(self.wake)  # a roll marks people, and a seal brings rules
        self._topics = [it.topic_number or 0 for it in contracts().events if set(it.groups) & set(STOPPING)]

    def wake(self) -> None:
        self._wake.set()

    def marked(self, number: int, store: PartitionStore, batch: FactBatch) -> list[bytes]:
        """NIK of a batch who hold something, and whose facts here may stop it."""
        holders = self._holders_of(number, store)
        if not len(holders) or not len(batch.offsets):
            return []
        rows = np.isin(topic_numbers(batch), self._topics)
        niks = np.unique(np.ascontiguousarray(batch.keys[rows][:, :NIK_BYTES]).view(f"S{NIK_BYTES}").ravel())
        places = np.minimum(np.searchsorted(holders, niks), len(holders) - 1)
        found: list[bytes] = niks[holders[places] == niks].tolist()
        return found

    def _holders_of(self, number: int, store: PartitionStore) -> "np.ndarray[Any, Any]":
        quarter = store.holdings_quarter
        if number not in self._holders or self._holders[number][0] != quarter:
            niks = store.holdings().get_column("nik").unique().sort().to_list()
            self._holders[number] = quarter, np.array(niks, f"S{NIK_BYTES}")
        return self._holders[number][1]

    async def assigned(self, numbers: set[int]) -> None:
        """Learn what was noticed before, where a store is new, and from where on its facts are complete."""
        for number in numbers:
            async with LogReader(self._context.settings.broker, self._context.topic(FACTS), number) as reader:
                self._due[number] = await reader.end_offset()
            if not self._stores[number].knows_notices:
                await in_thread(self._stores[number].put_notices, await self._open_notices(number))
        self._wake.set()

    async def revoked(self, numbers: set[int]) -> None:
        """Return when nothing of these partitions is under way any more."""
        for number in numbers:
            self._due.pop(number, None)
            self._holders.pop(number, None)
            async with self._turns[number]:
                pass

    async def run(self) -> None:
        """Work off the marks, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            journal = await self._context.keeper.catch_up()
            for number in sorted(self._due):
                async with self._turns[number]:
                    if number in self._due and number in self._stores:
                        await self._work_off(journal, number, self._stores[number])

    async def _work_off(self, journal: Journal, number: int, store: PartitionStore) -> None:
        position = store.position(self._context.topic(FACTS)) or 0
        marks = await in_thread(store.marks)
        quarter = next((it for it in journal.sealed if it.name == store.holdings_quarter), None)
        if not marks or position < self._due[number] or quarter is None or quarter.sealed_run is None:
            return
        rules = rules_of(journal, quarter.sealed_run)
        niks = pl.Series("nik", [mark.decode() for mark in marks])
        day = AsOf(as_of(quarter), rules.transit_limit_days, rules.scope_province)
        seen = await self._persons(store, niks, day)
        holdings = (await in_thread(store.holdings)).filter(pl.col("nik").is_in(niks.implode()))
        known = (await in_thread(store.notices)).filter(pl.col("nik").is_in(niks.implode()))
        found = await in_thread(stops, seen, holdings, rules, quarter.name)
        new, withdrawn, fulfilled = differences(known, found, holdings)
        await self._send(number, new, withdrawn=False)
        await self._send(number, withdrawn, withdrawn=True)
        # A crash before this write says the same again, under the same ids.
        await in_thread(store.settle_notices, marks, new, pl.concat([withdrawn, fulfilled]))

    async def _persons(self, store: PartitionStore, niks: pl.Series, day: AsOf) -> pl.DataFrame:
        """The persons frame of some people, by all that the store holds."""
        if len(niks) <= FEW:
            return await in_thread(lambda: _seen(rows_of(store.facts_of(*niks), [store.copies_of(*niks)]), day))
        ordered = niks.sort()
        frames = [await in_thread(lambda rows: _seen(only(rows, ordered), day), rows) async for rows in chunks(store)]
        return pl.concat([pl.DataFrame(schema=PERSONS), *frames])

    async def _send(self, number: int, notices: pl.DataFrame, *, withdrawn: bool) -> None:
        if notices.is_empty():
            return
        frame = notices.with_columns(pl.lit(withdrawn).alias("withdrawn"))
        values = encode(contracts().by_name["notice"], frame, {}, header=True)
        keys = join(notices.get_column("nik").cast(pl.Binary).to_list())
        await self._context.sender.send(self._context.topic(NOTICES), number, keys, values)
        for payer, count in notices.group_by("payer").len().iter_rows():
            COUNTED.labels(payer, "yes" if withdrawn else "no").inc(count)

    async def _open_notices(self, number: int) -> pl.DataFrame:
        """The notices of one partition that were sent and not withdrawn, by the topic."""
        contract = contracts().by_name["notice"]
        told: dict[bytes, dict[str, Any]] = {}
        async with LogReader(self._context.settings.broker, self._context.topic(NOTICES), number) as reader:
            async for records in reader.read_to_end(await reader.beginning_offset()):
                for value in values_of(records):  # few: people who died or left
                    notice = slow.decode_one(contract, value or b"")
                    if notice.pop("withdrawn"):
                        told.pop(notice["notice_id"], None)
                    else:
                        told[notice["notice_id"]] = notice
        return pl.DataFrame(list(told.values()), schema=COLUMNS)


def _seen(rows: Rows, day: AsOf) -> pl.DataFrame:
    return persons(facts_frame(rows, contracts().by_name["fact"], authorities()), day)
