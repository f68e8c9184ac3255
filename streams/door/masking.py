"""What of a wrong value is shown: enough to find it at its producer, never a whole NIK.

Expressions over the frame in which the value stands; each gives a String.
"""

import polars as pl

STARS = "********"
# As many digits as no region code, product code or year has: from here on a text may be somebody's number.
NUMBER_DIGITS = 12
PUBLIC_CHARACTERS = 40
# Days from 1970 of 0001-01-01 and 9999-12-31: Polars writes no dates beyond.
FIRST_DAY, LAST_DAY = -719162, 2932896
DAY_MS = 86_400_000


def personal(text: pl.Expr) -> pl.Expr:
    """The ends of a text: `3171********0012`; of 7 to 11 characters two at each end; up to 6 whole."""
    size = text.str.len_chars()
    ends = pl.concat_str(text.str.head(4), pl.lit(STARS), text.str.tail(4))
    short = pl.concat_str(text.str.head(2), pl.lit(STARS), text.str.tail(2))
    return pl.when(size >= NUMBER_DIGITS).then(ends).when(size > 6).then(short).otherwise(text)


def number_of_somebody(text: pl.Expr) -> pl.Expr:
    """A NIK or a card's number, right or wrong: its ends, and of each character between them whether it is a digit.

    `3171********0012`; `3171**?*****0012` has a character that is none, `3171*********0012` one digit too many. Up to
    40 characters; what is shorter than 12 is shown as `personal` does.
    """
    middle = text.str.slice(4, text.str.len_chars() - 8).str.replace_all(r"[^0-9]", "?").str.replace_all(r"[0-9]", "*")
    whole = pl.concat_str(text.str.head(4), middle.str.head(PUBLIC_CHARACTERS - 8), text.str.tail(4))
    return pl.when(text.str.len_chars() >= NUMBER_DIGITS).then(whole).otherwise(personal(text))


def public(text: pl.Expr) -> pl.Expr:
    """A code, whole up to 40 characters, unless there are digits enough in it for a person's number."""
    digits = text.str.count_matches(r"\d")
    return pl.when(digits >= NUMBER_DIGITS).then(personal(text)).otherwise(text.str.head(PUBLIC_CHARACTERS))


def number(value: pl.Expr) -> pl.Expr:
    """A count or a code of a list."""
    return value.cast(pl.String)


def length(text: pl.Expr) -> pl.Expr:
    """Only how many characters a free text has."""
    return text.str.len_chars().cast(pl.String)


def date(day: pl.Expr) -> pl.Expr:
    """A date as 2025-03-31; impossible years are shown as the first or the last that can be written."""
    return _day(day).dt.strftime("%Y-%m-%d")


def birth_date(day: pl.Expr) -> pl.Expr:
    """The year of a date of birth or death: 1990-**-**."""
    return _day(day).dt.strftime("%Y-**-**")


def instant(timestamp: pl.Expr) -> pl.Expr:
    """A timestamp to the second, UTC."""
    inside = timestamp.to_physical().clip(FIRST_DAY * DAY_MS, (LAST_DAY + 1) * DAY_MS - 1)
    return inside.cast(pl.Datetime("ms")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def nothing() -> pl.Expr:
    """No value: the place says enough."""
    return pl.lit(None, pl.String)


def _day(day: pl.Expr) -> pl.Expr:
    return day.to_physical().clip(FIRST_DAY, LAST_DAY).cast(pl.Date)
