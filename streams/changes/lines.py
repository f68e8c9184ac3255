"""Change lines as bytes of the topic, and digests that leave out the run and the attempt that sent them.

A value is header (10 bytes), run (text), attempt (int), line. All values of one run and attempt begin with
the same bytes, so a line is what follows them: it is digested where it stands, without being decoded.

Two forms of lines share a topic, told apart by their headers: changes, and adjustments (streams.retroactive).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas.columnar import Encoded, decode, encode, varints
from schemas.columnar.arena import I32, I64, PADDING_BYTES, Bool, windows
from schemas.registry import Contract, contracts
from streams.changes.frames import CHANGES
from streams.digests import as_bytes, row_lanes, total

FIELD = "line."


@dataclass(frozen=True)
class Form:
    """A record whose field `line` has these columns; `keys` tell one line of a quarter from all others."""

    contract: str
    columns: pl.Schema
    keys: tuple[str, ...]

    @property
    def lists(self) -> list[str]:
        return [name for name, dtype in self.columns.items() if isinstance(dtype, pl.List)]

    @property
    def record(self) -> Contract:
        return contracts().by_name[self.contract]


CHANGE = Form("change", CHANGES, ("nik", "programme"))


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of one run and attempt found among some values: bytes and columns, in the order of the values."""

    frame: pl.DataFrame  # the columns of the form
    encoded: Encoded  # each line's bytes, without run and attempt
    form: Form = CHANGE

    @property
    def changes(self) -> pl.DataFrame:
        """Columns CHANGES, of lines in that form."""
        assert self.form is CHANGE, "adjustments change no list"
        return self.frame

    @property
    def digest(self) -> bytes:
        """16 bytes, order-free: the sum of the lines' digests."""
        return as_bytes(total(row_lanes(self.encoded.arena, self.encoded.starts, self.encoded.lengths)))

    def sorted_bytes(self) -> pl.DataFrame:
        """Column `line` (Binary), sorted by the keys of the form: what a content digest covers."""
        lines = self.frame.select(self.form.keys).with_columns(pl.Series("line", self.encoded.to_list(), pl.Binary))
        return lines.sort(self.form.keys).select("line")


def line_records(
    lines: pl.DataFrame, run: str, attempt: int, form: Form = CHANGE
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Frame and child frames of the form's record for `schemas.columnar.encode`. `lines`: the form's columns."""
    row = pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
    frame = lines.select(
        row,
        pl.lit(run).alias("run"),
        pl.lit(attempt, dtype=pl.Int32).alias("attempt"),
        *(pl.col(name).alias(FIELD + name) for name in form.columns if name not in form.lists),
    )
    children = {}
    for name in form.lists:
        items = lines.select(row, name).filter(pl.col(name).list.len() > 0).explode(name)
        children[FIELD + name] = items.unnest(name) if isinstance(items.schema[name], pl.Struct) else items
    return frame, children


def encode_changes(lines: pl.DataFrame, run: str, attempt: int, form: Form = CHANGE) -> Encoded:
    """The values of the topic for `lines` (columns of the form), one per row, in their order."""
    frame, children = line_records(lines, run, attempt, form)
    return encode(form.record, frame, children, header=True)


def digest_of(encoded: Encoded, run: str, attempt: int, form: Form = CHANGE) -> bytes:
    """16 bytes, order-free, of the lines among `encoded` (as from `encode_changes`) of this run and attempt."""
    chosen, starts, lengths = _spans(encoded, run, attempt, form)
    return as_bytes(total(row_lanes(encoded.arena, starts[chosen], lengths[chosen])))


def read_lines(values: Sequence[Encoded], run: str, attempt: int, form: Form = CHANGE) -> Lines:
    """The lines of this run, attempt and form among values of a change topic; others are left out.

    Raises ValueError for a value of this run that is not what its header says.
    """
    return concatenated([_one_batch(encoded, run, attempt, form) for encoded in values], form)


def _one_batch(encoded: Encoded, run: str, attempt: int, form: Form) -> Lines:
    chosen, starts, lengths = _spans(encoded, run, attempt, form)
    header = len(form.record.header)
    decoded = decode(
        form.record,
        encoded.arena,
        encoded.starts[chosen] + header,
        (encoded.lengths[chosen] - header).astype(np.int32),
    )
    if decoded.errors.height:
        row, code, field = decoded.errors.select("row", "code", "field").row(0)
        raise ValueError(
            f"{decoded.errors.height} records of run {run} are not {form.contract}s, the first at record {row} "
            f"of its batch ({code} in {field}): read with the schemas of the release that wrote them"
        )
    lines = _columns(decoded.frame, decoded.children, form)
    return Lines(lines, Encoded(encoded.arena, starts[chosen], lengths[chosen]), form)


def concatenated(parts: Sequence[Lines], form: Form = CHANGE) -> Lines:
    """The lines of several ranges, one after another."""
    sizes = [len(part.encoded.arena) for part in parts]
    begins = np.cumsum([0, *sizes])
    padding = np.zeros(PADDING_BYTES, np.uint8)
    together = Encoded(
        np.concatenate([*(part.encoded.arena for part in parts), padding]),
        np.concatenate([np.zeros(0, np.int64), *(p.encoded.starts + b for p, b in zip(parts, begins, strict=False))]),
        np.concatenate([np.zeros(0, np.int32), *(part.encoded.lengths for part in parts)]),
    )
    return Lines(pl.concat([pl.DataFrame(schema=form.columns), *(part.frame for part in parts)]), together, form)


def of_payer(lines: Lines, payer: str) -> Lines:
    """The lines that one payer is to carry out."""
    chosen = (lines.frame.get_column("payer") == payer).to_numpy()
    encoded = lines.encoded
    return Lines(
        lines.frame.filter(pl.Series(chosen)),
        Encoded(encoded.arena, encoded.starts[chosen], encoded.lengths[chosen]),
        lines.form,
    )


def _columns(frame: pl.DataFrame, children: Mapping[str, pl.DataFrame], form: Form) -> pl.DataFrame:
    """The form's columns from a decoded frame, in its order."""
    flat = frame.select("row", *(pl.col(FIELD + name).alias(name) for name in form.columns if name not in form.lists))
    for name in form.lists:
        items = children[FIELD + name]
        fields = [column for column in items.columns if column != "row"]
        item = pl.col(name) if fields == [name] else pl.struct(fields)
        flat = flat.join(items.group_by("row").agg(item.alias(name)), on="row", how="left", maintain_order="left")
    return flat.with_columns(pl.col(form.lists).fill_null([])).select(list(form.columns)).cast(form.columns)


def _spans(encoded: Encoded, run: str, attempt: int, form: Form) -> tuple[Bool, I64, I32]:
    """Which values are of this run and attempt, and where each one's line would stand."""
    prefix = np.frombuffer(_prefix(run, attempt, form), np.uint8)
    width = len(prefix)
    chosen: Bool = encoded.lengths > width
    if chosen.any():
        at = np.where(chosen, encoded.starts, 0)
        heads = windows(encoded.arena, width)[at].view(np.uint8).reshape(len(at), width)
        chosen = chosen & (heads == prefix).all(axis=1)
    return chosen, encoded.starts + width, (encoded.lengths - width).astype(np.int32)


def _prefix(run: str, attempt: int, form: Form) -> bytes:
    """Header, run and attempt as Avro writes them."""
    text = run.encode()
    numbers, sizes = varints.write(np.array([len(text), attempt], np.int64))
    length, number = (numbers[row, : int(sizes[row])].tobytes() for row in range(2))
    return form.record.header + length + text + number
