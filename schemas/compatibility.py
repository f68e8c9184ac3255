"""Whether the versions of a contract can read one another: FULL_TRANSITIVE, that is, each of them every other one.

The official library judges, and the columns, which must be able to read each pair as well. Columns are asked first:
what the library says of a field within a nullable record is little.
"""

import json
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import Any

import avro.schema
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

from schemas.canonical import canonical_form
from schemas.columnar.plan import plan_of
from schemas.columnar.resolve import resolution_of
from schemas.registry import Contract

# How many fields at the beginning are read at constant places, before the schema is known: by the door, to find the
# producer of an event that cannot be read, and by the register, which does not decode facts.
FIRST_OF_EVENTS, FIRST_OF_FACTS = 4, 4


def refusals(contract: Contract) -> list[str]:
    """Why the versions of a contract may not stand side by side: sentences that say what to change."""
    return [
        sentence
        for writer, reader in permutations(contract.versions, 2)
        for sentence in (*_beginnings(writer, reader), *_unreadable(writer, reader))
    ]


def _unreadable(writer: Contract, reader: Contract) -> Iterator[str]:
    """What columns cannot read of a pair, or else the official library; nothing if both can."""
    if _in_columns(reader) and _in_columns(writer):
        try:
            resolution_of(writer, reader)
        except ValueError as error:
            yield str(error)
            return
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
    judged = checker.get_compatibility(_parsed(reader), _parsed(writer))
    if judged.compatibility is not SchemaCompatibilityType.compatible:
        what, where = (", ".join(sorted(each)) for each in (judged.messages, judged.locations))
        yield (
            f"{reader.name}: version {reader.version} cannot read version {writer.version}: {what or 'they differ'} at "
            f"{where}: undo this change, or add a field of another name with a default instead"
        )


def _beginnings(writer: Contract, reader: Contract) -> Iterator[str]:
    first = FIRST_OF_EVENTS if reader.event_type is not None else FIRST_OF_FACTS if reader.name == "fact" else 0
    if first and _first(writer, first) != _first(reader, first):
        yield (
            f"{reader.name}: the first {first} fields of version {reader.version} are not those of version "
            f"{writer.version}: they are read at constant places, so put new fields behind them"
        )


def _first(contract: Contract, fields: int) -> str:
    """The canonical form of the first fields of a record."""
    return canonical_form({**contract.schema, "fields": contract.schema["fields"][:fields]})


def _in_columns(contract: Contract) -> bool:
    """Whether columns can hold the schema at all; a report has a map, which they can't."""
    try:
        plan_of(contract)
    except ValueError:
        return False
    return True


@cache
def _parsed(contract: Contract) -> Any:
    return avro.schema.parse(json.dumps(contract.schema))
