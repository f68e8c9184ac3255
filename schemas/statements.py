"""What an event says about whom, as its schema declares it: the attributes `people` and `states` of the .avsc.

    "people": "content.anggota",
    "states": {
      "listing": {"no_kk": "content.no_kk", "hubungan": "content.anggota.hubungan"},
      "residence": {"kelurahan": "content.kelurahan", "alamat": "content.alamat", "fase": {"is": "MENETAP"}},
      "household": {"when": "content.perumahan", "luas_lantai": "content.perumahan.luas_lantai"}
    }

`people`: the NIK, or the list whose items have a `nik`. `states`: group of the fact -> its fields, each with the
field of the event that it is taken from, or with {"is": value}. "*" takes every field of a record by its own name.
`when`: the nullable record without which the group is not stated. A list of the group is taken from a list of the
event with items of the same fields, and may be left out if it has a default. Who may state a group is read from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas.codes import GROUPS
from schemas.columnar.plan import ROOT, Table, plan_of
from schemas.fields import Field, fields_of

if TYPE_CHECKING:
    from schemas.registry import Contract

CONTENT = "content"
WHEN, EVERY, IS = "when", "*", "is"  # words that no field of a group has as its name
# Producers have codes in events and numbers in facts: field of an item of the event -> of the fact.
NUMBERED = {"producer": "producer_number"}


@dataclass(frozen=True)
class Constant:
    """What every event of a type says alike."""

    value: bool | int | str


@dataclass(frozen=True)
class Stated:
    """One group of the facts of an event type."""

    group: str
    fields: Mapping[str, "str | Constant"]  # field of the group -> path in the event
    arrays: Mapping[str, str]  # array of the group -> array of the event
    when: str | None  # stated only where this record is there; None: always


@dataclass(frozen=True)
class Said:
    """What one event type says: about whom, and which groups."""

    people: str  # the path of a NIK, or of the list whose items have a `nik`
    many: bool  # a list
    groups: tuple[Stated, ...]


@cache
def said_by(event: "Contract", fact: "Contract") -> Said:
    """What the events of a contract say, checked against the event and against the fact.

    Raises ValueError that names the file and the place: for paths that are not in the event, groups and fields
    that are not in the fact, fields that are left out though they may not be null, and types that do not fit.
    """
    return _Reader(event, fact).said()


class _Reader:
    def __init__(self, event: "Contract", fact: "Contract") -> None:
        self.file = f"events/{event.name}.avsc"
        self.event = event
        self.tables: Mapping[str, Table] = plan_of(event).tables
        self.given = fields_of(event)
        self.fact = fact
        self.targets: Mapping[str, Table] = plan_of(fact).tables
        self.wanted = fields_of(fact)
        self.many = event.people in self.tables

    def said(self) -> Said:
        people = self.event.people
        names = self.tables[people].schema if self.many else self.tables[ROOT].schema
        if not people or (("nik" if self.many else people) not in names):
            raise ValueError(
                f"{self.file}: people: {people!r} is neither a NIK of the content nor a list whose items have a "
                '`nik`: write for example "people": "content.nik"'
            )
        if not self.event.states:
            raise ValueError(
                f'{self.file}: states: say what the event states, for example "states": {{"work": {{"kategori": '
                '"content.kategori"}}; schemas/statements.py explains it'
            )
        return Said(people, self.many, tuple(self._group(group, it) for group, it in self.event.states.items()))

    def _group(self, group: str, told: Mapping[str, Any]) -> Stated:
        place = f"{self.file}: states.{group}"
        fields = {name.removeprefix(f"{group}.") for name in self.targets[ROOT].schema if name.startswith(f"{group}.")}
        arrays = {name.removeprefix(f"{group}.") for name in self.targets if name.startswith(f"{group}.")}
        if group not in GROUPS or not (fields or arrays):
            known = [it for it in GROUPS if it in self.targets[ROOT].presence]
            raise ValueError(
                f"{place}: there is no such group in schemas/records/fact.avsc. Known: {', '.join(known)}. "
                "A new group is more than data: see docs/how-to/event-type.md"
            )
        when = told.get(WHEN)
        if when is not None and when not in self.tables[ROOT].presence:
            raise ValueError(f"{place}.{WHEN}: {when!r} is no record of the event that may be null")
        sources = self._sources(place, told)
        if strange := sorted(set(sources) - fields - arrays):
            raise ValueError(
                f"{place}: {', '.join(strange)} is no field of this group. Known: {', '.join(sorted(fields | arrays))}"
            )
        taken = {name: source for name, source in sources.items() if name in fields}
        for name, source in taken.items():
            self._check(f"{place}.{name}", source, f"{group}.{name}", when)
        for name in sorted(fields - set(taken)):
            if not self._may_be_null(f"{group}.{name}"):
                raise ValueError(
                    f"{place}.{name}: is left out, but a group is stated whole: say where it is taken from"
                )
        lists = sorted(arrays - (self._may_be_empty(group) - set(sources)))
        return Stated(group, taken, {name: self._array(place, group, name, sources) for name in lists}, when)

    def _sources(self, place: str, told: Mapping[str, Any]) -> dict[str, "str | Constant"]:
        """Field -> source, with "*" written out."""
        sources: dict[str, str | Constant] = {}
        for name, source in told.items():
            if name == EVERY:
                inside = f"{source}."
                found = [it for it in self.tables[ROOT].schema if it.startswith(inside)]
                if not found:
                    raise ValueError(f"{place}.{EVERY}: {source!r} is no record of the event")
                sources |= {it.removeprefix(inside): it for it in found}
            elif isinstance(source, Mapping):
                if set(source) != {IS} or not isinstance(source[IS], bool | int | str):
                    raise ValueError(f'{place}.{name}: write {{"is": VALUE}} for what every event says alike')
                sources[name] = Constant(source[IS])
            elif name != WHEN:
                sources[name] = source
        return sources

    def _check(self, place: str, source: "str | Constant", target: str, when: str | None) -> None:
        wanted = self.targets[ROOT].schema[target]
        if isinstance(source, Constant):
            if not _holds(wanted, source.value):
                raise ValueError(f"{place}: {source.value!r} is no {_named(wanted)}, as {target} of the fact asks for")
            return
        field, given = self._field(place, source)
        if not _fits(given, wanted):
            raise ValueError(
                f"{place}: {source} is {_named(given)}, but {target} of the fact is {_named(wanted)}: "
                "give the event's field that type"
            )
        missing = [it for it in field.nullable if it not in (CONTENT, when)]
        if missing and not self._may_be_null(target):
            raise ValueError(
                f"{place}: {missing[0]} may be null, but {target} of the fact may not: make it a field that must be "
                f'there, or add "{WHEN}" with the record that may be missing'
            )

    def _field(self, place: str, source: str) -> tuple[Field, pl.DataType]:
        """The field of the event that a path names, and its type. Raises ValueError when there is none."""
        table, column = ROOT, source
        if self.many and source.startswith(f"{self.event.people}."):
            table, column = self.event.people, source.removeprefix(f"{self.event.people}.")
        if column not in self.tables[table].schema or column in self.tables[table].presence:
            known = [it for it in self.tables[ROOT].schema if it.startswith(f"{CONTENT}.")]
            known += [f"{self.event.people}.{it}" for it in self.tables[self.event.people].schema] if self.many else []
            raise ValueError(f"{place}: {source!r} is no field of the event. Known: {', '.join(known)}")
        return self.given[table, column], self.tables[table].schema[column]

    def _array(self, place: str, group: str, name: str, sources: Mapping[str, "str | Constant"]) -> str:
        source = sources.get(name)
        if not isinstance(source, str) or source not in self.tables:
            raise ValueError(f"{place}.{name}: name the list of the event from which it is taken")
        given = {NUMBERED.get(column, column): dtype for column, dtype in self.tables[source].schema.items()}
        wanted = self.targets[f"{group}.{name}"].schema
        fits = (column in NUMBERED.values() or _fits(given[column], wanted[column]) for column in wanted)
        if given.keys() != wanted.keys() or not all(fits):
            raise ValueError(f"{place}.{name}: the items of {source} have other fields than those of the fact")
        return source

    def _may_be_empty(self, group: str) -> set[str]:
        """Arrays of a group that have a default: an event may leave them out."""
        fields = next(it for it in self.fact.schema["fields"] if it["name"] == group)["type"][1]["fields"]
        return {it["name"] for it in fields if isinstance(it["type"], Mapping) and "default" in it}

    def _may_be_null(self, target: str) -> bool:
        return len(self.wanted[ROOT, target].nullable) > 1  # the group itself is the first


def _holds(wanted: pl.DataType, value: bool | int | str) -> bool:
    if isinstance(wanted, pl.Enum):
        return value in wanted.categories.to_list()
    kinds = {pl.Boolean(): bool, pl.String(): str, pl.Int32(): int, pl.Int64(): int}
    return type(value) is kinds.get(wanted)


def _fits(given: pl.DataType, wanted: pl.DataType) -> bool:
    if isinstance(given, pl.Enum) and isinstance(wanted, pl.Enum):
        return set(given.categories) <= set(wanted.categories)
    return given == wanted or (given == pl.Int32() and wanted == pl.Int64())


def _named(dtype: pl.DataType) -> str:
    """A type as the schemas name it."""
    if isinstance(dtype, pl.Enum):
        return f"one of {', '.join(dtype.categories)}"
    names = {pl.Int32(): "int", pl.Int64(): "long", pl.String(): "string", pl.Boolean(): "boolean", pl.Date(): "date"}
    return names.get(dtype, str(dtype))
