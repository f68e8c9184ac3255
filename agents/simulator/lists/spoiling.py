"""Damage to the columns of a list: what clerks, forms and time do to names, dates and numbers."""

import numpy as np
import polars as pl

from agents.simulator.identity import STREETS, addresses
from agents.simulator.lists.rates import Damage
from agents.simulator.randomness import Flags, Ints, Random, Texts, pick

TITLES = np.array(["H. ", "Hj. ", "Bpk. ", "Ibu "])
# The same word as one clerk or another writes it: older spelling, short forms.
SPELLED = {
    "Yusuf": "Jusuf",
    "Slamet": "Selamet",
    "Ahmad": "Achmad",
    "Rahmat": "Rachmat",
    "Siti": "St.",
    "Agus": "Agoes",
}


def spoil(rows: pl.DataFrame, others: pl.DataFrame, damage: Damage, random: Random) -> pl.DataFrame:
    """Rows of a list with damage; `harm` names its kinds, separated by spaces.

    In and out: nik, no_kk, nama, tanggal_lahir Date, jenis_kelamin, alamat. `others`: nik of another person for each
    row, old_no_kk, an earlier card.
    """
    count = rows.height
    hit = {name: random.random(count) < rate for name, rate in vars(damage).items()}
    frame = rows.with_columns(
        nama=_names(rows["nama"].to_numpy(), hit, random),
        tanggal_lahir=_births(rows["tanggal_lahir"].to_numpy(), hit),
        nik=_niks(rows["nik"].to_numpy(), others["nik"].to_numpy(), hit, random),
        no_kk=pl.when(pl.Series(hit["card_missing"]))
        .then(None)
        .when(pl.Series(hit["card_old"]))
        .then(others["old_no_kk"])
        .otherwise("no_kk"),
        jenis_kelamin=pl.when(pl.Series(hit["sex_wrong"]))
        .then(pl.col("jenis_kelamin").replace({"L": "P", "P": "L"}))
        .otherwise("jenis_kelamin"),
        alamat=_addresses(rows["alamat"].to_numpy(), hit, random),
    )
    kinds = [name for name in vars(damage) if name not in ("strangers", "twins", "doubles", "dead")]
    said = [pl.when(pl.Series(hit[name])).then(pl.lit(name)) for name in kinds]
    return frame.with_columns(harm=pl.concat_str(said, separator=" ", ignore_nulls=True))


def misspelled(words: Texts, random: Random) -> list[str]:
    """Each text with one letter left out, doubled, or in the wrong order with its neighbour, after the first."""
    kinds, places = random.integers(0, 3, len(words)), random.random(len(words))
    out = []
    for word, kind, share in zip(words.tolist(), kinds.tolist(), places.tolist(), strict=True):
        at = 1 + int(share * max(len(word) - 2, 1))
        out.append((word[:at] + word[at + 1 :], word[:at] + word[at : at + 1] + word[at:], _turned(word, at))[kind])
    return out


def _turned(word: str, at: int) -> str:
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def _names(names: Texts, hit: dict[str, Flags], random: Random) -> pl.Series:
    typed = np.array(misspelled(names, random))
    written = np.where(hit["name_typo"], typed, names)
    first = np.array([name.split(" ")[0] for name in written.tolist()])
    spelled = np.array([SPELLED.get(word, word) for word in first.tolist()])
    rest = np.array([name.partition(" ")[2] for name in written.tolist()])
    titled = np.strings.add(pick(TITLES, random, len(names)), written)
    other = np.where(spelled != first, np.strings.add(np.strings.add(spelled, " "), rest), titled)
    short = np.where(random.random(len(names)) < 0.3, first, other)
    return pl.Series(np.where(hit["name_changed"], short, written)).cast(pl.String)


def _births(born: np.ndarray, hit: dict[str, Flags]) -> pl.Series:
    days = pl.DataFrame({"born": pl.Series(born).cast(pl.Date)})
    year, month, day = pl.col("born").dt.year(), pl.col("born").dt.month(), pl.col("born").dt.day()
    return days.select(
        pl.when(pl.Series(hit["birth_year_only"]))
        .then(pl.date(year, 1, 1))
        .when(pl.Series(hit["birth_swapped"]) & (day <= 12))
        .then(pl.date(year, pl.min_horizontal(day, 12), month))
        .when(pl.Series(hit["birth_other_year"]))
        .then(pl.col("born").dt.offset_by("-1y"))
        .otherwise("born")
    ).to_series()


def _niks(own: Texts, others: Texts, hit: dict[str, Flags], random: Random) -> pl.Series:
    at, plus = random.integers(6, 16, len(own)), random.integers(1, 10, len(own))
    typed = [
        nik[:place] + str((int(nik[place]) + more) % 10) + nik[place + 1 :]
        for nik, place, more in zip(own.tolist(), at.tolist(), plus.tolist(), strict=True)
    ]
    cut = [nik[:place] + nik[place + 1 :] for nik, place in zip(own.tolist(), at.tolist(), strict=True)]
    return pl.select(
        pl.when(pl.Series(hit["nik_missing"]))
        .then(None)
        .when(pl.Series(hit["nik_malformed"]))
        .then(pl.Series(cut))
        .when(pl.Series(hit["nik_of_another"]))
        .then(pl.Series(others.tolist()))
        .when(pl.Series(hit["nik_typo"]))
        .then(pl.Series(typed))
        .otherwise(pl.Series(own.tolist()))
    ).to_series()


def _addresses(known: Texts, hit: dict[str, Flags], random: Random) -> pl.Series:
    moved = addresses(len(known), random)
    frame = pl.DataFrame({"known": known.tolist(), "moved": moved.tolist()})
    otherwise = (
        (pl.col("known").str.replace("Jl. ", "Jalan ", literal=True).str.replace(" No. ", " ", literal=True))
        .str.replace(" RT 0*", " RT.")
        .str.replace(" RW 0*", "/")
    )
    return frame.select(
        pl.when(pl.Series(hit["address_old"]))
        .then("moved")
        .when(pl.Series(hit["address_spelled_otherwise"]))
        .then(otherwise)
        .otherwise("known")
    ).to_series()


def other_members(families: Ints, random: Random) -> Ints:
    """For each row another row of the same family where there is one, else of any family."""
    order = np.argsort(families, kind="stable")
    after = np.roll(order, -1)
    out = np.empty(len(families), np.int64)
    same = families[order] == families[after]
    out[order] = np.where(same, after, random.permutation(len(families)))
    return out


__all__ = ["STREETS", "misspelled", "other_members", "spoil"]
