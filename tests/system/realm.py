"""A whole register of a test's own: a realm on the session's real broker, its stages as real processes."""

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from agents.checkpoints.passed import not_passed
from agents.clients.payer import sync
from agents.clients.reading import KafkaSource
from agents.keeper import read_journal
from agents.opening import Asked, following, look_up_cut, open_quarter, retry_quarter
from agents.pages import address, page_name
from agents.provisioning import admin_client, apply
from agents.rejections import producers, rejections
from agents.rulebook import read_bundle
from agents.runs_told import quarter_state
from agents.settings import Settings
from agents.simulator.sending import send
from agents.store import PartitionStore
from agents.supervisor import STAGES
from agents.tied import tied
from agents.topics import topics
from schemas.registry import contracts
from streams.quarters import Quarter
from streams.runs import Journal

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 120.0  # for anything that takes seconds on an idle machine: a hang is found, slowness is not judged
LOOK_SECONDS = 0.4  # reading the log costs the processor that the stages need


def until(what: str, done: Callable[[], bool], limit_seconds: float = LIMIT_SECONDS) -> None:
    """Wait for `done`; fails with `what` when it never comes."""
    end = time.monotonic() + limit_seconds
    while not done():
        assert time.monotonic() < end, f"waited {limit_seconds:.0f} s in vain until {what}"
        time.sleep(LOOK_SECONDS)


class Realm:
    """One register; make it with the fixture `make_realm`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with admin_client(settings) as client:
            apply(client, topics(settings), yes=False)

    # processes ------------------------------------------------------------------------------

    @contextmanager
    def worker(self, *stages: str, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """`dtsen worker` with these stages (all, if none is named), until the block ends; it must stop cleanly."""
        for stage in STAGES:
            address_file = self.settings.folder / "pages" / stage
            address_file.unlink(missing_ok=True)
        process = self._start(["-m", "agents", "worker", *stages], self.settings, environment or {})
        try:
            for stage in stages or STAGES:
                until(f"stage {stage} is up", lambda stage=stage: address(self.settings, stage) is not None)  # type: ignore[misc]
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(LIMIT_SECONDS)
        assert code == 0, f"the worker ended with {code}; its log:\n{self.log()}"

    @contextmanager
    def stage(
        self, name: str, instance: str, environment: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """One stage process beside the worker, with a home folder (a disk) and an instance id of its own."""
        settings = self.disk(instance)
        process = self._start(["-m", "agents.stage", name], settings, environment or {})
        try:
            until(f"{name} {instance} is up", lambda: address(settings, page_name(name, settings)) is not None)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(LIMIT_SECONDS) == 0, self.log()

    def disk(self, instance: str) -> Settings:
        """The settings of a process that `stage` runs."""
        return dataclasses.replace(self.settings, home=self.settings.home / f"disk{instance}", instance=instance)

    def _start(
        self, arguments: list[str], settings: Settings, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        self.settings.folder.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as output:
            return subprocess.Popen(
                tied([sys.executable, *arguments]),  # it ends with the test run, however that ends
                env={**os.environ, "POLARS_MAX_THREADS": "1", **settings.environment(), **environment},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def log_file(self) -> Path:
        return self.settings.folder / "worker.log"

    def log(self) -> str:
        """The end of what the stages said."""
        return "\n".join(self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-60:])

    # what people do -------------------------------------------------------------------------

    def send(self, events: pl.DataFrame) -> None:
        """Send events (columns agents.simulator.wire.WIRE) as their producers do."""
        send(events, self.settings)

    def open(self, quarter: str, quotas: str = "XS", *, empty: bool = False) -> None:
        """`dtsen checkpoint open QUARTER --now`."""

        async def opened() -> None:
            async with following(self.settings) as keeper:
                asked = Asked(Quarter.parse(quarter), read_bundle(quotas), now=True, empty=empty)
                await open_quarter(self.settings, keeper, asked, datetime.now(UTC))

        asyncio.run(opened())

    def passed_by_intake(self) -> None:
        """Wait until intake has passed all that is in the event topics."""
        cut = asyncio.run(look_up_cut(self.settings, None))
        until("intake has passed", lambda: not asyncio.run(not_passed(self.settings, cut)))

    def retry(self, quarter: str) -> None:
        """`dtsen checkpoint open QUARTER --retry`."""

        async def asked() -> None:
            async with following(self.settings) as keeper:
                await retry_quarter(keeper, quarter, None)

        asyncio.run(asked())

    def journal(self) -> Journal:
        return asyncio.run(read_journal(self.settings))

    def outcome(self, quarter: str) -> str:
        """Wait for SEALED (and rolled everywhere) or REFUSED."""
        found: list[str] = []

        def ended() -> bool:
            journal = self.journal()
            if quarter in journal.quarters:
                state = quarter_state(journal, quarter)
                if state["rolled"] or (state["state"] not in ("OPEN", "RUNNING", "SEALED")):
                    found.append(state["state"])
            return bool(found)

        try:
            until(f"{quarter} is sealed or refused", ended)
        except AssertionError as error:
            raise AssertionError(f"{error}; the log ends with\n{self.log()}") from None
        return found[-1]

    def seal(self, quarter: str, quotas: str = "XS") -> None:
        """Open and wait; fails unless it is sealed."""
        self.open(quarter, quotas)
        assert self.outcome(quarter) == "SEALED", self.breaks(quarter)

    def breaks(self, quarter: str) -> list[str]:
        """Why a quarter was refused."""
        found: list[str] = quarter_state(self.journal(), quarter)["breaks"]
        return found

    def digests(self) -> dict[str, dict[str, str]]:
        """Quarter -> payer -> content digest of the manifest, of all sealed quarters."""
        sealed = {quarter.name: quarter.sealed for quarter in self.journal().sealed}
        return {name: dict(entry.body["content_digests"]) for name, entry in sealed.items() if entry is not None}

    def holders(self) -> pl.DataFrame:
        """nik, programme of what the payers' clients hold after the last seal."""
        with tempfile.TemporaryDirectory() as folder, KafkaSource(self.settings) as source:
            held = [sync(source, payer, Path(folder, payer)).copy.holdings for payer in contracts().payers]
        return pl.concat(held).select("nik", "programme")

    def rejected(self) -> dict[str, int]:
        """Code -> records refused so far."""

        async def read() -> pl.DataFrame:
            return pl.concat([await rejections(self.settings, producer, ["code"]) for producer in producers()])

        return dict(asyncio.run(read()).group_by("code").len().iter_rows())

    # the disk -------------------------------------------------------------------------------

    def store_folder(self, partition: int) -> Path:
        return self.settings.folder / "register" / str(partition)

    @contextmanager
    def store(self, partition: int, *, read_only: bool = True) -> Iterator[PartitionStore]:
        """The store of one partition, while no worker runs."""
        store = PartitionStore.open(self.store_folder(partition), read_only=read_only)
        try:
            yield store
        finally:
            store.close()
