"""Who is in the register, and what old lists say that they received: read from `register.facts`, its log, to its end.

No worker is needed, and none is disturbed. What was opened since the reading began is not in it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from agents.register.scanning import authorities
from agents.register.stage import facts_in
from agents.settings import Settings
from agents.store import FactBatch
from agents.store.facts import fact_puts
from agents.topics import FACTS
from agents.transport.log import LogReader
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.facts import COPY_KEY_BYTES, KEY_BYTES, NIK_BYTES, Rows, facts_frame
from streams.persons import AsOf, persons
from streams.transition.receipts import RECEIPTS, receipts

CHUNK_ROWS: Final = 50_000  # facts decoded at a time: some hundred megabytes
# What linkage and report need of a person.
PERSON: Final = ("nik", "nama", "birth_date", "sex", "no_kk", "address", "kelurahan", "status")


@dataclass(frozen=True)
class Register:
    """persons: columns PERSON, by nik; receipts: columns RECEIPTS, of all facts that count."""

    persons: pl.DataFrame
    receipts: pl.DataFrame


def read_register(settings: Settings, as_of: AsOf) -> Register:
    """Everybody whom a fact speaks of. Raises OperatorError when no broker answers or the topic is missing."""
    return asyncio.run(_read(settings, as_of))


async def _read(settings: Settings, as_of: AsOf) -> Register:
    found = []
    for number in range(settings.partitions):
        async with LogReader(settings.broker, settings.topic(FACTS), number) as reader:
            start = await reader.beginning_offset()
            batches = [facts_in(records) async for records in reader.read_to_end(start)]
        found += [seen(rows, as_of) for rows in _in_order(batches)]
    return together(found)


def together(parts: list[Register]) -> Register:
    """Several parts of a register, with different people, as one."""
    return Register(
        pl.concat([part.persons for part in parts]).sort("nik"),
        pl.concat([pl.DataFrame(schema=RECEIPTS), *(part.receipts for part in parts)]).sort(pl.all()),
    )


def seen(rows: Rows, as_of: AsOf) -> Register:
    """The persons and receipts of some rows of facts (whole NIKs)."""
    contract = contracts().by_name["fact"]
    facts = facts_frame(rows, contract, authorities())
    return Register(persons(facts, as_of).select(PERSON), receipts(rows, contract, facts))


def _in_order(batches: list[FactBatch]) -> Iterator[Rows]:
    """Facts of one partition by NIK, the first copy of each event, in chunks of whole NIK; at least one chunk."""
    values = join([value for batch in batches for value in _bytes_of(batch)])
    keys = np.concatenate([np.zeros((0, KEY_BYTES), np.uint8), *(batch.keys for batch in batches)])
    offsets = np.concatenate([np.zeros(0, np.int64), *(batch.offsets for batch in batches)])
    names, stored = fact_puts(FactBatch(keys, values, offsets), lambda wanted: [None] * len(wanted)).rows
    sorted_keys = np.frombuffer(b"".join(names), np.uint8).reshape(-1, KEY_BYTES)
    niks = np.ascontiguousarray(sorted_keys[:, :NIK_BYTES]).view(f"S{NIK_BYTES}").ravel()
    begin = 0
    while begin < len(names) or begin == 0:
        end = min(begin + CHUNK_ROWS, len(names))
        if end < len(names):
            end = int(np.searchsorted(niks, niks[end - 1], side="right"))
        part = join(stored[begin:end])
        no_copies = np.zeros((0, COPY_KEY_BYTES), np.uint8), np.zeros((0, 5), np.uint8)
        yield Rows(sorted_keys[begin:end], part.arena, part.starts, part.lengths, *no_copies)
        begin = max(end, 1)


def _bytes_of(batch: FactBatch) -> list[bytes]:
    values = batch.values
    whole = values.arena.tobytes()
    spans = zip(values.starts.tolist(), values.lengths.tolist(), strict=True)
    return [whole[start : start + length] for start, length in spans]
