"""What happens to a batch of register.facts and of checkpoint.answers, and which duties follow."""

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from faust.types import TP

from agents.commands import Command, commands_in, is_command
from agents.context import Context, Work
from agents.duties import Duties, Duty
from agents.metrics import COPIES, FACTS_STORED, STORE_BYTES
from agents.points import passed
from agents.register.netting import net_step
from agents.register.noticing import Noticing
from agents.register.rolling import roll
from agents.register.scanning import scan_step
from agents.reported import my_step
from agents.store import Applied, FactBatch, PartitionStore, StoreVersionError
from agents.store.layout import pack_offset
from agents.threads import in_thread
from agents.topics import ANSWERS, FACTS
from agents.transport.records import Records
from streams.runs import Journal
from streams.runs.journal import Quarter

log = logging.getLogger(__name__)

STAGE = "register"


class Register:
    """One process of the stage: a store per partition, shared by the two topics' partitions of that number."""

    topics: tuple[str, ...] = (FACTS, ANSWERS)

    def __init__(self, context: Context) -> None:
        self._context = context
        self._facts, self._answers = context.topic(FACTS), context.topic(ANSWERS)
        self.stores: dict[int, PartitionStore] = {}
        self.duties = Duties(STAGE, context.keeper, self._find)
        self.noticing = Noticing(context, self.stores)

    # the stream -------------------------------------------------------------------------------

    async def positions(self, assigned: set[TP]) -> Mapping[TP, int]:
        """Open the stores of the assigned partitions; each topic goes on where its store says, a new store at 0.

        An answer's command of a sealed run needs no second look, so a new store reads answers from the start of
        the last sealed run or of the open one.
        """
        journal = await self._context.keeper.catch_up()
        for number in sorted({tp.partition for tp in assigned} - set(self.stores)):
            folder = self._context.settings.folder / "register" / str(number)
            self.stores[number] = await in_thread(opened, folder)
            STORE_BYTES.labels(str(number)).set(self.stores[number].size_bytes())
        found = {}
        for tp in assigned:
            position = self.stores[tp.partition].position(tp.topic)
            if position is None:
                position = 0 if tp.topic == self._facts else _answers_start(journal, tp.partition)
            found[tp] = position
        numbers = {tp.partition for tp in assigned}
        await self.noticing.assigned(numbers)
        self.duties.allow(numbers)
        return found

    async def revoked(self, partitions: set[TP]) -> None:
        """Stop slices, drop iterators, close: in that order, so that the next owner finds no lock."""
        numbers = {tp.partition for tp in partitions}
        await self.duties.call_off(numbers)
        await self.noticing.revoked(numbers)
        for number in numbers:
            store = self.stores.pop(number, None)
            if store is not None:
                await in_thread(store.close)

    async def handle(self, records: Records) -> None:
        """Store what a batch holds: facts, commands and the new position, in one write.

        One write, since a command says that all facts before it are here: a scan must not begin between the two.
        """
        store = self.stores[records.partition]
        passed("register.received")
        commands = commands_in(records)
        applied = await in_thread(self._store, store, records, commands)
        passed("register.stored")
        FACTS_STORED.inc(applied.new)
        COPIES.labels(same="yes").inc(int((applied.is_copy & ~applied.is_other).sum()))
        COPIES.labels(same="no").inc(int(applied.is_other.sum()))
        self.noticing.wake()
        if commands:
            self.duties.wake()

    def _store(self, store: PartitionStore, records: Records, commands: list[tuple[int, Command]]) -> Applied:
        first: dict[Command, int] = {}
        for offset, command in commands:
            first.setdefault(command, offset)  # given twice by a coordinator that was killed: the first counts
        with store.write() as write:
            # Answers are read where a step needs them: the stream passes over them for the commands.
            facts = facts_in(records) if records.topic == self._facts else FactBatch.none()
            applied = write.facts(facts)
            write.mark(self.noticing.marked(records.partition, store, facts), since=pack_offset(records.next_offset))
            for command, offset in first.items():
                write.command(command.run, command.step, command.wave, offset)
            write.position(records.topic, records.next_offset)
        return applied

    # the steps --------------------------------------------------------------------------------

    def _find(self, journal: Journal) -> Iterable[Duty]:
        for number, store in sorted(self.stores.items()):
            # Missing seals first, oldest first: whatever follows needs the holdings of the quarter before.
            # A store that was killed between the write and its report has rolled, but must still say so.
            holds = store.holdings_quarter
            behind = [it for it in journal.sealed if it.name > holds or number not in it.rolled]
            if behind:
                yield self._roll(journal, behind[0], number, store)
                continue
            run = journal.open_run
            step = my_step(run, STAGE)
            if run is None or step is None or number in run.step_reports(step.name, step.wave):
                continue
            scan_offset = store.command_offset(run.name, "SCAN")
            if scan_offset is None:
                continue  # its facts are not all here yet
            work = Work(self._context, journal, run, step, number)
            if step.name == "SCAN":
                yield Duty(work.name, step.name, number, partial(scan_step, work, store, scan_offset))
            elif store.command_offset(run.name, step.name) is not None:
                yield Duty(work.name, step.name, number, partial(net_step, work, store))

    def _roll(self, journal: Journal, quarter: Quarter, number: int, store: PartitionStore) -> Duty:
        name = f"{quarter.name} ROLL of partition {number}"
        return Duty(name, "ROLL", number, partial(roll, self._context, journal, quarter, number, store))


def opened(folder: Path) -> PartitionStore:
    """The store of a partition; one that other code wrote is deleted, and fills itself from the log."""
    try:
        return PartitionStore.open(folder)
    except StoreVersionError as error:
        log.warning("%s", error)
        PartitionStore.delete(folder)
        return PartitionStore.open(folder)


def facts_in(records: Records) -> FactBatch:
    """The facts of a batch, as the store takes them. Raises ValueError for what is neither fact nor command."""
    rows = np.flatnonzero(~is_command(records))
    return FactBatch.from_records(records, rows)


def _answers_start(journal: Journal, partition: int) -> int:
    """Where a new store begins to read answers: at the open run, else at the last sealed one (decisions.md)."""
    sealed = [quarter.sealed_run for quarter in journal.sealed]
    run = journal.open_run or (sealed[-1] if sealed else None)
    return int(run.started.body["answers_start"][partition]) if run else 0
