"""Frames to bytes: every field of the whole batch at once, each at its place in its row.

First each field becomes a piece: for the rows that have it, how many bytes and where they come from. The
sums give every row its place in one exact buffer; then each piece is copied to where it belongs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.columnar import bridge, varints
from schemas.columnar.arena import I64, PADDING_BYTES, U8, Bool, Encoded, copy_spans, starts_of
from schemas.columnar.blocks import MOST_ITEMS
from schemas.columnar.checks import check_children, check_frame, child_positions, missing, refuse_nulls, refuse_orphans
from schemas.columnar.plan import ROOT, Array, Kind, Leaf, Node, Nullable, Record, Table, plan_of

if TYPE_CHECKING:
    from schemas.registry import Contract

Rows = NDArray[np.intp]


def encode(contract: "Contract", frame: pl.DataFrame, children: Mapping[str, pl.DataFrame], *, header: bool) -> Encoded:
    """Encode a frame, and the items of its arrays, into one record per row of the frame.

    Columns as `decode` gives them; a column of a nullable field may be missing, which means null, and
    a child frame may be missing, which means no items. `children`'s `row` refers to the frame's `row` when
    it has one, else to the position. With `header`, each record has its single-object header in front.
    The same bytes as the official library writes. Raises ValueError when a column is unknown, missing or of
    another type, when a required value is null, and when an item belongs to no record of the frame.
    """
    plan = plan_of(contract)
    check_frame(plan.name, ROOT, plan.tables[ROOT], frame)
    check_children(plan, children)
    buffer = _Buffer(frame.height, contract.header if header else b"")
    writer = _Writer(plan.name, plan.tables, frame, children)
    writer.node(plan.root, np.arange(frame.height), bridge.Source(plan.tables[ROOT], frame), buffer)
    refuse_orphans(plan.name, children, writer.written)
    return buffer.finish()


@dataclass(frozen=True)
class _Piece:
    """One field of some rows: spans of a source that are to be written next in each."""

    rows: Rows
    source: U8
    starts: I64
    lengths: I64


class _Buffer:
    """The pieces of N records, in the order in which they are written, and how long each record becomes."""

    def __init__(self, rows: int, header: bytes) -> None:
        self._pieces: list[_Piece] = []
        self._lengths = np.zeros(rows, np.int64)
        self._run: list[U8] = []  # cells of the same rows that follow each other: copied as one piece
        self._run_rows: Rows = np.arange(rows)
        if header:
            self._run.append(np.broadcast_to(np.frombuffer(header, np.uint8), (rows, len(header))))

    def add(self, rows: Rows, source: U8, starts: I64, lengths: I64) -> None:
        """Spans of a source, one for each of the rows (rows rise)."""
        self._end_run()
        self._append(_Piece(rows, source, starts, lengths))

    def add_cells(self, rows: Rows, cells: U8, lengths: I64 | None = None) -> None:
        """Cells uint8[N, width], of which the first bytes count: so many as `lengths` says, or all."""
        width = cells.shape[1] if lengths is None or not len(lengths) else int(lengths[0])
        if lengths is not None and (lengths != width).any():
            self.add(rows, cells.reshape(-1), np.arange(len(rows), dtype=np.int64) * cells.shape[1], lengths)
            return
        if self._run_rows is not rows:
            self._end_run()
            self._run_rows = rows
        self._run.append(cells[:, :width])

    def _end_run(self) -> None:
        if not self._run:
            return
        cells = np.hstack(self._run)
        self._run = []
        width, rows = cells.shape[1], self._run_rows
        starts = np.arange(len(rows), dtype=np.int64) * width
        self._append(_Piece(rows, cells.reshape(-1), starts, np.full(len(rows), width, np.int64)))

    def _append(self, piece: _Piece) -> None:
        self._pieces.append(piece)
        self._lengths[self._places(piece)] += piece.lengths

    def _places(self, piece: _Piece) -> Rows | slice:
        return slice(None) if len(piece.rows) == len(self._lengths) else piece.rows

    def finish(self) -> Encoded:
        """The records, side by side in a padded arena."""
        self._end_run()
        starts = starts_of(self._lengths)
        arena = np.zeros(int(self._lengths.sum()) + PADDING_BYTES, np.uint8)
        at = starts.copy()
        for piece in self._pieces:
            places = self._places(piece)
            copy_spans(arena, at[places], piece.source, piece.starts, piece.lengths)
            at[places] += piece.lengths
        return Encoded(arena, starts, self._lengths.astype(np.int32))


class _Writer:
    """Turns the columns of one batch into pieces."""

    def __init__(
        self, name: str, tables: Mapping[str, Table], frame: pl.DataFrame, children: Mapping[str, pl.DataFrame]
    ) -> None:
        self.name = name
        self.tables = tables
        self.frame = frame
        self.children = children
        self.written: set[str] = set()  # arrays that at least one record has

    def node(self, node: Node, rows: Rows, source: bridge.Source, buffer: _Buffer) -> None:
        """Add the pieces of a field for some rows of a frame."""
        match node:
            case Leaf():
                self._leaf(node, rows, source, buffer)
            case Record():
                for entry in node.fields:
                    self.node(entry, rows, source, buffer)
            case Nullable():
                present = _present(node, source)[rows]
                there, absent = 2 * (1 - node.null_branch), 2 * node.null_branch  # 0 and 1 in zig-zag
                buffer.add_cells(rows, np.where(present, there, absent).astype(np.uint8).reshape(-1, 1))
                if present.any():
                    self.node(node.inner, rows if present.all() else rows[present], source, buffer)
            case Array():
                self._array(node, rows, buffer)

    def _leaf(self, node: Leaf, rows: Rows, source: bridge.Source, buffer: _Buffer) -> None:
        if not source.has(node.column):
            raise missing(self.name, node)
        values = source.values(node.column, rows)
        refuse_nulls(self.name, node, values, rows)
        match node.kind:
            case Kind.VARINT | Kind.ENUM:
                buffer.add_cells(rows, *varints.write(bridge.to_integers(values)))
            case Kind.BOOLEAN:
                buffer.add_cells(rows, values.to_numpy().astype(np.uint8).reshape(-1, 1))
            case Kind.FIXED:
                data, starts, lengths = bridge.to_bytes(values)
                if (lengths != node.size).any():
                    bad = int(rows[np.flatnonzero(lengths != node.size)[0]])
                    raise ValueError(
                        f"{self.name}: {node.path} must have {node.size} bytes; row {bad} of the frame has not"
                    )
                buffer.add(rows, data, starts, lengths)
            case Kind.BYTES:
                data, starts, lengths = bridge.to_bytes(values)
                buffer.add_cells(rows, *varints.write(lengths))
                buffer.add(rows, data, starts, lengths)

    def _array(self, node: Array, rows: Rows, buffer: _Buffer) -> None:
        """One block of all items, or none, then the closing 0."""
        self.written.add(node.path)
        table = self.tables[node.path]
        counts = np.zeros(self.frame.height, np.int64)
        items = Encoded(np.zeros(PADDING_BYTES, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int32))
        child = self.children.get(node.path)
        if child is not None and child.height:
            owners = child_positions(self.name, node, self.frame, child, rows)
            order = np.argsort(owners, kind="stable")
            child = child[order]
            counts = np.bincount(owners, minlength=self.frame.height)
            if int(counts.max()) > MOST_ITEMS:
                raise ValueError(
                    f"{self.name}: {node.path} has {int(counts.max())} items in one record; {MOST_ITEMS} are allowed"
                )
            inner = _Buffer(child.height, b"")
            self.node(node.item, np.arange(child.height), bridge.Source(table, child), inner)
            items = inner.finish()
        filled = rows[counts[rows] > 0]
        if len(filled):
            buffer.add_cells(filled, *varints.write(counts[filled]))
            # Items of one record stand side by side: the first one's start, and the sum of their lengths.
            bounds = np.append(items.starts, int(items.lengths.sum(dtype=np.int64)))
            firsts = starts_of(counts)[filled]
            begins = bounds[firsts]
            buffer.add(filled, items.arena, begins, bounds[firsts + counts[filled]] - begins)
        buffer.add_cells(rows, np.zeros((len(rows), 1), np.uint8))


def _present(node: Nullable, source: bridge.Source) -> Bool:
    """Where a nullable field has a value."""
    if isinstance(node.inner, Leaf):
        return source.present(node.inner.column)
    assert node.presence is not None
    return source.flags(node.presence)
