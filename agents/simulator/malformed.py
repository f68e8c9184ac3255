"""Planted events that the door must refuse, each kind with the code that is expected.

A malformed event is a copy of a good one, with an id of its own and one thing wrong, so that no good
event is lost by planting it. Kinds that are wrong in their fields are made here; kinds that are wrong
in their bytes are marked here and made in `damage.py` once the bytes exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.simulator.disorder import ARRIVAL, ORDER, PLANT
from agents.simulator.log import Events, Turn, together
from agents.simulator.quarters import DAY_MS
from agents.simulator.randomness import count_of, some_of, uuids_v7
from agents.simulator.rates import LEAST_PER_QUARTER

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Events], Events]


@dataclass(frozen=True)
class Kind:
    """One way to be wrong: in which contract it is planted, the code of the door, and the change of fields."""

    name: str
    contract: str
    code: str
    change: Change | None = None  # None: the bytes are damaged instead


def _column(name: str, value: pl.Expr) -> Change:
    """Another value in one column of the frame."""
    return lambda events: Events(events.frame.with_columns(value.alias(name)), events.children)


def _child(path: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """Another child frame."""
    return lambda events: Events(events.frame, {**events.children, path: change(events.children[path])})


def _replaced(name: str, start: int, digits: str) -> pl.Expr:
    """Some digits of a number replaced."""
    column = pl.col(name)
    return column.str.head(start) + pl.lit(digits) + column.str.slice(start + len(digits))


def _without_content(events: Events) -> Events:
    return Events(
        events.frame.with_columns(pl.lit(value=False).alias("content")),
        {path: child.clear() for path, child in events.children.items()},
    )


def _cancels_nothing(events: Events) -> Events:
    emptied = _without_content(events)
    return Events(emptied.frame.with_columns(pl.lit("CANCEL").alias("kind")), emptied.children)


def _first_twice(child: pl.DataFrame) -> pl.DataFrame:
    """The first member of each event once more at its end."""
    return pl.concat([child, child.unique("row", keep="first", maintain_order=True)]).sort("row", maintain_order=True)


def _first_only(child: pl.DataFrame) -> pl.DataFrame:
    """One of each event's people."""
    return child.unique("row", keep="first", maintain_order=True)


# A place where there was none, and none where there was one.
_NO_PLACE = pl.when(pl.col("content.provinsi_sekolah") == "").then(pl.lit("31")).otherwise(pl.lit(""))
_YEARS_AHEAD = pl.col("recorded_at").dt.offset_by("30y")
_DAY_AFTER = pl.col("recorded_at").dt.date().dt.offset_by("2d")
_ANGGOTA = "content.anggota"

KINDS = (
    Kind("nik_with_letters", "lahir", "NIK_DIGITS", _column("content.nik", _replaced("content.nik", 14, "X"))),
    Kind("nik_of_no_province", "lahir", "NIK_REGION", _column("content.nik", _replaced("content.nik", 0, "99"))),
    Kind("nik_of_month_13", "mati", "NIK_DATE", _column("content.nik", _replaced("content.nik", 8, "13"))),
    Kind("nik_serial_zero", "pekerjaan", "NIK_SERIAL", _column("content.nik", _replaced("content.nik", 12, "0000"))),
    Kind("card_too_short", "lahir", "NO_KK", _column("content.no_kk", pl.col("content.no_kk").str.head(15))),
    Kind(
        "no_such_kelurahan",
        "kartu_keluarga",
        "REGION",
        _column("content.kelurahan", _replaced("content.kelurahan", 6, "1099")),
    ),
    Kind("no_such_relation", "lahir", "CODE", _column("content.hubungan", pl.lit(42, pl.Int32))),
    Kind("no_such_floor", "groundcheck", "CODE", _column("content.perumahan.lantai", pl.lit(77, pl.Int32))),
    Kind("from_the_future", "pekerjaan", "RECORDED_IN_FUTURE", _column("recorded_at", _YEARS_AHEAD)),
    Kind("before_it_happened", "mati", "EFFECTIVE_AFTER_RECORDED", _column("effective_on", _DAY_AFTER)),
    Kind("member_twice", "kartu_keluarga", "DUPLICATE_MEMBER", _child(_ANGGOTA, _first_twice)),
    Kind("card_without_members", "kartu_keluarga", "NO_MEMBERS", _child(_ANGGOTA, pl.DataFrame.clear)),
    Kind("producer_unknown", "mati", "PRODUCER_UNKNOWN", _column("producer", pl.lit("dinas-antah"))),
    Kind("producer_not_allowed", "mati", "PRODUCER_NOT_ALLOWED", _column("producer", pl.lit("dinsos-dki"))),
    Kind("says_nothing", "pekerjaan", "CONTENT_MISSING", _without_content),
    Kind("cancels_nothing", "mati", "CORRECTS_MISSING", _cancels_nothing),
    Kind("bytes_cut", "kartu_keluarga", "TRUNCATED"),
    Kind("bytes_left_over", "lahir", "TRAILING_BYTES"),
    Kind("schema_unknown", "groundcheck", "FINGERPRINT_UNKNOWN"),
    Kind("no_header", "pekerjaan", "NO_HEADER"),
    Kind("wrong_topic", "mati", "WRONG_TOPIC"),
    Kind("no_value", "lahir", "NO_VALUE"),
    Kind("couple_of_one", "cerai", "NOT_A_COUPLE", _child("content.pasangan", _first_only)),
    Kind("school_without_place", "sekolah", "SCHOOL_WITHOUT_PLACE", _column("content.provinsi_sekolah", _NO_PLACE)),
    Kind("negative_njop", "kepemilikan", "NJOP", _column("content.njop_rupiah", pl.lit(-1, pl.Int64))),
    Kind("fifth_quarter", "sanggah", "QUARTER", _column("content.triwulan", pl.lit("2025-Q5"))),
)
CODES = {kind.name: kind.code for kind in KINDS}


def malformed(turn: Turn, written: dict[str, Events]) -> dict[str, Events]:
    """Malformed events of every kind for this quarter, by contract, with the columns of `disorder.py`."""
    total = sum(events.frame.height for events in written.values())
    parts: dict[str, list[Events]] = {}
    for kind in KINDS:
        random = turn.random(f"malformed {kind.name}")
        good = written[kind.contract]
        # Events that will be recorded only in a later quarter cannot arrive in this one.
        end = pl.lit(turn.quarter.last_day.astype(object))
        fit = pl.col("content") & (pl.col("kind") == "STATE") & (pl.col("recorded_at").dt.date() <= end)
        if kind.name == "no_such_floor":
            fit &= pl.col("content.perumahan")
        rows = good.frame.filter(fit)["row"].to_numpy().astype(np.int64)
        count = count_of(turn.rates.malformed * total, random, least=LEAST_PER_QUARTER)
        chosen = good.only(pl.col("row").is_in(some_of(rows, count, random)))
        planted = Events(_planted(turn, kind, chosen.frame), chosen.children)
        parts.setdefault(kind.contract, []).append(kind.change(planted) if kind.change else planted)
    return {contract: together(each) for contract, each in parts.items()}


def _planted(turn: Turn, kind: Kind, frame: pl.DataFrame) -> pl.DataFrame:
    """With new ids, arriving at any time of this quarter."""
    random = turn.random(f"planted {kind.name}")
    recorded = frame["recorded_at"].cast(pl.Int64).to_numpy()
    first = int(turn.quarter.first_day.astype("datetime64[ms]").astype(np.int64))
    ids = [bytes(each) for each in uuids_v7(recorded, random)]
    return frame.with_columns(
        pl.Series("event_id", ids, pl.Binary),
        pl.lit(turn.quarter.index, pl.Int64).alias(ARRIVAL),
        pl.Series(ORDER, first + random.integers(0, 88 * DAY_MS, frame.height), pl.Int64),
        pl.lit(kind.name).alias(PLANT),
    )
