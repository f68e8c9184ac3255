"""Every schema by name and by fingerprint, and every producer by code and by number."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from schemas.canonical import canonical_form, fingerprint
from schemas.framing import header_of
from schemas.limits import Refusal, limits_of, read_refusals
from schemas.statements import said_by
from schemas.yaml_text import read_yaml

ROOT = Path(__file__).parent
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Contract:
    """One version of a schema. Contracts are compared by identity: there is one per fingerprint and process."""

    name: str  # the newest version's file stem, for example kartu_keluarga
    schema: Mapping[str, Any]  # as parsed from the .avsc file
    fingerprint: int  # CRC-64-AVRO of the parsing canonical form
    header: bytes  # the ten bytes in front of every value
    topic: str | None  # without realm; None where a record rides in several topics
    topic_number: int | None  # events only; never reused
    event_type: str | None  # events only
    people: str = ""  # events only: the NIK of which it speaks, or the list of them (schemas/statements.py)
    states: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # events only: the groups that its producers may state, and how
    version: int = 1  # counted from 1
    older: tuple["Contract", ...] = ()  # the versions before, if this is the newest: the first one first

    @property
    def groups(self) -> tuple[str, ...]:
        """Events only: what its producers may state."""
        return tuple(self.states)

    @property
    def versions(self) -> tuple["Contract", ...]:
        """Every version that a reader of the newest must know: the first one first, the newest last."""
        return (*self.older, self)


@dataclass(frozen=True)
class Producer:
    """Somebody who may send events."""

    number: int  # u16; part of every fact's key
    code: str
    name: str
    authority: int  # may correct its own events and those of smaller authority
    events: frozenset[str]  # event types it may send


@dataclass(frozen=True, eq=False)
class Contracts:
    """All contracts and producers of this release. Compared by identity: there is one per process."""

    by_name: Mapping[str, Contract]  # the newest version of each
    by_fingerprint: Mapping[int, Contract]  # every version
    by_confluent_id: Mapping[int, Contract]  # every version of events, by the numbers of confluent.yaml
    events: tuple[Contract, ...]  # the newest versions, by topic number
    records: tuple[Contract, ...]  # the newest versions, by name
    producers_by_code: Mapping[str, Producer]
    producers_by_number: Mapping[int, Producer]
    payers: Mapping[str, str]  # names by code, in the order of payers.yaml
    refusals: Mapping[str, Refusal]  # of single event types, by code: refusals.yaml


class ContractsError(ValueError):
    """The files of `schemas/` do not hold together. The message names the file, the place in it, and what to do."""


@cache
def contracts() -> Contracts:
    """The contracts of this release, read and checked once per process. Raises ContractsError."""
    try:
        return read_contracts(ROOT)
    except (ValueError, yaml.YAMLError) as error:
        raise ContractsError(f"schemas/ cannot be used. {error}") from error


def read_contracts(root: Path) -> Contracts:
    """The contracts of a folder like `schemas/`, checked.

    The newest version of a schema is `events/NAME.avsc` (or `records/`), the ones before it
    `events/versions/NAME-1.avsc`, `-2` and so on, all with the same topic. Raises ValueError when two schemas
    or producers share what must be their own, when one names an event type that does not exist, when an event
    states what the fact has no place for, and for versions that are not numbered as said.
    """
    events = sorted(_read_folder(root / "events"), key=lambda it: it.topic_number or 0)
    records = sorted(_read_folder(root / "records"), key=lambda it: it.name)
    everything = [*events, *records]
    _refuse_doubles("topic number", [it.topic_number for it in events])
    _refuse_doubles("topic", [it.topic for it in events])
    refusals = read_refusals(root / "refusals.yaml")
    for event in events:
        if event.event_type != event.name or event.topic_number is None or event.topic is None:
            raise ValueError(
                f"events/{event.name}.avsc: set event_type to the file's name, and a topic and topic_number"
            )
        said_by(event, next(it for it in records if it.name == "fact"))
        limits_of(event, refusals)
    producers = _read_producers(root / "producers.yaml", {event.name for event in events})
    every_version = [version for it in everything for version in it.versions]
    by_fingerprint = _index(every_version, "fingerprint", lambda it: it.fingerprint)
    return Contracts(
        by_name=_index(everything, "schema name", lambda it: it.name),
        by_fingerprint=by_fingerprint,
        by_confluent_id=_read_confluent(root / "confluent.yaml", by_fingerprint),
        events=tuple(events),
        records=tuple(records),
        producers_by_code=_index(producers, "producer code", lambda it: it.code),
        producers_by_number=_index(producers, "producer number", lambda it: it.number),
        payers=_read_payers(root / "payers.yaml"),
        refusals=refusals,
    )


def _read_folder(folder: Path) -> list[Contract]:
    """The newest version of each schema of a folder, with those before it. Raises ValueError for a gap in them."""
    numbered: dict[str, dict[int, Path]] = {}
    for path in (folder / "versions").glob("*.avsc"):
        name, _, number = path.stem.rpartition("-")
        if not number.isdecimal() or not (folder / f"{name}.avsc").exists():
            raise ValueError(
                f"{folder.name}/versions/{path.name}: name it as a schema of {folder.name}/, then -1, -2, ..."
            )
        numbered.setdefault(name, {})[int(number)] = path
    found = []
    for path in folder.glob("*.avsc"):
        before = numbered.get(path.stem, {})
        if sorted(before) != list(range(1, len(before) + 1)):
            raise ValueError(
                f"{folder.name}/versions/ has the versions {sorted(before)} of {path.stem}: number them 1, 2, ... "
                "without a gap; no version is ever taken out"
            )
        older = tuple(_read(before[number], path.stem, number) for number in sorted(before))
        newest = _read(path, path.stem, len(older) + 1, older)
        for version in older:
            if (version.topic, version.topic_number, version.event_type) != (
                newest.topic,
                newest.topic_number,
                newest.event_type,
            ):
                raise ValueError(
                    f"{folder.name}/versions/{path.stem}-{version.version}.avsc has another topic, topic_number or "
                    "event_type than the newest version: a schema stays on its topic; make another schema instead"
                )
        found.append(newest)
    return found


def _read(path: Path, name: str, version: int, older: tuple[Contract, ...] = ()) -> Contract:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValueError(
            f"{path.parent.name}/{path.name} is no JSON at {where} ({error.msg}): mend it there"
        ) from error
    number = fingerprint(canonical_form(schema))
    return Contract(
        name=name,
        schema=schema,
        fingerprint=number,
        header=header_of(number),
        topic=schema.get("topic"),
        topic_number=schema.get("topic_number"),
        event_type=schema.get("event_type"),
        people=schema.get("people", ""),
        states=schema.get("states", {}),
        version=version,
        older=older,
    )


def _read_producers(path: Path, event_types: set[str]) -> list[Producer]:
    document = read_yaml(path.read_text(encoding="utf-8"))
    producers = [Producer(**{**entry, "events": frozenset(entry["events"])}) for entry in document["producers"]]
    for producer in producers:
        if unknown := producer.events - event_types:
            raise ValueError(
                f"producers.yaml: {producer.code} may send {sorted(unknown)}, which have no schema in events/"
            )
        if not 0 < producer.number < 1 << 16:
            raise ValueError(f"producers.yaml: number {producer.number} of {producer.code} is not between 1 and 65535")
    return producers


def _read_confluent(path: Path, by_fingerprint: Mapping[int, Contract]) -> Mapping[int, Contract]:
    """The contracts of events by the numbers of Confluent framing.

    Raises ValueError for a number given twice, for an event's schema with two numbers or none, and for an
    entry that names no schema of this release: numbers are neither reused nor taken out.
    """
    entries = read_yaml(path.read_text(encoding="utf-8"))["schemas"]
    _refuse_doubles("schema id of confluent.yaml", [entry["id"] for entry in entries])
    _refuse_doubles("fingerprint in confluent.yaml", [entry["fingerprint"] for entry in entries])
    found: dict[int, Contract] = {}
    for entry in entries:
        contract = by_fingerprint.get(int(entry["fingerprint"], 16))
        if contract is None or contract.event_type != entry["event"]:
            raise ValueError(
                f"confluent.yaml: schema id {entry['id']} names {entry['event']} with fingerprint "
                f"{entry['fingerprint']}, which is no schema in events/: correct it, and keep every number ever given"
            )
        if not 0 < entry["id"] < 1 << 32:
            raise ValueError(f"confluent.yaml: schema id {entry['id']} is not between 1 and 4294967295")
        found[entry["id"]] = contract
    known = {contract.fingerprint for contract in found.values()}
    for contract in by_fingerprint.values():
        if contract.event_type is not None and contract.fingerprint not in known:
            number = 1000 * contract.version + (contract.topic_number or 0)
            number = number if number not in found else max(found) + 1
            line = f'- {{id: {number}, event: {contract.name}, fingerprint: "{contract.fingerprint:016x}"}}'
            raise ValueError(
                f"confluent.yaml: {contract.name} has no schema id. If its schema stays as it is, add this line:"
                f"  {line}"
            )
    return MappingProxyType(found)


def _read_payers(path: Path) -> Mapping[str, str]:
    document = read_yaml(path.read_text(encoding="utf-8"))
    _refuse_doubles("payer code", [entry["code"] for entry in document["payers"]])
    return MappingProxyType({entry["code"]: entry["name"] for entry in document["payers"]})


def _index(items: Iterable[V], what: str, key: Callable[[V], K]) -> Mapping[K, V]:
    items = list(items)
    _refuse_doubles(what, [key(item) for item in items])
    return MappingProxyType({key(item): item for item in items})


def _refuse_doubles(what: str, values: list[Any]) -> None:
    doubles = sorted({value for value in values if values.count(value) > 1}, key=str)
    if doubles:
        raise ValueError(f"{what} {doubles} is used more than once in schemas/: each needs its own")
