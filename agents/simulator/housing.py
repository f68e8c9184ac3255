"""Houses and belongings as an officer would write them down, by a hidden welfare.

Each variable is a ladder of Regsosek codes from poor to well-off. A family stands on a ladder by
its welfare plus a steady deviation of its own for that variable, so that two visits to an
unchanged family find the same house.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from agents.simulator.randomness import Floats, Ints


class Ladder(NamedTuple):
    """Codes from poor to well-off, and the welfare at which each next code begins."""

    name: str
    codes: tuple[int, ...]
    steps: tuple[float, ...]


# Codes: domain facts 1.5. Steps: assumption.
HOUSING = (
    Ladder("status_bangunan", (5, 3, 2, 1), (-2.1, -1.4, 0.1)),
    Ladder("bukti_lahan", (6, 5, 4, 1), (-1.2, -0.5, 0.3)),
    Ladder("lantai", (8, 6, 4, 2, 1), (-2.3, -1.0, -0.3, 1.3)),
    Ladder("dinding", (6, 3, 2, 1), (-2.3, -1.3, -0.8)),
    Ladder("atap", (4, 3, 2, 1), (-0.9, -0.4, 1.6)),
    Ladder("air_minum", (6, 5, 4, 3, 2, 1), (-2.3, -1.6, -0.6, 0.1, 1.1)),
    Ladder("jarak_tinja", (1, 3, 2), (-0.9, -0.6)),
    Ladder("penerangan", (3, 2, 1), (-2.4, -1.5)),
    Ladder("daya", (1, 2, 3, 4, 5), (-0.8, 0.2, 1.0, 1.8)),
    Ladder("bahan_bakar", (7, 4, 2, 3), (-2.4, 0.8, 1.4)),
    Ladder("fasilitas_bab", (6, 4, 3, 2, 1), (-2.5, -2.0, -1.5, -0.7)),
    Ladder("kloset", (4, 3, 2, 1), (-2.2, -1.8, -1.4)),
    Ladder("pembuangan_tinja", (3, 4, 1), (-1.6, -1.2)),
)
# Welfare from which half of the families have it. Assumption.
ASSETS = {
    "tabung_gas": 0.9,
    "lemari_es": -0.7,
    "ac": 0.8,
    "pemanas_air": 1.8,
    "telepon_rumah": 1.7,
    "televisi": -1.3,
    "emas": 0.6,
    "komputer": 0.5,
    "sepeda_motor": -0.6,
    "sepeda": 0.2,
    "mobil": 1.2,
    "perahu": 3.2,
    "kapal_motor": 3.4,
    "smartphone": -1.6,
    "lahan": 1.1,
    "rumah_lain": 1.7,
}
LIVESTOCK = ("sapi", "kerbau", "kuda", "babi", "kambing")  # none in these kelurahan
NOISE = 0.55  # how far a variable strays from welfare
FLOOR_M2 = (38.0, 0.45)  # median floor area and its growth by welfare. Assumption


def perumahan(families: Ints, welfare: Floats, seed: int) -> pl.DataFrame:
    """Housing of families, one row each in their order, columns by the fields of `Perumahan`.

    Questions that do not apply are null: proof of land only for owners, power only with a meter,
    closet and disposal only where there is a place to go.
    """
    columns = {
        ladder.name: _stand(ladder, welfare + NOISE * _steady(families, number, seed))
        for number, ladder in enumerate(HOUSING)
    }
    median, growth = FLOOR_M2
    area = median * np.exp(growth * (welfare + NOISE * _steady(families, 90, seed)))
    columns["luas_lantai"] = np.clip(area, 6, 600).astype(np.int32)
    return pl.DataFrame(columns).with_columns(
        bukti_lahan=pl.when(pl.col("status_bangunan") == 1).then("bukti_lahan"),
        daya=pl.when(pl.col("penerangan") == 1).then("daya"),
        kloset=pl.when(pl.col("fasilitas_bab") < 5).then("kloset"),
        pembuangan_tinja=pl.when(pl.col("fasilitas_bab") < 5).then("pembuangan_tinja"),
    )


def aset(families: Ints, welfare: Floats, seed: int) -> pl.DataFrame:
    """Belongings of families, one row each in their order, columns by the fields of `Aset`."""
    owned = {
        name: welfare + NOISE * _steady(families, 100 + number, seed) > from_welfare
        for number, (name, from_welfare) in enumerate(ASSETS.items())
    }
    none = {name: np.zeros(len(families), np.int32) for name in LIVESTOCK}
    return pl.DataFrame({**owned, **none})


def _stand(ladder: Ladder, welfare: Floats) -> NDArray[np.int32]:
    codes = np.array(ladder.codes, np.int32)
    return codes[np.searchsorted(np.array(ladder.steps), welfare, side="right")]


def _steady(families: Ints, variable: int, seed: int) -> Floats:
    """About N(0, 1) per family and variable, always the same for the same seed (splitmix64)."""
    mixed = families.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed += np.uint64((seed * 1_000_003 + variable * 0xBF58476D1CE4E5B9) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    even = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    # A logistic deviate scaled to variance one: close to normal, and one line.
    out: Floats = np.log(even / (1 - even)) * (np.sqrt(3) / np.pi)
    return out
