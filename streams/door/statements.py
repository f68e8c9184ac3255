"""Who states what: for each event type, the people it speaks of and the groups of facts it states about them.

What an event type says stands in its schema (`schemas.statements`); here it becomes expressions over columns. A new
event type needs no line here: docs/how-to/event-type.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from schemas.registry import Contract, Contracts
from schemas.statements import Constant, Said, Stated, said_by


@dataclass(frozen=True)
class Statement:
    """One group of the facts of an event: whole or not at all.

    Expressions are over one row per (event, NIK): the event's columns, and the columns of the item of
    the list in which the NIK stands.
    """

    group: str
    fields: Mapping[str, pl.Expr]  # field of the group -> its value
    when: pl.Expr | None = None  # stated only where true; None: always
    arrays: Mapping[str, str] = field(default_factory=dict)  # array of the group -> array of the event

    def present(self) -> pl.Expr:
        """Where the group is stated."""
        return pl.lit(value=True) if self.when is None else self.when


@dataclass(frozen=True)
class Testimony:
    """What one event type says."""

    people: str  # the column of the NIK, or the path of the array whose items have a `nik`
    many: bool  # an array: an event may speak of several people
    statements: tuple[Statement, ...]

    def columns(self) -> list[str]:
        """The columns of events and items that the statements read."""
        expressions = [each for it in self.statements for each in (*it.fields.values(), it.present())]
        return sorted({name for each in expressions for name in each.meta.root_names()})


@lru_cache(maxsize=64)  # more than there are event types; the contracts are one object per process
def testimony_of(contract: Contract, contracts: Contracts) -> Testimony:
    """What the events of a contract say. Raises ValueError where its schema says what cannot be."""
    said = said_by(contract, contracts.by_name["fact"])
    return Testimony(said.people, said.many, tuple(_statement(each, said) for each in said.groups))


def _statement(stated: Stated, said: Said) -> Statement:
    fields = {name: _value(source, said) for name, source in stated.fields.items()}
    return Statement(stated.group, fields, None if stated.when is None else pl.col(stated.when), stated.arrays)


def _value(source: str | Constant, said: Said) -> pl.Expr:
    if isinstance(source, Constant):
        return pl.lit(source.value)
    # Columns of items are named without the list in which they stand.
    return pl.col(source.removeprefix(f"{said.people}.") if said.many else source)
