"""The first step of the door: which records can be read at all, by which contract, and whose the others are."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas.columnar.arena import I32, I64, U8, U64, Bool, windows
from schemas.columnar.cursor import BAD_LENGTH, Cursor, Findings
from schemas.columnar.plan import INT_BYTES, LONG_BYTES
from schemas.framing import CONFLUENT_BYTES, HEADER_BYTES, bodies, read_headers, read_schema_ids
from schemas.registry import Contract, Contracts, Producer
from streams.door.batches import REFUSALS, UNKNOWN_PRODUCER, Batch
from streams.door.codes import Code

EVENT_ID_BYTES = 16


@dataclass(frozen=True)
class Framed:
    """The records whose bodies a version of the topic's contract reads, and the refusals of the others."""

    rows: I64  # index in the batch
    writers: I64  # place of each record's schema in the contract's `versions`
    starts: I64
    lengths: I32
    refusals: pl.DataFrame  # REFUSALS


def frame(batch: Batch, contract: Contract, contracts: Contracts) -> Framed:
    """Tell records by their headers: no value, no header, unknown schema, schema of another topic."""
    seen = _headers(batch, contracts)
    writers = np.full(len(batch.starts), -1, np.int64)
    for place, version in enumerate(contract.versions):
        writers[seen.known & (seen.fingerprints == np.uint64(version.fingerprint))] = place
    mine = writers >= 0
    rows = np.flatnonzero(mine)
    starts, lengths = bodies(batch.starts[rows], batch.lengths[rows], seen.sizes[rows])
    if len(rows) == len(mine):
        return Framed(rows, writers[rows], starts, lengths, pl.DataFrame(schema=REFUSALS))
    none = batch.lengths < 0
    no_header = ~none & ~seen.headed & ~seen.numbered
    strange, unnumbered = seen.headed & ~seen.known, seen.numbered & ~seen.known
    parts = [
        _refused(np.flatnonzero(none), Code.NO_VALUE),
        _refused(np.flatnonzero(no_header), Code.NO_HEADER),
        _refused(np.flatnonzero(strange), Code.FINGERPRINT_UNKNOWN, _hexadecimal(seen.fingerprints[strange])),
        _refused(np.flatnonzero(unnumbered), Code.SCHEMA_ID_UNKNOWN, pl.Series(seen.ids[unnumbered]).cast(pl.String)),
    ]
    foreign = seen.known & ~mine
    # A loop over the schemas that came, of which there are at most as many as there are contracts.
    for number in np.unique(seen.fingerprints[foreign]).tolist():
        chosen = np.flatnonzero(foreign & (seen.fingerprints == np.uint64(number)))
        parts.append(_misplaced(batch, chosen, seen.sizes[chosen], contracts.by_fingerprint[number], contracts))
    return Framed(rows, writers[rows], starts, lengths, pl.concat(parts))


@dataclass(frozen=True)
class _Headers:
    """What stands in front of each record of a batch."""

    fingerprints: U64  # of the schema, whichever framing named it; 0 where there is none
    ids: I64  # Confluent framing; -1 elsewhere
    headed: Bool  # single-object framing
    numbered: Bool  # Confluent framing
    known: Bool  # a schema of this release
    sizes: I32  # bytes of the header


def _headers(batch: Batch, contracts: Contracts) -> _Headers:
    fingerprints, headed = read_headers(batch.arena, batch.starts, batch.lengths)
    ids, numbered = read_schema_ids(batch.arena, batch.starts, batch.lengths)
    known = np.isin(fingerprints, np.array(sorted(contracts.by_fingerprint), np.uint64)) & headed
    if numbered.any():
        table = sorted((number, contract.fingerprint) for number, contract in contracts.by_confluent_id.items())
        numbers = np.array([-2, *(number for number, _ in table)], np.int64)  # -2: what no record can have
        named = np.array([0, *(fingerprint for _, fingerprint in table)], np.uint64)
        places = np.minimum(np.searchsorted(numbers, ids), len(numbers) - 1)
        found = numbered & (numbers[places] == ids)
        fingerprints = np.where(found, named[places], fingerprints)
        known |= found
    sizes = np.where(numbered, CONFLUENT_BYTES, HEADER_BYTES).astype(np.int32)
    return _Headers(fingerprints, ids, headed, numbered, known, sizes)


def _misplaced(batch: Batch, rows: I64, sizes: I32, other: Contract, contracts: Contracts) -> pl.DataFrame:
    """Refusals of records that are written by the schema of another topic."""
    if other.event_type is None:
        return _refused(rows, Code.WRONG_TOPIC, other.name)
    known = list(contracts.producers_by_code.values())
    senders = producers_of(batch.arena, *bodies(batch.starts[rows], batch.lengths[rows], sizes), known)
    part = _refused(rows, Code.WRONG_TOPIC, other.name, event_type=other.event_type)
    return part.with_columns(senders.alias("producer"))


def _hexadecimal(numbers: U64) -> pl.Series:
    return pl.Series([f"0x{number:016x}" for number in numbers.tolist()], dtype=pl.String)


def undecoded(
    batch: Batch, framed: Framed, errors: pl.DataFrame, contract: Contract, contracts: Contracts
) -> pl.DataFrame:
    """Refusals (REFUSALS) of records that the codec could not read: columns row, code, field of `errors`."""
    at = errors.get_column("row").to_numpy().astype(np.int64)
    known = list(contracts.producers_by_code.values())
    return errors.select(
        pl.Series("row", framed.rows[at].astype(np.uint32)),
        pl.col("code").replace({BAD_LENGTH: Code.TRUNCATED.name}),
        pl.when(pl.col("field") != "").then("field").alias("field"),
        pl.lit(None, pl.String).alias("masked_value"),
        pl.lit(contract.event_type, pl.String).alias("event_type"),
        producers_of(batch.arena, framed.starts[at], framed.lengths[at], known).alias("producer"),
    )


def producers_of(arena: U8, starts: I64, lengths: I32, known: Collection[Producer]) -> pl.Series:
    """The producer of events that are refused unread, from the beginning that all event types share.

    String, `UNKNOWN_PRODUCER` where it cannot be read or is not registered: what is damaged before
    that point belongs to nobody.
    """
    every = np.arange(len(starts), dtype=np.int64)
    cursor = Cursor(arena, Findings(len(starts)), every, starts.copy(), starts + lengths, every)
    cursor.take(EVENT_ID_BYTES, "event_id")
    cursor.numbers(INT_BYTES, "effective_on")
    cursor.numbers(LONG_BYTES, "recorded_at")
    sizes = cursor.numbers(LONG_BYTES, "producer")
    found = np.zeros(len(starts), np.int64)
    codes = [producer.code for producer in known]
    for place, code in enumerate(codes, start=1):
        name = code.encode()
        fits = (sizes == len(name)) & (cursor.at + len(name) <= cursor.ends)
        fits[fits] = windows(arena, len(name))[cursor.at[fits]] == np.frombuffer(name, f"V{len(name)}")
        found[cursor.rows[fits]] = place
    return pl.Series([UNKNOWN_PRODUCER, *codes])[pl.Series(found, dtype=pl.UInt32)]


def _refused(
    rows: I64, code: Code, shown: "pl.Series | str | None" = None, *, event_type: str | None = None
) -> pl.DataFrame:
    """REFUSALS of these rows; `shown`: the masked value of each, or of all."""
    return pl.DataFrame({"row": rows.astype(np.uint32)}).select(
        "row",
        pl.lit(code.name).alias("code"),
        pl.lit(None, pl.String).alias("field"),
        (shown if isinstance(shown, pl.Series) else pl.lit(shown, pl.String)).alias("masked_value"),
        pl.lit(event_type, pl.String).alias("event_type"),
        pl.lit(UNKNOWN_PRODUCER).alias("producer"),
    )
