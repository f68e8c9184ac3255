"""The ledger of sealed quarters: what the seals say was paid, and what the register holds it to be."""

from collections.abc import Iterable

import polars as pl

from streams.books.frames import compared
from streams.retroactive import LEDGER, ledger

PLACE = ["programme", "quarter", "kab_kota"]
QUANTITY = {"rupiah": "rupiah of a sealed quarter"}
QUANTITIES = {"records": "adjustments", "digest": "digest of adjustments"}


def sealed_ledger(
    seals: Iterable[tuple[str, pl.DataFrame, pl.DataFrame]], quarters: Iterable[str], programmes: Iterable[str]
) -> pl.DataFrame:
    """LEDGER by the manifests: what their lists came to, and all adjustments that they published since.

    `seals`: of each sealed quarter its name, what its lists closed with (LISTS) and its adjustments (ADJUSTED), of all
    payers. Only the rupiah of `quarters` and `programmes` are in the result.
    """
    signed = pl.col("given_back_rupiah") - pl.col("taken_back_rupiah")
    parts = [pl.DataFrame(schema={**LEDGER, "amount_rupiah": pl.Int64})]
    for name, closing, adjusted in seals:
        parts.append(closing.with_columns(pl.lit(name).alias("quarter"), pl.col("rupiah").alias("amount_rupiah")))
        parts.append(adjusted.with_columns(pl.col("concerns").alias("quarter"), signed.alias("amount_rupiah")))
    wanted = pl.col("quarter").is_in(list(quarters)) & pl.col("programme").is_in(list(programmes))
    return ledger(*parts).filter(wanted)


def ledger_lines(
    sealed: pl.DataFrame, opening: pl.DataFrame, adjustments: pl.DataFrame, due: pl.DataFrame
) -> pl.DataFrame:
    """Columns LINES, all sides but `adjustments` LEDGER.

    `sealed` comes from the manifests, `opening` from the lines and adjustments that the register keeps by person:
    whoever lost a row of either is found. `adjustments` (ADJUSTMENTS) are read back from the topics, `due` is what
    the register makes of its facts and lists, without them.
    """
    after = ledger(
        sealed.rename({"rupiah": "amount_rupiah"}), adjustments.with_columns(pl.col("concerns").alias("quarter"))
    )
    return pl.concat(
        [
            compared("ledger opening", PLACE, "{} {} {}", sealed, ledger_of(opening), quantities=QUANTITY),
            compared("ledger closing", PLACE, "{} {} {}", after, ledger_of(due), quantities=QUANTITY),
        ]
    )


def ledger_of(parts: pl.DataFrame) -> pl.DataFrame:
    """LEDGER of all partitions added up."""
    return ledger(parts.rename({"rupiah": "amount_rupiah"}))


def adjustment_lines(reported: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES, both sides RANGES: adjustments as the register reports them, and as they stand in the topics."""
    keys = ["topic", "partition", "attempt"]
    return compared("adjustments published", keys, "{}[{}] attempt {}", reported, read, quantities=QUANTITIES)
