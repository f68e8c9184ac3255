"""Stage families: members in, families, scores, quota units and answers out. Keeps nothing between runs."""

import logging
from collections.abc import Iterable, Mapping

import polars as pl

from agents.commands import commands_in
from agents.context import Context, new_attempt
from agents.duties import Duties, Duty
from agents.parts import PartWriter, frames_digest, read_parts, to_ipc
from agents.reported import cut_points_of, cuts_of, my_step, rules_of, sent_to
from agents.spill import Spill
from agents.threads import in_thread
from agents.transport.log import LogReader
from agents.transport.records import Records
from faust.types import TP
from streams.answers import answer_step
from streams.changes.frames import HOLDINGS
from streams.families import Formed, form
from streams.partitions import partition_of
from streams.persons import PERSONS
from streams.programmes import units_step
from streams.rules import Rules
from streams.runs import Entry, Journal, Run, Step
from streams.score import score_step

log = logging.getLogger(__name__)

MEMBERS = "checkpoint.members"
ANSWERS = "checkpoint.answers"
STAGE = "families"
ANSWER_ROWS = 20_000  # answers per part before compression; a part is halved again where it is too large


class Families:
    """One process of the stage. Its partitions of `checkpoint.members` are read twice: the stream passes over them
    for the commands, and a step reads the ranges that the register's reports name."""

    topics = (MEMBERS,)

    def __init__(self, context: Context) -> None:
        self._context = context
        self._noted: dict[int, set[tuple[str, str, int]]] = {}
        self._spill = Spill(context.settings.folder / "families")
        self.duties = Duties(context.keeper, self._find)

    # the stream -------------------------------------------------------------------------------

    async def positions(self, assigned: set[TP]) -> Mapping[TP, int]:
        """Where to read from: the open run's start while its steps are unreported, else the end."""
        journal = await self._context.keeper.catch_up()
        run = journal.open_run
        found = {}
        for tp in assigned:
            async with LogReader(self._context.settings.broker, tp.topic, tp.partition) as reader:
                end = await reader.end_offset()
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
        for partition, noted in sorted(self._noted.items()):
            commanded = (run.name, step.name, step.wave) in noted
            if commanded and partition not in run.step_reports(step.name, step.wave):
                yield self._duty(journal, run, step, partition)

    def _duty(self, journal: Journal, run: Run, step: Step, partition: int) -> Duty:
        rules = rules_of(journal, run)
        work = {"SCORE": self._score, "UNITS": self._units, "ANSWER": self._answer}[step.name]
        return Duty(f"{run.name} {step.name} {partition}", partition, lambda: work(run, step, partition, rules))

    async def _score(self, run: Run, step: Step, partition: int, rules: Rules) -> Entry:
        """Form the families, and count people and families per score."""
        formed, received = await self._form(run, partition, rules)
        counts = await in_thread(score_step, formed)
        statuses = formed.families.group_by(pl.col("family_status").cast(pl.String)).len().sort("family_status")
        body = {
            "received": received,
            "families": dict(statuses.iter_rows()),
            "people": formed.people.height,
        }
        return self._context.report(
            run, step, partition, new_attempt(), body=body, frames={"counts": await in_thread(to_ipc, counts)}
        )

    async def _units(self, run: Run, step: Step, partition: int, rules: Rules) -> Entry:
        """Count what would fill the quotas of this wave, by score."""
        formed, _ = await self._form(run, partition, rules)
        units, reserved = await in_thread(units_step, formed, rules, step.wave, cut_points_of(run), cuts_of(run))
        frames = {"units": to_ipc(units), "reserved": to_ipc(reserved)}
        return self._context.report(run, step, partition, new_attempt(), frames=frames)

    async def _answer(self, run: Run, step: Step, partition: int, rules: Rules) -> Entry:
        """One full answer per listed person, sent to the partition of the person's NIK."""
        formed, _ = await self._form(run, partition, rules)
        answers = await in_thread(answer_step, formed, rules, cut_points_of(run), cuts_of(run))
        targets = partition_of(answers.get_column("nik"), run.partitions)
        attempt = new_attempt()
        envelope = {"run": run.name, "attempt": attempt, "source": partition}
        sent: dict[str, object] = {}
        for target in range(run.partitions):
            writer = PartWriter(self._context.sender, self._context.topic(ANSWERS), target, "answer", envelope)
            for piece in answers.filter(pl.Series(targets == target)).iter_slices(ANSWER_ROWS):
                await writer.send({"answers": piece})
            sent[str(target)] = writer.sent.to_json()
        niks = {"count": answers.height, "digest": f"{frames_digest({'niks': answers.select('nik')}):032x}"}
        return self._context.report(run, step, partition, attempt, body={"answers": sent, "niks": niks})

    async def _form(self, run: Run, partition: int, rules: Rules) -> tuple[Formed, object]:
        """The families of a partition: formed once a run, and spilled to disk between its steps."""
        spilled = await in_thread(self._spill.load, run.name, partition)
        if spilled is not None:
            return Formed(spilled.frames["people"], spilled.frames["families"]), spilled.note
        wanted = sent_to(run.step_reports("SCAN"), "members", partition)
        async with LogReader(self._context.settings.broker, self._context.topic(MEMBERS), partition) as reader:
            received = await read_parts(
                reader,
                "member",
                run.name,
                wanted,
                {"members": pl.DataFrame(schema=PERSONS), "holdings": pl.DataFrame(schema=HOLDINGS)},
            )
        frames = received.frames
        formed = await in_thread(form, frames["members"], frames["holdings"], rules, rules.as_of)
        note = received.to_json()
        await in_thread(
            self._spill.save, run.name, partition, {"people": formed.people, "families": formed.families}, note
        )
        return formed, note
