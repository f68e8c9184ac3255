"""What happens to a batch of register.facts and of checkpoint.answers, and which duties follow."""

import logging
from collections.abc import Iterable, Mapping

import numpy as np
from faust.types import TP

from agents.commands import commands_in, is_command
from agents.context import Context
from agents.duties import Duties, Duty
from agents.metrics import FACTS_STORED
from agents.register.netting import net_step
from agents.register.rolling import roll
from agents.register.scanning import scan_step
from agents.reported import my_step
from agents.store import FactBatch, PartitionStore
from agents.threads import in_thread
from agents.transport.records import Records
from streams.runs import Journal, Run, Step
from streams.runs.journal import Quarter

log = logging.getLogger(__name__)

FACTS = "register.facts"
ANSWERS = "checkpoint.answers"
STAGE = "register"


class Register:
    """One process of the stage: a store per partition, shared by the two topics' partitions of that number."""

    topics = (FACTS, ANSWERS)

    def __init__(self, context: Context) -> None:
        self._context = context
        self._facts, self._answers = context.topic(FACTS), context.topic(ANSWERS)
        self.stores: dict[int, PartitionStore] = {}
        self.duties = Duties(context.keeper, self._find)

    # the stream -------------------------------------------------------------------------------

    async def positions(self, assigned: set[TP]) -> Mapping[TP, int]:
        """Open the stores of the assigned partitions; each topic goes on where its store says, a new store at 0.

        An answer's command of a sealed run needs no second look, so a new store reads answers from the start of
        the last sealed run or of the open one.
        """
        journal = await self._context.keeper.catch_up()
        for number in sorted({tp.partition for tp in assigned} - set(self.stores)):
            folder = self._context.settings.folder / "register" / str(number)
            self.stores[number] = await in_thread(PartitionStore.open, folder)
        found = {}
        for tp in assigned:
            position = self.stores[tp.partition].position(tp.topic)
            if position is None:
                position = 0 if tp.topic == self._facts else _answers_start(journal, tp.partition)
            found[tp] = position
        self.duties.allow({tp.partition for tp in assigned})
        return found

    async def revoked(self, partitions: set[TP]) -> None:
        """Stop slices, drop iterators, close: in that order, so that the next owner finds no lock."""
        numbers = {tp.partition for tp in partitions}
        await self.duties.call_off(numbers)
        for number in numbers:
            store = self.stores.pop(number, None)
            if store is not None:
                await in_thread(store.close)

    async def handle(self, records: Records) -> None:
        """Note the commands, then store the facts with the new position, in one write each.

        The commands first: a crash in between reads the batch again, and finds them noted.
        """
        store = self.stores[records.partition]
        commands = commands_in(records)
        for offset, command in commands:
            await in_thread(store.note_command, command.run, command.step, command.wave, offset)
        if records.topic == self._answers:
            await in_thread(store.set_position, records.topic, records.next_offset)
        else:
            batch = facts_in(records)
            result = await in_thread(store.apply_facts, batch, records.topic, records.next_offset)
            FACTS_STORED.inc(int(result.new))
        if commands:
            self.duties.wake()

    # the steps --------------------------------------------------------------------------------

    def _find(self, journal: Journal) -> Iterable[Duty]:
        for number, store in sorted(self.stores.items()):
            # Missing seals first, oldest first: whatever follows needs the holdings of the quarter before.
            behind = [quarter for quarter in journal.sealed if quarter.name > store.holdings_quarter]
            if behind:
                yield self._roll(behind[0], number, store)
                continue
            run = journal.open_run
            step = my_step(run, STAGE)
            if run is None or step is None or number in run.step_reports(step.name, step.wave):
                continue
            scan_offset = store.command_offset(run.name, "SCAN")
            if scan_offset is None:
                continue  # its facts are not all here yet
            if step.name == "SCAN":
                yield self._scan(journal, run, step, number, scan_offset)
            elif store.command_offset(run.name, step.name) is not None:
                yield self._net(journal, run, step, number)

    def _scan(self, journal: Journal, run: Run, step: Step, number: int, command_offset: int) -> Duty:
        store = self.stores[number]
        return Duty(
            f"{run.name} SCAN {number}",
            number,
            lambda: scan_step(self._context, journal, run, step, number, store, command_offset),
        )

    def _net(self, journal: Journal, run: Run, step: Step, number: int) -> Duty:
        store = self.stores[number]
        return Duty(
            f"{run.name} NET {number}", number, lambda: net_step(self._context, journal, run, step, number, store)
        )

    def _roll(self, quarter: Quarter, number: int, store: PartitionStore) -> Duty:
        return Duty(f"{quarter.name} ROLL {number}", number, lambda: roll(self._context, quarter, number, store))


def facts_in(records: Records) -> FactBatch:
    """The facts of a batch, as the store takes them; raises ValueError for a record that is neither fact nor command."""
    rows = np.flatnonzero(~is_command(records))
    return FactBatch.from_records(records, rows)


def _answers_start(journal: Journal, partition: int) -> int:
    """Where a new store begins to read answers: at the open run, else at the last sealed one (decisions.md)."""
    sealed = [quarter.sealed_run for quarter in journal.sealed]
    run = journal.open_run or (sealed[-1] if sealed else None)
    return int(run.started.body["answers_start"][partition]) if run else 0
