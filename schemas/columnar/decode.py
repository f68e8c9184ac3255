"""Bytes to frames: the schema is walked once for the whole batch, not once for each record.

Strict where the official library is lenient: a row is bad unless it is exactly one record of the schema.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from schemas.columnar import cursor as codes
from schemas.columnar.arena import I32, I64, U8, check_spans
from schemas.columnar.blocks import Blocks
from schemas.columnar.cursor import Cursor, Findings
from schemas.columnar.plan import INT_BYTES, LONG_BYTES, ROOT, Array, Kind, Leaf, Node, Nullable, Plan, Record, plan_of
from schemas.columnar.tables import Filling
from schemas.columnar.texts import ARENA_LIMIT_BYTES, not_utf8, views_of

if TYPE_CHECKING:
    from schemas.registry import Contract


@dataclass(frozen=True)
class Decoded:
    """A decoded batch."""

    frame: pl.DataFrame  # good rows in input order; `row` UInt32 = index in the input
    children: dict[str, pl.DataFrame]  # per array: `row` UInt32 (same numbering), then the item's fields, in order
    errors: pl.DataFrame  # row UInt32, code String, field String: exactly the bad rows


def decode(contract: "Contract", arena: U8, starts: I64, lengths: I32) -> Decoded:
    """Decode spans of bodies (without header) into frames.

    `frame` has a column per field, nested names dotted; a nullable record has a Boolean column of its
    name besides. `children` has a frame per array, by its dotted path; an item that is no record is in a
    column of the array's last name. Strings and bytes refer to `arena`, which they keep alive.
    Bad rows are named in `errors` by the codes of `schemas.columnar.cursor` and the dotted path of the field.
    A negative length counts as 0. Raises ValueError for spans outside the padded arena, an arena of
    2 GiB or more, and a schema that columns don't have.
    """
    plan = plan_of(contract)
    starts = np.asarray(starts, np.int64)
    ends = starts + np.maximum(lengths, 0)
    check_spans(arena, starts, ends)
    if len(arena) > ARENA_LIMIT_BYTES:
        raise ValueError(f"an arena of {len(arena)} bytes is too large for columns: decode it in parts below 2 GiB")
    return _Batch(plan, arena, len(starts)).decode(starts, ends)


class _Batch:
    """One batch on its way through the plan."""

    def __init__(self, plan: Plan, arena: U8, rows: int) -> None:
        self.plan = plan
        self.arena = arena
        self.rows = rows
        self.findings = Findings(rows)
        self.filling = Filling(plan.tables[ROOT])
        self.children: dict[str, tuple[Filling, I64]] = {}  # per array: its items, and the row of each

    def decode(self, starts: I64, ends: I64) -> Decoded:
        every = np.arange(self.rows, dtype=np.int64)
        cursor = Cursor(self.arena, self.findings, every, starts.copy(), ends, every)  # positions move in place
        self._record(self.plan.root, cursor, self.filling)
        cursor.drop(cursor.at < cursor.ends, codes.TRAILING_BYTES, "")
        good = np.flatnonzero(self.findings.good) if self.findings.any else None
        kept = every if good is None else good
        row = pl.Series("row", kept.astype(np.uint32))
        return Decoded(
            frame=self.filling.frame(self.rows, good, self.arena).insert_column(0, row),
            children={path: self._child(path) for path in self.plan.tables if path != ROOT},
            errors=self.findings.frame(),
        )

    def _child(self, path: str) -> pl.DataFrame:
        filling, owners = self.children.get(path) or (Filling(self.plan.tables[path]), np.zeros(0, np.int64))
        # Items came in rounds: the k-th items of all rows together. A stable sort puts them by row, in order.
        chosen = np.argsort(owners, kind="stable")
        if self.findings.any:
            chosen = chosen[self.findings.good[owners[chosen]]]
        row = pl.Series("row", owners[chosen].astype(np.uint32))
        return filling.frame(len(owners), chosen, self.arena).insert_column(0, row)

    def _node(self, node: Node, cursor: Cursor, filling: Filling) -> None:
        match node:
            case Leaf():
                _leaf(node, cursor, filling)
            case Record():
                self._record(node, cursor, filling)
            case Nullable():
                self._nullable(node, cursor, filling)
            case Array():
                self._array(node, cursor)

    def _record(self, node: Record, cursor: Cursor, filling: Filling) -> None:
        for entry in node.fields:
            self._node(entry, cursor, filling)

    def _nullable(self, node: Nullable, cursor: Cursor, filling: Filling) -> None:
        branches = cursor.numbers(LONG_BYTES, node.path)
        kept = cursor.drop((branches < 0) | (branches > 1), codes.BAD_BRANCH, node.path)
        present = (branches if kept is None else branches[kept]) != node.null_branch
        if node.presence is not None:
            filling.put(node.presence, cursor.slots, present)
        chosen = np.flatnonzero(present)
        if len(chosen) == len(cursor):
            self._node(node.inner, cursor, filling)
        elif len(chosen):
            inner = cursor.part(chosen, cursor.slots[chosen])
            self._node(node.inner, inner, filling)
            cursor.rejoin(inner, chosen)

    def _array(self, node: Array, cursor: Cursor) -> None:
        filling = Filling(self.plan.tables[node.path])
        owners: list[I64] = []
        items = 0
        blocks = Blocks(node.path, len(cursor))
        while True:
            busy = blocks.next_items(cursor)
            if not len(busy):
                break
            item = cursor.part(busy, np.arange(items, items + len(busy), dtype=np.int64))
            owners.append(item.rows)
            items += len(busy)
            self._node(node.item, item, filling)
            blocks.keep(cursor.rejoin(item, busy))
        self.children[node.path] = filling, np.concatenate(owners) if owners else np.zeros(0, np.int64)


def _leaf(node: Leaf, cursor: Cursor, filling: Filling) -> None:
    match node.kind:
        case Kind.VARINT:
            numbers = cursor.numbers(node.size, node.path)
            narrow = node.size == INT_BYTES
            filling.put(node.column, cursor.slots, numbers.astype(np.int32) if narrow else numbers)
        case Kind.BOOLEAN:
            flags = cursor.arena[cursor.take(1, node.path)]
            kept = cursor.drop(flags > 1, codes.BAD_BOOLEAN, node.path)
            filling.put(node.column, cursor.slots, (flags if kept is None else flags[kept]) == 1)
        case Kind.ENUM:
            numbers = cursor.numbers(INT_BYTES, node.path)
            kept = cursor.drop((numbers < 0) | (numbers >= node.size), codes.BAD_ENUM, node.path)
            filling.put(node.column, cursor.slots, numbers if kept is None else numbers[kept])
        case Kind.FIXED:
            begins = cursor.take(node.size, node.path)
            sizes = np.full(len(begins), node.size, np.int64)
            filling.put(node.column, cursor.slots, views_of(cursor.arena, begins, sizes))
        case Kind.BYTES:
            _bytes(node, cursor, filling)


def _bytes(node: Leaf, cursor: Cursor, filling: Filling) -> None:
    sizes = cursor.numbers(LONG_BYTES, node.path)
    kept = cursor.drop((sizes < 0) | (sizes > cursor.ends - cursor.at), codes.BAD_LENGTH, node.path)
    sizes = sizes if kept is None else sizes[kept]
    begins = cursor.take(sizes, node.path)
    views = views_of(cursor.arena, begins, sizes)
    bad = not_utf8(cursor.arena, begins, sizes, views) if node.text else None
    kept = None if bad is None else cursor.drop(bad, codes.BAD_UTF8, node.path)
    filling.put(node.column, cursor.slots, views if kept is None else views[kept])
