"""`dtsen worker`: each stage in a process of its own, started again when it ends."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents import pids
from agents.errors import OperatorError
from agents.settings import Settings
from agents.tied import tied

log = logging.getLogger("dtsen.supervisor")

STAGES = ("intake", "register", "families", "checkpoints", "integrity")
# One thread for Polars: a process per stage shares the cores, and small batches gain nothing from a pool.
FRUGAL = {"POLARS_MAX_THREADS": "1"}

Command = Callable[[str], list[str]]


def stage_command(stage: str) -> list[str]:
    """The command that runs `stage` in a process of its own."""
    return [sys.executable, "-m", "agents.stage", stage]


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds."""

    first_pause: float = 0.5  # before a stage that ended is started again
    longest_pause: float = 30.0  # the pause doubles up to this
    sound_after: float = 60.0  # a stage that ran so long starts with the first pause again
    stop_limit: float = 30.0  # how long a stage may take to stop before it is killed


class Supervisor:
    """Keeps the stages running until `stop` is called, or this process gets SIGTERM or SIGINT.

    Children are tied to this process: they die with it even when it is killed. A stage keeps its state in Kafka and
    in its store, so that starting it again is always safe.
    """

    def __init__(
        self,
        settings: Settings,
        stages: Sequence[str] = STAGES,
        *,
        command: Command = stage_command,
        patience: Patience | None = None,
    ) -> None:
        self._settings = settings
        self._stages = stages
        self._command = command
        self._patience = patience or Patience()
        self._stopping = asyncio.Event()
        self._killed: list[str] = []

    def run(self, prepare: Callable[[], object] | None = None) -> int:
        """Run until stopped; the exit code: 0, or 1 when a stage had to be killed.

        `prepare` is called when no other worker is there, before any stage is started; what it raises
        ends the run. Raises OperatorError when a worker of this realm runs already.
        """
        pid_file = self._settings.folder / "worker.pid"
        with pids.hold(pid_file) as other:
            if other is not None:
                raise OperatorError(f"A worker runs already (pid {other}, {pid_file}); stop it with `kill {other}`.")
            if prepare is not None:
                prepare()
            asyncio.run(self._keep_all())
        return 1 if self._killed else 0

    def stop(self) -> None:
        """Stop all stages; `run` returns when they have ended."""
        self._stopping.set()

    async def _keep_all(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        async with asyncio.TaskGroup() as group:
            for stage in self._stages:
                group.create_task(self._keep(stage))

    async def _keep(self, stage: str) -> None:
        pause = self._patience.first_pause
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            process = await self._start(stage)
            log.info("%s runs as process %d", stage, process.pid)
            code = await self._until_end(stage, process)
            if self._stopping.is_set():
                log.info("%s has stopped (exit code %d)", stage, code)
                return
            ran = asyncio.get_running_loop().time() - began
            if ran >= self._patience.sound_after:
                pause = self._patience.first_pause
            log.error("%s ended with exit code %d after %.1f s; it starts again in %.1f s", stage, code, ran, pause)
            await self._wait_for_stop(pause)
            pause = min(2 * pause, self._patience.longest_pause)

    async def _start(self, stage: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *tied(self._command(stage)),
            stdin=asyncio.subprocess.DEVNULL,
            env={**os.environ, **FRUGAL, **self._settings.environment()},
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which passes it on once
        )

    async def _until_end(self, stage: str, process: asyncio.subprocess.Process) -> int:
        """Wait until the process ends by itself, or was asked to and did."""
        end = asyncio.create_task(process.wait())
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({end, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not end.done():
            process.terminate()
            done, _ = await asyncio.wait({end}, timeout=self._patience.stop_limit)
            if not done:
                log.error("%s did not stop within %.0f s and is killed", stage, self._patience.stop_limit)
                self._killed.append(stage)
                process.kill()
        return await end

    async def _wait_for_stop(self, seconds: float) -> None:
        waiting = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()
