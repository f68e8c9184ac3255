"""Stage families: members in, families, scores, quota units and answers out. Keeps nothing between runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl
from faust.types import TP

from agents.commands import commands_in
from agents.context import Context, Work, new_attempt
from agents.duties import Duties, Duty
from agents.findings import send_indications
from agents.metrics import PARTS
from agents.parts import PartWriter, read_parts
from agents.points import passed
from agents.reported import cut_points_of, cuts_of, my_step, received_json, sent_to
from agents.spill import Spill
from agents.threads import in_thread
from agents.topics import ANSWERS, MEMBERS
from agents.transport.log import LogReader
from agents.transport.records import Records
from streams.answers import answer_step
from streams.books import family_lines, reasons_of, tally_of, verdicts_of
from streams.books.answers import tallies
from streams.cases import objected
from streams.changes.frames import HOLDINGS
from streams.families import Formed, form
from streams.findings import card_indications
from streams.members import MEMBERS as MEMBERS_COLUMNS
from streams.members import STOPPED
from streams.partitions import partition_of
from streams.programmes import units_step
from streams.runs import Entry, Journal
from streams.score import score_step

STAGE = "families"
# the frames of a part of members, empty
PARTS_OF_MEMBERS = {
    "members": pl.DataFrame(schema=MEMBERS_COLUMNS),
    "holdings": pl.DataFrame(schema=HOLDINGS),
    "stopped": pl.DataFrame(schema=STOPPED),
}
ANSWER_ROWS = 20_000  # answers per part before compression; a part is halved again where it is too large


@dataclass(frozen=True)
class Made:
    """What a partition's members come to: families, what is odd about their cards, and what came from whom."""

    formed: Formed
    indications: pl.DataFrame
    note: object


class Families:
    """One process of the stage. Its partitions of `checkpoint.members` are read twice: the stream passes over them
    for the commands, and a step reads the ranges that the register's reports name.
    """

    topics: tuple[str, ...] = (MEMBERS,)

    def __init__(self, context: Context) -> None:
        self._context = context
        self._noted: dict[int, set[tuple[str, str, int]]] = {}
        self._spill = Spill(context.settings.folder / "families")
        self.duties = Duties(STAGE, context.keeper, self._find)

    # the stream -------------------------------------------------------------------------------

    async def positions(self, assigned: set[TP]) -> Mapping[TP, int]:
        """Where to read from: the open run's start while its steps are unreported, else the end."""
        ends = {}
        for tp in assigned:
            async with LogReader(self._context.settings.broker, tp.topic, tp.partition) as reader:
                ends[tp] = await reader.end_offset()
        # The ends come first: a run that starts after this look at the log puts its commands behind them.
        run = (await self._context.keeper.catch_up()).open_run
        found = {}
        for tp, end in ends.items():
            found[tp] = int(run.started.body["members_start"][tp.partition]) if run else end
            self._noted[tp.partition] = set()
        self.duties.allow({tp.partition for tp in assigned})
        return found

    async def revoked(self, partitions: set[TP]) -> None:
        """Stop what is under way for these partitions; nothing is kept."""
        numbers = {tp.partition for tp in partitions}
        await self.duties.call_off(numbers)
        for number in numbers:
            self._noted.pop(number, None)

    async def handle(self, records: Records) -> None:
        """Note the commands of a batch; the parts between them are read when a step needs them."""
        noted = self._noted.setdefault(records.partition, set())
        for _, command in commands_in(records):
            noted.add((command.run, command.step, command.wave))
            self.duties.wake()

    # the steps --------------------------------------------------------------------------------

    def _find(self, journal: Journal) -> Iterable[Duty]:
        run = journal.open_run
        self._spill.keep_only(run.name if run else None)
        step = my_step(run, STAGE)
        if run is None or step is None:
            return
        steps = {"SCORE": self._score, "UNITS": self._units, "ANSWER": self._answer}
        for partition, noted in sorted(self._noted.items()):
            commanded = (run.name, step.name, step.wave) in noted
            if commanded and partition not in run.step_reports(step.name, step.wave):
                work = Work(self._context, journal, run, step, partition)
                yield Duty(work.name, step.name, partition, partial(steps[step.name], work))

    async def _score(self, work: Work) -> Entry:
        """Form the families, and count people and families per score."""
        made = await self._form(work)
        formed, received = made.formed, made.note
        counts = await in_thread(score_step, formed)
        passed("families.formed")
        statuses = formed.families.group_by(pl.col("family_status").cast(pl.String)).len().sort("family_status")
        body = {"received": received, "families": dict(statuses.iter_rows()), "people": formed.people.height}
        return work.report(new_attempt(), body=body, frames={"counts": counts})

    async def _units(self, work: Work) -> Entry:
        """Count what would fill the quotas of this wave, by score."""
        formed = (await self._form(work)).formed
        points, cuts = cut_points_of(work.run), cuts_of(work.run)
        units, reserved = await in_thread(units_step, formed, work.rules, work.step.wave, points, cuts)
        passed("families.units_counted")
        return work.report(new_attempt(), frames={"units": units, "reserved": reserved})

    async def _answer(self, work: Work) -> Entry:
        """One full answer per listed person, sent to the partition of the person's NIK."""
        made = await self._form(work)
        formed, run, rules = made.formed, work.run, work.rules
        answers = await in_thread(answer_step, formed, rules, cut_points_of(run), cuts_of(run))
        targets = partition_of(answers.get_column("nik"), run.partitions)
        attempt = new_attempt()
        sent: dict[str, object] = {}
        answered = []
        for target in range(run.partitions):
            envelope = {"run": run.name, "attempt": attempt, "source": work.partition, "target": target}
            writer = PartWriter(self._context.sender, self._context.topic(ANSWERS), target, "answer", envelope)
            mine = answers.filter(pl.Series(targets == target))
            for piece in mine.iter_slices(ANSWER_ROWS):
                await writer.send({"answers": piece})
            PARTS.labels(STAGE, ANSWERS).inc(writer.sent.parts)
            sent[str(target)] = writer.sent.to_json()
            answered.append(tally_of(mine, target))
        passed("families.answers_sent")
        families = [name for name, programme in rules.programmes.items() if programme.is_family]
        frames = {
            "answered": tallies(answered),
            "verdicts": verdicts_of(answers, rules.programmes),
            "families": family_lines(answers, families),
            "reasons": reasons_of(answers, rules.programmes),
            "objected": objected(formed.people, rules.programmes),
        }
        body = {"answers": sent, "findings": await send_indications(work, attempt, made.indications)}
        return work.report(attempt, body=body, frames=frames)

    async def _form(self, work: Work) -> "Made":
        """The families of a partition: formed once a run, and spilled to disk between its steps."""
        run, partition, rules = work.run, work.partition, work.rules
        spilled = await in_thread(self._spill.load, run.name, partition)
        if spilled is not None:
            made = Formed(spilled.frames["people"], spilled.frames["families"])
            return Made(made, spilled.frames["indications"], spilled.note)
        wanted = sent_to(run.step_reports("SCAN"), "members", partition)
        async with LogReader(self._context.settings.broker, self._context.topic(MEMBERS), partition) as reader:
            received = await read_parts(
                reader,
                "member",
                run.name,
                wanted,
                PARTS_OF_MEMBERS,
            )
        members, holdings, stopped = (received.together(name, empty) for name, empty in PARTS_OF_MEMBERS.items())
        formed = await in_thread(form, members, holdings, rules, rules.as_of, stopped)
        indications = await in_thread(card_indications, members, rules.max_family_size)
        note = received_json(received)
        frames = {"people": formed.people, "families": formed.families, "indications": indications}
        await in_thread(self._spill.save, run.name, partition, frames, note)
        return Made(formed, indications, note)
