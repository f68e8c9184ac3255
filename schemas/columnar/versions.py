"""Records of several versions of one schema in one batch, read as the newest."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.columnar.arena import I32, I64, U8, windows
from schemas.columnar.decode import Decoded, decode
from schemas.columnar.plan import ROW
from schemas.columnar.resolve import resolve

if TYPE_CHECKING:
    from schemas.registry import Contract


def writers_of(newest: "Contract", arena: U8, starts: I64) -> NDArray[np.int64]:
    """Of values with a header at `starts` of a padded arena, the place of the writer's schema in `newest.versions`.

    -1 where the header is of none of them.
    """
    headers = windows(arena, len(newest.header))[starts].view(np.uint8).reshape(len(starts), len(newest.header))
    writers = np.full(len(starts), -1, np.int64)
    for place, version in enumerate(newest.versions):
        writers[(headers == np.frombuffer(version.header, np.uint8)).all(axis=1)] = place
    return writers


def decode_versions(newest: "Contract", writers: NDArray[np.integer], arena: U8, starts: I64, lengths: I32) -> Decoded:
    """Decode spans of bodies (without header), each by the version that wrote it, into the frames of the newest.

    `writers`: of each span, the place of its schema in `newest.versions`. Frames and errors as `decode` gives
    them, in input order; a field that is named in an error is named as its writer names it. Raises
    ValueError as `decode` does, and when the newest version cannot read an older one.
    """
    versions = newest.versions
    if (writers == len(versions) - 1).all():
        return decode(newest, arena, starts, lengths)
    parts = []
    for place in np.unique(writers).tolist():
        chosen = np.flatnonzero(writers == place)
        decoded = decode(versions[place], arena, starts[chosen], lengths[chosen])
        parts.append(_renumbered(resolve(versions[place], newest, decoded), chosen))
    if len(parts) == 1:
        return parts[0]
    paths = parts[0].children
    return Decoded(
        frame=pl.concat([part.frame for part in parts]).sort(ROW),
        children={
            path: pl.concat([part.children[path] for part in parts]).sort(ROW, maintain_order=True) for path in paths
        },
        errors=pl.concat([part.errors for part in parts]).sort(ROW),
    )


def _renumbered(decoded: Decoded, rows: NDArray[np.intp]) -> Decoded:
    """The same with the rows of the whole batch."""

    def renumbered(frame: pl.DataFrame) -> pl.DataFrame:
        numbers = rows[frame.get_column(ROW).to_numpy()].astype(np.uint32)
        return frame.with_columns(pl.Series(ROW, numbers))

    children = {path: renumbered(child) for path, child in decoded.children.items()}
    return Decoded(renumbered(decoded.frame), children, renumbered(decoded.errors))
