"""Appends refused bytes anew to the topic that they came from: after code or data was mended on our side."""

import polars as pl

from agents.settings import Settings
from agents.transport.sender import Sender
from schemas.columnar.arena import join

HEADER = "dtsen-replay-of"  # topic[partition]@offset of the record that was refused


def place_of(row: dict[str, object]) -> str:
    """How a refused record is named: topic[partition]@offset."""
    return f"{row['topic']}[{row['partition']}]@{row['offset']}"


async def replay(settings: Settings, refused: pl.DataFrame) -> int:
    """Append each record's bytes again, in the partition in which they stood; how many were appended.

    `refused`: columns of the record `rejected`. Each new record says of which it is a replay, in the header HEADER.
    A record without a value is left out: there is nothing to append.
    """
    rows = refused.filter(pl.col("raw").bin.size() > 0).sort("topic", "partition", "offset")
    async with Sender(settings.broker, client_id="dtsen-replay") as sender:
        for row in rows.iter_rows(named=True):
            headers = [(HEADER, place_of(row).encode())]
            topic = settings.topic(row["topic"])
            await sender.send(topic, row["partition"], None, join([row["raw"]]), headers=headers)
    return rows.height
