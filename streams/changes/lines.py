"""Change lines as bytes of the topic, and digests that leave out the run and the attempt that sent them.

A value is header (10 bytes), run (text), attempt (int), line. All values of one run and attempt begin with
the same bytes, so a line is what follows them: it is digested where it stands, without being decoded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas.columnar import Encoded, decode, encode, varints
from schemas.columnar.arena import I32, I64, PADDING_BYTES, Bool, windows
from schemas.registry import Contract, contracts
from streams.changes.frames import CHANGES, no_changes
from streams.digests import as_bytes, row_lanes, total

ARRAYS = ("values", "causes")
FIELD = "line."


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of one run and attempt found among some values: bytes and columns, in the order of the values."""

    changes: pl.DataFrame  # columns CHANGES
    encoded: Encoded  # each line's bytes, without run and attempt

    @property
    def digest(self) -> bytes:
        """16 bytes, order-free: the sum of the lines' digests."""
        return as_bytes(total(row_lanes(self.encoded.arena, self.encoded.starts, self.encoded.lengths)))

    def sorted_bytes(self) -> pl.DataFrame:
        """Column `line` (Binary), sorted by nik, programme: what a content digest covers."""
        return self._keyed().sort("nik", "programme").select("line")

    def _keyed(self) -> pl.DataFrame:
        return self.changes.select("nik", "programme").with_columns(
            pl.Series("line", self.encoded.to_list(), pl.Binary)
        )


def change_records(changes: pl.DataFrame, run: str, attempt: int) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Frame and child frames of the record `change` for `schemas.columnar.encode`. `changes`: columns CHANGES."""
    frame = changes.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        pl.lit(run).alias("run"),
        pl.lit(attempt, dtype=pl.Int32).alias("attempt"),
        *(pl.col(name).alias(FIELD + name) for name in CHANGES if name not in ARRAYS),
    )
    rows = changes.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), *ARRAYS)
    values = rows.select("row", "values").filter(pl.col("values").list.len() > 0).explode("values").unnest("values")
    causes = rows.select("row", "causes").filter(pl.col("causes").list.len() > 0).explode("causes")
    return frame, {"line.values": values, "line.causes": causes}


def encode_changes(changes: pl.DataFrame, run: str, attempt: int) -> Encoded:
    """The values of the topic for `changes` (columns CHANGES), one per row, in their order."""
    frame, children = change_records(changes, run, attempt)
    return encode(_contract(), frame, children, header=True)


def digest_of(encoded: Encoded, run: str, attempt: int) -> bytes:
    """16 bytes, order-free, of the lines among `encoded` (as from `encode_changes`) of this run and attempt."""
    chosen, starts, lengths = _spans(encoded, run, attempt)
    return as_bytes(total(row_lanes(encoded.arena, starts[chosen], lengths[chosen])))


def read_lines(values: Sequence[Encoded], run: str, attempt: int) -> Lines:
    """The lines of this run and attempt among values of a change topic; others are left out.

    Raises ValueError for a value of this run that is not a change.
    """
    return concatenated([_one_batch(encoded, run, attempt) for encoded in values])


def _one_batch(encoded: Encoded, run: str, attempt: int) -> Lines:
    chosen, starts, lengths = _spans(encoded, run, attempt)
    header = len(_contract().header)
    decoded = decode(
        _contract(),
        encoded.arena,
        encoded.starts[chosen] + header,
        (encoded.lengths[chosen] - header).astype(np.int32),
    )
    if decoded.errors.height:
        row, code, field = decoded.errors.select("row", "code", "field").row(0)
        raise ValueError(
            f"{decoded.errors.height} records of run {run} are not changes, the first at record {row} "
            f"of its batch ({code} in {field}): read with the schemas of the release that wrote them"
        )
    changes = _changes(decoded.frame, decoded.children)
    return Lines(changes, Encoded(encoded.arena, starts[chosen], lengths[chosen]))


def concatenated(parts: Sequence[Lines]) -> Lines:
    """The lines of several ranges, one after another."""
    sizes = [len(part.encoded.arena) for part in parts]
    begins = np.cumsum([0, *sizes])
    padding = np.zeros(PADDING_BYTES, np.uint8)
    together = Encoded(
        np.concatenate([*(part.encoded.arena for part in parts), padding]),
        np.concatenate([np.zeros(0, np.int64), *(p.encoded.starts + b for p, b in zip(parts, begins, strict=False))]),
        np.concatenate([np.zeros(0, np.int32), *(part.encoded.lengths for part in parts)]),
    )
    return Lines(pl.concat([no_changes(), *(part.changes for part in parts)]), together)


def of_payer(lines: Lines, payer: str) -> Lines:
    """The lines that one payer is to carry out."""
    chosen = (lines.changes.get_column("payer") == payer).to_numpy()
    encoded = lines.encoded
    return Lines(
        lines.changes.filter(pl.Series(chosen)),
        Encoded(encoded.arena, encoded.starts[chosen], encoded.lengths[chosen]),
    )


def _changes(frame: pl.DataFrame, children: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Columns CHANGES from a decoded frame, in its order."""
    values = children["line.values"].group_by("row").agg(pl.struct("name", "value").alias("values"))
    causes = children["line.causes"].group_by("row").agg("causes")
    flat = frame.select("row", *(pl.col(FIELD + name).alias(name) for name in CHANGES if name not in ARRAYS))
    for lists in (values, causes):
        flat = flat.join(lists, on="row", how="left", maintain_order="left")
    return flat.with_columns(pl.col(ARRAYS).fill_null([])).select(list(CHANGES)).cast(CHANGES)


def _contract() -> Contract:
    return contracts().by_name["change"]


def _spans(encoded: Encoded, run: str, attempt: int) -> tuple[Bool, I64, I32]:
    """Which values are of this run and attempt, and where each one's line would stand."""
    prefix = np.frombuffer(_prefix(run, attempt), np.uint8)
    width = len(prefix)
    chosen: Bool = encoded.lengths > width
    if chosen.any():
        at = np.where(chosen, encoded.starts, 0)
        heads = windows(encoded.arena, width)[at].view(np.uint8).reshape(len(at), width)
        chosen = chosen & (heads == prefix).all(axis=1)
    return chosen, encoded.starts + width, (encoded.lengths - width).astype(np.int32)


def _prefix(run: str, attempt: int) -> bytes:
    """Header, run and attempt as Avro writes them."""
    text = run.encode()
    numbers, sizes = varints.write(np.array([len(text), attempt], np.int64))
    length, number = (numbers[row, : int(sizes[row])].tobytes() for row in range(2))
    return _contract().header + length + text + number
