"""NIK and card numbers, all of a column at once: which cannot be, and why.

Both are PP KK CC DDMMYY SSSS: region of first registration or issue, a date, a serial (domain-facts 3.1,
3.2). In a NIK a woman's day is moved by 40. The digits are a hint about a person, never the truth, so only
what cannot be is refused. There is no check digit.
"""

from enum import IntEnum
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.columnar.arena import windows
from schemas.columnar.bridge import to_bytes
from schemas.regions import provinces

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]

DIGITS: Final = 16
KABUPATEN_LAST: Final = 79
WOMANS_DAY: Final = 40
# Synthetic numbers: kecamatan 90 to 99 of Jakarta Pusat, which do not exist (architecture.md 9).
SYNTHETIC_PROVINCE, SYNTHETIC_KABUPATEN, SYNTHETIC_KECAMATAN = 31, 71, 90

_PROVINCES: Final = np.isin(np.arange(256), [int(code) for code in provinces()])
_DAYS: Final = np.zeros(256, np.uint8)
_DAYS[1:13] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
_FEBRUARY: Final = 2


class Verdict(IntEnum):
    """What is wrong with a number; the first that holds."""

    GOOD = 0
    DIGITS = 1
    REGION = 2
    SYNTHETIC = 3
    DATE = 4
    SERIAL = 5


def verdicts(numbers: pl.Series, *, is_nik: bool, synthetic_allowed: bool) -> U8:
    """A `Verdict` for each text of a String column; GOOD where it is null.

    NIK: the day may be moved by 40 and the serial is at least 0001; cards: neither.
    """
    digits, whole = digit_matrix(numbers)
    pairs = digits[:, 0::2] * 10 + digits[:, 1::2]  # of letters comes rubbish, but DIGITS is said first
    province, kabupaten, kecamatan, day, month, year = (pairs[:, place] for place in range(6))
    if is_nik:
        day = np.where(day > WOMANS_DAY, day - WOMANS_DAY, day)
    # Two digits don't tell the century: 29 February is possible if it was in either (2000 had one).
    no_date = (day < 1) | (day > _DAYS[month]) | ((month == _FEBRUARY) & (day == 29) & (year % 4 != 0))
    synthetic = (
        (province == SYNTHETIC_PROVINCE) & (kabupaten == SYNTHETIC_KABUPATEN) & (kecamatan >= SYNTHETIC_KECAMATAN)
    )
    found = np.zeros(len(numbers), np.uint8)
    # From the last to the first, so that the first is what remains.
    if is_nik:
        found[(pairs[:, 6] == 0) & (pairs[:, 7] == 0)] = Verdict.SERIAL
    found[no_date] = Verdict.DATE
    if not synthetic_allowed:
        found[synthetic] = Verdict.SYNTHETIC
    no_region = ~_PROVINCES[province] | (kabupaten < 1) | (kabupaten > KABUPATEN_LAST) | (kecamatan < 1)
    found[no_region] = Verdict.REGION
    found[~whole | (digits > 9).any(axis=1)] = Verdict.DIGITS
    if numbers.null_count():
        found[numbers.is_null().to_numpy()] = Verdict.GOOD
    return found


def digit_matrix(numbers: pl.Series) -> tuple[U8, NDArray[np.bool_]]:
    """The 16 characters of each text less "0": (uint8[N, 16], which have 16 bytes); zeros for the others."""
    if numbers.is_empty():
        return np.zeros((0, DIGITS), np.uint8), np.zeros(0, np.bool_)
    data, starts, lengths = to_bytes(numbers.fill_null(""))
    whole = lengths == DIGITS
    if whole.all():
        first = int(starts[0])
        return data[first : first + len(starts) * DIGITS].reshape(-1, DIGITS) - ord("0"), whole
    digits = np.zeros((len(numbers), DIGITS), np.uint8)
    rows = np.flatnonzero(whole)
    digits[rows] = windows(data, DIGITS)[starts[rows]].view(np.uint8).reshape(-1, DIGITS) - ord("0")
    return digits, whole


def sorting_keys(numbers: pl.Series) -> tuple[U64, U64]:
    """Upper and lower half of each number as integers, for sorting and for finding equals."""
    digits, _ = digit_matrix(numbers)
    words = np.ascontiguousarray(digits).view(">u8").astype(np.uint64)
    return words[:, 0], words[:, 1]
