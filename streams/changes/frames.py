"""The columns of holdings and of changes."""

import polars as pl

from streams.digests import frame_digest

ACTION = pl.Enum(["GRANTED", "REVOKED", "AMENDED", "HELD"])
HOLDING_STATE = pl.Enum(["ACTIVE", "HELD"])
NAMED_VALUE = pl.Struct({"name": pl.String, "value": pl.String})

# What a person holds after a sealed quarter. `amount_rupiah` is for the three months of a quarter. A HELD
# holding keeps the amount that it goes on with when it is resumed: nothing of it is paid while it is held.
# `no_kk` is the card of the last published line: a new card number alone publishes nothing.
HOLDINGS = pl.Schema(
    {
        "nik": pl.String(),
        "programme": pl.String(),
        "state": HOLDING_STATE,
        "amount_rupiah": pl.Int64(),
        "kab_kota": pl.String(),
        "no_kk": pl.String(),
        "since": pl.String(),
        "held_since": pl.String(),
    }
)

# `amount_rupiah`: what is paid from now on, null when nothing is. `amount_before_rupiah`: what was paid
# before, 0 for a line that was held, null when nothing was held. So the rupiah of a list change by the
# sum of the first less the sum of the second, whatever the actions are.
CHANGES = pl.Schema(
    {
        "quarter": pl.String(),
        "payer": pl.String(),
        "programme": pl.String(),
        "nik": pl.String(),
        "no_kk": pl.String(),
        "action": ACTION,
        "reason": pl.String(),
        "rule": pl.String(),
        "article": pl.String(),
        "amount_rupiah": pl.Int64(),
        "amount_before_rupiah": pl.Int64(),
        "kab_kota": pl.String(),
        "kab_kota_before": pl.String(),
        "values": pl.List(NAMED_VALUE),
        "causes": pl.List(pl.Binary),
        "objection_until": pl.Date(),
    }
)


def no_holdings() -> pl.DataFrame:
    """Holdings of the first quarter: none."""
    return pl.DataFrame(schema=HOLDINGS)


def no_changes() -> pl.DataFrame:
    """Changes of a quarter in which nothing changes."""
    return pl.DataFrame(schema=CHANGES)


def holdings_digest(holdings: pl.DataFrame) -> bytes:
    """16 bytes for a set of holdings (columns HOLDINGS), whatever their order; digests of parts add up."""
    return frame_digest(holdings.select(list(HOLDINGS)))
