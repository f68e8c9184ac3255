"""One stage in a process of its own: `python -m agents.stage STAGE` (the supervisor of `dtsen worker` does this)."""

import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, Protocol

import mode
from faust.types import TP

from agents import logs, metrics
from agents.casebook import answer_cases
from agents.checkpoints import Checkpoints
from agents.context import Context
from agents.counting import answer_counts
from agents.families import Families
from agents.intake import Intake
from agents.integrity import Integrity
from agents.keeper import Keeper
from agents.pages import Pages, page_name
from agents.people import questions
from agents.register import Register
from agents.settings import Settings
from agents.transport.app import BatchApp, batches, create_app, run
from agents.transport.records import Records
from agents.transport.sender import Sender


class Stage(Protocol):
    """What a stage has: topics, and what becomes of a batch of them. The rest of what it may have is optional:

    `positions(assigned)` and `revoked(partitions)` if it decides where to read from; `duties` or `run()` for work
    beside the stream; `health()` for its page.
    """

    topics: tuple[str, ...]

    async def handle(self, records: Records) -> None:
        """Do with a batch what the stage does; it counts as done when this returns."""
        ...


STAGES: Mapping[str, Callable[[Context], Stage]] = {
    "intake": Intake,
    "register": Register,
    "families": Families,
    "checkpoints": Checkpoints,
    "integrity": Integrity,
}


class Shell(mode.Service):
    """What a stage needs around it; started before its app, and stopped after it."""

    def __init__(self, context: Context, pages: Pages, beside: list[Callable[[], Awaitable[None]]]) -> None:
        super().__init__()
        self._context = context
        self._pages = pages
        self._beside = beside

    async def on_start(self) -> None:
        await self._context.sender.start()
        await self._context.keeper.start()
        self.add_future(self._context.keeper.follow())
        for work in self._beside:
            self.add_future(work())
        await self._pages.start()

    async def on_shutdown(self) -> None:
        await self._pages.stop()
        await self._context.keeper.stop()
        await self._context.sender.stop()


def main(name: str) -> NoReturn:
    """Run the stage until SIGTERM (exit code 0) or an error (exit code 1)."""
    settings = Settings.from_environment()
    logs.configure(settings.log, name)
    sender = Sender(settings.broker, client_id=f"dtsen-{name}")
    context = Context(settings, Keeper(settings, sender), sender)
    stage: Any = STAGES[name](context)
    topics = [context.topic(topic) for topic in stage.topics]
    app = create_app(
        name,
        broker=settings.broker,
        realm=settings.realm,
        group=name,
        instance_id=f"{name}-{settings.instance}",
        session_timeout_seconds=settings.session_timeout_seconds,
        positions=getattr(stage, "positions", None),
        on_revoked=getattr(stage, "revoked", None),
    )
    newest: dict[str, float] = {}  # topic -> append time of the newest record handled, seconds since 1970
    batches(app, topics, counted(app, name, settings, stage.handle, newest))
    duties, runs = getattr(stage, "duties", None), getattr(stage, "run", None)
    noticing = getattr(stage, "noticing", None)
    each = (duties.run if duties else None, runs, noticing.run if noticing else None)
    beside = [work for work in each if work is not None]
    pages = Pages(settings, page_name(name, settings), lambda: health(app, stage, newest))
    if isinstance(stage, Register):
        questions(pages, context, stage)
        answer_counts(pages, stage)
        answer_cases(pages, stage)
    run(app, Shell(context, pages, beside))


def health(app: BatchApp, stage: Any, newest: Mapping[str, float]) -> dict[str, Any]:
    """What /healthz shows: whether it works, of which partitions, and on what."""
    assigned = app.consumer.assignment() if app.consumer else set()
    duties = getattr(stage, "duties", None)
    return {
        "ok": app.lanes.error is None,
        "partitions": sorted({tp.partition for tp in assigned}),
        "rebalancing": bool(app.rebalancing),
        "works_on": duties.current if duties else None,
        "waits_for": getattr(stage, "waits_for", None),
        "newest_record_seconds": max(newest.values(), default=None),
    }


def counted(
    app: BatchApp, name: str, settings: Settings, handle: Callable[[Records], Awaitable[None]], newest: dict[str, float]
) -> Callable[[Records], Awaitable[None]]:
    """`handle`, with its batches counted."""
    in_hand, since = 0, 0.0

    async def handle_and_count(records: Records) -> None:
        nonlocal in_hand, since
        began = time.perf_counter()
        since = began if in_hand == 0 else since
        in_hand += 1
        try:
            await handle(records)
        finally:
            in_hand -= 1
            now = time.perf_counter()
            metrics.BUSY.labels(name).inc(now - since)
            since = now
        topic = records.topic.removeprefix(settings.prefix)
        metrics.BATCH_DURATION.labels(name).observe(time.perf_counter() - began)
        metrics.BATCHES.labels(name, topic).inc()
        metrics.RECORDS.labels(name, topic).inc(len(records))
        end = app.consumer.highwater(TP(records.topic, records.partition)) if app.consumer else None
        if end is not None:
            metrics.LAG.labels(name, topic, str(records.partition)).set(max(end - records.next_offset, 0))
        if len(records):
            newest[topic] = float(records.timestamps_ms[-1]) / 1000
            metrics.FRESHNESS.labels(name, topic).set(newest[topic])

    return handle_and_count


if __name__ == "__main__":
    main(sys.argv[1])
