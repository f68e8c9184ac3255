"""What the store keeps for questions about a person: the last answer, and every line that was ever published.

Both as JSON objects of their columns, events in hex: read one at a time, by the commands `person` and `kenapa`.
"""

import datetime as dt
import json
from typing import Any

import polars as pl

EVENTS = pl.List(pl.Binary)


def lines_of(frame: pl.DataFrame) -> list[bytes]:
    """One JSON object per row, made in columns."""
    events = [name for name, dtype in frame.schema.items() if dtype == EVENTS]
    readable = frame.with_columns(pl.col(name).list.eval(pl.element().bin.encode("hex")) for name in events)
    lines: list[bytes] = readable.select(pl.struct(pl.all()).struct.json_encode().cast(pl.Binary)).to_series().to_list()
    return lines


def frame_of(lines: list[bytes], columns: pl.Schema) -> pl.DataFrame:
    """Some columns of rows that `lines_of` wrote, in their order; read in columns, for who asks about everybody."""
    written = {name: pl.List(pl.String()) if dtype == EVENTS else dtype for name, dtype in columns.items()}
    rows = pl.Series(lines, dtype=pl.Binary).cast(pl.String).str.json_decode(pl.Struct(written))
    frame = rows.struct.unnest() if len(rows) else pl.DataFrame(schema=written)
    events = [name for name, dtype in columns.items() if dtype == EVENTS]
    return frame.with_columns(pl.col(name).list.eval(pl.element().str.decode("hex")) for name in events).cast(columns)


def row_of(line: bytes) -> dict[str, Any]:
    """The row that `lines_of` wrote: events as bytes and days as dates again."""
    row: dict[str, Any] = json.loads(line)
    for name, value in row.items():
        if name.rpartition(".")[2] == "causes":
            row[name] = [bytes.fromhex(event) for event in value or []]
        elif name == "objection_until" and value is not None:
            row[name] = dt.date.fromisoformat(value)
    return row
