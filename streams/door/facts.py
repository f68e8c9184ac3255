"""Accepted events to facts: one for each NIK that an event speaks of, in the order of the NIK.

A correction speaks also of the NIK of the event that it corrects: those that it drops get a fact that
states nothing and voids all that this event type may have stated. A cancellation drops them all.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from schemas.codes import GROUP_BITS
from schemas.columnar import encode
from schemas.columnar.arena import I64, U8, Bool, starts_of
from schemas.columnar.plan import ROOT, Table, plan_of
from schemas.registry import Contract, Contracts
from schemas.statements import NUMBERED
from streams.door.batches import Batch, FactsOut
from streams.door.envelope import CORRECTED
from streams.door.numbers import digit_matrix, sorting_keys
from streams.door.reading import Reading
from streams.door.statements import Statement, Testimony

PLACE = "door.place"  # place of the event in the reading
STATED = "door.stated"  # the content speaks of this NIK; false: only what is corrected did
ENVELOPE = ("event_id", "kind", "effective_on", "recorded_at", "corrects", "corrects.event_id")
SENDERS = ("producer", "corrects.producer")


def facts_of(
    batch: Batch, reading: Reading, good: Bool, *, contract: Contract, testimony: Testimony, contracts: Contracts
) -> FactsOut:
    """The facts of the events marked in `good` (bool[G])."""
    assert contract.topic_number is not None, "events have a topic number"
    people = _people(reading, good, testimony)
    places = people.get_column(PLACE).to_numpy()
    spoken = _with_events(reading, people, places, testimony, contracts)
    rows = reading.rows[places]
    fixed = {
        "producer_number": _big_endian(spoken.get_column("producer").to_numpy(), 2),
        "corrects.producer_number": _big_endian(spoken.get_column("corrects.producer").to_numpy(), 2),
        "coordinate": np.hstack(
            [
                _big_endian(np.full(len(rows), contract.topic_number), 2),
                _big_endian(np.full(len(rows), batch.partition), 4),
                _big_endian(batch.offsets[rows], 8),
            ]
        ),
        "place": _places(places, reading.frame.height),
    }
    fact = contracts.by_name["fact"]
    types = plan_of(fact).tables[ROOT].schema
    frame = spoken.select(
        *(_binary(name, cells) for name, cells in fixed.items()),
        *ENVELOPE,
        pl.lit(contract.event_type).alias("event_type"),
        _voids(testimony, contract).alias("voids"),
        *(each for statement in testimony.statements for each in _group(statement, types)),
    )
    values = encode(fact, frame, _arrays(reading, spoken, places, testimony, contracts), header=True)
    digits, whole = digit_matrix(people.get_column("nik"))
    assert whole.all(), "checks let no NIK pass that has other than 16 digits"
    return FactsOut(digits + np.uint8(ord("0")), values, rows)


def _people(reading: Reading, good: Bool, testimony: Testimony) -> pl.DataFrame:
    """Columns PLACE, nik, STATED and those of the items, sorted by place and NIK; each pair once."""
    if testimony.many:
        child, owners = reading.children[testimony.people], reading.owners[testimony.people]
        columns = [name for name in testimony.columns() if name in child.columns]
        chosen = np.flatnonzero(good[owners])
        people = child.select("nik", *columns)[chosen].insert_column(0, pl.Series(PLACE, owners[chosen]))
    else:
        chosen = np.flatnonzero(good & reading.frame.get_column("content").to_numpy())
        niks = reading.frame.get_column(testimony.people)[chosen].rename("nik")
        people = pl.DataFrame([pl.Series(PLACE, chosen), niks])
    people = people.with_columns(pl.lit(value=True).alias(STATED))
    owners = reading.owners[CORRECTED]
    corrected = np.flatnonzero(good[owners])
    if len(corrected):
        named = (
            reading.children[CORRECTED].select("nik")[corrected].insert_column(0, pl.Series(PLACE, owners[corrected]))
        )
        dropped = named.join(people, on=[PLACE, "nik"], how="anti").with_columns(pl.lit(value=False).alias(STATED))
        people = pl.concat([people, dropped], how="diagonal").rechunk()
    elif not testimony.many:
        return people  # one for each event, in their order
    upper, lower = sorting_keys(people.get_column("nik"))
    return people[np.lexsort((lower, upper, people.get_column(PLACE).to_numpy()))]


def _with_events(
    reading: Reading, people: pl.DataFrame, places: I64, testimony: Testimony, contracts: Contracts
) -> pl.DataFrame:
    """The people with the columns of their events; producers as numbers (0: none)."""
    columns = [name for name in testimony.columns() if name in reading.frame.columns]
    events = reading.frame.select(
        *(_numbered(name, contracts).alias(name) for name in SENDERS),
        *ENVELOPE,
        *columns,
    )
    return people.hstack(events[places])


def _group(statement: Statement, types: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    """The columns of one group in the fact: whether it is stated, and its fields in the fact's types."""
    present = (pl.col(STATED) & statement.present()).alias(statement.group)
    names = {f"{statement.group}.{name}": value for name, value in statement.fields.items()}
    return [present, *(value.cast(types[name]).alias(name) for name, value in names.items())]


def _voids(testimony: Testimony, contract: Contract) -> pl.Expr:
    """Groups on which a correction acts: what it states about this NIK; all of the type about a dropped one."""
    every = sum(GROUP_BITS[group] for group in contract.groups)
    stated = pl.sum_horizontal(
        pl.when(statement.present()).then(GROUP_BITS[statement.group]).otherwise(0)
        for statement in testimony.statements
    )
    acts = pl.when(pl.col(STATED)).then(stated).otherwise(every)
    return pl.when(pl.col("kind").cast(pl.String) == "STATE").then(0).otherwise(acts).cast(pl.Int32)


def _numbered(column: str, contracts: Contracts) -> pl.Expr:
    """Codes of producers as their numbers; 0 for none."""
    numbers = {code: producer.number for code, producer in contracts.producers_by_code.items()}
    return pl.col(column).replace_strict(numbers, default=0, return_dtype=pl.UInt16).fill_null(0)


def _arrays(
    reading: Reading, spoken: pl.DataFrame, places: I64, testimony: Testimony, contracts: Contracts
) -> dict[str, pl.DataFrame]:
    """The items of arrays in groups, for each fact that states the group; `row` is the place of the fact."""
    found = {}
    tables = plan_of(contracts.by_name["fact"]).tables
    for statement in testimony.statements:
        for name, path in statement.arrays.items():
            present = spoken.select(pl.col(STATED) & statement.present()).to_series().to_numpy()
            facts = np.flatnonzero(present)
            holders = pl.DataFrame({"row": facts.astype(np.uint32), PLACE: places[facts]})
            items = _items(reading.children[path], tables[f"{statement.group}.{name}"], contracts)
            items = items.insert_column(0, pl.Series(PLACE, reading.owners[path]))
            found[f"{statement.group}.{name}"] = holders.join(
                items, on=PLACE, how="inner", maintain_order="left_right"
            ).drop(PLACE)
    return found


def _items(child: pl.DataFrame, table: Table, contracts: Contracts) -> pl.DataFrame:
    """The items of a list of the event as items of the fact, in the fact's types; producers become numbers."""
    items = child.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items() if name in child.columns)
    for code, number in NUMBERED.items():
        if number in table.schema:
            numbers = child.select(_numbered(code, contracts)).to_series().to_numpy()
            items = items.with_columns(_binary(number, _big_endian(numbers, 2)))
    return items


def _places(places: I64, events: int) -> U8:
    """Fact i of n of its event: u16 each, big endian."""
    counts = np.bincount(places, minlength=events)
    order = np.arange(len(places)) - starts_of(counts)[places] if len(places) else places
    return np.hstack([_big_endian(order + 1, 2), _big_endian(counts[places], 2)])


def _big_endian(numbers: NDArray[np.integer], width: int) -> U8:
    """uint8[N, width]."""
    return numbers.astype(f">u{width}").view(np.uint8).reshape(-1, width)


def _binary(name: str, cells: U8) -> pl.Series:
    """A Binary column of cells uint8[N, width]."""
    rows, width = cells.shape
    bounds = np.arange(rows + 1, dtype=np.int64) * width
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(np.ascontiguousarray(cells))]
    return pl.Series(name, pa.LargeBinaryArray.from_buffers(pa.large_binary(), rows, buffers))
