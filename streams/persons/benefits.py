"""What each person receives elsewhere: of each programme what was said last counts.

As with objections, a person has several at a time, one per programme, and several offices report them: what one says
about its own programme leaves the others' untouched.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from schemas.codes import GROUP_BITS

SEPARATOR = "/"
PARTS = ("program", "jenis", "anggaran", "since", "until", "event")
RECEIVED = "benefit.penerimaan"

I64 = npt.NDArray[np.int64]


def benefits_of(facts: pl.DataFrame, voids: I64, order: I64, code: I64, people: int) -> pl.Series:
    """Column benefits: List(String), PROGRAMME/KIND/BUDGET/SINCE/UNTIL/EVENT, sorted; null: none. Ended ones stay.

    `order`: row numbers by the date of the report, then recording; `code`: number of the person per fact. SINCE is the
    day of the report (effective_on), UNTIL the last day that is paid for, empty while it goes on; EVENT producer and
    event id in hex.
    """
    counts = facts.get_column("benefit").to_numpy() & (voids & GROUP_BITS["benefit"] == 0)
    rows = order[counts[order]]
    if not len(rows):
        return pl.Series("benefits", [], pl.List(pl.String)).extend_constant(None, people)
    event = (pl.col("producer_number") + pl.col("event_id")).bin.encode("hex")
    told = (
        facts[rows]
        .select(pl.Series("person", code[rows], pl.Int64), "effective_on", event.alias("event"), RECEIVED)
        .explode(RECEIVED, empty_as_null=False)
        .drop_nulls(RECEIVED)
        .unnest(RECEIVED)
        .unique(["person", "program"], keep="last", maintain_order=True)
        .select(
            "person",
            pl.concat_str(
                pl.col("program").str.replace_all(SEPARATOR, " ", literal=True),
                pl.col("jenis").cast(pl.String),
                pl.col("anggaran").cast(pl.String),
                pl.col("effective_on").cast(pl.String),
                pl.col("sampai").cast(pl.String).fill_null(""),
                "event",
                separator=SEPARATOR,
            ).alias("benefits"),
        )
    )
    lists = told.group_by("person").agg(pl.col("benefits").sort())
    everybody = pl.DataFrame({"person": np.arange(people, dtype=np.int64)})
    return everybody.join(lists, on="person", how="left", maintain_order="left").get_column("benefits")


def split_benefits(benefits: pl.Series) -> pl.DataFrame:
    """One row per entry of a series of such texts: columns PARTS, since and until Date, event Binary."""
    parts = benefits.str.split_exact(SEPARATOR, len(PARTS) - 1).struct.rename_fields(list(PARTS)).struct.unnest()
    return parts.with_columns(
        pl.col("since").str.to_date(),
        pl.when(pl.col("until") != "").then("until").str.to_date().alias("until"),
        pl.col("event").str.decode("hex"),
    )
