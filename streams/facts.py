"""Facts: the rows of the register's store as columns, and which of them belong to a quarter.

A row of the store is a key, NIK (16 ASCII digits) + producer number (u16) + event id (16 bytes), and a
value: the fact's offset in `register.facts` (u64), then the Kafka value: header (10) and Avro fact, which
begins with fields at constant places. All numbers in them are big endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from schemas.columnar import decode_versions, writers_of
from schemas.columnar.arena import windows
from schemas.columnar.plan import ROW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.columnar import Decoded
    from schemas.registry import Contract

U8: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

KEY_BYTES = 34
NIK_BYTES = 16
COORDINATE_BYTES = 14
COPY_KEY_BYTES = KEY_BYTES + COORDINATE_BYTES + 8

# places in a value of the store: 8 bytes of offset come before the Kafka value
HEADER_AT = 8
BODY_AT = 18  # the Avro fact; it begins with producer number and event id, as the key ends
COORDINATE_AT = 36
CONTENT_AT = 54  # what the event says about the person: digested with the key

COPIES = {
    "row": pl.UInt32,
    "topic_number": pl.UInt16,
    "partition": pl.UInt32,
    "offset": pl.Int64,
    "facts_offset": pl.Int64,
    "same": pl.Boolean,
}
CUT = {"topic_number": pl.UInt16, "partition": pl.UInt32, "offset": pl.Int64}


@dataclass(frozen=True)
class Rows:
    """Rows of one store in key order: `keys` uint8[N, 34]; values as spans of a padded arena.

    Further copies of the same events: `copy_keys` uint8[M, 56] (row key, coordinate, offset in
    `register.facts`), `copy_values` uint8[M, 5] (place, flag: 1 if the content differs).
    """

    keys: U8
    arena: U8
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]
    copy_keys: U8
    copy_values: U8


def facts_frame(rows: Rows, contract: Contract, authorities: Mapping[int, int]) -> pl.DataFrame:
    """The facts of some rows, in their order.

    Columns: nik String, producer UInt16, authority Int32, facts_offset Int64, topic_number UInt16,
    partition UInt32, offset Int64 (the coordinate of the first copy), then the fact as decoded, with
    producer_number Binary(2) and event_id Binary(16), with its lists as `with_lists` gives them. `authorities`:
    authority by producer number, greater is set above. Facts of all versions of the contract are read, as the
    newest. Raises ValueError for a row that is no fact of this contract, whose key says another event than its
    value, or whose producer is unknown: the store is damaged, or of another version.
    """
    writers = _check(rows, contract)
    lengths = (rows.lengths - BODY_AT).astype(np.int32, copy=False)
    decoded = decode_versions(contract, writers, rows.arena, rows.starts + BODY_AT, lengths)
    if decoded.errors.height:
        row, code, field = decoded.errors.row(0)
        raise ValueError(
            f"{decoded.errors.height} facts of the store cannot be read, the first at row {row} "
            f"({code} in {field}): refill this partition's store from register.facts"
        )
    numbers = rows.keys[:, NIK_BYTES : NIK_BYTES + 2].copy().view(">u2").ravel().astype(np.uint16)
    return pl.DataFrame(
        {
            "nik": _niks(rows.keys),
            "producer": numbers,
            "authority": _authority(numbers, authorities),
            **first_copies(rows).select("facts_offset", "topic_number", "partition", "offset").to_dict(),
        }
    ).hstack(with_lists(decoded))


def with_lists(decoded: Decoded) -> pl.DataFrame:
    """Decoded facts as one frame, without their row numbers: its lists as List columns, null where there is no item."""
    return decoded.frame.drop(ROW).hstack([_listed(*each, decoded.frame) for each in decoded.children.items()])


def _listed(path: str, items: pl.DataFrame, facts: pl.DataFrame) -> pl.Series:
    """The items of one array as a column: List of its items, or of Struct where they are records."""
    fields = [name for name in items.columns if name != ROW]
    item = pl.col(fields[0]) if fields == [path.rpartition(".")[2]] else pl.struct(fields)
    lists = items.group_by(ROW, maintain_order=True).agg(item.alias(path))
    return facts.select(ROW).join(lists, on=ROW, how="left", maintain_order="left").get_column(path)


def copies_frame(rows: Rows) -> pl.DataFrame:
    """The further copies of some rows' facts: columns `COPIES`; `row` counts the rows from 0.

    Raises ValueError for a copy without its row.
    """
    keys, copies = _words(rows.keys), _words(rows.copy_keys[:, :KEY_BYTES])
    places = np.searchsorted(keys, copies)
    found = places < len(keys)
    found[found] = keys[places[found]] == copies[found]
    if not found.all():
        raise ValueError(
            f"{int((~found).sum())} copies belong to no fact of this chunk: pass whole NIK, with facts and "
            "copies of the same range of keys; else refill this partition's store from register.facts"
        )
    flat, begins = rows.copy_keys.ravel(), np.arange(len(copies)) * COPY_KEY_BYTES + KEY_BYTES
    return pl.DataFrame(
        {
            "row": places.astype(np.uint32),
            "topic_number": _numbers(flat, begins, 2).astype(np.uint16),
            "partition": _numbers(flat, begins + 2, 4).astype(np.uint32),
            "offset": _numbers(flat, begins + 6, 8).astype(np.int64),
            "facts_offset": _numbers(flat, begins + COORDINATE_BYTES, 8).astype(np.int64),
            "same": rows.copy_values[:, 4] == 0,
        },
        schema=COPIES,
    )


def first_copies(rows: Rows) -> pl.DataFrame:
    """The copies that the rows themselves hold, without decoding them: columns `COPIES` but for `same`."""
    return pl.DataFrame(
        {
            "row": np.arange(len(rows.starts), dtype=np.uint32),
            "topic_number": _numbers(rows.arena, rows.starts + COORDINATE_AT, 2).astype(np.uint16),
            "partition": _numbers(rows.arena, rows.starts + COORDINATE_AT + 2, 4).astype(np.uint32),
            "offset": _numbers(rows.arena, rows.starts + COORDINATE_AT + 6, 8).astype(np.int64),
            "facts_offset": _numbers(rows.arena, rows.starts, 8).astype(np.int64),
        }
    )


def below(facts: pl.DataFrame, copies: pl.DataFrame, cut: pl.DataFrame, command_offset: int) -> Mask:
    """Which facts belong to the quarter of a cut: bool[N].

    A fact does iff one of its copies lies below the cut (its offset is smaller than the cut's in its topic
    and partition; what the cut doesn't name is not below) and that same copy stands in `register.facts`
    before the run's command. A copy with other content is none (architecture.md 6; invariant 6).
    Columns: `facts` as facts_frame, `copies` as COPIES, `cut` as CUT.
    """
    inside = below_cut(facts, cut, command_offset)
    further = copies.filter(pl.col("same"))
    chosen = further.get_column("row").to_numpy()[below_cut(further, cut, command_offset)]
    inside[chosen] = True
    return inside


def below_cut(copies: pl.DataFrame, cut: pl.DataFrame, command_offset: int) -> Mask:
    """Which single copies lie below a cut and stand in `register.facts` before a command: bool[N].

    Columns of `copies` used: topic_number, partition, offset, facts_offset; `cut` as CUT. Raises ValueError for a cut
    that names a partition twice.
    """
    bounds = cut.sort("topic_number", "partition")
    places = _place(bounds)
    if len(np.unique(places)) != len(places):
        raise ValueError("the cut names a partition twice: one offset per topic number and partition")
    wanted = _place(copies)
    at = np.searchsorted(places, wanted)
    known = at < len(places)
    known[known] = places[at[known]] == wanted[known]
    limits = np.zeros(len(wanted), np.int64)
    limits[known] = bounds.get_column("offset").to_numpy()[at[known]]
    inside: Mask = copies.get_column("offset").to_numpy() < limits
    inside &= copies.get_column("facts_offset").to_numpy() < command_offset
    return inside


def _place(frame: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Topic number and partition as one number."""
    topics = frame.get_column("topic_number").cast(pl.Int64).to_numpy()
    place: npt.NDArray[np.int64] = (topics << 32) | frame.get_column("partition").cast(pl.Int64).to_numpy()
    return place


def _check(rows: Rows, contract: Contract) -> npt.NDArray[np.int64]:
    """Every value long enough, under a header of the contract, and of the event that its key names.

    Returns of each value the place of its schema in the contract's `versions`.
    """
    if len(rows.starts) == 0:
        return np.zeros(0, np.int64)
    if int(rows.lengths.min()) < CONTENT_AT:
        raise ValueError(
            f"row {int(rows.lengths.argmin())} of the store has {int(rows.lengths.min())} bytes, "
            f"a fact has at least {CONTENT_AT}: refill this partition's store from register.facts"
        )
    writers = writers_of(contract, rows.arena, rows.starts + HEADER_AT)
    wrong = writers < 0
    if wrong.any():
        raise ValueError(
            f"{int(wrong.sum())} rows of the store, the first at {int(wrong.argmax())}, are not of the contract "
            f"{contract.name!r}: the store's version does not fit this release; refill it"
        )
    event = rows.keys[:, NIK_BYTES:KEY_BYTES]
    wrong = (_bytes(rows.arena, rows.starts + BODY_AT, event.shape[1]) != event).any(axis=1)
    if wrong.any():
        raise ValueError(
            f"row {int(wrong.argmax())} of the store names another event in its key than in its value: "
            "refill this partition's store from register.facts"
        )
    return writers


def _bytes(arena: U8, starts: npt.NDArray[np.int64], width: int) -> U8:
    """`width` bytes at each start: uint8[N, width]."""
    return windows(arena, width)[starts].view(np.uint8).reshape(len(starts), width)


def _numbers(arena: U8, starts: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.uint64]:
    """Big-endian unsigned numbers of 2, 4 or 8 bytes at each start."""
    if len(starts) == 0:
        return np.zeros(0, np.uint64)
    return _bytes(arena, starts, width).view(f">u{width}").ravel().astype(np.uint64)


def _words(keys: U8) -> npt.NDArray[np.void]:
    """Row keys as one comparable column, ordered as RocksDB orders bytes.

    numpy compares 'S' by bytes but ignores trailing zeros; a last byte of 1 keeps them.
    """
    guarded = np.ones((len(keys), KEY_BYTES + 1), np.uint8)
    guarded[:, :KEY_BYTES] = keys
    return guarded.view(f"S{KEY_BYTES + 1}").ravel()


def _niks(keys: U8) -> pl.Series:
    """The NIK of each key. Raises ValueError unless they are digits: Polars takes bytes as text unseen."""
    digits = np.ascontiguousarray(keys[:, :NIK_BYTES])
    if ((digits < ord("0")) | (digits > ord("9"))).any():
        raise ValueError("a key of the store does not begin with 16 digits: refill this partition's store")
    bounds = np.arange(len(keys) + 1, dtype=np.int64) * NIK_BYTES
    array = pa.Array.from_buffers(pa.large_string(), len(keys), [None, pa.py_buffer(bounds), pa.py_buffer(digits)])
    return pl.Series("nik", array)


def _authority(numbers: npt.NDArray[np.uint16], authorities: Mapping[int, int]) -> npt.NDArray[np.int32]:
    unknown = sorted(set(np.unique(numbers).tolist()) - set(authorities))
    if unknown:
        raise ValueError(f"producers {unknown} are not in schemas/producers.yaml: numbers are never removed")
    table = np.zeros(1 << 16, np.int32)
    for number, authority in authorities.items():
        table[number] = authority
    return table[numbers]
