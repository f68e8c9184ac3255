"""Open notices as lines: key NIK/programme/id, value a JSON object; at most one per person who died or left."""

import json
from collections.abc import Sequence

import polars as pl

from streams.notices import NOTICES

BINARY = [name for name, dtype in NOTICES.items() if dtype == pl.Binary]


def to_lines(notices: pl.DataFrame) -> tuple[list[bytes], list[bytes]]:
    """Keys and values of open notices (columns streams.notices.NOTICES)."""
    text = notices.with_columns(pl.col(BINARY).bin.encode("hex"), pl.col("effective_on").cast(pl.String))
    keys = text.select(pl.concat_str("nik", "programme", "notice_id", separator="/").cast(pl.Binary)).to_series()
    values = text.select(pl.struct(pl.all()).struct.json_encode().cast(pl.Binary)).to_series()
    return keys.to_list(), values.to_list()


def from_lines(values: Sequence[bytes]) -> pl.DataFrame:
    """The notices in the order of their keys."""
    schema = dict.fromkeys(NOTICES, pl.String)
    text = pl.DataFrame([json.loads(value) for value in values], schema=schema)
    return text.with_columns(pl.col(BINARY).str.decode("hex"), pl.col("effective_on").str.to_date()).cast(NOTICES)
