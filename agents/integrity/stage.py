"""What happens to a batch of integrity.visits, and when findings are told.

A batch is kept as it is (visits and position in one write) and acknowledged. Findings compare officers with each other,
so they are made beside the stream, when no visit has come for a while; what changed is sent, and then kept as told. A
crash before that tells the same again, under the same ids.
"""

import asyncio
import logging
from collections.abc import Mapping

import polars as pl
from faust.types import TP

from agents.context import Context
from agents.integrity.batches import values_of
from agents.integrity.records import all_of, decode_findings, decode_visits, encode_findings
from agents.integrity.store import VisitStore
from agents.metrics import INTEGRITY_FINDINGS as TOLD
from agents.metrics import VISITS as KEPT
from agents.points import passed
from agents.threads import in_thread
from agents.topics import INTEGRITY_FINDINGS, VISITS
from agents.transport.records import Records
from schemas.columnar import join
from schemas.registry import contracts
from streams.integrity.frames import FINDINGS

log = logging.getLogger(__name__)

STAGE = "integrity"
# Quiet for so long, and all that an office sent together is here; never later than the second, however busy it is.
QUIET_SECONDS, LONGEST_SECONDS = 1.0, 30.0


class Integrity:
    """One process of the stage. The topic has one partition: officers are compared with each other."""

    topics: tuple[str, ...] = (VISITS,)

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store: VisitStore | None = None
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._newest = 0.0  # loop time of the last batch with a visit

    async def positions(self, assigned: set[TP]) -> Mapping[TP, int]:
        """Open the store; a new one learns what was told before, and reads the visits from their beginning."""
        store = await in_thread(VisitStore.open, self._context.settings.folder / STAGE)
        if not store.has_learnt:
            told = decode_findings(await all_of(self._context.settings, INTEGRITY_FINDINGS))
            await in_thread(store.learn, _by_id(told.unique("finding_id", keep="last", maintain_order=True)))
        self._store = store
        self._wake.set()
        return dict.fromkeys(assigned, store.position or 0)

    async def revoked(self, partitions: set[TP]) -> None:
        """Wait for the evaluation in hand, then close."""
        if partitions:
            async with self._turn:
                store, self._store = self._store, None
                if store is not None:
                    await in_thread(store.close)

    async def handle(self, records: Records) -> None:
        """Keep the visits of a batch; it counts as done when this returns."""
        passed("integrity.received")
        assert self._store is not None, "batches come of assigned partitions"
        values = values_of(records)
        await in_thread(self._store.add, values, records.next_offset)
        passed("integrity.stored")
        KEPT.inc(len(values))
        self._newest = asyncio.get_running_loop().time()
        self._wake.set()

    async def run(self) -> None:
        """Tell findings, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._quiet()
            async with self._turn:
                if self._store is not None and (due := self._store.due) is not None:
                    await self._tell(self._store, due)

    async def _quiet(self) -> None:
        """Return when no visit came for a while, or after a longer one."""
        clock = asyncio.get_running_loop().time
        latest = clock() + LONGEST_SECONDS
        while (pause := min(self._newest + QUIET_SECONDS, latest) - clock()) > 0:  # noqa: ASYNC110 - it is time itself that is waited for
            await asyncio.sleep(pause)

    async def _tell(self, store: VisitStore, due: bytes) -> None:
        news = await in_thread(_news, store)
        if news.height:
            keys, values = await in_thread(encode_findings, news)
            await self._context.sender.send(self._context.topic(INTEGRITY_FINDINGS), 0, keys, values)
            passed("integrity.findings_sent")
            for kind, state, count in news.group_by("kind", "state").len().iter_rows():
                TOLD.labels(kind, state).inc(count)
        await in_thread(store.settle, _by_id(news), due)


def _news(store: VisitStore) -> pl.DataFrame:
    """The findings that are other than what was told, and what holds no longer: columns FINDINGS."""
    # SciPy takes as long to load as the rest of the process; the other stages, which load this file, don't need it.
    from streams.integrity.findings import evaluate, withdrawn  # noqa: PLC0415

    known = contracts().producers_by_number
    codes = {number: it.code for number, it in known.items()}
    authorities = {number: it.authority for number, it in known.items()}
    told = decode_findings(join(list(store.told().values())))
    now = evaluate(decode_visits(store.visits()), codes, authorities)
    changed = now.join(told, on=list(FINDINGS), how="anti", nulls_equal=True, maintain_order="left")
    return pl.concat([changed, withdrawn(told, now)])


def _by_id(found: pl.DataFrame) -> dict[bytes, bytes]:
    """Findings as the store keeps them."""
    return dict(zip(found.get_column("finding_id").to_list(), encode_findings(found)[1].to_list(), strict=True))
