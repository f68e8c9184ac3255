"""Change lines applied to holdings: what the register does at roll, and a payer with its list."""

import polars as pl

from streams.changes.frames import HOLDING_STATE, HOLDINGS

KEY = ["nik", "programme"]


def holdings_after(holdings: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Holdings after a sealed quarter's lines, from these alone: columns HOLDINGS, sorted by nik, programme.

    `holdings`: columns HOLDINGS before the quarter; `changes`: columns CHANGES, of one quarter.
    Raises ValueError when the lines don't fit: two lines for one (nik, programme), a grant of what is held,
    any other line about what is not held, or amounts and places that are not those of the holding.
    """
    before = holdings.rename({name: f"{name}_old" for name in HOLDINGS if name not in KEY})
    lines = changes.join(before, on=KEY, how="left", validate="m:1")
    _refuse_misfits(lines)
    paid = pl.col("action").is_in(["GRANTED", "AMENDED"])
    changed = lines.filter(pl.col("action") != "REVOKED").select(
        *KEY,
        pl.when(paid).then(pl.lit("ACTIVE")).otherwise(pl.lit("HELD")).cast(HOLDING_STATE).alias("state"),
        pl.coalesce("amount_rupiah", "amount_rupiah_old").alias("amount_rupiah"),
        "kab_kota",
        "no_kk",
        pl.coalesce("since_old", "quarter").alias("since"),
        pl.when(~paid).then("quarter").alias("held_since"),
    )
    untouched = holdings.join(changes, on=KEY, how="anti").select(list(HOLDINGS))
    return pl.concat([untouched, changed.cast(HOLDINGS)]).sort(KEY)


def _refuse_misfits(lines: pl.DataFrame) -> None:
    held, granted = pl.col("state_old").is_not_null(), pl.col("action") == "GRANTED"
    paid_before = pl.when(pl.col("state_old") == "HELD").then(0).otherwise("amount_rupiah_old")
    misfits = {
        "stand twice for one person and programme": pl.struct(KEY).is_duplicated(),
        "grant what is held already": granted & held,
        "change what is not held": ~granted & ~held,
        "hold what is held back already": (pl.col("action") == "HELD") & (pl.col("state_old") == "HELD"),
        "name another amount before than the one held": held & paid_before.ne_missing(pl.col("amount_before_rupiah")),
        "name another kabupaten or kota before than the one held": held
        & pl.col("kab_kota_old").ne_missing(pl.col("kab_kota_before")),
    }
    for what, misfit in misfits.items():
        wrong = lines.filter(misfit)
        if wrong.height:
            programmes = ", ".join(sorted(wrong.get_column("programme").unique()))
            raise ValueError(
                f"{wrong.height} change lines of {wrong.item(0, 'quarter')} ({programmes}) {what}: "
                "the holdings are not those that these lines were made for"
            )
