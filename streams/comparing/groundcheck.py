"""How well rules meet need, measured by what officers found at the door.

A measure, and a limited one: an officer's verdict is one look, visits are no random sample, and the register never
decides by it (it is shown, and goes to whoever ranks). Only families with a decided verdict since a given day count.
"""

import datetime as dt

import polars as pl

# By programme. `checked`: units with a verdict LAYAK or TIDAK_LAYAK since the day. Inclusion error: of the checked who
# receive (`receiving`), those found TIDAK_LAYAK (`wrongly_in`). Exclusion error: of the checked who were found LAYAK
# and whom nothing but ranking and quota keeps away (`in_need`), those who do not receive (`wrongly_out`).
ERRORS = pl.Schema(
    {
        "programme": pl.String,
        "checked": pl.Int64,
        "receiving": pl.Int64,
        "wrongly_in": pl.Int64,
        "in_need": pl.Int64,
        "wrongly_out": pl.Int64,
    }
)
FOUND_NEEDY, FOUND_NOT_NEEDY = "LAYAK", "TIDAK_LAYAK"


def errors_of(units: pl.DataFrame, since: dt.date) -> pl.DataFrame:
    """ERRORS of one run (columns UNITS), from visits on the day `since` and later; a row per programme, sorted."""
    lately = (pl.col("groundcheck_on") >= since).fill_null(value=False)
    needy, not_needy = (pl.col("groundcheck").eq_missing(it) & lately for it in (FOUND_NEEDY, FOUND_NOT_NEEDY))
    receives, in_need = pl.col("receives"), needy & pl.col("within_reach")
    return (
        units.group_by("programme")
        .agg(
            checked=(needy | not_needy).sum(),
            receiving=((needy | not_needy) & receives).sum(),
            wrongly_in=(not_needy & receives).sum(),
            in_need=in_need.sum(),
            wrongly_out=(in_need & ~receives).sum(),
        )
        .select(list(ERRORS))
        .cast(ERRORS)
        .sort("programme")
    )
