"""The coordinator: reads the log, and does the one thing that is next. It keeps nothing that the log does not say."""

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from faust.types import TP

from agents.checkpoints.passed import not_passed
from agents.checkpoints.previewing import preview_of
from agents.checkpoints.sealing import outcome_of, publish_manifests
from agents.commands import Command, send_command
from agents.context import Context, new_attempt
from agents.metrics import WAITING
from agents.points import passed
from agents.reported import as_of, report_frames, rules_of
from agents.topics import ANSWERS, LOG, MEMBERS
from agents.transport.log import LogReader
from agents.transport.records import Records
from agents.version import code_version
from streams.deciles import cut_points
from streams.programmes import quota_cuts
from streams.rules import Bundle
from streams.runs import Entry, Journal, Kind, Run, Step, next_step
from streams.runs.plan import COORDINATOR, missing
from streams.score import combine_counts

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5  # between two looks at what nobody announces: intake's progress
ALARM_SECONDS = 600.0  # a step that takes longer than this wants an operator's look; nothing is ended by it


class Checkpoints:
    """One process of the stage owns the one partition of the log, and with it the right to decide.

    A second one that does not know yet that it lost the partition does no harm: the first entry counts.
    """

    topics: tuple[str, ...] = (LOG,)

    def __init__(self, context: Context) -> None:
        self._context = context
        self._owner = False
        self._wake = asyncio.Event()
        self._commanded: set[tuple[str, str, int, int]] = set()
        self._published: set[str] = set()
        self._waiting: tuple[str, float] = ("", 0.0)  # a step, and since when it is waited for
        self._alarmed = ""
        self.waits_for = "nothing is open"
        context.keeper.on_change(self._wake.set)

    # the stream -------------------------------------------------------------------------------

    async def positions(self, assigned: set[TP]) -> Mapping[TP, int]:
        """At the end: every process follows the log (`Keeper`), and the stream only says who owns it."""
        found = {}
        for tp in assigned:
            async with LogReader(self._context.settings.broker, tp.topic, tp.partition) as reader:
                found[tp] = await reader.end_offset()
        self._owner = True
        self._wake.set()
        return found

    async def revoked(self, partitions: set[TP]) -> None:
        """Decide nothing any more."""
        if partitions:
            self._owner = False

    async def handle(self, records: Records) -> None:
        """The keeper folds the log; nothing is left to do with a batch of it."""

    # the work ---------------------------------------------------------------------------------

    async def run(self) -> None:
        """Advance whatever can be advanced, for ever."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
            self._wake.clear()
            while self._owner and await self._advance():
                pass

    async def _advance(self) -> bool:
        """Do the next thing, if it is ours; True when something was written to the log."""
        journal = await self._context.keeper.catch_up()
        await self._publish_sealed(journal)
        run = journal.open_run
        if run is None:
            WAITING.set(0)
            return await self._start(journal)
        if run.is_preview and journal.waiting() is not None:
            why = {"why": "a quarter waits for its seal, which takes precedence", "restart": False}
            await self._append(self._entry(run, Kind.ABANDONED, body=why))
            return True
        if run.started.code_version != code_version():
            await self._append(self._entry(run, Kind.ABANDONED, body={"why": "newer code took over", "restart": True}))
            return True
        step = next_step(run)
        assert step is not None
        if step.stage != COORDINATOR:
            await self._command(run, step)
            return False
        work: Callable[[Journal, Run, Step], Awaitable[Entry]] = {
            "CUTPOINTS": self._cut_points,
            "CUT": self._cut,
            "BOOKS": self._books,
        }[step.name]
        self._say(f"{run.name}: {step.name} is being computed")
        started = time.monotonic()
        await self._append(await work(journal, run, step))
        log.info("%s %s %s done in %.1f s", run.name, step.name, step.wave or "", time.monotonic() - started)
        return True

    async def _append(self, entry: Entry) -> None:
        await self._context.keeper.append(entry)
        await self._context.keeper.catch_up()

    def _say(self, what: str) -> None:
        if what != self.waits_for:
            self.waits_for = what
            log.info("%s", what)

    # starting ---------------------------------------------------------------------------------

    async def _start(self, journal: Journal) -> bool:
        quarter = journal.waiting()
        if quarter is None:
            return await self._start_preview(journal)
        before = journal.before(quarter.name)
        if before is not None and len(before.rolled) < int(before.sealed_run.partitions if before.sealed_run else 0):
            self._say(f"{quarter.name} waits until {before.name} is rolled in every partition of the register")
            return False
        waiting = await not_passed(self._context.settings, quarter.cut)
        if waiting:
            self._say(f"{quarter.name} waits until intake has passed the cut: {'; '.join(waiting)}")
            return False
        name = f"{quarter.name}/seal/{len(quarter.runs) + 1}"
        await self._append(await self._started(name, quarter.rules_entry, as_of(quarter)))
        passed("checkpoints.started")
        return True

    async def _start_preview(self, journal: Journal) -> bool:
        asked = journal.next_preview()
        if asked is None:
            self._say("no quarter waits for a run")
            return False
        waiting = await not_passed(self._context.settings, asked.body["cut"])
        if waiting:
            self._say(f"the preview of {asked.quarter} waits until intake has passed its cut: {'; '.join(waiting)}")
            return False
        name = f"{asked.quarter}/preview/{len(journal.previews) + 1}"
        day = dt.date.fromisoformat(asked.body["as_of"])
        entry = await self._started(name, asked, day)
        own = {"preview": asked.offset, "cut": asked.body["cut"], "as_of": asked.body["as_of"]}
        await self._append(replace(entry, body={**entry.body, **own}))
        return True

    async def _started(self, name: str, rules: Entry, day: dt.date) -> Entry:
        """The beginning of a run under the rules that an entry carries, as of a day."""
        bundle = Bundle.from_json(rules.body["rules"])
        partitions = self._context.settings.partitions
        starts = {
            name: [await self._end(topic, partition) for partition in range(partitions)]
            for name, topic in (("members_start", MEMBERS), ("answers_start", ANSWERS))
        }
        return Entry(
            kind=Kind.STARTED,
            quarter=rules.quarter,
            run=name,
            stage=COORDINATOR,
            attempt=new_attempt(),
            code_version=code_version(),
            rules_hash=rules.rules_hash,
            body={
                "partitions": partitions,
                "waves": len(bundle.at(day).waves),
                "rules": rules.body["rules"],
                **starts,
            },
        )

    async def _end(self, topic: str, partition: int) -> int:
        async with LogReader(self._context.settings.broker, self._context.topic(topic), partition) as reader:
            return await reader.end_offset()

    async def _command(self, run: Run, step: Step) -> None:
        """Give the command of a step to every partition that has not reported it: once, and again after a restart."""
        partitions = missing(run, step)
        for partition in partitions:
            key = (run.name, step.name, step.wave, partition)
            if key not in self._commanded:
                command = Command(run.name, run.quarter, step.name, step.wave)
                await send_command(self._context.sender, self._context.topic(step.channel), partition, command)
                self._commanded.add(key)
                passed("checkpoints.commanded")
        wave = f" of wave {step.wave}" if step.wave else ""
        what = f"{run.name} waits for {step.name}{wave} of {step.stage} in partitions {partitions}"
        self._say(what)
        self._watch(f"{run.name} {step.name} {step.wave}", what)

    def _watch(self, step: str, what: str) -> None:
        """Raise the alarm for a step that takes too long: once, and as a metric until it is done."""
        now = time.monotonic()
        if self._waiting[0] != step:
            self._waiting = step, now
        seconds = now - self._waiting[1]
        WAITING.set(seconds)
        if seconds > ALARM_SECONDS and self._alarmed != step:
            self._alarmed = step
            log.error("%s, for %.0f s: see `dtsen status`, whether the stage runs, and its log", what, seconds)

    # deciding ---------------------------------------------------------------------------------

    async def _cut_points(self, journal: Journal, run: Run, _: Step) -> Entry:
        counts = combine_counts(report_frames(run.step_reports("SCORE"), "counts"))
        points = cut_points(counts, rules_of(journal, run).ranking)
        ranked = {"families": int(counts["families"].sum()), "persons": int(counts["persons"].sum())}
        return self._entry(run, Kind.CUTPOINTS, body={"cut_points": points, "ranked": ranked})

    async def _cut(self, journal: Journal, run: Run, step: Step) -> Entry:
        reports = run.step_reports("UNITS", step.wave)
        units, reserved = report_frames(reports, "units"), report_frames(reports, "reserved")
        cuts = quota_cuts(units, reserved, rules_of(journal, run), step.wave)
        passed("checkpoints.cut_decided")
        return self._entry(run, Kind.CUT, wave=step.wave, body={"cuts": cuts})

    async def _books(self, journal: Journal, run: Run, _: Step) -> Entry:
        outcome = preview_of if run.is_preview else outcome_of
        kind, body, frames = await outcome(self._context, journal, run)
        return self._entry(run, kind, body=body, frames=frames)

    def _entry(self, run: Run, kind: Kind, **said: object) -> Entry:
        return Entry(
            kind=kind,
            quarter=run.quarter,
            run=run.name,
            step="BOOKS" if kind in (Kind.SEALED, Kind.REFUSED, Kind.PREVIEWED) else kind.value,
            stage=COORDINATOR,
            attempt=new_attempt(),
            code_version=run.started.code_version,
            rules_hash=run.started.rules_hash,
            **said,  # type: ignore[arg-type]  # wave, body and frames, named by the callers above
        )

    async def _publish_sealed(self, journal: Journal) -> None:
        """Put the manifests that a seal carries on their topic, unless they are there: a crash may come in between."""
        for quarter in journal.sealed:
            if quarter.name not in self._published:
                passed("checkpoints.sealed")
                await publish_manifests(self._context, quarter)
                self._published.add(quarter.name)
