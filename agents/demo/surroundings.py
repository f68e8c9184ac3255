"""A broker, topics and a worker of the demo's own, started and stopped with it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from agents.broker import Broker
from agents.errors import OperatorError
from agents.pages import address
from agents.provisioning import admin_client, apply
from agents.settings import Settings
from agents.supervisor import STAGES
from agents.tied import tied
from agents.topics import topics

UP_SECONDS = 120.0
STOP_SECONDS = 60.0
LOOK_SECONDS = 0.1


@contextlib.contextmanager
def surroundings(home: Path) -> Iterator[Settings]:
    """An empty home folder with a running broker (or DTSEN_BROKER), all topics, and the stages."""
    Broker(home).stop()  # of a demo that was cut off
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    given = os.environ.get("DTSEN_BROKER")
    broker = Broker(home, tie=True)
    try:
        address_ = given or broker.start().address
        assert address_ is not None
        settings = Settings(broker=address_, home=home, realm=os.environ.get("DTSEN_REALM", "demo" if given else ""))
        with admin_client(settings) as client:
            apply(client, topics(settings), yes=False)
        with _worker(settings, home / "worker.log"):
            yield settings
    finally:
        broker.stop()


@contextlib.contextmanager
def _worker(settings: Settings, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        worker = subprocess.Popen(
            tied([sys.executable, "-m", "agents", "worker"]),
            env={**os.environ, **settings.environment()},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches the demo, which stops the worker
        )
        try:
            _wait_until_up(settings, worker, log)
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
            try:
                worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _wait_until_up(settings: Settings, worker: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + UP_SECONDS
    while not all(address(settings, stage) for stage in STAGES):
        if worker.poll() is not None or time.monotonic() > end:
            raise OperatorError(f"The stages did not come up; see {log}.")
        time.sleep(LOOK_SECONDS)
