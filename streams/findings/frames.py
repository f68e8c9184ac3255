"""Columns of what is found, and texts that name an event or a place."""

from __future__ import annotations

import polars as pl

from schemas.registry import contracts

# A correction whose target is there: not told, but it says that others of its event are people added by it.
FOUND = "FOUND"
# A visit that a decision sets aside and that is there: not told either.
VISIT_FOUND = "VISIT_FOUND"

# Something odd about one event and one person. `topic_number`, `partition`, `offset`: the record that is meant, where
# that is known. `stated`: the event says something about this person itself. Without `nik`: about nobody in particular.
INDICATIONS = pl.Schema(
    {
        "code": pl.String,
        "producer": pl.UInt16,
        "event_id": pl.Binary,
        "event_type": pl.String,
        "nik": pl.String,
        "topic_number": pl.UInt16,
        "partition": pl.UInt32,
        "offset": pl.Int64,
        "about": pl.String,
        "stated": pl.Boolean,
    }
)

_UUID = (slice(0, 8), slice(8, 12), slice(12, 16), slice(16, 20), slice(20, 32))


def no_indications() -> pl.DataFrame:
    """Nothing was found."""
    return pl.DataFrame(schema=INDICATIONS)


def uuid_text(event_id: pl.Expr) -> pl.Expr:
    """16 bytes as a UUID is written."""
    digits = event_id.bin.encode("hex")
    return pl.concat_str([digits.str.slice(it.start, it.stop - it.start) for it in _UUID], separator="-")


def producer_code(number: pl.Expr) -> pl.Expr:
    """The code of a producer by its number; its number, if none has it."""
    codes = {number: it.code for number, it in contracts().producers_by_number.items()}
    return number.cast(pl.Int64).replace_strict(codes, default=number.cast(pl.String), return_dtype=pl.String)


def big_endian(number: pl.Expr) -> pl.Expr:
    """Two bytes, big endian, as a number."""
    return number.bin.reinterpret(dtype=pl.UInt16, endianness="big")


def topic_name(number: pl.Expr) -> pl.Expr:
    """The topic of an event type by its number, without realm."""
    names = {it.topic_number: it.topic for it in contracts().events}
    return number.cast(pl.Int64).replace_strict(names, default=None, return_dtype=pl.String)
