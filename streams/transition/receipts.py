"""What people received before DTSEN, from all facts that count: also those that a later list has overtaken.

The view of a person shows the latest list only; who asks what somebody received needs them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from schemas.codes import GROUP_BITS
from schemas.columnar import decode_versions, writers_of
from streams.facts import BODY_AT, HEADER_AT
from streams.voids import void_masks

if TYPE_CHECKING:
    from schemas.registry import Contract
    from streams.facts import Rows

# `listed`: for how many people the event speaks: above 1 the receipt is the family's.
RECEIPTS: Final = {
    "nik": pl.String,
    "programme": pl.String,
    "budget": pl.String,
    "until": pl.Date,
    "source": pl.String,
    "listed": pl.Int32,
}


def receipts(rows: Rows, contract: Contract, facts: pl.DataFrame) -> pl.DataFrame:
    """One line per receipt of each fact that is not void, columns RECEIPTS, in any order.

    `facts`: the frame of `rows` (`streams.facts.facts_frame`), whole persons.
    """
    counts = facts.get_column("receipt").to_numpy() & (void_masks(facts) & GROUP_BITS["receipt"] == 0)
    if not counts.any():
        return pl.DataFrame(schema=RECEIPTS)
    writers = writers_of(contract, rows.arena, rows.starts + HEADER_AT)
    lengths = (rows.lengths - BODY_AT).astype("int32", copy=False)
    items = decode_versions(contract, writers, rows.arena, rows.starts + BODY_AT, lengths).children[
        "receipt.penerimaan"
    ]
    said = facts.select("nik", "receipt.sumber", "place").with_row_index("row").filter(pl.Series(counts))
    joined = items.join(said.with_columns(pl.col("row").cast(pl.UInt32)), on="row", how="inner")
    # place: i and n as two big-endian u16
    people = pl.col("place").bin.slice(2, 2).bin.reinterpret(dtype=pl.UInt16, endianness="big")
    return joined.select(
        "nik",
        programme=pl.col("program").str.to_uppercase(),
        budget="anggaran",
        until="sampai",
        source="receipt.sumber",
        listed=people,
    ).select(pl.col(name).cast(dtype) for name, dtype in RECEIPTS.items())
