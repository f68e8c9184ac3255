"""Refusals as records for their producers: with sentences, the coordinate and the raw bytes."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from schemas.columnar.arena import I64
from schemas.columnar.bridge import Column, to_frame
from schemas.columnar.texts import views_of
from schemas.registry import Contracts
from streams.door.batches import Batch
from streams.door.codes import Code

_RECORD = {"id": "rekaman", "en": "the record"}  # what {field} is when no field is meant
_NO_VALUE = "-"

REJECTED: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "code": pl.String(),
    "field": pl.String(),
    "masked_value": pl.String(),
    "sentence_id": pl.String(),
    "sentence_en": pl.String(),
    "event_type": pl.String(),
    "producer": pl.String(),
    "topic": pl.String(),
    "partition": pl.Int32(),
    "offset": pl.Int64(),
    "received_at": pl.Datetime("ms", "UTC"),
    "raw": pl.Binary(),
}


def rejected_frame(batch: Batch, refusals: pl.DataFrame, contracts: Contracts) -> pl.DataFrame:
    """The refused records of a batch, by `row`: columns of the record `rejected`, and `row`.

    `refusals`: columns REFUSALS, each row once.
    """
    if refusals.is_empty():
        return pl.DataFrame(schema=REJECTED)
    refusals = refusals.sort("row").rechunk()
    rows = refusals.get_column("row").to_numpy()
    offsets = pl.Series("offset", batch.offsets[rows], pl.Int64)
    received = pl.Series("received_at", batch.timestamps_ms[rows], pl.Int64)
    return refusals.select(
        "row",
        "code",
        "field",
        "masked_value",
        _sentence(refusals, "id", contracts).alias("sentence_id"),
        _sentence(refusals, "en", contracts).alias("sentence_en"),
        "event_type",
        "producer",
        pl.lit(batch.topic).alias("topic"),
        pl.lit(batch.partition, pl.Int32).alias("partition"),
        offsets,
        received.cast(pl.Datetime("ms", "UTC")),
        _raw(batch, rows.astype(np.int64)),
    )


def _sentence(refusals: pl.DataFrame, language: str, contracts: Contracts) -> pl.Expr:
    """The sentence of each row's code, with its field and value in it."""
    sentence = pl.lit(None, pl.String)
    for name in refusals.get_column("code").unique().to_list():
        code = contracts.refusals.get(name) or Code[name]
        text = code.indonesian if language == "id" else code.english
        sentence = pl.when(pl.col("code") == name).then(_filled(text, language)).otherwise(sentence)
    return sentence


def _filled(text: str, language: str) -> pl.Expr:
    """A sentence with `{field}` and `{value}` filled in from the columns."""
    columns = {
        "{field}": pl.col("field").fill_null(_RECORD[language]),
        "{value}": pl.col("masked_value").fill_null(_NO_VALUE),
    }
    parts = text.replace("{field}", "\0{field}\0").replace("{value}", "\0{value}\0").split("\0")
    return pl.concat_str([columns.get(part, pl.lit(part)) for part in parts])


def _raw(batch: Batch, rows: I64) -> pl.Series:
    """The values as they came; empty for null ones."""
    lengths = np.maximum(batch.lengths[rows], 0).astype(np.int64)
    views = views_of(batch.arena, batch.starts[rows], lengths)
    return to_frame({"raw": pl.Binary()}, [Column(views, None)], batch.arena).get_column("raw")
