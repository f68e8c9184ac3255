"""Aims at: stages start again with growing pauses, stop when asked, are killed when they don't, and never linger."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agents import pids
from agents.cli import main
from agents.settings import Settings

# A worker whose stages run the Python text given, so that what is tested is the supervisor and nothing else.
WORKER = """
import sys
from agents import logs
from agents.settings import Settings
from agents.supervisor import Patience, Supervisor
here = Settings.from_environment()
logs.configure(here.log, "worker")
pace = Patience(first_pause=0.1, longest_pause=0.4, sound_after=60, stop_limit=1)
command = lambda stage: [sys.executable, "-c", sys.argv[1], stage]
sys.exit(Supervisor(here, ["intake", "register"], command=command, patience=pace).run())
"""
SAYS_PID = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} {time.monotonic()}\\n');"
WAITS = SAYS_PID + "time.sleep(600)"
FAILS = SAYS_PID + "sys.exit(3)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAITS
LIMIT_SECONDS = 60.0

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(broker="127.0.0.1:1", home=tmp_path / "run", log="json")


@pytest.fixture
def start(here: Settings, tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(stage: str) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, stage],
            env={**os.environ, **here.environment(), "PYTHONPATH": str(Path(__file__).parents[2])},
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        if worker.returncode is None:
            worker.kill()
            worker.communicate()


def until(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def starts(stage: str, tmp_path: Path) -> list[tuple[int, float]]:
    file = tmp_path / stage
    lines = file.read_text().splitlines() if file.exists() else []
    return [(int(line.split()[0]), float(line.split()[1])) for line in lines]


def alive(pid: int) -> bool:
    return pids.command_line(pid) != ""


def events(worker: subprocess.Popen[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in worker.communicate()[1].splitlines()]


def test_a_stage_that_ends_starts_again_after_growing_pauses(start: Start, tmp_path: Path) -> None:
    worker = start(FAILS)
    until(lambda: len(starts("intake", tmp_path)) >= 5, "intake was not started five times")
    worker.send_signal(signal.SIGTERM)
    said = [event["message"] for event in events(worker) if "ended" in event["message"]]
    assert worker.returncode == 0
    assert any("intake ended with exit code 3" in message for message in said)
    pauses = [message.rpartition(" in ")[2] for message in said if message.startswith("intake")]
    assert pauses[:4] == ["0.1 s", "0.2 s", "0.4 s", "0.4 s"]
    times = [began for _, began in starts("intake", tmp_path)]
    assert times[4] - times[3] >= 0.4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_stages(start: Start, here: Settings, tmp_path: Path, number: signal.Signals) -> None:
    worker = start(WAITS)
    until(lambda: all(starts(stage, tmp_path) for stage in ("intake", "register")), "the stages did not start")
    assert int((here.folder / "worker.pid").read_text()) == worker.pid
    worker.send_signal(number)
    said = events(worker)
    assert worker.returncode == 0
    assert sum("has stopped" in event["message"] for event in said) == 2
    assert not any(alive(pid) for stage in ("intake", "register") for pid, _ in starts(stage, tmp_path))
    assert not (here.folder / "worker.pid").exists()


def test_a_stage_that_does_not_stop_is_killed(start: Start, tmp_path: Path) -> None:
    worker = start(DEAF)
    until(lambda: all(starts(stage, tmp_path) for stage in ("intake", "register")), "the stages did not start")
    worker.send_signal(signal.SIGTERM)
    assert any("is killed" in event["message"] for event in events(worker))
    assert worker.returncode == 1
    assert not any(alive(pid) for stage in ("intake", "register") for pid, _ in starts(stage, tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_stages_die_with_a_killed_worker(start: Start, tmp_path: Path) -> None:
    worker = start(DEAF)
    until(lambda: all(starts(stage, tmp_path) for stage in ("intake", "register")), "the stages did not start")
    worker.kill()
    children = [pid for stage in ("intake", "register") for pid, _ in starts(stage, tmp_path)]
    until(lambda: not any(alive(pid) for pid in children), "a stage outlived its worker")


def test_one_worker_per_realm(start: Start, here: Settings, tmp_path: Path) -> None:
    worker = start(WAITS)
    until(lambda: bool(starts("intake", tmp_path)), "the first worker did not start")
    refused = CliRunner(env=here.environment()).invoke(main, ["worker", "intake"])
    assert refused.exit_code == 1
    assert f"A worker runs already (pid {worker.pid}" in refused.output
    worker.send_signal(signal.SIGTERM)
    worker.communicate()


def test_without_a_broker_no_stage_is_started(here: Settings) -> None:
    refused = CliRunner(env=here.environment()).invoke(main, ["worker"])
    assert refused.exit_code == 1
    assert "No broker answers at 127.0.0.1:1" in refused.output


def test_children_write_the_log_as_they_are_told(start: Start, tmp_path: Path) -> None:
    start("import os, sys, time; open(sys.argv[1] + '.env', 'w').write(os.environ['DTSEN_LOG']);" + WAITS)
    until(lambda: bool(starts("intake", tmp_path)), "intake did not start")
    assert (tmp_path / "intake.env").read_text() == "json"


def test_an_unknown_stage_is_refused(here: Settings) -> None:
    refused = CliRunner(env=here.environment()).invoke(main, ["worker", "exit"])
    assert refused.exit_code == 2
    assert "'exit' is not one of" in refused.output
