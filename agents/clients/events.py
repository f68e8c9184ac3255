"""Events ready to be sent: id, bytes, key and headers, and the door's own verdict on them before they leave.

A record is a mapping with the fields of its schema (`content`, `effective_on`, `recorded_at`, `office`; for
corrections also `kind` and `corrects`), written with Python's types or as JSON writes them. What may be left
out: `event_id`, `producer` (the client's), `kind` (STATE), and what the schema lets be null.
"""

import datetime as dt
import hashlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.clients.cloudevents import TYPE_PREFIX, headers_of
from agents.clients.fitting import Fault, fit
from agents.errors import OperatorError
from schemas.codes import GROUPS
from schemas.columnar import decode
from schemas.columnar.arena import join
from schemas.framing import bodies
from schemas.registry import Contract, contracts
from schemas.slow import encode_one
from streams.door import DoorResult, Profile, open_batch

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)
LAST_MS = (1 << 48) - 1  # a UUIDv7 has 48 bits for its milliseconds
KeyOf = Callable[[Mapping[str, Any]], bytes]  # of a record as the schema has it


@dataclass(frozen=True)
class Event:
    """One event that the door would take."""

    record: int  # which of those given, from 1
    event_id: uuid.UUID
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


@dataclass(frozen=True)
class Refusal:
    """One record that is not sent, and why: code, field and sentences as the door gives them."""

    record: int  # which of those given, from 1
    event_id: uuid.UUID | None  # None: it could not be written
    code: str
    field: str | None
    masked_value: str | None
    sentence_id: str
    sentence_en: str


@dataclass(frozen=True)
class Checked:
    """Every record given is in one of the two."""

    good: list[Event]
    refused: list[Refusal]


def contract_of(event_type: str) -> Contract:
    """The contract of an event type. Raises OperatorError for a name that is none."""
    known = {event.name: event for event in contracts().events}
    if event_type not in known:
        raise OperatorError(f"There is no event type {event_type!r}; known are {', '.join(sorted(known))}.")
    return known[event_type]


def check(
    event_type: str,
    records: Sequence[Any],
    *,
    producer: str | None = None,
    profile: Profile = "simulation",
    key: KeyOf | None = None,
    now_ms: int | None = None,
) -> Checked:
    """Write records as events of a type, and ask the door what it would say if it got them now.

    `producer`: the sender of records that name none. `key`: by default the first NIK of the event.
    `now_ms`: the time of receipt, by default this machine's. Nothing is sent. Raises OperatorError for an
    unknown event type; what is wrong with a record stands in `Checked.refused`.
    """
    contract = contract_of(event_type)
    events: list[Event] = []
    refused: list[Refusal] = []
    for number, record in enumerate(records, start=1):
        try:
            events.append(_event(contract, number, record, producer, key))
        except Fault as fault:
            said = (fault.sentence("id"), fault.sentence("en"))
            refused.append(Refusal(number, None, fault.code.name, fault.field, fault.shown, *said))
    rejected = verdicts(contract, [event.value for event in events], profile=profile, now_ms=now_ms)
    names = ("code", "field", "masked_value", "sentence_id", "sentence_en")
    for row, said_of in rejected.items():
        event = events[row]
        refused.append(Refusal(event.record, event.event_id, *(said_of[name] for name in names)))
    good = [event for row, event in enumerate(events) if row not in rejected]
    return Checked(good, sorted(refused, key=lambda it: it.record))


def verdicts(
    contract: Contract, values: Sequence[bytes | None], *, profile: Profile, now_ms: int | None = None
) -> dict[int, dict[str, Any]]:
    """What the door refuses of these values of the contract's topic: index -> columns of the record `rejected`."""
    if not values:
        return {}
    rejected = _opened(contract, values, profile, now_ms).rejected
    return {int(row["row"]): row for row in rejected.to_dicts()}


def facts_of(
    event_type: str, events: Sequence[Event], *, profile: Profile = "simulation", now_ms: int | None = None
) -> dict[int, dict[str, dict[str, Any]]]:
    """What the register would keep of good events: record -> NIK -> field of the fact -> value; no nulls, no lists."""
    if not events:
        return {}
    facts = _opened(contract_of(event_type), [event.value for event in events], profile, now_ms).facts
    contract = contracts().by_name["fact"]
    frame = decode(contract, facts.values.arena, *bodies(facts.values.starts, facts.values.lengths)).frame
    fields = [name for name in frame.columns if name.partition(".")[0] in GROUPS and "." in name]
    kept: dict[int, dict[str, dict[str, Any]]] = {event.record: {} for event in events}
    rows = frame.select(fields).to_dicts()
    for number, nik, row in zip(facts.input_row.tolist(), facts.keys().to_list(), rows, strict=True):
        kept[events[number].record][nik.decode()] = {name: value for name, value in row.items() if value is not None}
    return kept


def _opened(contract: Contract, values: Sequence[bytes | None], profile: Profile, now_ms: int | None) -> DoorResult:
    spans = join([value or b"" for value in values])
    received = int(time.time() * 1000) if now_ms is None else now_ms
    return open_batch(
        str(contract.topic),
        spans.arena,
        spans.starts,
        np.where([value is None for value in values], -1, spans.lengths).astype(np.int32),
        np.arange(len(values), dtype=np.int64),
        np.full(len(values), received, np.int64),
        0,
        profile=profile,
        contracts=contracts(),
    )


def _event(contract: Contract, number: int, record: Any, producer: str | None, key: KeyOf | None) -> Event:
    fitted = fit(contract, _filled(record, producer))
    if record.get("event_id") is None:
        fitted["event_id"] = event_id_of(contract, fitted).bytes
    name = uuid.UUID(bytes=fitted["event_id"])
    headers = headers_of(
        {
            "ce_id": str(name),
            "ce_source": f"urn:dtsen:{fitted['producer']}:{fitted['office']}",
            "ce_type": f"{TYPE_PREFIX}{contract.event_type}",
            "ce_time": fitted["recorded_at"].replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z",
        }
    )
    return Event(number, name, (key or _first_nik(contract))(fitted), encode_one(contract, fitted), headers)


def _filled(record: Any, producer: str | None) -> Any:
    """The record with what its sender may leave out; a placeholder for an id that is still to be made."""
    if not isinstance(record, Mapping):
        return record
    filled = {"kind": "STATE", **record}
    if filled.get("producer") is None:
        filled["producer"] = producer
    if filled.get("event_id") is None:
        filled["event_id"] = bytes(16)
    corrects = filled.get("corrects")
    if isinstance(corrects, Mapping):
        filled["corrects"] = {"producer": filled["producer"], **corrects}
    return filled


def event_id_of(contract: Contract, record: Mapping[str, Any]) -> uuid.UUID:
    """A UUIDv7 (RFC 9562): the milliseconds of `recorded_at`, and 74 bits that depend on all that the event says.

    So the same record sent again has the same id, and the register takes it for what it is: a repetition.
    Two events that differ in anything have different ids.
    """
    milliseconds = min(max((record["recorded_at"] - EPOCH) // MILLISECOND, 0), LAST_MS)
    nameless = encode_one(contract, {**record, "event_id": bytes(16)})
    rest = int.from_bytes(hashlib.sha256(nameless).digest()[:10], "big")
    random_a, random_b = rest >> 68, rest & (1 << 62) - 1
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | random_a << 64 | 2 << 62 | random_b)


def _first_nik(contract: Contract) -> KeyOf:
    """The first person of the content, or of what is corrected: one person's events stand in one partition."""
    people = contract.people.rpartition(".")[2]

    def key(record: Mapping[str, Any]) -> bytes:
        content, corrects = record["content"], record["corrects"]
        if content is not None:
            found = content[people] if people == "nik" else next((item["nik"] for item in content[people]), "")
        else:
            found = next(iter(corrects["nik"]), "") if corrects else ""
        return str(found).encode()

    return key
