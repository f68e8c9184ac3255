"""What every event must be, whatever it says: who sends it, when, of which kind, and what it corrects."""

from collections.abc import Collection

import polars as pl

from schemas.columnar.plan import ROOT
from schemas.registry import Producer
from streams.door import masking
from streams.door.checks import RECEIVED_MS, RECORDED_DAY, REPEATED, Check, count_of, verdict_of
from streams.door.codes import Code
from streams.door.fields import FIRST_DAY, field_checks

# Clocks of offices run ahead; an event that claims to be from later than this is refused (architecture.md 4).
AHEAD_MS = 10 * 60_000
MEMBERS_MOST = 200  # an institution has some hundreds of persons on several cards; a family card has some 30
CORRECTED = "corrects.nik"


def envelope_checks(event_type: str, producers: Collection[Producer]) -> list[Check]:
    """Checks of the envelope of one event type, in order."""
    return [*_sender(event_type, producers), *_dates(), *_kinds(), *_corrected(producers)]


def _sender(event_type: str, producers: Collection[Producer]) -> list[Check]:
    known = [producer.code for producer in producers]
    allowed = [producer.code for producer in producers if event_type in producer.events]
    producer = pl.col("producer")
    return [
        _event_id("event_id"),
        Check(Code.PRODUCER_UNKNOWN, "producer", ~producer.is_in(known), masking.public(producer)),
        Check(Code.PRODUCER_NOT_ALLOWED, "producer", ~producer.is_in(allowed), masking.public(producer)),
    ]


def _event_id(field: str) -> Check:
    shown = masking.personal(pl.col(field).bin.encode("hex"))
    return Check(Code.EVENT_ID, field, pl.col(verdict_of(field)) != 0, shown)


def _dates() -> list[Check]:
    recorded, effective = pl.col("recorded_at"), pl.col("effective_on")
    day = effective.to_physical()
    return [
        Check(
            Code.RECORDED_IN_FUTURE,
            "recorded_at",
            recorded.to_physical() > pl.col(RECEIVED_MS) + AHEAD_MS,
            masking.instant(recorded),
        ),
        Check(Code.EFFECTIVE_AFTER_RECORDED, "effective_on", day > pl.col(RECORDED_DAY), masking.date(effective)),
        Check(Code.EFFECTIVE_TOO_EARLY, "effective_on", day < FIRST_DAY, masking.date(effective)),
    ]


def _kinds() -> list[Check]:
    kind, corrects, content = pl.col("kind").cast(pl.String), pl.col("corrects"), pl.col("content")
    return [
        Check(Code.CORRECTS_UNEXPECTED, "corrects", (kind == "STATE") & corrects, masking.nothing()),
        Check(Code.CORRECTS_MISSING, "corrects", (kind != "STATE") & ~corrects, kind),
        Check(Code.CONTENT_MISSING, "content", (kind != "CANCEL") & ~content, kind),
        Check(Code.CONTENT_UNEXPECTED, "content", (kind == "CANCEL") & content, masking.nothing()),
    ]


def _corrected(producers: Collection[Producer]) -> list[Check]:
    known = [producer.code for producer in producers]
    producer, event = pl.col("corrects.producer"), pl.col("corrects.event_id")
    itself = (event == pl.col("event_id")) & (producer == pl.col("producer"))
    count = pl.col(count_of(CORRECTED))
    none = pl.col("corrects") & (count == 0)
    return [
        Check(
            Code.CORRECTS_PRODUCER_UNKNOWN, "corrects.producer", ~producer.is_in(known), masking.public(producer), ROOT
        ),
        _event_id("corrects.event_id"),
        Check(Code.CORRECTS_ITSELF, "corrects.event_id", itself, masking.nothing()),
        Check(Code.CORRECTS_NO_NIK, CORRECTED, none, masking.nothing()),
        Check(Code.TOO_MANY_MEMBERS, CORRECTED, count > MEMBERS_MOST, masking.number(count)),
        *field_checks("nik", CORRECTED, CORRECTED),
        repeated(CORRECTED, CORRECTED),
    ]


def repeated(field: str, scope: str) -> Check:
    """No NIK stands twice in one list."""
    return Check(Code.DUPLICATE_MEMBER, field, pl.col(REPEATED), masking.personal(pl.col("nik")), scope)
