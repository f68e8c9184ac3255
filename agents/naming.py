"""How an event is named wherever people or programs read it: PRODUCER/UUID, as its producer knows it."""

import uuid

import polars as pl

from schemas.registry import contracts

PRODUCER_BYTES = 2
# Where the hyphens of a UUID stand, in hexadecimal digits behind the producer's number.
PARTS = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))


def event_name(cause: bytes) -> str:
    """`cause`: producer number (u16, big endian) and event id, as facts, answers and changes hold it.

    A producer that a newer register knows and this release does not is named by its number, in hexadecimal.
    """
    number = int.from_bytes(cause[:PRODUCER_BYTES])
    producer = contracts().producers_by_number.get(number)
    return f"{producer.code if producer else f'{number:04x}'}/{uuid.UUID(bytes=cause[PRODUCER_BYTES:])}"


def event_names(cause: pl.Expr) -> pl.Expr:
    """`event_name` in columns: Binary(18) -> String."""
    digits = cause.bin.encode("hex")
    numbers = {f"{number:04x}": it.code for number, it in contracts().producers_by_number.items()}
    begin = 2 * PRODUCER_BYTES
    number = digits.str.head(begin)
    producer = number.replace_strict(numbers, default=number, return_dtype=pl.String)
    parts = [digits.str.slice(begin + place, length) for place, length in PARTS]
    return pl.concat_str(producer, pl.concat_str(parts, separator="-"), separator="/")
