"""The first step of the door: which records can be read at all, by which contract, and whose the others are."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas.columnar.arena import I32, I64, U8, windows
from schemas.columnar.cursor import BAD_LENGTH, Cursor, Findings
from schemas.columnar.plan import INT_BYTES, LONG_BYTES
from schemas.framing import bodies, read_headers
from schemas.registry import Contract, Contracts, Producer
from streams.door.batches import REFUSALS, UNKNOWN_PRODUCER, Batch
from streams.door.codes import Code

EVENT_ID_BYTES = 16


@dataclass(frozen=True)
class Framed:
    """The records whose bodies the contract of the topic reads, and the refusals of the others."""

    rows: I64  # index in the batch
    starts: I64
    lengths: I32
    refusals: pl.DataFrame  # REFUSALS


def frame(batch: Batch, contract: Contract, contracts: Contracts) -> Framed:
    """Tell records by their headers: no value, no header, unknown fingerprint, schema of another topic."""
    fingerprints, headed = read_headers(batch.arena, batch.starts, batch.lengths)
    mine = headed & (fingerprints == np.uint64(contract.fingerprint))
    rows = np.flatnonzero(mine)
    starts, lengths = bodies(batch.starts[rows], batch.lengths[rows])
    if len(rows) == len(mine):
        return Framed(rows, starts, lengths, pl.DataFrame(schema=REFUSALS))
    none = batch.lengths < 0
    foreign = headed & ~mine
    parts = [_refused(np.flatnonzero(none), Code.NO_VALUE), _refused(np.flatnonzero(~none & ~headed), Code.NO_HEADER)]
    # A loop over the schemas that came, of which there are a handful; unknown ones are told apart to be shown.
    for number in np.unique(fingerprints[foreign]).tolist():
        chosen = np.flatnonzero(foreign & (fingerprints == np.uint64(number)))
        other = contracts.by_fingerprint.get(number)
        if other is None:
            shown = f"0x{number:016x}"
            parts.append(_refused(chosen, Code.FINGERPRINT_UNKNOWN, masked_value=shown))
        elif other.event_type is None:
            parts.append(_refused(chosen, Code.WRONG_TOPIC, masked_value=other.name))
        else:
            known = list(contracts.producers_by_code.values())
            senders = producers_of(batch.arena, *bodies(batch.starts[chosen], batch.lengths[chosen]), known)
            part = _refused(chosen, Code.WRONG_TOPIC, masked_value=other.name, event_type=other.event_type)
            parts.append(part.with_columns(senders.alias("producer")))
    return Framed(rows, starts, lengths, pl.concat(parts))


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


def _refused(rows: I64, code: Code, *, masked_value: str | None = None, event_type: str | None = None) -> pl.DataFrame:
    return pl.DataFrame({"row": rows.astype(np.uint32)}).select(
        "row",
        pl.lit(code.name).alias("code"),
        pl.lit(None, pl.String).alias("field"),
        pl.lit(masked_value, pl.String).alias("masked_value"),
        pl.lit(event_type, pl.String).alias("event_type"),
        pl.lit(UNKNOWN_PRODUCER).alias("producer"),
    )
