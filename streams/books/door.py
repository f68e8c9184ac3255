"""The door: every record between two cuts is exactly one rejection, or the facts 1 to n of one event."""

import polars as pl

from streams.books.frames import LINES

NAMED_OFFSETS = 5  # that many are named in the detail of a line

# What may be wrong with one offset, as it is said in the detail.
FAULTS = {
    "lost": "neither refused nor accepted",
    "incomplete": "not all facts of the event",
    "both": "refused and accepted",
    "unread": "facts or a rejection of a record that is not in the topic",
}


def door_lines(
    topic: str, partition: int, read: pl.DataFrame, facts: pl.DataFrame, rejected: pl.DataFrame
) -> pl.DataFrame:
    """The line of one partition of an event topic (columns LINES).

    Three sources, each between the previous cut and this one: `read`, the offsets of the records that are
    really in the topic (column offset; not a difference of offsets, which transactions make larger); `facts`,
    from the register's partitions (offset, i, n of every copy); `rejected`, from intake.rejected.* (offset;
    rejections only, no findings). Repetitions fold by offset.
    """
    accepted = (
        facts.unique(["offset", "i", "n"])
        .group_by("offset")
        .agg(
            pl.len().alias("facts"),
            pl.col("n").max(),
            pl.col("n").n_unique().alias("sizes"),
            pl.col("i").min(),
            pl.col("i").max().alias("last"),
        )
    )
    complete = (
        (pl.col("facts") == pl.col("n")) & (pl.col("sizes") == 1) & (pl.col("i") == 1) & (pl.col("last") == pl.col("n"))
    )
    every = (
        read.select("offset")
        .unique()
        .with_columns(pl.lit(value=True).alias("read"))
        .join(accepted.select("offset", complete.alias("complete")), on="offset", how="full", coalesce=True)
        .join(
            rejected.select("offset").unique().with_columns(pl.lit(value=True).alias("rejected")),
            on="offset",
            how="full",
            coalesce=True,
        )
        .sort("offset")
    )
    is_accepted, is_rejected = pl.col("complete").is_not_null(), pl.col("rejected").is_not_null()
    fault = (
        pl.when(pl.col("read").is_null())
        .then(pl.lit("unread"))
        .when(is_accepted & is_rejected)
        .then(pl.lit("both"))
        .when(is_accepted & ~pl.col("complete"))
        .then(pl.lit("incomplete"))
        .when(~is_accepted & ~is_rejected)
        .then(pl.lit("lost"))
    )
    every = every.with_columns(fault.alias("fault"))
    due = every.get_column("read").drop_nulls().len()
    good = every.filter(pl.col("fault").is_null()).height
    return pl.DataFrame(
        {
            "book": ["door"],
            "place": [f"{topic}[{partition}]"],
            "quantity": ["records with one outcome"],
            "expected": [str(due)],
            "found": [str(good)],
            "balanced": [every.get_column("fault").is_null().all()],
            "detail": [_detail(every)],
        },
        schema=LINES,
    )


def _detail(every: pl.DataFrame) -> str | None:
    parts = []
    for fault, meaning in FAULTS.items():
        offsets = every.filter(pl.col("fault") == fault).get_column("offset")
        if len(offsets):
            named = ", ".join(map(str, offsets.head(NAMED_OFFSETS))) + (", ..." if len(offsets) > NAMED_OFFSETS else "")
            parts.append(f"{meaning}: {len(offsets)} (offset {named})")
    return "; ".join(parts) or None
