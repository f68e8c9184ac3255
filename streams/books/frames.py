"""What the stages report for the books, and the lines of the books. Digests are hex text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

NO_PLACE = "0000"  # people and holdings that are in no kabupaten or kota
CONTINUING = ("SERVED", "KEPT", "HELD")  # verdicts under which a line begins or goes on

# Some rows of one partition, counted and digested without order: facts, or NIK.
TALLY = pl.Schema({"partition": pl.Int32, "rows": pl.Int64, "digest": pl.String})
# What one source sent to one target, and what the target found: channel is the topic without realm.
PARTS = pl.Schema(
    {
        "channel": pl.String,
        "source": pl.Int32,
        "target": pl.Int32,
        "rows": pl.Int64,
        "digest": pl.String,
    }
)
# Records of the event topics between two cuts that were not refused.
ACCEPTED = pl.Schema({"event_type": pl.String, "records": pl.Int64})
# Holdings by place: heads in all, of these held back, and rupiah paid for the quarter's three months.
LISTS = pl.Schema(
    {
        "programme": pl.String,
        "kab_kota": pl.String,
        "heads": pl.Int64,
        "held": pl.Int64,
        "rupiah": pl.Int64,
    }
)
# As in the manifest's record Total.
TOTALS = pl.Schema(
    {
        "programme": pl.String,
        "kab_kota": pl.String,
        "opening_heads": pl.Int64,
        "granted": pl.Int64,
        "revoked": pl.Int64,
        "held": pl.Int64,
        "amended": pl.Int64,
        "moved_in": pl.Int64,
        "moved_out": pl.Int64,
        "closing_heads": pl.Int64,
        "opening_rupiah": pl.Int64,
        "closing_rupiah": pl.Int64,
    }
)
QUOTAS = pl.Schema({"programme": pl.String, "quota": pl.Int64, "served": pl.Int64, "reserved": pl.Int64})
VERDICTS = pl.Schema({"programme": pl.String, "verdict": pl.String, "persons": pl.Int64})
REASONS = pl.Schema({"programme": pl.String, "verdict": pl.String, "reason": pl.String, "persons": pl.Int64})
FAMILY_LINES = pl.Schema({"programme": pl.String, "families": pl.Int64})
HOLDERS = pl.Schema({"partition": pl.Int32, "programme": pl.String, "holders": pl.Int64, "accounted": pl.Int64})
# Where change lines of one attempt stand. A range without records has the offsets -1.
RANGES = pl.Schema(
    {
        "topic": pl.String,
        "partition": pl.Int32,
        "attempt": pl.Int32,
        "first_offset": pl.Int64,
        "last_offset": pl.Int64,
        "records": pl.Int64,
        "digest": pl.String,
    }
)

# One line of the books. `detail` says more about the place where something is missing.
LINES = pl.Schema(
    {
        "book": pl.String,
        "place": pl.String,
        "quantity": pl.String,
        "expected": pl.String,
        "found": pl.String,
        "balanced": pl.Boolean,
        "detail": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Break:
    """A line that does not balance: where, what was due, what was found, and what to do."""

    book: str
    place: str
    expected: str
    found: str
    sentence: str


def empty(columns: pl.Schema) -> pl.DataFrame:
    """No rows of these columns."""
    return pl.DataFrame(schema=columns)


def whole_place() -> pl.Expr:
    """kab_kota, with the code for none where there is none."""
    return pl.col("kab_kota").fill_null(NO_PLACE)


def compared(
    book: str,
    keys: Sequence[str],
    place: str,
    expected: pl.DataFrame,
    found: pl.DataFrame,
    *,
    quantities: Mapping[str, str],
) -> pl.DataFrame:
    """Lines of a book (columns LINES): both sides by `keys`, one line per key and quantity.

    `place` is a format with one {} per key. `quantities`: column of both frames -> its name in the book. What
    one side does not have is 0 (or the digest of nothing). Raises ValueError when a side has a key twice.
    """
    for side in (expected, found):
        if side.select(keys).is_duplicated().any():
            raise ValueError(f"the book {book!r} got two rows for one {', '.join(keys)}: add up the reports first")
    both = expected.select(*keys, *quantities).join(
        found.select(*keys, *quantities), on=list(keys), how="full", coalesce=True, suffix=".found"
    )
    where = pl.format(place, *keys)
    lines = [
        both.select(
            pl.lit(book).alias("book"),
            where.alias("place"),
            pl.lit(name).alias("quantity"),
            _text(column, expected.schema[column]).alias("expected"),
            _text(f"{column}.found", found.schema[column]).alias("found"),
        ).with_columns(
            (pl.col("expected") == pl.col("found")).alias("balanced"), pl.lit(None, pl.String).alias("detail")
        )
        for column, name in quantities.items()
    ]
    return pl.concat([empty(LINES), *lines]).sort("book", "place", "quantity")


def _text(column: str, dtype: pl.DataType) -> pl.Expr:
    nothing = "00" * 16 if dtype == pl.String else "0"
    return pl.col(column).cast(pl.String).fill_null(nothing)
