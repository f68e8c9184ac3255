"""The steps of a run in order, and which one is next."""

from collections.abc import Iterator
from dataclasses import dataclass

from streams.runs.journal import Run

COORDINATOR = "checkpoints"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run; `stage` does it, and `channel` is the topic whose partitions carry its command ("" for none)."""

    name: str
    stage: str
    channel: str
    wave: int = 0


def steps(waves: int) -> Iterator[Step]:
    """All steps of a run whose rules have `waves` levels (architecture.md 7)."""
    yield Step("SCAN", "register", "register.facts")
    yield Step("SCORE", "families", "checkpoint.members")
    yield Step("CUTPOINTS", COORDINATOR, "")
    for wave in range(1, waves + 1):
        yield Step("UNITS", "families", "checkpoint.members", wave)
        yield Step("CUT", COORDINATOR, "", wave)
    yield Step("ANSWER", "families", "checkpoint.members")
    yield Step("NET", "register", "checkpoint.answers")
    yield Step("BOOKS", COORDINATOR, "")


def is_done(run: Run, step: Step) -> bool:
    """True when the log holds all that this step has to say."""
    match step.name:
        case "CUTPOINTS":
            return run.cutpoints is not None
        case "CUT":
            return step.wave in run.cuts
        case "BOOKS":
            return not run.is_open
        case _:
            return len(run.step_reports(step.name, step.wave)) == run.partitions


def next_step(run: Run) -> Step | None:
    """The first step that is not done, None when the run has ended."""
    if not run.is_open:
        return None
    return next((step for step in steps(run.waves) if not is_done(run, step)), None)


def missing(run: Run, step: Step) -> list[int]:
    """Partitions that have not reported this step."""
    return [p for p in range(run.partitions) if p not in run.step_reports(step.name, step.wave)]
