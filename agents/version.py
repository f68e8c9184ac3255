"""The code version: a digest over the files that decide what a quarter says."""

import hashlib
from functools import cache
from pathlib import Path

import schemas
import streams

DECIDING_SUFFIXES = {".py", ".avsc", ".yaml", ".json", ".csv"}


@cache
def code_version() -> str:
    """SHA-256 (hex) over the names and bytes of all files of `streams/` and `schemas/`.

    Reports of a run name it, and those of another version are refused (decisions.md, "Quarters and rules"):
    two versions never compute parts of one list.
    """
    digest = hashlib.sha256()
    for package in (schemas, streams):
        root = Path(package.__file__ or "").parent
        for path in sorted(p for p in root.rglob("*") if p.suffix in DECIDING_SUFFIXES):
            content = path.read_bytes()
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
