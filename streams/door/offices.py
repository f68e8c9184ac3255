"""Other offices that an event names: registered ones, and whose results the sender may set aside."""

from collections.abc import Collection

import polars as pl

from schemas.registry import Producer
from streams.door import masking
from streams.door.checks import Check
from streams.door.codes import Code

OFFICE = "content.pengirim"


def office_checks(producers: Collection[Producer]) -> list[Check]:
    """The producer whose officer is judged: registered, and the sender itself or set below it (as for corrections)."""
    office, sender = pl.col(OFFICE), pl.col("producer")
    authority = {each.code: each.authority for each in producers}
    rank, own = (it.replace_strict(authority, default=None, return_dtype=pl.Int32) for it in (office, sender))
    shown = masking.public(office)
    return [
        Check(Code.CORRECTS_PRODUCER_UNKNOWN, OFFICE, ~office.is_in(list(authority)), shown),
        Check(Code.OFFICE_NOT_BELOW, OFFICE, (office != sender) & (rank >= own), shown),
    ]


def known_producer(path: str, producers: Collection[Producer]) -> Check:
    """In the fact, an event that is named has its producer's number: one that is not registered has none."""
    producer = pl.col("producer")
    unknown = ~producer.is_in([each.code for each in producers])
    return Check(Code.CORRECTS_PRODUCER_UNKNOWN, f"{path}.producer", unknown, masking.public(producer), path)
