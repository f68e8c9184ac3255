"""How fast visits of officers are handed on, kept and read again, against a plain loop over them in the same run.

`make bench`, or `python -m tests.bench.bench_integrity [OFFICERS]`. Needs no broker. The loop does the same with one
Python object per visit: a list of bytes, a get and a put each, as a store by event would. What counts is the ratio.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from rocksdict import Rdict, WriteBatch

from agents.integrity.records import decode_visits, encode_visits, visit_keys
from agents.integrity.store import VisitStore
from agents.simulator.campaigns import campaign_of
from agents.store.options import CACHE_BYTES, SMALL_BUFFER_BYTES, family_options
from schemas.columnar import Encoded, join

BATCH = 10_000
ROUNDS = 3
EVENT_AT = slice(10, 28)  # of a value: behind the header stand producer number and event id


def main(officers: int) -> None:
    visits = campaign_of(officers, 1, 0.2).visits
    batches = [visits[first : first + BATCH] for first in range(0, visits.height, BATCH)]
    values = [encode_visits(batch)[1] for batch in batches]
    print(f"{visits.height:,} visits in batches of {BATCH:,}")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = (Path(folder) / name for name in ("batches", "visits"))
        compared("keys", visits.height, lambda: each(visit_keys, batches), lambda: each(keys_by_loop, batches))
        compared("keep", visits.height, lambda: keep(ours, values), lambda: keep_by_loop(theirs, values))
        compared("read", visits.height, lambda: read(ours), lambda: read_by_loop(theirs))


def compared(what: str, count: int, columns: Callable[[], object], loop: Callable[[], object]) -> None:
    ours, theirs = seconds(columns), seconds(loop)
    print(f"{what:6} {count / ours:>12,.0f} visits/s   loop {count / theirs:>12,.0f}   {theirs / ours:5.1f} x")


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, so that other work on the machine matters less; the least of a few rounds."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def each(work: Callable[[pl.DataFrame], object], batches: list[pl.DataFrame]) -> None:
    for batch in batches:
        work(batch)


def keys_by_loop(visits: pl.DataFrame) -> Encoded:
    whose = visits.select("producer_number", "petugas").rows()
    return join([f"{int.from_bytes(number)}/{petugas}".encode() for number, petugas in whose])


def keep(folder: Path, values: list[Encoded]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    store = VisitStore.open(folder)
    offset = 0
    for batch in values:
        offset += len(batch)
        store.add(batch, offset)
    store.close()


def keep_by_loop(folder: Path, values: list[Encoded]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    rows = opened(folder)
    for batch in values:
        put(rows, batch)
    rows.close()


def opened(folder: Path) -> Rdict:
    folder.mkdir(exist_ok=True)
    return Rdict(str(folder), family_options(SMALL_BUFFER_BYTES, CACHE_BYTES, statistics=False))


def put(rows: Rdict, batch: Encoded) -> None:
    spans = zip(batch.starts.tolist(), batch.lengths.tolist(), strict=True)
    values = [batch.arena[start : start + length].tobytes() for start, length in spans]
    names: list[Any] = [value[EVENT_AT] for value in values]
    writes = WriteBatch(raw_mode=True)
    known: Any = rows.get(names)
    new = [(name, value) for name, value, there in zip(names, values, known, strict=True) if there is None]
    for name, value in sorted(new):
        writes.put(name, value)
    rows.write(writes)


def read(folder: Path) -> pl.DataFrame:
    store = VisitStore.open(folder)
    visits = decode_visits(store.visits())
    store.close()
    return visits


def read_by_loop(folder: Path) -> pl.DataFrame:
    rows = opened(folder)
    visits = decode_visits(join([value for _, value in rows.items()]))
    rows.close()
    return visits


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
