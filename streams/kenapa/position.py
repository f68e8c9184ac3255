"""Who is eligible and not served: how many wait before, by score, as the sealed run counted them."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from streams.programmes.quotas import RESERVED, UNITS
from streams.rules import Programme


@dataclass(frozen=True, slots=True)
class Position:
    """Place among those who wait for a programme: `first` to `last`, one number unless others have the same score.

    `waiting` units are eligible and not served; `filled` of the `quota` are served or reserved.
    """

    first: int
    last: int
    waiting: int
    filled: int
    quota: int


def position(
    units: Sequence[pl.DataFrame], reserved: Sequence[pl.DataFrame], programme: Programme, rank: int, cut: int | None
) -> Position:
    """The place of a unit of this rank, from the UNITS and RESERVED of all partitions and the wave's cut.

    Raises ValueError for a rank that is served, or that no partition counted.
    """
    waiting, filled = _counted(units, reserved, programme, cut)
    before = int(waiting.filter(pl.col("score") < rank)["units"].sum())
    equal = int(waiting.filter(pl.col("score") == rank)["units"].sum())
    if not equal:
        raise ValueError(f"nobody of rank {rank} waits for {programme.name}: it is served, or of another quarter")
    return Position(
        first=before + 1,
        last=before + equal,
        waiting=int(waiting["units"].sum()),
        filled=filled,
        quota=programme.quota,
    )


def has_room(
    units: Sequence[pl.DataFrame], reserved: Sequence[pl.DataFrame], programme: Programme, cut: int | None
) -> bool:
    """Whether one more would be served whatever its score: nobody waits, and the quota is not filled."""
    waiting, filled = _counted(units, reserved, programme, cut)
    return waiting.is_empty() and filled < programme.quota


def _counted(
    units: Sequence[pl.DataFrame], reserved: Sequence[pl.DataFrame], programme: Programme, cut: int | None
) -> tuple[pl.DataFrame, int]:
    """The UNITS that wait for a programme, and how many are served or reserved."""
    counted = pl.concat([pl.DataFrame(schema=UNITS), *units]).filter(pl.col("programme") == programme.name)
    kept = pl.concat([pl.DataFrame(schema=RESERVED), *reserved]).filter(pl.col("programme") == programme.name)
    served = pl.lit(value=False) if cut is None else pl.col("score") <= cut
    filled = int(counted.filter(served)["units"].sum()) + int(kept["reserved"].sum())
    return counted.filter(~served & (pl.col("units") > 0)), filled
