"""Bench: columns against fastavro and the official avro library, on the same records in the same run.

`python -m tests.bench.bench_codec [CONTRACT ...]`. Processor time, best of several; not a test: other work on
the machine moves the figures, their ratios less so. Decoding by the libraries ends in Python records, ours in
frames, which is what the stages work on.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import fastavro

from schemas import framing, slow
from schemas.columnar import decode, encode, join
from schemas.registry import Contract, contracts
from tests.schemas.golden_files import example

BATCHES = (100, 1_000, 10_000)
OFFICIAL_ROWS = 100  # it takes a hundred times as long


def _best(work: Callable[[], object], rows: int, repeats: int) -> float:
    """Microseconds of processor time per row."""
    seconds = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds) / rows * 1e6


def _fastavro_schema(contract: Contract) -> Any:
    return fastavro.parse_schema(json.loads(json.dumps(contract.schema)))


def _fastavro_write(schema: Any, records: list[dict[str, Any]]) -> None:
    for record in records:
        fastavro.schemaless_writer(io.BytesIO(), schema, record)


def _fastavro_read(schema: Any, bodies: list[bytes]) -> None:
    for body in bodies:
        fastavro.schemaless_reader(io.BytesIO(body), schema, None)


def bench(contract: Contract) -> None:
    """Print one line per batch size: microseconds per record, and how many times faster than fastavro."""
    schema = _fastavro_schema(contract)
    examples = [example(contract, full=full) for full in (True, False)]
    values = [slow.encode_one(contract, one) for one in examples]
    few = [examples[i % 2] for i in range(OFFICIAL_ROWS)]
    few_values = [values[i % 2] for i in range(OFFICIAL_ROWS)]
    avro_read = _best(lambda: [slow.decode_one(contract, value) for value in few_values], OFFICIAL_ROWS, 3)
    avro_write = _best(lambda: [slow.encode_one(contract, record) for record in few], OFFICIAL_ROWS, 3)
    for rows in BATCHES:
        records = [examples[i % 2] for i in range(rows)]
        joined = join([values[i % 2] for i in range(rows)])
        bodies = [value[framing.HEADER_BYTES :] for value in joined.to_list()]
        starts, lengths = framing.bodies(joined.starts, joined.lengths)
        decoded = decode(contract, joined.arena, starts, lengths)
        read = _best(lambda j=joined, s=starts, n=lengths: decode(contract, j.arena, s, n), rows, 7)  # type: ignore[misc]
        write = _best(lambda d=decoded: encode(contract, d.frame, d.children, header=True), rows, 7)  # type: ignore[misc]
        fast_read = _best(lambda b=bodies: _fastavro_read(schema, b), rows, 3)  # type: ignore[misc]
        fast_write = _best(lambda r=records: _fastavro_write(schema, r), rows, 3)  # type: ignore[misc]
        print(
            f"{contract.name:15}{rows:>7} rows {len(joined.arena) // rows:>5} bytes"
            f"   read {read:6.2f} fastavro {fast_read:6.1f} avro {avro_read:6.0f}  x{fast_read / read:5.1f}"
            f"   write {write:6.2f} fastavro {fast_write:6.1f} avro {avro_write:6.0f}  x{fast_write / write:5.1f}"
        )


if __name__ == "__main__":
    for name in sys.argv[1:] or ("lahir", "kartu_keluarga", "groundcheck", "fact"):
        bench(contracts().by_name[name])
