"""Officers who cheat, and whom the register names: compared with what the simulator knows."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from agents.integrity.records import findings_told
from agents.settings import Settings
from agents.simulator.conduct import HONEST

# The stage judges when no visit came for a second; a busy machine takes its time.
LOOK_SECONDS, PATIENCE_SECONDS = 0.5, 60.0
# So many visits in a quarter show each way of cheating; these two are seen sooner, and one is seldom seen:
# a kelurahan has too few re-checks to tell who turns verdicts round. Who does so has odd shares of them, too.
VISITS_LEAST, SOONER = 40, {"PHOTO_REUSED": 15, "GEOTAG_SAME": 15}
SELDOM = "REVERSED"
# What no honest officer of the simulator ever does; the other kinds may name one by chance.
NEVER_HONEST = ("TOO_FAST", "PHOTO_REUSED", "GEOTAG_SAME", "GEOTAG_FAR", "TOO_MANY_A_DAY")


@dataclass(frozen=True)
class Named:
    """By conduct: officers, how many of them have a finding, and how many one of that very kind."""

    rows: list[tuple[Any, ...]]
    wrong: list[str]


def officers_named(settings: Settings, visited: Sequence[pl.DataFrame]) -> Named:
    """Compare the findings that stand with the truth of all quarters so far (frames `Truth.officers`).

    Waits for a while until everybody is named who should be, since the stage judges beside the stream.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        named = compare(asyncio.run(findings_told(settings)), visited)
        if not named.wrong or time.monotonic() > until:
            return named
        time.sleep(LOOK_SECONDS)


def compare(found: pl.DataFrame, visited: Sequence[pl.DataFrame]) -> Named:
    """`found`: columns streams.integrity FINDINGS; `visited`: a frame per quarter.

    Wrong are officers who cheat often enough and have no finding of that kind, and honest ones with a kind that no
    honest officer earns (NEVER_HONEST).
    """
    kinds = found.filter(pl.col("state") == "OPEN").group_by("petugas").agg(pl.col("kind").unique().sort())
    officers = (
        pl.concat(visited)
        .group_by("petugas", "conduct")
        .agg(pl.col("visits").max())
        .join(kinds, on="petugas", how="left")
        .with_columns(
            named=pl.col("kind").is_not_null(),
            own=pl.col("kind").list.contains(pl.col("conduct")).fill_null(value=False),
        )
        .sort("conduct", "petugas")
    )
    rows = officers.group_by("conduct", maintain_order=True).agg(pl.len(), pl.col("named").sum(), pl.col("own").sum())
    honest = pl.col("conduct") == HONEST
    impossible = pl.col("kind").list.set_intersection(list(NEVER_HONEST)).list.len() > 0
    evident = pl.col("visits") >= pl.col("conduct").replace_strict(SOONER, default=VISITS_LEAST, return_dtype=pl.Int64)
    missed = ~honest & (pl.col("conduct") != SELDOM) & evident & ~pl.col("own")
    wrong = [
        f"{it['petugas']} is honest, and is named for {', '.join(it['kind'])}"
        for it in officers.filter(honest & impossible).to_dicts()
    ]
    wrong += [
        f"{it['petugas']} cheats ({it['conduct']}), and no finding says so" for it in officers.filter(missed).to_dicts()
    ]
    return Named(rows.rows(), wrong)
