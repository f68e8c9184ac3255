"""Pages whose commands run: their blocks, in order, in the place where a reader stands."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from agents.settings import Settings

PROJECT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"^<!-- (run|run: refused|run: java|shows|elsewhere) -->\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
FENCE = re.compile(r"^```\w", re.MULTILINE)
LIMIT_SECONDS = 180


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
    """Run a block as a reader would; its output, when the exit code is as announced."""
    command = [sys.executable, "-c"] if block.language == "python" else ["sh", "-euc"]
    done = subprocess.run(
        [*command, block.text],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == (block.purpose == "run: refused"), f"{block.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def reader(folder: Path) -> Path:
    """Where the reader stands: the schemas and the pages are there, and `dtsen` is in `bin`."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "dtsen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m agents "$@"\n', encoding="utf-8")
    (folder / "bin" / "dtsen").chmod(0o755)
    for name in ("schemas", "docs"):
        (folder / name).symlink_to(PROJECT / name)
    return folder


def surroundings(settings: Settings, folder: Path) -> dict[str, str]:
    """The reader's environment."""
    return {
        **os.environ,
        **settings.environment(),
        "PYTHONPATH": str(PROJECT),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
