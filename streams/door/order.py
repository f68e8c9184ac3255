"""The checks of one event type in their stable order.

1. framing and bytes (`streams.door.framing`);
2. the envelope: id, sender, dates, kind; then what is corrected;
3. the fields of the content, in the order of the schema: by their names, then by the limits of the schema;
4. each list of the content: how many items, their fields, the same NIK twice;
5. impossible combinations.
"""

from collections.abc import Collection, Mapping

import polars as pl

from schemas.columnar.plan import ROOT, plan_of
from schemas.limits import Refusal, limits_of
from schemas.registry import Contract, Producer
from streams.door import masking
from streams.door.checks import Check, count_of
from streams.door.codes import Code
from streams.door.combinations import COMBINATIONS
from streams.door.envelope import CORRECTED, MEMBERS_MOST, envelope_checks, repeated
from streams.door.fields import field_checks, limit_check
from streams.door.offices import OFFICE, known_producer, office_checks

EVENTS = ".peristiwa"  # lists of other events that an event is about
EVENTS_MOST = 100  # each is repeated in the fact of each person
RECEIPTS_MOST = 100  # no family receives a hundred programmes; each is repeated in the fact of each member


def checks_of(
    contract: Contract, producers: Collection[Producer], refusals: Mapping[str, Refusal]
) -> tuple[Check, ...]:
    """Every check of a contract's events, the preferred first."""
    tables = plan_of(contract).tables
    content = [column for column in tables[ROOT].schema if column.startswith("content.")]
    lists = [path for path in tables if path not in (ROOT, CORRECTED)]
    limits = {(it.table, it.column): [limit_check(it)] for it in limits_of(contract, refusals)}
    return (
        *envelope_checks(contract.name, producers),
        *(
            check
            for column in content
            for check in (*field_checks(column, column, ROOT), *limits.get((ROOT, column), ()))
        ),
        *(check for path in lists for check in _list_checks(path, list(tables[path].schema), limits, producers)),
        *(office_checks(producers) if OFFICE in content else ()),
        *COMBINATIONS.get(contract.name, ()),
    )


def _list_checks(
    path: str, columns: list[str], limits: Mapping[tuple[str, str], list[Check]], producers: Collection[Producer]
) -> list[Check]:
    count = pl.col(count_of(path))
    shown = masking.number(count)
    inside = [
        check
        for column in columns
        for check in (*field_checks(column, f"{path}.{column}", path), *limits.get((path, column), ()))
    ]
    if "producer" in columns:
        inside.append(known_producer(path, producers))
    if path.endswith(EVENTS):
        too_many = Check(Code.TOO_MANY_EVENTS, path, count > EVENTS_MOST, shown)
        return [Check(Code.NO_EVENTS, path, pl.col("content") & (count == 0), masking.nothing()), too_many, *inside]
    if "nik" not in columns:
        return [Check(Code.TOO_MANY_RECEIPTS, path, count > RECEIPTS_MOST, shown), *inside]
    return [
        Check(Code.NO_MEMBERS, path, pl.col("content") & (count == 0), masking.nothing()),
        Check(Code.TOO_MANY_MEMBERS, path, count > MEMBERS_MOST, shown),
        *inside,
        repeated(f"{path}.nik", path),
    ]
