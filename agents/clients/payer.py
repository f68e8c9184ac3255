"""A payer's client: follows the manifests, verifies everything that they say, and keeps the list.

It needs nothing but read access to checkpoint.manifests and to the payer's own change topic. It applies a
quarter whole or not at all: part of a quarter is never seen, nor a change twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from agents.clients.folder import NOTHING, Copy, load, save
from agents.clients.reading import Source
from streams.changes.lines import CHANGE, Form, Lines, concatenated, read_lines
from streams.manifests import Manifest, ManifestError, apply, verify_chain, verify_range
from streams.retroactive import ADJUSTMENT


@dataclass(frozen=True)
class Synced:
    """What a sync did: the manifests that it applied, where the copy stands, and why it began anew (if it did)."""

    applied: list[Manifest]
    copy: Copy
    anew: str | None


def sync(source: Source, payer: str, folder: Path) -> Synced:
    """Bring the copy in `folder` to the payer's last manifest, quarter by quarter.

    Raises ManifestError that names what does not match: the quarters before it are kept, that one is not
    applied. Raises OperatorError for a folder that cannot be used, or a broker that does not answer.
    """
    copy, anew = load(folder, payer)
    chain = chain_of(source, payer)
    stands = copy.manifest
    if stands and stands.hash not in {manifest.hash for manifest in chain}:
        copy, anew = NOTHING, f"the copy stands at a manifest of {stands.quarter} that the register does not have"
    applied = []
    fresh = copy.manifest is None
    for manifest, lines, adjustments, holdings in _followed(source, chain, copy):
        save(folder, manifest, holdings, lines.changes, adjustments.frame, anew=fresh)
        copy, fresh = Copy(holdings, manifest), False
        applied.append(manifest)
    return Synced(applied, copy, anew)


def history(source: Source, payer: str) -> Iterator[tuple[Manifest, Lines, Lines, pl.DataFrame]]:
    """Each sealed quarter of a payer: manifest, changes, adjustments, and holdings after it; all verified."""
    yield from _followed(source, chain_of(source, payer), NOTHING)


def current(source: Source, payer: str) -> Copy:
    """The payer's list after the last sealed quarter, verified, kept nowhere. Raises ManifestError as `sync` does."""
    copy = NOTHING
    for manifest, _, _, holdings in history(source, payer):
        copy = Copy(holdings, manifest)
    return copy


def _followed(
    source: Source, chain: list[Manifest], copy: Copy
) -> Iterator[tuple[Manifest, Lines, Lines, pl.DataFrame]]:
    """Each manifest behind the copy with its lines, its adjustments, and the holdings that they lead to, verified."""
    for manifest in chain:
        if copy.manifest and manifest.quarter <= copy.manifest.quarter:
            continue
        lines = concatenated(list(_ranges(source, manifest, manifest.ranges, CHANGE)))
        back = concatenated(list(_ranges(source, manifest, manifest.adjustment_ranges, ADJUSTMENT)), ADJUSTMENT)
        copy = Copy(apply(manifest, lines, copy.holdings, copy.manifest, back), manifest)
        yield manifest, lines, back, copy.holdings


def chain_of(source: Source, payer: str) -> list[Manifest]:
    """The manifests of one payer in order, verified as a chain. One that was written twice is there once.

    Raises ManifestError for a record that is no manifest, and for a chain that is broken.
    """
    chain: list[Manifest] = []
    for value in dict.fromkeys(source.manifests()):  # a sealing process that was killed writes the same bytes again
        manifest = Manifest.from_bytes(value)
        if manifest.payer == payer:
            verify_chain(manifest, chain[-1] if chain else None)
            chain.append(manifest)
    return chain


def _ranges(source: Source, manifest: Manifest, ranges: pl.DataFrame, form: Form) -> Iterator[Lines]:
    """The lines of each range, verified; those of other runs, attempts and forms are left out."""
    for row in ranges.iter_rows(named=True):
        values = list(source.values(row["topic"], row["partition"], row["first_offset"], row["last_offset"]))
        try:
            lines = read_lines(values, manifest.run, row["attempt"], form)
        except ValueError as error:
            raise ManifestError(f"{manifest.name()}, {row['topic']}[{row['partition']}]: {error}") from error
        verify_range(manifest, row, lines)
        yield lines
