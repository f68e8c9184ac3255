"""A decoded batch with what the checks need beside it: verdicts of numbers, days, counts of lists."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas.codes import KEPALA_KELUARGA
from schemas.columnar import Decoded
from schemas.columnar.arena import I64, U8, Bool
from schemas.columnar.bridge import to_bytes
from streams.door.checks import HEADS, RECEIVED_MS, RECORDED_DAY, REPEATED, count_of, verdict_of
from streams.door.fields import CARD_FIELDS, NIK_FIELDS
from streams.door.numbers import sorting_keys, verdicts

# Western Indonesia, UTC+7 all year: the calendar of every date in the register.
WIB_MS = 7 * 3_600_000
DAY_MS = 86_400_000
EVENT_IDS = ("event_id", "corrects.event_id")


@dataclass(frozen=True)
class Reading:
    """G events: decoded columns and those of `streams.door.checks`."""

    frame: pl.DataFrame
    children: Mapping[str, pl.DataFrame]
    owners: Mapping[str, I64]  # per array: the place in `frame` of each item's event
    rows: I64  # index in the batch of each event


def read(decoded: Decoded, rows: I64, timestamps_ms: I64, *, synthetic_allowed: bool) -> Reading:
    """The events of a batch with the columns that checks need.

    `rows`: index in the batch of each record that was decoded; `timestamps_ms`: append times of the batch.
    """
    taken = decoded.frame.get_column("row").to_numpy()
    places = np.zeros(len(rows), np.int64)
    places[taken] = np.arange(len(taken))
    owners = {path: places[child.get_column("row").to_numpy()] for path, child in decoded.children.items()}
    children = {
        path: _items(child, owners[path], synthetic_allowed=synthetic_allowed)
        for path, child in decoded.children.items()
    }
    frame = decoded.frame
    # In numpy, where an impossible timestamp overflows quietly instead of failing the batch; what is later
    # than the append time is refused for that, whatever its day came out as.
    recorded_ms = frame.get_column("recorded_at").to_physical().to_numpy()
    added = [
        pl.Series(RECEIVED_MS, timestamps_ms[rows[taken]]),
        pl.Series(RECORDED_DAY, (recorded_ms + WIB_MS) // DAY_MS),
        *(pl.Series(count_of(path), np.bincount(each, minlength=frame.height)) for path, each in owners.items()),
        *(pl.Series(verdict_of(column), _no_uuid_v7(frame.get_column(column))) for column in EVENT_IDS),
        *_numbers(frame, synthetic_allowed=synthetic_allowed),
        pl.Series(HEADS, _heads(children, owners, frame.height)),
    ]
    return Reading(frame.hstack(added), children, owners, rows[taken])


def _items(child: pl.DataFrame, owners: I64, *, synthetic_allowed: bool) -> pl.DataFrame:
    added = _numbers(child, synthetic_allowed=synthetic_allowed)
    if "nik" in child.columns:
        added.append(pl.Series(REPEATED, _repeated(child.get_column("nik"), owners)))
    return child.hstack(added)


def _numbers(frame: pl.DataFrame, *, synthetic_allowed: bool) -> list[pl.Series]:
    """Verdicts of the columns that hold a NIK or a card number."""
    return [
        pl.Series(
            verdict_of(column),
            verdicts(frame.get_column(column), is_nik=name in NIK_FIELDS, synthetic_allowed=synthetic_allowed),
        )
        for column in frame.columns
        if (name := column.rpartition(".")[2]) in NIK_FIELDS | CARD_FIELDS
    ]


def _repeated(niks: pl.Series, owners: I64) -> Bool:
    """Which items have the NIK of another item of the same list; texts that are no NIK are refused as such."""
    upper, lower = sorting_keys(niks)
    order = np.lexsort((lower, upper, owners))
    same = (
        (owners[order[1:]] == owners[order[:-1]])
        & (upper[order[1:]] == upper[order[:-1]])
        & (lower[order[1:]] == lower[order[:-1]])
    )
    found = np.zeros(len(order), np.bool_)
    found[order[1:][same]] = True
    found[order[:-1][same]] = True
    return found


def _no_uuid_v7(ids: pl.Series) -> U8:
    """1 for ids of 16 bytes that are no UUID of version 7 and of the variant of RFC 9562; 0 for others and nulls."""
    present = ids.is_not_null().to_numpy()
    data, starts, _ = to_bytes(ids.drop_nulls())
    wrong = (data[starts + 6] >> 4 != 7) | (data[starts + 8] >> 6 != 2)
    found = np.zeros(len(ids), np.uint8)
    found[np.flatnonzero(present)[wrong]] = 1
    return found


def _heads(children: Mapping[str, pl.DataFrame], owners: Mapping[str, I64], events: int) -> I64:
    heads = np.zeros(events, np.int64)
    for path, child in children.items():
        if "hubungan" in child.columns:
            is_head = child.get_column("hubungan").to_numpy() == KEPALA_KELUARGA
            heads += np.bincount(owners[path][is_head], minlength=events)
    return heads
