"""Completed years of age on a day."""

import datetime as dt

import polars as pl


def age_years(birth_date: pl.Expr, as_of: dt.date) -> pl.Expr:
    """Int16 completed years on `as_of`; null without a birth date.

    A birthday counts from its day on. Who was born on 29 February completes a year on 1 March of a
    year without that day: the day has not come on 28 February.
    """
    born = [part.cast(pl.Int32) for part in (birth_date.dt.year(), birth_date.dt.month(), birth_date.dt.day())]
    years, months, days = born
    before_birthday = (months * 100 + days) > as_of.month * 100 + as_of.day
    return (as_of.year - years - before_birthday.cast(pl.Int32)).cast(pl.Int16)
