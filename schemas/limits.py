"""What a field of one event type must be, as its schema declares it: the attribute `limit` of a field of the .avsc.

    {"name": "berlaku_bulan", "type": "int", "limit": {"values": [1, 12], "code": "VALIDITY_MONTHS"}, "doc": "..."}

`values`: [least, most] of an int or a long. `characters`: [least, most] of a string. `pattern`: a regular expression
that the whole of a string matches. `equals`: the date that a date must be, for example effective_on. An event with
another value is refused with the code, whose sentences stand in refusals.yaml. What a name means in every event (nik,
no_kk, kelurahan, ...) is checked by streams/door/fields.py, without a limit.
"""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl
from polars.exceptions import PolarsError

from schemas.columnar.plan import ROOT, plan_of
from schemas.fields import fields_of
from schemas.yaml_text import read_yaml

if TYPE_CHECKING:
    from schemas.registry import Contract

CODE = "code"
# Kind of limit -> the types that it is for.
KINDS: Mapping[str, tuple[pl.DataType, ...]] = {
    "values": (pl.Int32(), pl.Int64()),
    "characters": (pl.String(),),
    "pattern": (pl.String(),),
    "equals": (pl.Date(),),
}
BOUNDS = ("values", "characters")
FILLED_IN = {"field", "value"}


@dataclass(frozen=True)
class Refusal:
    """Why an event is refused: a stable code, with a sentence in Indonesian and one in English."""

    name: str
    indonesian: str
    english: str


@dataclass(frozen=True)
class Limit:
    """What one column must be."""

    table: str  # ROOT, or the path of the list in whose items it stands
    column: str
    kind: str  # of KINDS
    wanted: Any  # values, characters: (least, most); pattern: text; equals: column of the event
    refusal: Refusal


def read_refusals(path: Path) -> Mapping[str, Refusal]:
    """The codes of refusals.yaml. Raises ValueError for one whose sentences cannot be filled in, or are missing."""
    found = {}
    for code, text in (read_yaml(path.read_text(encoding="utf-8"))["refusals"] or {}).items():
        place = f"{path.name}: {code}"
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", str(code)):
            raise ValueError(f"{place}: a code is written in capitals, like VALIDITY_MONTHS")
        if not isinstance(text, Mapping) or set(text) != {"id", "en"} or not all(text.values()):
            raise ValueError(f"{place}: write one sentence in Indonesian (id) and one in English (en)")
        for language, sentence in text.items():
            if not {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None} <= FILLED_IN:
                raise ValueError(f"{place}.{language}: only {{field}} and {{value}} are filled in")
        found[str(code)] = Refusal(str(code), text["id"], text["en"])
    return MappingProxyType(found)


@cache
def _declared(contract: "Contract") -> tuple[tuple[str, str, Mapping[str, Any]], ...]:
    return tuple((*place, it.schema["limit"]) for place, it in fields_of(contract).items() if "limit" in it.schema)


def limits_of(contract: "Contract", refusals: Mapping[str, Refusal]) -> list[Limit]:
    """The limits of an event type's fields. Raises ValueError that names the file and the field."""
    return [_limit(contract, refusals, table, column, told) for table, column, told in _declared(contract)]


def _limit(
    contract: "Contract", refusals: Mapping[str, Refusal], table: str, column: str, told: Mapping[str, Any]
) -> Limit:
    place = f"events/{contract.name}.avsc: {f'{table}.' if table else ''}{column}: limit"
    kinds = [kind for kind in told if kind in KINDS]
    if len(kinds) != 1 or set(told) != {kinds[0], CODE}:
        raise ValueError(f"{place}: write one of {', '.join(KINDS)}, and {CODE}; nothing else")
    (kind,), tables = kinds, plan_of(contract).tables
    dtype, wanted = tables[table].schema[column], told[kind]
    if dtype not in KINDS[kind]:
        raise ValueError(f"{place}: {kind} is not for a field of this type")
    if kind in BOUNDS and not (_two_numbers(wanted) and wanted[0] <= wanted[1]):
        raise ValueError(f"{place}: {kind} takes [least, most], not {wanted!r}")
    if kind == "pattern" and not _compiles(wanted):
        raise ValueError(f"{place}: {wanted!r} is no regular expression")
    if kind == "equals" and (table != ROOT or tables[ROOT].schema.get(wanted) != pl.Date()):
        raise ValueError(f"{place}: {wanted!r} is no date of the event, or the field stands in a list")
    if told[CODE] not in refusals:
        raise ValueError(f"{place}: the code {told[CODE]} has no sentences: write them in schemas/refusals.yaml")
    return Limit(table, column, kind, tuple(wanted) if kind in BOUNDS else wanted, refusals[told[CODE]])


def _two_numbers(value: Any) -> bool:
    return isinstance(value, list) and [type(it) for it in value] == [int, int]


def _compiles(pattern: Any) -> bool:
    try:
        return isinstance(pattern, str) and pl.Series([""]).str.contains(pattern).len() == 1
    except PolarsError:
        return False
