"""The columns of the ledger of sealed quarters, and of adjustments."""

import polars as pl

from streams.changes.lines import Form

# What one quarter's list paid somebody: a line for each quarter in which something was paid. `quarter` is that quarter.
LISTED = pl.Schema(
    {
        "nik": pl.String(),
        "programme": pl.String(),
        "quarter": pl.String(),
        "kab_kota": pl.String(),
        "amount_rupiah": pl.Int64(),
    }
)

# What stopped somebody on the last day of `quarter`, by today's facts; `occupation` for ASN alone.
STOPS = pl.Schema(
    {
        "nik": pl.String(),
        "quarter": pl.String(),
        "cause": pl.String(),
        "occupation": pl.String(),
        "event": pl.Binary(),
    }
)

# `quarter` publishes it, `concerns` is the sealed quarter that it is about. `amount_rupiah` is negative where what was
# paid was not due, positive where such a line is taken back; `kab_kota` is where the paid line was counted.
ADJUSTMENTS = pl.Schema(
    {
        "quarter": pl.String(),
        "payer": pl.String(),
        "programme": pl.String(),
        "nik": pl.String(),
        "concerns": pl.String(),
        "cause": pl.String(),
        "reason": pl.String(),
        "article": pl.String(),
        "amount_rupiah": pl.Int64(),
        "kab_kota": pl.String(),
        "causes": pl.List(pl.Binary()),
    }
)
ADJUSTMENT = Form("adjustment", ADJUSTMENTS, ("nik", "programme", "concerns", "cause"))

# As in the manifest's record Adjusted. Both amounts are positive.
ADJUSTED = pl.Schema(
    {
        "programme": pl.String(),
        "concerns": pl.String(),
        "kab_kota": pl.String(),
        "cause": pl.String(),
        "lines": pl.Int64(),
        "taken_back_rupiah": pl.Int64(),
        "given_back_rupiah": pl.Int64(),
    }
)

# Rupiah of sealed quarters, by place: what was paid with all adjustments, or what is due.
LEDGER = pl.Schema({"programme": pl.String(), "quarter": pl.String(), "kab_kota": pl.String(), "rupiah": pl.Int64()})


def no_adjustments() -> pl.DataFrame:
    """Adjustments of a quarter in which nothing is learned about others."""
    return pl.DataFrame(schema=ADJUSTMENTS)


def adjusted_totals(adjustments: pl.DataFrame) -> pl.DataFrame:
    """ADJUSTED of some adjustments (ADJUSTMENTS), sorted."""
    keys = ["programme", "concerns", "kab_kota", "cause"]
    amount = pl.col("amount_rupiah")
    return (
        adjustments.group_by(keys)
        .agg(
            pl.len().alias("lines"),
            (-amount.filter(amount < 0)).sum().alias("taken_back_rupiah"),
            amount.filter(amount > 0).sum().alias("given_back_rupiah"),
        )
        .select(list(ADJUSTED))
        .cast(ADJUSTED)
        .sort(keys)
    )
