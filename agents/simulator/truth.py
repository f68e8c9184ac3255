"""What holds at a quarter's end, by the simulator's own bookkeeping.

It follows the events as they were written, not the register: it imports nothing of `streams`, so that
a comparison of the two means something.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import polars as pl

from agents.simulator.bookkeeping import niks_of, persons_of, services_of
from agents.simulator.claimed import BY, cases_told
from agents.simulator.conduct import HONEST
from agents.simulator.disorder import ARRIVAL, GOOD, PLANT, REPEAT
from agents.simulator.malformed import CODES
from agents.simulator.quarters import Quarter, quarter_indices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from agents.simulator.log import Events
    from agents.simulator.world import World


@dataclass(frozen=True)
class Truth:
    """Frames that a register must agree with at the end of `quarter`, and what was planted in it.

    persons: nik, alive, died_on, no_kk, kelurahan, kab_kota, status (as contracts.md 5, by what has
      arrived), really_alive (whatever was reported); one row per NIK of any accepted event, by nik.
    services: nik, daya_va, bersubsidi, terdaftar, berat, katastropik, hamil, kehamilan_ke, perkiraan_lahir, status,
      semester, ipk_x100 (what was observed last, by what has arrived); one row per NIK of whom a service told; by nik.
    families: no_kk, members (TERDAFTAR or TRANSIT); by no_kk.
    accounts: kab_kota, status, persons.
    events: contract, records, accepted (records that are not refused), repeated (of the accepted, those
      sent for the second time), facts (of the accepted records, copies counted); what reached Kafka in
      this quarter, by the contract that it was made from.
    rejects: code, records; of this quarter.
    planted: kind, code, records; of this quarter.
    late: contract, event_id, recorded_in, recorded before this quarter and arriving in it (the first
      quarter's load left out).
    cases: kind, channel, quarter (whose list it is about), state, timely, cases, joined (claims that came again for a
      case), repeated (of these, after its decision), as they stand on the quarter's last day.
    officers: petugas, conduct (of `conduct.CONDUCTS`), visits, whose good forms arrive in this quarter.
    deaths: nik, died_on, wrong (a living person), reported now; cancelled: nik; corrected: contract, event_id.
    """

    quarter: str
    persons: pl.DataFrame
    services: pl.DataFrame
    families: pl.DataFrame
    accounts: pl.DataFrame
    events: pl.DataFrame
    rejects: pl.DataFrame
    planted: pl.DataFrame
    late: pl.DataFrame
    cases: pl.DataFrame
    officers: pl.DataFrame
    deaths: pl.DataFrame
    cancelled: pl.DataFrame
    corrected: pl.DataFrame

    def frames(self) -> dict[str, pl.DataFrame]:
        return {name: each for name, each in vars(self).items() if isinstance(each, pl.DataFrame)}

    def write(self, folder: Path) -> None:
        """One Parquet file per frame in `folder`/`quarter`."""
        self.write_frames(folder / self.quarter)

    def write_frames(self, folder: Path) -> None:
        """One Parquet file per frame in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.frames().items():
            frame.write_parquet(folder / f"{name}.parquet")


# Frames of sums, and what they are summed by; in the others each piece has rows of its own.
SUMMED = {
    "accounts": ["kab_kota", "status"],
    "events": ["contract"],
    "officers": ["petugas", "conduct"],
    "rejects": ["code"],
    "planted": ["kind", "code"],
    "cases": BY,
}


def merge_truth(parts: Sequence[Path], folder: Path) -> None:
    """The truth of a whole from that of its pieces (folders of `Truth.write_frames`), in the same files.

    Sums are added up; other rows follow piece by piece, sorted within each, without being all in memory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in (each.name for each in fields(Truth) if each.name != "quarter"):
        rows = pl.scan_parquet([part / f"{name}.parquet" for part in parts])
        keys = SUMMED.get(name)
        if keys is not None:
            rows = rows.group_by(keys).agg(pl.all().sum()).sort(keys)
        rows.sink_parquet(folder / f"{name}.parquet")


def disorder(written: dict[str, Events], quarter: str) -> tuple[int, int, int]:
    """How many records of a quarter are late, repeated, and planted malformed."""
    index = Quarter.parse(quarter).index
    now = {name: each.only(pl.col(ARRIVAL) == index) for name, each in written.items()}
    plants = pl.concat([each.frame.select(PLANT) for each in now.values()]).to_series()
    late = _late(now, Quarter.parse(quarter), _first_index(written)).height
    return late, int((plants == REPEAT).sum()), int(plants.is_in(list(CODES)).sum())


def truth_of(written: dict[str, Events], world: World, quarter: Quarter) -> Truth:
    """The truth at the end of a quarter, from everything that was written."""
    until = (pl.col(ARRIVAL) <= quarter.index) & (pl.col(PLANT) == GOOD)
    known = {name: each.only(until) for name, each in written.items()}
    persons = persons_of(known, world, quarter)
    listed = persons.filter(pl.col("status").is_in(["TERDAFTAR", "TRANSIT"]), pl.col("no_kk").is_not_null())
    now = {name: each.only(pl.col(ARRIVAL) == quarter.index) for name, each in written.items()}
    planted = _planted(now)
    return Truth(
        quarter=str(quarter),
        persons=persons,
        services=services_of(known),
        families=listed.group_by("no_kk").agg(members=pl.len().cast(pl.Int64)).sort("no_kk"),
        accounts=persons.group_by("kab_kota", "status").agg(persons=pl.len().cast(pl.Int64)).sort("kab_kota", "status"),
        events=_counts(now),
        rejects=planted.group_by("code").agg(pl.col("records").sum()).sort("code"),
        planted=planted,
        late=_late(now, quarter, _first_index(written)),
        cases=cases_told(known, quarter),
        officers=_officers(_good(now["groundcheck"]), world),
        deaths=_deaths(now["mati"], persons),
        cancelled=_good(now["mati"]).filter(pl.col("kind") == "CANCEL").select(nik="sim.key").sort("nik"),
        corrected=_corrected(now),
    )


def _first_index(written: dict[str, Events]) -> int:
    return int(pl.concat([each.frame.select(ARRIVAL) for each in written.values()]).to_numpy().min())


def _good(events: Events) -> pl.DataFrame:
    return events.frame.filter(pl.col(PLANT) == GOOD)


def _counts(now: dict[str, Events]) -> pl.DataFrame:
    """Per contract: records, accepted, repeated, facts."""
    rows = []
    for name, events in sorted(now.items()):
        accepted = events.only(pl.col(PLANT).is_in([GOOD, REPEAT]))
        repeated = accepted.frame.filter(pl.col(PLANT) == REPEAT).height
        facts = niks_of(name, accepted).height
        rows.append((name, events.frame.height, accepted.frame.height, repeated, facts))
    names = ["contract", "records", "accepted", "repeated", "facts"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64) | {"contract": pl.String}, orient="row")


def _planted(now: dict[str, Events]) -> pl.DataFrame:
    kinds = pl.concat([each.frame.select(kind=PLANT) for each in now.values()])
    return (
        kinds.filter(pl.col("kind").is_in(list(CODES)))
        .group_by("kind")
        .agg(records=pl.len().cast(pl.Int64))
        .with_columns(code=pl.col("kind").replace_strict(CODES, return_dtype=pl.String))
        .select("kind", "code", "records")
        .sort("kind")
    )


def _late(now: dict[str, Events], quarter: Quarter, first: int) -> pl.DataFrame:
    parts = []
    for name, events in sorted(now.items()):
        good = _good(events)
        recorded = quarter_indices(good["recorded_at"].cast(pl.Int64).to_numpy())
        frame = good.select(pl.lit(name).alias("contract"), "event_id", recorded_in=pl.Series(recorded))
        parts.append(frame.filter(pl.col("recorded_in") < quarter.index, quarter.index > first))
    return pl.concat(parts).sort("contract", "event_id")


def _officers(visits: pl.DataFrame, world: World) -> pl.DataFrame:
    """Who made the visits, and how they go about them; a cancelled form names nobody. Officers of scripted lives, whom
    the world does not know, are honest.
    """
    named = visits.filter(pl.col("content.petugas").is_not_null())
    return (
        named.group_by(petugas="content.petugas")
        .agg(visits=pl.len().cast(pl.Int64))
        .select(
            "petugas",
            pl.col("petugas").replace_strict(world.conduct, default=HONEST, return_dtype=pl.String).alias("conduct"),
            "visits",
        )
        .sort("petugas")
    )


def _deaths(mati: Events, persons: pl.DataFrame) -> pl.DataFrame:
    """Deaths stated in this quarter; wrong are those of people who live."""
    stated = _good(mati).filter(pl.col("kind") == "STATE")
    return (
        stated.select(nik="content.nik", died_on="content.tanggal_meninggal")
        .join(persons.select("nik", wrong="really_alive"), on="nik", how="left")
        .sort("nik")
    )


def _corrected(now: dict[str, Events]) -> pl.DataFrame:
    parts = [
        _good(each).filter(pl.col("kind") == "CORRECT").select(pl.lit(name).alias("contract"), "event_id")
        for name, each in sorted(now.items())
    ]
    return pl.concat(parts).sort("contract", "event_id")
