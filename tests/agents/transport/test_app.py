"""Aims at: a stage as a process handles each record once, over stops, crashes, rebalances and bad positions."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition

from agents.transport.sender import Sender
from tests.agents.transport.conftest import MakeTopic
from tests.agents.transport.reading import run, spans_of

pytestmark = pytest.mark.kafka
ROOT = Path(__file__).parents[3]
LIMIT_SECONDS = 90


class Stage:
    """Workers of one group over one topic, and what they wrote."""

    def __init__(self, broker: str, topic: str, folder: Path) -> None:
        self.broker, self.topic, self.folder = broker, topic, folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, instance: str = "one", **options: Any) -> subprocess.Popen[bytes]:
        settings = {
            "broker": self.broker,
            "group": f"g-{self.topic}",
            "topics": [self.topic],
            "out": str(self.folder / f"{instance}.jsonl"),
            "instance": f"{self.topic}-{instance}",
            **options,
        }
        with (self.folder / f"{instance}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.agents.transport.worker", json.dumps(settings)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def lines(self, instance: str = "one") -> list[dict[str, Any]]:
        out = self.folder / f"{instance}.jsonl"
        return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []

    def log(self, instance: str = "one") -> str:
        return (self.folder / f"{instance}.log").read_text()

    def handled(self, partition: int, *instances: str) -> list[int]:
        """The offsets handled, in order of the lines of each instance; batches here have no holes."""
        return [
            offset
            for instance in instances or ("one",)
            for line in self.lines(instance)
            if line.get("partition") == partition and line["rows"]
            for offset in range(line["first"][0], line["last"][0] + 1)
        ]

    def told(self) -> str:
        """Everything that the workers wrote and said: a wait in vain is explained by nothing less."""
        files = sorted([*self.folder.glob("*.jsonl"), *self.folder.glob("*.position"), *self.folder.glob("*.log")])
        return "waited in vain\n" + "\n".join(f"--- {file.name}\n{file.read_text()}" for file in files)

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.told()
            time.sleep(0.1)

    async def committed(self) -> dict[int, int | None]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.broker, group_id=f"g-{self.topic}", enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = consumer.partitions_for_topic(self.topic) or await _partitions(consumer, self.topic)
            return {p: await consumer.committed(TopicPartition(self.topic, p)) for p in sorted(partitions)}
        finally:
            await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    return set(await consumer._client._wait_on_metadata(topic))


def end(process: subprocess.Popen[bytes], with_signal: int = signal.SIGTERM) -> int:
    process.send_signal(with_signal)
    return process.wait(LIMIT_SECONDS)


async def send(broker: str, topic: str, partition: int, count: int) -> None:
    async with Sender(broker) as sender:
        await sender.send(topic, partition, None, spans_of([b"v%d" % n for n in range(count)]))


@pytest.fixture
def make_stage(broker: str, make_topic: MakeTopic, tmp_path: Path) -> Iterator[Callable[[int], Stage]]:
    stages: list[Stage] = []

    def make(partitions: int) -> Stage:
        stages.append(Stage(broker, make_topic(partitions), tmp_path))
        return stages[-1]

    yield make
    for stage in stages:
        for process in stage.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


MakeStage = Callable[[int], Stage]


def test_committed_offsets_are_the_position_of_a_stage_without_one(make_stage: MakeStage) -> None:
    stage = make_stage(2)
    run(send(stage.broker, stage.topic, 0, 1_000))
    process = stage.start()
    stage.wait(lambda: len(stage.handled(0)) == 1_000)
    assert end(process) == 0
    assert stage.lines()[-1] == {"revoked": [0, 1]}
    run(send(stage.broker, stage.topic, 0, 500))
    run(send(stage.broker, stage.topic, 1, 10))
    process = stage.start()
    stage.wait(lambda: len(stage.handled(0)) >= 1_500 and len(stage.handled(1)) >= 10)
    assert end(process) == 0
    assert stage.handled(0) == list(range(1_500))
    assert stage.handled(1) == list(range(10))
    assert asyncio.run(stage.committed()) == {0: 1_500, 1: 10}


def test_a_marker_at_the_tail_moves_the_committed_offset(make_stage: MakeStage) -> None:
    stage = make_stage(1)

    async def aborted() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=stage.broker, transactional_id=stage.topic)
        await producer.start()
        await producer.begin_transaction()
        await producer.send_and_wait(stage.topic, b"never", partition=0)
        await producer.abort_transaction()
        await producer.stop()

    run(send(stage.broker, stage.topic, 0, 3))
    run(aborted())
    process = stage.start()
    stage.wait(lambda: any(line.get("next") == 5 for line in stage.lines()))
    assert end(process) == 0
    assert stage.handled(0) == [0, 1, 2]
    assert asyncio.run(stage.committed()) == {0: 5}


def test_an_error_ends_the_process_and_commits_nothing_of_its_batch(make_stage: MakeStage) -> None:
    stage = make_stage(1)
    run(send(stage.broker, stage.topic, 0, 100))
    process = stage.start()
    stage.wait(lambda: len(stage.handled(0)) == 100)
    assert end(process) == 0
    run(send(stage.broker, stage.topic, 0, 100))
    assert stage.start(fail_at=150).wait(LIMIT_SECONDS) not in {0, -signal.SIGKILL}
    assert "planted failure" in stage.log()
    assert asyncio.run(stage.committed()) == {0: 100}
    process = stage.start()
    stage.wait(lambda: len(stage.handled(0)) >= 200)
    assert end(process) == 0
    assert stage.handled(0) == list(range(200))


@pytest.mark.crash
def test_the_stored_position_counts_not_the_committed_offset(make_stage: MakeStage) -> None:
    stage = make_stage(1)
    run(send(stage.broker, stage.topic, 0, 100))
    process = stage.start(positions=True)
    stage.wait(lambda: len(stage.handled(0)) == 100)
    assert end(process, signal.SIGKILL) == -signal.SIGKILL
    run(send(stage.broker, stage.topic, 0, 50))
    process = stage.start(positions=True)
    stage.wait(lambda: len(stage.handled(0)) >= 150)
    assert end(process) == 0
    assert stage.handled(0) == list(range(150))
    (stage.folder / f"{stage.topic}-0.position").write_text("40")
    process = stage.start(positions=True)
    stage.wait(lambda: len(stage.handled(0)) >= 260)
    assert end(process) == 0
    assert stage.handled(0) == [*range(150), *range(40, 150)]


def test_a_stage_that_takes_its_time_to_say_where_to_start(make_stage: MakeStage) -> None:
    """Meanwhile the fetcher finds no committed offset, which must not end the process."""
    stage = make_stage(2)
    run(send(stage.broker, stage.topic, 0, 5))
    stage.start(positions=True, slow_positions_seconds=3)
    stage.wait(lambda: stage.handled(0) == [0, 1, 2, 3, 4])
    assert end(stage.processes[0]) == 0, stage.log()


@pytest.mark.parametrize("position", [11, -1])
def test_a_position_outside_the_log_is_refused(make_stage: MakeStage, position: int) -> None:
    stage = make_stage(1)
    run(send(stage.broker, stage.topic, 0, 10))
    assert stage.start(start=position).wait(LIMIT_SECONDS) not in {0, -signal.SIGKILL}
    assert "beyond the end of the log" in stage.log() or "before the first offset kept" in stage.log()
    assert stage.handled(0) == []


def test_two_workers_share_and_take_over(make_stage: MakeStage) -> None:
    stage = make_stage(4)
    for partition in range(4):
        run(send(stage.broker, stage.topic, partition, 200))
    # a take of the first worker waits through the whole rebalance, and is then woken by the first new batch
    first = stage.start("one", positions=True, poll_seconds=30)
    stage.wait(lambda: all(len(stage.handled(p)) == 200 for p in range(4)))
    second = stage.start("two", positions=True)
    stage.wait(lambda: any("assigned" in line and len(line["assigned"]) == 2 for line in stage.lines("two")))
    for partition in range(4):
        run(send(stage.broker, stage.topic, partition, 100))
    stage.wait(lambda: all(len(stage.handled(p, "one", "two")) >= 300 for p in range(4)))
    assert end(first) == 0
    # a static member that stopped keeps its partitions for a session (6 s), then the other gets all
    stage.wait(lambda: stage.lines("two")[-1].get("assigned") == [0, 1, 2, 3])
    run(send(stage.broker, stage.topic, 0, 7))
    stage.wait(lambda: len(stage.handled(0, "one", "two")) >= 307)
    assert end(second) == 0
    for partition in range(4):
        assert sorted(stage.handled(partition, "one", "two")) == list(range(307 if partition == 0 else 300))


def test_a_worker_joins_while_the_others_still_open(make_stage: MakeStage) -> None:
    """The second is told to start when its partitions are revoked already, while the first holds the rebalance up."""
    stage = make_stage(3)
    stage.start("one", positions=True, slow_positions_seconds=6)
    stage.wait(lambda: bool(stage.lines("one")))
    stage.start("two", positions=True, recovery_delay_seconds=5)
    stage.wait(lambda: sum("assigned" in line for line in stage.lines("one")) == 2)
    stage.start("three", positions=True)
    stage.wait(lambda: bool(stage.lines("three")))
    for partition in range(3):
        run(send(stage.broker, stage.topic, partition, 100))
    names = ("one", "two", "three")
    stage.wait(lambda: all(len(stage.handled(p, *names)) >= 100 for p in range(3)))
    for process in stage.processes:
        assert end(process) == 0, stage.told()
    for partition in range(3):
        assert sorted(stage.handled(partition, *names)) == list(range(100))
    for name in names:  # what is opened is closed before more is opened
        opened = ["assigned" in line for line in stage.lines(name) if line.keys() & {"assigned", "revoked"}]
        assert (True, True) not in pairwise(opened), stage.told()
        assert opened[-1] is False


@pytest.mark.parametrize("defect", ["fails_to_close", "fails_to_join"])
def test_what_fails_in_a_rebalance_ends_the_process(make_stage: MakeStage, defect: str) -> None:
    """The other then has everything; a member that neither works nor leaves would keep its partitions."""
    stage = make_stage(2)
    first = stage.start("one", positions=True, **{defect: True})
    stage.wait(lambda: bool(stage.lines("one")))
    second = stage.start("two", positions=True)
    assert first.wait(LIMIT_SECONDS) not in {0, -signal.SIGKILL}, stage.told()
    assert "planted failure" in stage.log()
    stage.wait(lambda: {"assigned": [0, 1]} in stage.lines("two"))
    assert end(second) == 0


def test_a_stage_that_loses_a_batch_ends(make_stage: MakeStage) -> None:
    """Also when what it stops for the end does not: here the handler of the other partition."""
    stage = make_stage(2)
    for partition in range(2):
        run(send(stage.broker, stage.topic, partition, 10))
    process = stage.start(loses=0, slow_seconds=10 * LIMIT_SECONDS, patience_seconds=3, end_seconds=3)
    assert process.wait(LIMIT_SECONDS) not in {0, -signal.SIGKILL}
    assert "[0]: offset 0 is next, there are records, and nothing has been done for 3 s" in stage.log()


def test_a_stop_waits_for_the_batch_in_hand_only(make_stage: MakeStage) -> None:
    stage = make_stage(1)
    process = stage.start(positions=True, slow_seconds=3)
    stage.wait(lambda: bool(stage.lines()))
    for _ in range(5):
        run(send(stage.broker, stage.topic, 0, 10))
        time.sleep(0.6)  # so that these are batches of their own
    stage.wait(lambda: len(stage.handled(0)) >= 10)
    started = time.monotonic()
    assert end(process) == 0
    assert time.monotonic() - started < 30
    handled = stage.handled(0)
    assert handled == list(range(len(handled)))
    assert stage.lines()[-1] == {"revoked": [0]}
    assert asyncio.run(stage.committed()) == {0: len(handled)}


def test_no_port_listens(make_stage: MakeStage) -> None:
    stage = make_stage(1)
    run(send(stage.broker, stage.topic, 0, 1))
    process = stage.start()
    stage.wait(lambda: len(stage.handled(0)) == 1)
    listening = {line.split()[9] for name in ("tcp", "tcp6") for line in _table(name) if line.split()[3] == "0A"}
    sockets = {str(link.readlink()) for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink()}
    assert not {inode for inode in listening if f"socket:[{inode}]" in sockets}
    assert end(process) == 0


def _table(name: str) -> list[str]:
    path = Path(f"/proc/net/{name}")
    return path.read_text().splitlines()[1:] if path.exists() else []
