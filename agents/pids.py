"""Pid files: which process is meant, and whether it still runs."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

POLL_SECONDS = 0.05


def running(pid_file: Path, mark: str) -> int | None:
    """The pid in `pid_file` if that process runs and `mark` stands in its command line, else None.

    The mark guards against a number that the system has given to another process since.
    """
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return pid if mark in command_line(pid) else None


def command_line(pid: int) -> str:
    """The command line of a process that runs; empty for one that does not, or has ended and waits to be noticed."""
    if Path("/proc/self/cmdline").exists():  # Linux, where a small image may lack `ps`
        try:
            # a zombie's is empty
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, command = listed.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else command


def write(pid_file: Path, pid: int) -> None:
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    pid_file.write_text(f"{pid}\n", encoding="ascii")


@contextlib.contextmanager
def hold(pid_file: Path) -> Iterator[int | None]:
    """Write this process's pid and hold the file locked; it is removed at the end.

    Yields None, or the pid of the process that holds it already (the file is then left alone).
    """
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    with pid_file.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield int(file.read() or 0)
            return
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield None
        finally:
            pid_file.unlink(missing_ok=True)


def stop(pid_file: Path, mark: str, limit_seconds: float) -> bool:
    """Ask the process to end, wait, kill it after the limit, remove the file. False when none was running."""
    pid = running(pid_file, mark)
    if pid is not None:
        _signal(pid, signal.SIGTERM)
        if not _gone(pid_file, mark, limit_seconds):
            _signal(pid, signal.SIGKILL)
            _gone(pid_file, mark, limit_seconds)
    pid_file.unlink(missing_ok=True)
    return pid is not None


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _gone(pid_file: Path, mark: str, limit_seconds: float) -> bool:
    end = time.monotonic() + limit_seconds
    while running(pid_file, mark) is not None:
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True
