"""Aims at: order within a partition, no waiting between partitions, and nothing done after an error or a settling."""

import asyncio
from dataclasses import dataclass, field

import pytest

from agents.transport.lanes import Lanes
from tests.agents.transport.reading import run


@dataclass(frozen=True)
class Batch:
    """What a lane looks at in a `Records`."""

    partition: int
    next_offset: int
    topic: str = "t"


@dataclass
class Event:
    value: Batch
    acked: list[Batch] = field(default_factory=list)

    def ack(self) -> None:
        self.acked.append(self.value)


class Stage:
    """A handler that waits at gates, and what came of it."""

    def __init__(self) -> None:
        self.begun: list[Batch] = []
        self.acked: list[Batch] = []
        self.errors: list[BaseException] = []
        self.gates = {0: asyncio.Event(), 1: asyncio.Event()}
        self.lanes = Lanes(self.handle, self.fail)  # type: ignore[arg-type]  # batches stand in for records
        self.lanes.resume()

    async def handle(self, batch: Batch) -> None:
        self.begun.append(batch)
        await self.gates[batch.partition].wait()
        if batch.next_offset == 13:
            raise ValueError("planted")
        if batch.next_offset == 14:
            raise asyncio.CancelledError

    async def fail(self, error: BaseException) -> None:
        self.errors.append(error)

    def put(self, partition: int, next_offset: int) -> None:
        self.lanes.put(Event(Batch(partition, next_offset), self.acked))


async def quiet() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_partitions_do_not_wait_for_each_other() -> None:
    async def work() -> None:
        stage = Stage()
        for n in (1, 2):
            stage.put(0, n)
            stage.put(1, n)
        stage.gates[1].set()
        await quiet()
        assert stage.acked == [Batch(1, 1), Batch(1, 2)]
        assert stage.begun.count(Batch(0, 2)) == 0
        stage.gates[0].set()
        await quiet()
        assert [batch for batch in stage.acked if batch.partition == 0] == [Batch(0, 1), Batch(0, 2)]
        await stage.lanes.stop()

    run(work())


def test_settling_finishes_what_is_in_hand_and_drops_the_rest() -> None:
    async def work() -> None:
        stage = Stage()
        stage.put(0, 1)
        stage.put(0, 2)
        await quiet()
        settling = asyncio.create_task(stage.lanes.settle())
        await quiet()
        assert not settling.done()
        stage.gates[0].set()
        await settling
        stage.put(0, 2)  # of the assignment that is over
        await quiet()
        assert stage.acked == [Batch(0, 1)]
        stage.lanes.resume()
        stage.put(0, 2)
        await quiet()
        assert stage.acked == [Batch(0, 1), Batch(0, 2)]
        await stage.lanes.stop()

    run(work())


@pytest.mark.parametrize("planted", [13, 14])
def test_an_error_is_told_once_and_closes_all_lanes(planted: int) -> None:
    async def work() -> None:
        stage = Stage()
        stage.gates[0].set()
        stage.put(0, planted)
        stage.put(0, 20)
        stage.put(1, 1)
        await quiet()
        assert len(stage.errors) == 1
        stage.put(0, 21)
        await stage.lanes.settle()  # does not wait for partition 1, which may never end
        await quiet()
        assert stage.acked == []
        await stage.lanes.stop()

    run(work())
