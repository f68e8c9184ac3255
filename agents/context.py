"""What every stage is given: settings, the log, a sender, and the names of this run of the process."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from agents.keeper import Keeper
from agents.parts import to_ipc
from agents.reported import rules_of
from agents.settings import Settings
from agents.transport.sender import Sender
from agents.version import code_version
from streams.rules import Rules
from streams.runs import Entry, Journal, Kind, Run, Step


@dataclass(frozen=True)
class Context:
    """Passed to stages instead of globals."""

    settings: Settings
    keeper: Keeper
    sender: Sender

    def topic(self, name: str) -> str:
        """The topic's name in this realm."""
        return self.settings.topic(name)


@dataclass(frozen=True)
class Work:
    """One step of one run for one partition: what whoever does it needs to know."""

    context: Context
    journal: Journal
    run: Run
    step: Step
    partition: int

    @property
    def name(self) -> str:
        """For logs and pages."""
        wave = f" of wave {self.step.wave}" if self.step.wave else ""
        return f"{self.run.name} {self.step.name}{wave} of partition {self.partition}"

    @property
    def rules(self) -> Rules:
        """The rules of the run."""
        return rules_of(self.journal, self.run)

    def report(
        self,
        attempt: int,
        *,
        body: Mapping[str, Any] | None = None,
        frames: Mapping[str, pl.DataFrame] | None = None,
    ) -> Entry:
        """The entry in which this process reports the step; `body` and `frames` are what it has to say."""
        return Entry(
            kind=Kind.REPORT,
            quarter=self.run.quarter,
            run=self.run.name,
            step=self.step.name,
            wave=self.step.wave,
            stage=self.step.stage,
            partition=self.partition,
            attempt=attempt,
            code_version=code_version(),
            rules_hash=self.run.started.rules_hash,
            body=body or {},
            frames={name: to_ipc(frame) for name, frame in (frames or {}).items()},
        )


def new_attempt() -> int:
    """A number that no other attempt at a step has: whoever reads parts takes those of the attempt reported."""
    return secrets.randbits(31)
