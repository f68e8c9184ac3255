"""What every stage is given: settings, the log, a sender, and the names of this run of the process."""

import secrets
from dataclasses import dataclass

from agents.keeper import Keeper
from agents.settings import Settings
from agents.transport.sender import Sender
from agents.version import code_version
from streams.runs import Entry, Kind, Run, Step


@dataclass(frozen=True)
class Context:
    """Passed to stages instead of globals."""

    settings: Settings
    keeper: Keeper
    sender: Sender

    def topic(self, name: str) -> str:
        """The topic's name in this realm."""
        return self.settings.topic(name)

    def report(self, run: Run, step: Step, partition: int, attempt: int, **said: object) -> Entry:
        """The entry in which this process reports a step; `body` and `frames` are what the step has to say."""
        return Entry(
            kind=Kind.REPORT,
            quarter=run.quarter,
            run=run.name,
            step=step.name,
            wave=step.wave,
            stage=step.stage,
            partition=partition,
            attempt=attempt,
            code_version=code_version(),
            rules_hash=run.started.rules_hash,
            **said,  # type: ignore[arg-type]  # body and frames, named by the caller
        )


def new_attempt() -> int:
    """A number that no other attempt at a step has: whoever reads parts takes those of the attempt reported."""
    return secrets.randbits(31)
