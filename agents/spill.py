"""Frames of a run kept on disk between its steps. Losing them costs time, never a result."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

NOTE = "note.json"


@dataclass(frozen=True)
class Spilled:
    frames: dict[str, pl.DataFrame]
    note: Any


class Spill:
    """A folder per run and partition. A folder is complete when its note is there: the note is written last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: str | None = None
        shutil.rmtree(folder, ignore_errors=True)  # of a process before this one: which code wrote it is unknown

    def keep_only(self, run: str | None) -> None:
        """Drop what other runs left."""
        if run != self._kept:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._kept = run

    def save(self, run: str, partition: int, frames: Mapping[str, pl.DataFrame], note: object) -> None:
        folder = self._place(run, partition)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, frame in frames.items():
            frame.write_ipc(folder / f"{name}.arrow", compression="lz4")
        (folder / NOTE).write_text(json.dumps(note), encoding="utf-8")

    def load(self, run: str, partition: int) -> Spilled | None:
        folder = self._place(run, partition)
        if not (folder / NOTE).exists():
            return None
        frames = {path.stem: pl.read_ipc(path) for path in sorted(folder.glob("*.arrow"))}
        return Spilled(frames, json.loads((folder / NOTE).read_text(encoding="utf-8")))

    def _place(self, run: str, partition: int) -> Path:
        return self._folder / run.replace("/", "-") / str(partition)
