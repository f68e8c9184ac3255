"""Open objections (sanggah) of each person: of each programme what was said last counts.

Claims are the one group of which a person has several at a time, one per programme, so they are not a single greatest
fact. A complaint (keluhan) holds nothing back and is left out.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from schemas.codes import GROUP_BITS

SEPARATOR = "/"
PARTS = ("program", "triwulan", "since", "event")

I64 = npt.NDArray[np.int64]


def open_objections(facts: pl.DataFrame, voids: I64, order: I64, code: I64, people: int) -> pl.Series:
    """Column objections: List(String), a person's open objections as PROGRAMME/QUARTER/DAY/EVENT, sorted; null: none.

    `order`: row numbers by the date of the claim, then recording; `code`: number of the person per fact. DAY is when
    the objection was made, EVENT producer and event id in hex.
    """
    counts = facts.get_column("claim").to_numpy() & (voids & GROUP_BITS["claim"] == 0)
    rows = order[counts[order]]
    found = (
        facts.select(
            "producer_number",
            "event_id",
            "effective_on",
            pl.col("claim.jenis").cast(pl.String).alias("jenis"),
            pl.col("claim.program").alias("program"),
            pl.col("claim.status").cast(pl.String).alias("status"),
            pl.col("claim.triwulan").alias("triwulan"),
        )[rows]
        .with_columns(pl.Series("person", code[rows], pl.Int64))
        .filter(pl.col("jenis") == "SANGGAH")
        .unique(["person", "program"], keep="last", maintain_order=True)
        .filter(pl.col("status") == "TERBUKA")
    )
    event = (pl.col("producer_number") + pl.col("event_id")).bin.encode("hex")
    told = found.select(
        "person",
        pl.concat_str("program", "triwulan", pl.col("effective_on").cast(pl.String), event, separator=SEPARATOR).alias(
            "objections"
        ),
    )
    lists = told.group_by("person").agg(pl.col("objections").sort())
    everybody = pl.DataFrame({"person": np.arange(people, dtype=np.int64)})
    return everybody.join(lists, on="person", how="left", maintain_order="left").get_column("objections")


def split_objections(objections: pl.Series) -> pl.DataFrame:
    """One row per entry of a series of such texts: columns PARTS, `since` a Date and `event` Binary."""
    parts = objections.str.split_exact(SEPARATOR, len(PARTS) - 1).struct.rename_fields(list(PARTS)).struct.unnest()
    return parts.with_columns(pl.col("since").str.to_date(), pl.col("event").str.decode("hex"))
