"""Synthetic numbers, names and addresses.

Numbers start with 3171 and a kecamatan that does not exist: 90-94 for NIK, 95-99 for cards, so
that no number can be anybody's and no card number can be a NIK.

What the scheme holds. A NIK is one of 5 districts x 8,999 serials = 44,995 for each date of birth and
sex, some 3.2 thousand million in all; a card one of as many for each date of issue. Jakarta needs about
160 NIK per date of birth and sex (11 million over 95 years) and some thousand cards per day of ten years.
In pieces, each of the 267 kelurahan has a block of 33 serials of its own: 165 NIK per date of birth and
sex, of which it uses a handful. What a block cannot hold is an error, never a number twice. Serials from
9,000 on are left to people whose lives are told by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from agents.simulator.randomness import Days, Flags, Ints, Random, Texts, pick

NIK_DISTRICTS = (317190, 95 - 90)
CARD_DISTRICTS = (317195, 100 - 95)
SERIALS = range(1, 9_000)
# Women's NIK carry the day of birth plus 40 (PP 37/2007 Pasal 37).
WOMANS_DAY = 40


def _words(text: str) -> Texts:
    return np.array(text.split())


MEN = _words(
    "Agus Budi Cahyo Dedi Eko Fajar Gunawan Hendra Irfan Joko Kurnia Lukman Maman Nugroho Oman Putra "
    "Rahmat Slamet Taufik Udin Wahyu Yusuf Zainal Ahmad Bambang Rizki Dimas Arief"
)
WOMEN = _words(
    "Ani Bunga Citra Dewi Endang Fitri Gita Hesti Indah Juwita Kartini Lestari Maya Nur Olivia Puji Ratna "
    "Siti Tuti Umi Wati Yuni Zahra Aisyah Sri Rina Desi Melati"
)
SECOND = _words(
    "Santoso Wijaya Saputra Hidayat Pratama Setiawan Nugraha Kusuma Siregar Nasution Simanjuntak Lubis "
    "Hutapea Wibowo Purnomo Susanto Permana Suryadi Maulana Ramadhan Firmansyah Hakim Utama Halim Gunadi "
    "Rahayu Anggraini Handayani"
)
STREETS = _words("Melati Mawar Kenanga Anggrek Dahlia Cempaka Flamboyan Kamboja Rambutan Mangga Nangka Durian")


class NumbersUsedUpError(ValueError):
    """A piece needs more synthetic numbers of one date than its block of serials holds."""


@dataclass
class Issuer:
    """Gives out numbers: district, a date as DDMMYY, and the next free serial of the two."""

    districts: tuple[int, int]
    serials: range = SERIALS
    last: dict[str, int] = field(default_factory=dict)

    def issue(self, days: Days, women: Flags, random: Random) -> Texts:
        """One new number per day given; `women` moves the day by 40. Raises NumbersUsedUpError."""
        first, count = self.districts
        if len(days) == 0:
            return np.empty(0, dtype="U16")
        year = days.astype("datetime64[Y]").astype(np.int64) + 1970
        month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
        day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1 + WOMANS_DAY * women
        district = random.integers(first, first + count, len(days))
        number = ((district * 100 + day) * 100 + month) * 100 + year % 100
        frame = (
            pl.DataFrame({"prefix": number})
            .with_columns(pl.col("prefix").cast(pl.String))
            .with_columns(serial=pl.col("prefix").cum_count().over("prefix"))
        )
        before = frame["prefix"].replace_strict(self.last, default=self.serials.start - 1, return_dtype=pl.Int64)
        frame = frame.with_columns(serial=pl.col("serial").cast(pl.Int64) + before)
        self._refuse_beyond(frame)
        self.last.update(frame.group_by("prefix").agg(pl.col("serial").max()).iter_rows())
        text = pl.select(frame["prefix"] + frame["serial"].cast(pl.String).str.zfill(4)).to_series()
        return text.to_numpy().astype("U16")

    def _refuse_beyond(self, frame: pl.DataFrame) -> None:
        beyond = frame.filter(pl.col("serial") >= self.serials.stop)
        if beyond.height:
            prefix = beyond["prefix"][0]
            raise NumbersUsedUpError(
                f"all {len(self.serials):,} serials for numbers that begin with {prefix} (district, then the date) are "
                "given out: simulate fewer persons in one piece, or fewer quarters"
            )


def names(women: Flags, random: Random) -> Texts:
    """A believable name for each person."""
    first = np.where(women, pick(WOMEN, random, len(women)), pick(MEN, random, len(women)))
    second = pick(SECOND, random, len(women))
    return np.strings.add(np.strings.add(first, " "), second)


def addresses(count: int, random: Random) -> Texts:
    """`Jl. Melati No. 12 RT 003 RW 05`: street, house, neighbourhood."""
    columns = pl.DataFrame(
        {
            "street": pick(STREETS, random, count),
            "house": random.integers(1, 150, count),
            "rt": random.integers(1, 13, count),
            "rw": random.integers(1, 11, count),
        }
    )
    text = columns.select(
        pl.format(
            "Jl. {} No. {} RT {} RW {}",
            "street",
            "house",
            pl.col("rt").cast(pl.String).str.zfill(3),
            pl.col("rw").cast(pl.String).str.zfill(2),
        ).alias("address")
    )
    return text["address"].to_numpy().astype("U60")


def transfer_letters(days: Days, origins: Texts, issued: int) -> Texts:
    """SKPWNI numbers: `SKPWNI/` kabupaten of origin `/` date `/` a number that runs on from `issued`."""
    columns = pl.DataFrame({"origin": origins, "day": days, "part": np.arange(issued + 1, issued + 1 + len(days))})
    text = columns.select(
        pl.format(
            "SKPWNI/{}/{}/{}",
            "origin",
            pl.col("day").dt.strftime("%d%m%Y"),
            pl.col("part").cast(pl.String).str.zfill(6),
        ).alias("letter")
    )
    return text["letter"].to_numpy().astype("U40")


def ages(born: Days, on: np.datetime64) -> Ints:
    """Completed years on a day (a birthday on 29 February counts on 1 March)."""
    months = on.astype("datetime64[M]").astype(np.int64) - born.astype("datetime64[M]").astype(np.int64)
    day = (on - on.astype("datetime64[M]")).astype(np.int64)
    born_day = (born - born.astype("datetime64[M]")).astype(np.int64)
    full: Ints = (months - (day < born_day)) // 12
    return full
