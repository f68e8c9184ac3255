"""A payer's folder: the list, the changes of each quarter, and the manifest that it stands at. All or nothing.

A new state is written beside the folder and put in its place by renaming, so that whoever looks finds the
old state or the new one. A crash between the two renames leaves the old one beside, and it is put back.
"""

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from agents.clients.tables import (
    ADJUSTMENTS_HEADERS,
    CHANGES_HEADERS,
    LIST_HEADERS,
    adjustments_table,
    changes_table,
    for_people,
    holdings_of,
    list_table,
)
from agents.errors import OperatorError
from streams.changes import holdings_digest, no_holdings
from streams.manifests import Manifest, ManifestError

STATE = "state.json"
LIST = "list.parquet"


@dataclass(frozen=True)
class Copy:
    """What a payer has: holdings (streams.changes.HOLDINGS) after the last manifest that was applied."""

    holdings: pl.DataFrame
    manifest: Manifest | None


NOTHING = Copy(no_holdings(), None)


def load(folder: Path, payer: str) -> tuple[Copy, str | None]:
    """The copy in `folder`, and why it starts anew if it does.

    Raises OperatorError for a folder that holds another payer's list, or files that are no list's.
    """
    _recover(folder)
    if not folder.exists() or not any(folder.iterdir()):
        return NOTHING, None
    if not folder.joinpath(STATE).exists():
        if folder.joinpath(LIST).exists():
            return NOTHING, f"{folder / STATE} is missing"
        raise OperatorError(f"{folder} holds other files and no {STATE}: give an empty folder, or a new one")
    try:
        state = json.loads(folder.joinpath(STATE).read_text(encoding="utf-8"))
        manifest = Manifest.from_bytes(base64.b64decode(state["manifest"]))
        holdings = holdings_of(pl.read_parquet(folder / LIST))
        changed = sorted(name for name, digest in state["files"].items() if _digest(folder / name) != digest)
    except (OSError, ValueError, KeyError, ManifestError, pl.exceptions.PolarsError) as error:
        return NOTHING, f"the copy in {folder} cannot be read ({error})"
    if manifest.payer != payer:
        raise OperatorError(f"{folder} holds the list of {manifest.payer}: give each payer a folder of its own")
    if holdings.height != manifest.holdings_count or holdings_digest(holdings) != manifest.holdings_hash:
        return NOTHING, f"{folder / LIST} is not the list of {manifest.quarter}: it was changed"
    if changed:
        return NOTHING, f"{', '.join(changed)} in {folder} changed or missing since it was written"
    return Copy(holdings, manifest), None


def save(
    folder: Path,
    manifest: Manifest,
    holdings: pl.DataFrame,
    changes: pl.DataFrame,
    adjustments: pl.DataFrame,
    *,
    anew: bool,
) -> None:
    """Put a quarter's state in the place of the folder. `anew`: leave out what was there before."""
    _recover(folder)
    partial, before = _beside(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not anew:
        shutil.copytree(folder, partial, copy_function=os.link)
    else:
        partial.mkdir()
    partial.chmod(0o700)  # names of recipients: for their owner only
    recipients, lines = list_table(holdings), changes_table(changes, manifest)
    back = adjustments_table(adjustments, manifest)
    state: dict[str, object] = {
        "payer": manifest.payer,
        "quarter": manifest.quarter,
        "content_digest": manifest.content_digest.hex(),
        "manifest": base64.b64encode(manifest.to_bytes()).decode(),
    }
    files: dict[str, Callable[[Path], object]] = {
        LIST: recipients.write_parquet,
        "list.csv": for_people(recipients, LIST_HEADERS).write_csv,
        f"changes-{manifest.quarter}.parquet": lines.write_parquet,
        f"changes-{manifest.quarter}.csv": for_people(lines, CHANGES_HEADERS).write_csv,
        f"adjustments-{manifest.quarter}.parquet": back.write_parquet,
        f"adjustments-{manifest.quarter}.csv": for_people(back, ADJUSTMENTS_HEADERS).write_csv,
    }
    for name, write in files.items():
        _write(partial / name, write)
    state["files"] = {path.name: _digest(path) for path in sorted(partial.iterdir()) if path.name != STATE}
    text = json.dumps(state, indent=2) + "\n"
    _write(partial / STATE, lambda path: path.write_text(text, encoding="utf-8"))
    _flush(partial)
    if folder.exists():
        folder.rename(before)
    partial.rename(folder)
    _flush(folder.parent)
    shutil.rmtree(before, ignore_errors=True)


def _write(path: Path, write: Callable[[Path], object]) -> None:
    path.unlink(missing_ok=True)  # it may be one file with the old state's
    write(path)
    path.chmod(0o600)
    _flush(path)


def _digest(path: Path) -> str:
    """SHA-256 of a file as it was written, in hex; what is not there has none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _beside(folder: Path) -> tuple[Path, Path]:
    return folder.with_name(folder.name + ".partial"), folder.with_name(folder.name + ".before")


def _recover(folder: Path) -> None:
    """Put back what a crash left beside the folder, and drop what it did not finish."""
    partial, before = _beside(folder)
    if before.exists() and not folder.exists():
        before.rename(folder)
    shutil.rmtree(before, ignore_errors=True)
    shutil.rmtree(partial, ignore_errors=True)


def _flush(path: Path) -> None:
    """Bytes and names are on the disk before the next step relies on them."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
