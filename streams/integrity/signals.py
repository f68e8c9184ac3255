"""What a visit shows beside others: each gives the visits that are remarkable, not yet whether they are many.

All take the visits of `visits.counting` and return the remarkable ones (column visit), and all that could have been.
"""

from __future__ import annotations

import polars as pl

from streams.integrity.thresholds import PERMILLE, Thresholds
from streams.integrity.visits import PHOTOS, SEEN

METRES_PER_E6 = 0.111195  # of a millionth of a degree of latitude, on a sphere of 6,371 km
OFFICER = ["officer", "period"]


def too_many_a_day(visits: pl.DataFrame, limits: Thresholds) -> tuple[pl.DataFrame, pl.Series]:
    """Visits of days on which more families were seen than a day holds; of visits that saw a family."""
    seen = visits.filter(pl.col("hasil_kontak").is_in(SEEN))
    found = seen.filter(pl.len().over("officer", "effective_on") > limits.visits_per_day_most)
    return found.select("visit"), seen.get_column("visit")


def too_fast(visits: pl.DataFrame, limits: Thresholds) -> tuple[pl.DataFrame, pl.Series]:
    """Whole interviews that were shorter than they can be.

    Without a beginning and an end, the device's time since the officer's form before it on that day is taken.
    """
    whole = visits.filter(pl.col("hasil_kontak") == "LENGKAP").sort("officer", "effective_on", "waktu_perangkat")
    since = pl.col("waktu_perangkat").diff().over("officer", "effective_on")
    timed = whole.with_columns(duration=pl.coalesce(pl.col("selesai") - pl.col("mulai"), since)).filter(
        pl.col("duration").is_not_null()
    )
    found = timed.filter(pl.col("duration") < limits.interview_seconds_least * 1000)
    return found.select("visit"), timed.get_column("visit")


def same_answers(visits: pl.DataFrame, limits: Thresholds) -> tuple[pl.DataFrame, pl.Series]:
    """Visits whose answers equal, one by one, those of another visit of the officer to another family.

    Neighbours live alike, most of all where they are poor. So answers that peers of the same kelurahan write down often
    are left out, and the officer's share of repeated answers must stand as far above the median of the officers there.
    """
    told = visits.filter(pl.col("jawaban").is_not_null()).with_columns(
        mine=pl.len().over("officer", "kelurahan", "jawaban"),
        everybody=pl.len().over("kelurahan", "jawaban"),
        visits_here=pl.len().over("officer", "kelurahan"),
        visits_all=pl.len().over("kelurahan"),
        families=pl.struct("no_kk", pl.col("nik").list.first()).n_unique().over("officer", "period", "jawaban"),
    )
    peers = (pl.col("everybody") - pl.col("mine")) * PERMILLE
    common = peers > limits.answers_common_permille * (pl.col("visits_all") - pl.col("visits_here"))
    told = told.with_columns(repeated=(pl.col("families") > 1) & ~common)
    shares = told.group_by("kelurahan", "officer").agg(share=pl.col("repeated").mean())
    usual = shares.group_by("kelurahan").agg(usual=pl.median("share"), officers=pl.len())
    known = pl.when(pl.col("officers") >= limits.officers_least).then("usual").otherwise(0.0)
    above = (pl.col("share") - known) * PERMILLE >= limits.answers_share_least_permille
    remarkable = shares.join(usual, on="kelurahan").filter(above)
    found = told.filter("repeated").join(remarkable, on=["kelurahan", "officer"], how="semi")
    return found.select("visit"), told.get_column("visit")


def photo_reused(visits: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Visits with a photo that another visit had before, of whichever officer; the first is not blamed."""
    taken = visits.select("visit", *PHOTOS).unpivot(PHOTOS, index="visit", value_name="photo").drop_nulls("photo")
    found = taken.filter(pl.col("visit") > pl.col("visit").min().over("photo"))
    return found.select("visit").unique(), taken.get_column("visit").unique()


def geotag_same(visits: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Visits at a point, to the millionth of a degree (0.1 m), where the officer was for another family, too."""
    placed = visits.filter(pl.col("lintang_e6").is_not_null())
    point = ["officer", "lintang_e6", "bujur_e6"]
    families = pl.struct("no_kk", pl.col("nik").list.first()).n_unique().over(point)
    return placed.filter(families > 1).select("visit"), placed.get_column("visit")


def geotag_far(visits: pl.DataFrame, limits: Thresholds) -> tuple[pl.DataFrame, pl.Series]:
    """Visits far from the kelurahan that they name.

    Addresses have no coordinates, so the centre is taken from the visits themselves: the median of the officers'
    medians, which one officer cannot move when there are three. Far is beyond the limit, and beyond some times the
    usual distance of that kelurahan, since a desa may be wide. Kelurahan with fewer officers are not judged.
    """
    placed = visits.filter(pl.col("lintang_e6").is_not_null())
    of_officers = placed.group_by("kelurahan", "officer").agg(pl.median("lintang_e6", "bujur_e6"))
    centres = (
        of_officers.group_by("kelurahan")
        .agg(north=pl.median("lintang_e6"), east=pl.median("bujur_e6"), officers=pl.len())
        .filter(pl.col("officers") >= limits.officers_least)
    )
    north = (pl.col("lintang_e6") - pl.col("north")) * METRES_PER_E6
    east = (pl.col("bujur_e6") - pl.col("east")) * METRES_PER_E6 * (pl.col("north") / 1e6).radians().cos()
    measured = placed.join(centres, on="kelurahan", maintain_order="left").with_columns(
        metres=(north.pow(2) + east.pow(2)).sqrt()
    )
    usual = (
        measured.group_by("kelurahan", "officer")
        .agg(pl.median("metres"))
        .group_by("kelurahan")
        .agg(usual=pl.median("metres"))
    )
    far = pl.max_horizontal(pl.lit(limits.geotag_far_metres), limits.geotag_far_times_median * pl.col("usual"))
    found = measured.join(usual, on="kelurahan", maintain_order="left").filter(pl.col("metres") > far)
    return found.select("visit"), measured.get_column("visit")
