"""The events behind an answer: what happened, when it became true, was recorded and received, and who said so."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from agents.kenapa.words import WORDS, moment_text
from agents.naming import PRODUCER_BYTES, event_name
from agents.people import WIB
from schemas.registry import contracts
from streams.kenapa.events import OF_A_MEMBER, PRIVATE, event_text
from streams.reasons import day_text, filled
from streams.rules import Text

PRODUCERS = {"legacy": "petugas pemindahan data lama"}  # no office of its own
TIMESTAMP_BYTES = 6  # UUIDv7 begins with milliseconds since 1970


@dataclass(frozen=True)
class ToldEvent:
    """One event. Of another member's private data neither producer nor name is told."""

    cause: bytes
    what: Text
    own: bool
    name: str | None
    producer: str | None
    effective_on: dt.date | None
    recorded_on: dt.date
    received_at: dt.datetime | None  # None: not known, or the topic no longer holds it
    is_new: bool

    def texts(self, *, with_number: bool = True) -> list[Text]:
        """What a person reads of it, sentence by sentence; the first one is what happened."""
        said = [Text(f"{self.what.id}.", f"{self.what.en}.")]
        if self.effective_on is not None:
            said.append(filled(WORDS["true"], hari=day_text(self.effective_on)))
        recorded = day_text(self.recorded_on)
        if self.producer is None:
            said.append(filled(WORDS["recorded_only"], hari=recorded))
        else:
            said.append(filled(WORDS["recorded"], hari=recorded, siapa=Text(self.producer, self.producer)))
        if self.received_at is not None:
            said.append(filled(WORDS["received"], hari=moment_text(self.received_at)))
        if self.is_new:
            said.append(WORDS["fresh"])
        if self.name is not None and with_number:
            said.append(filled(WORDS["number"], nomor=Text(self.name, self.name)))
        return said


def told_events(
    causes: Iterable[bytes],
    nik: str,
    known: pl.DataFrame | None,
    fresh: frozenset[bytes],
    received: Mapping[tuple[int, int, int], dt.datetime],
) -> tuple[ToldEvent, ...]:
    """The events, new ones first, then by when they were recorded. `known`: columns `agents.kenapa.looking.EVENTS`."""
    found = []
    for cause in causes:
        rows = [] if known is None else known.filter(pl.col("cause") == cause).to_dicts()
        number, event_id = int.from_bytes(cause[:PRODUCER_BYTES]), cause[PRODUCER_BYTES:]
        producer = contracts().producers_by_number.get(number)
        # What stands in brackets behind a name says which systems are meant: not for families.
        name = PRODUCERS.get(producer.code, producer.name.partition(" (")[0]) if producer else None
        if not rows:  # of somebody who is not on the card: its id says when it was written down
            written = dt.datetime.fromtimestamp(int.from_bytes(event_id[:TIMESTAMP_BYTES]) / 1000, WIB).date()
            found.append(ToldEvent(cause, OF_A_MEMBER, False, event_name(cause), name, None, written, None, False))
            continue
        own = any(row["nik"] == nik for row in rows)
        row = next((row for row in rows if row["nik"] == nik), rows[0])
        hidden = not own and row["event_type"] in PRIVATE
        found.append(
            ToldEvent(
                cause,
                event_text(row["event_type"], own=own),
                own,
                None if hidden else event_name(cause),
                None if hidden else name,
                None if hidden else row["effective_on"],
                row["recorded_at"].astimezone(WIB).date(),
                received.get((row["topic_number"], row["partition"], row["offset"])),
                cause in fresh,
            )
        )
    return tuple(sorted(found, key=lambda it: (not it.is_new, it.recorded_on, it.cause)))
