"""Publication: what stands in the topics is what the register reports to have sent."""

import polars as pl

from streams.books.frames import compared

QUANTITIES = {"records": "change lines", "digest": "digest of change lines"}


def publication_lines(reported: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES, both sides RANGES: as the register reports them, and counted and digested anew from the topics."""
    keys = ["topic", "partition", "attempt"]
    return compared("publication", keys, "{}[{}] attempt {}", reported, read, quantities=QUANTITIES)
