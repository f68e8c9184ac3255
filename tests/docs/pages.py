"""Pages whose commands run: their blocks, in order, in the place where a reader stands."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from agents.settings import Settings

PROJECT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"^<!-- (run|run: refused|run: java|run: register|shows|example|elsewhere) -->\n```(\w+)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
FENCE = re.compile(r"^```\w", re.MULTILINE)
LIMIT_SECONDS = 180
NUMBER = re.compile(r"[0-9].*|(?<=:).+", re.DOTALL)  # from the first number, or behind the first colon


@dataclass(frozen=True)
class Block:
    """One block of a page: what it is for, its language, its text."""

    purpose: str
    language: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    return [Block(*found) for found in BLOCK.findall(page.read_text(encoding="utf-8"))]


def told_fences(page: Path) -> int:
    """How many blocks a page has, whether they say what they are for or not."""
    return len(FENCE.findall(page.read_text(encoding="utf-8")))


def start(block: Block, folder: Path, environment: dict[str, str]) -> str:
    """Run a block as a reader would; what it prints, and then what it complains, when the exit code is as announced."""
    command = [sys.executable, "-c"] if block.language == "python" else ["sh", "-euc"]
    done = subprocess.run(
        [*command, block.text],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == (block.purpose == "run: refused"), f"{block.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def shown(block: Block, output: str) -> None:
    """Fails unless every line of a block of the purpose `shows` stands in the output before it."""
    missing = [line for line in block.text.splitlines() if line not in output.splitlines()]
    assert missing == [], f"the page promises this, but there came:\n{output}"


ROOMS = ("agents", "docs", "schemas", "streams", "tests")


def workshop(folder: Path) -> dict[str, str]:
    """Make of a folder a clone of the project that a reader may change; the environment in which its `dtsen` runs."""
    for name in ROOMS:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    _command(folder)
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PYTHONPATH": str(folder), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def changed_in(clone: Path) -> list[str]:
    """The files that a reader has changed in a workshop, and `+` with those that are new; sorted."""
    found = []
    for room in ROOMS:
        for path in (it for it in (clone / room).rglob("*") if it.is_file() and "__pycache__" not in it.parts):
            name = path.relative_to(clone)
            if not (PROJECT / name).exists():
                found.append(f"+ {name}")
            elif path.read_bytes() != (PROJECT / name).read_bytes():
                found.append(str(name))
    return sorted(found)


def module(clone: Path, name: str, *arguments: str) -> str:
    """What `python -m NAME` says in a workshop, without a broker."""
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=clone, env={**os.environ, "PYTHONPATH": str(clone), "DTSEN_BROKER": "none:0"},
        capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def unlike(example: str, output: str) -> list[str]:
    """Lines of an example that no line of the output is like: it must be the same up to its first number or colon.

    So an example may show a table of one day, and still fails when a column, a label or a sentence changes.
    """
    said = [" ".join(line.split()) for line in output.splitlines()]
    lines = [" ".join(line.split()) for line in example.splitlines()]
    return [line for line in lines if not any(it.startswith(NUMBER.sub("", line)) for it in said)]


def reader(folder: Path) -> Path:
    """Where the reader stands: the schemas and the pages are there, and `dtsen` is in `bin`."""
    _command(folder)
    for name in ("schemas", "docs"):
        (folder / name).symlink_to(PROJECT / name)
    return folder


def _command(folder: Path) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "dtsen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m agents "$@"\n', encoding="utf-8")
    (folder / "bin" / "dtsen").chmod(0o755)


def surroundings(settings: Settings, folder: Path) -> dict[str, str]:
    """The reader's environment."""
    return {
        **os.environ,
        **settings.environment(),
        "PYTHONPATH": str(PROJECT),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
