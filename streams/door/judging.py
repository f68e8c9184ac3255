"""All checks over all events at once, and of each refused event the first that it fails."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from schemas.columnar.arena import I32, I64, Bool
from schemas.columnar.plan import ROOT
from schemas.registry import Contracts
from streams.door.batches import REFUSALS, UNKNOWN_PRODUCER
from streams.door.checks import Check
from streams.door.reading import Reading

SHOWN = "door.shown"


def judge(
    reading: Reading, checks: Sequence[Check], event_type: str, contracts: Contracts
) -> tuple[Bool, pl.DataFrame]:
    """Which events pass (bool[G]), and the refusals of the others (REFUSALS)."""
    passed = len(checks)
    first = np.full(reading.frame.height, passed, np.int32)
    masks: dict[int, Bool] = {}
    for scope in sorted({check.scope for check in checks}):
        masks |= _failing(reading, checks, scope, first)
    good = first == passed
    if not masks:
        return good, pl.DataFrame(schema=REFUSALS)
    producers = pl.col("producer")
    known = producers.is_in(list(contracts.producers_by_code))
    parts = [
        events.select(
            pl.Series("row", reading.rows[places].astype(np.uint32)),
            pl.lit(checks[which].code.name).alias("code"),
            pl.lit(checks[which].field).alias("field"),
            shown.alias("masked_value"),
            pl.lit(event_type).alias("event_type"),
            pl.when(known).then(producers).otherwise(pl.lit(UNKNOWN_PRODUCER)).alias("producer"),
        )
        for which in np.unique(first[~good]).tolist()
        for places, events, shown in [_shown(reading, checks[which], masks[which], first == which)]
    ]
    return good, pl.concat(parts)


def _failing(reading: Reading, checks: Sequence[Check], scope: str, first: I32) -> dict[int, Bool]:
    """Masks, over the events or items of a scope, of the checks that fail anywhere; lowers `first` in place."""
    frame = reading.frame if scope == ROOT else reading.children[scope]
    chosen = [which for which, check in enumerate(checks) if check.scope == scope]
    found = frame.select(checks[which].bad.alias(str(which)) for which in chosen)
    # One query tells what fails at all: on the good path nothing more is done.
    failing = found.select(pl.all().any()).row(0) if frame.height else ()
    masks = {
        which: found.get_column(str(which)).fill_null(value=False).to_numpy()
        for which, fails in zip(chosen, failing, strict=False)
        if fails
    }
    for which, mask in masks.items():
        events = np.flatnonzero(mask) if scope == ROOT else reading.owners[scope][mask]
        first[events] = np.minimum(first[events], which)
    return masks


def _shown(reading: Reading, check: Check, mask: Bool, refused: Bool) -> tuple[I64, pl.DataFrame, pl.Series]:
    """The events refused by one check: their places, their rows of the frame, and the masked values."""
    places = np.flatnonzero(refused)
    events = reading.frame[places]
    if check.scope == ROOT:
        return places, events, events.with_columns(check.shown.alias(SHOWN)).get_column(SHOWN)
    owners = reading.owners[check.scope]
    items = np.flatnonzero(mask & refused[owners])
    _, firsts = np.unique(owners[items], return_index=True)  # of each event the first item that fails
    shown = reading.children[check.scope][items[firsts]].with_columns(check.shown.alias(SHOWN)).get_column(SHOWN)
    return places, events, shown
