"""Named points around each I/O step, at which a test kills the process (kill -9) to see that nothing is lost.

`DTSEN_KILL_AT` is `NAME[,NAME...]@FOLDER`: at each of these points the first process of the realm that passes it makes
the file FOLDER/NAME and dies at once; with the file there, nobody dies there any more. Without the variable, passing a
point costs one look at a constant.

`DTSEN_SLOW_SCAN` is `ROWS@SECONDS`: a scan takes slices of ROWS, each of which takes SECONDS longer.
"""

import os
import signal
import time
from pathlib import Path
from typing import Final

from agents.errors import OperatorError

VARIABLE: Final = "DTSEN_KILL_AT"
SLOW: Final = "DTSEN_SLOW_SCAN"

# Every point, in the order of an event's way and of a run; `make test-crash` kills once at each alone.
POINTS: Final = (
    "intake.opened",  # a batch is read and judged, nothing is sent
    "intake.sent",  # facts and rejections are acknowledged, the offset is not committed
    "register.received",  # a batch is in hand, nothing is written
    "register.stored",  # rows and position are written, Faust knows nothing of it
    "register.members_sent",  # SCAN: parts are sent, the report is not
    "register.changes_sent",  # NET: change lines are published, the report is not
    "register.adjustments_sent",  # NET: adjustments, where there are any, are published too
    "register.findings_told",  # ROLL: findings are sent to their producers, holdings stand as before
    "register.roll_read",  # ROLL: the sealed lines are read, holdings stand as before
    "register.rolled",  # ROLL: holdings are written, the report is not
    "families.formed",  # SCORE: families are formed and spilled, the report is not sent
    "families.units_counted",  # UNITS: counted, the report is not sent
    "families.answers_sent",  # ANSWER: parts are sent, the report is not
    "checkpoints.started",  # a run is started, no command is given
    "checkpoints.commanded",  # commands are given, and forgotten
    "checkpoints.cut_decided",  # a cut is computed, not written
    "checkpoints.books_balanced",  # the books balance, the seal is not written
    "checkpoints.sealed",  # the seal is written, the manifests are not published
    "integrity.received",  # a batch of visits is in hand, nothing is kept
    "integrity.stored",  # visits and position are kept, Faust knows nothing of it
    "integrity.findings_sent",  # findings are sent, and not kept as told
)


def _armed() -> dict[str, Path]:
    said = os.environ.get(VARIABLE)
    if not said:
        return {}
    names, _, folder = said.partition("@")
    if not folder or not set(names.split(",")) <= set(POINTS):
        raise OperatorError(
            f"{VARIABLE} is {said!r}: write NAME@FOLDER or NAME,NAME@FOLDER, each NAME being one of {', '.join(POINTS)}"
        )
    return {name: Path(folder, name) for name in names.split(",")}


_ARMED = _armed()


def passed(name: str) -> None:
    """Tell that this process passes the point `name`; if a test armed it, the process dies here, once."""
    if not _ARMED or name not in _ARMED:
        return
    try:
        _ARMED[name].touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def slowness() -> tuple[int, float] | None:
    """Rows of a slice, and by how many seconds each is held up, if a test says so."""
    said = os.environ.get(SLOW)
    if not said:
        return None
    rows, _, seconds = said.partition("@")
    try:
        return int(rows), float(seconds)
    except ValueError:
        raise OperatorError(f"{SLOW} is {said!r}: write ROWS@SECONDS, for example 500@2") from None


_SLOWNESS = slowness()


def slice_rows(usual: int) -> int:
    """How many rows a slice of a scan has."""
    return usual if _SLOWNESS is None else _SLOWNESS[0]


def held_up() -> None:
    """Take longer over a slice, in the thread that works on it."""
    if _SLOWNESS is not None:
        time.sleep(_SLOWNESS[1])
