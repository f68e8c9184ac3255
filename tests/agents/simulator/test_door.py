"""Truth and register, which share no code, agree: the door on every event, the persons on every fact."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from agents.simulator import Simulation
from agents.simulator.bookkeeping import DKI, TRANSIT_DAYS
from agents.simulator.quarters import Quarter
from schemas.columnar import decode, join
from schemas.framing import bodies
from schemas.registry import contracts
from streams.door import DoorResult, open_batch
from streams.facts import with_lists
from streams.persons import AsOf, persons

ALL = contracts()
FACT = ALL.by_name["fact"]
RECEIVED_MS = 1_800_000_000_000  # 2027: the broker's time is later than all simulated quarters
# column of the truth -> of the persons frame
SERVICES = {
    "daya_va": "daya_va",
    "bersubsidi": "listrik_bersubsidi",
    "terdaftar": "disabilitas_terdaftar",
    "berat": "disabilitas_berat",
    "katastropik": "katastropik",
    "hamil": "pregnancy.hamil",
    "kehamilan_ke": "kehamilan_ke",
    "perkiraan_lahir": "pregnancy.perkiraan_lahir",
    "status": "kuliah_status",
    "semester": "kuliah_semester",
    "ipk_x100": "kuliah_ipk_x100",
}
COMPARED = ["nik", "alive", "died_on", "no_kk", "kelurahan", "kab_kota", "status"]


def opened(events: pl.DataFrame) -> dict[str, DoorResult]:
    """What the door makes of a quarter's events, by topic, as if each topic had one partition."""
    out = {}
    for (topic,), rows in events.group_by("topic", maintain_order=True):
        values = join([value or b"" for value in rows["value"]])
        lengths = np.where(rows["value"].is_null().to_numpy(), -1, values.lengths).astype(np.int32)
        offsets = np.arange(rows.height, dtype=np.int64)
        received = np.full(rows.height, RECEIVED_MS)
        out[str(topic)] = open_batch(
            str(topic), values.arena, values.starts, lengths, offsets, received, 0, profile="simulation", contracts=ALL
        )
    return out


@pytest.fixture(scope="module")
def doors(year: Simulation) -> dict[str, dict[str, DoorResult]]:
    return {quarter: opened(year.events(quarter)) for quarter in year.quarters}


def facts_of(result: DoorResult) -> pl.DataFrame:
    """The facts as the view of persons takes them."""
    values = result.facts.values
    frame = with_lists(decode(FACT, values.arena, *bodies(values.starts, values.lengths)))
    authority = {each.number.to_bytes(2, "big"): each.authority for each in ALL.producers_by_code.values()}
    niks = pl.Series("nik", [bytes(nik).decode() for nik in result.facts.nik], pl.String)
    return frame.with_columns(
        niks, pl.col("producer_number").replace_strict(authority, return_dtype=pl.Int32).alias("authority")
    )


def test_the_door_refuses_what_was_planted_and_nothing_else(
    year: Simulation, doors: dict[str, dict[str, DoorResult]]
) -> None:
    for quarter, results in doors.items():
        refused = pl.concat([result.rejected.select("code") for result in results.values()])
        counted = refused.group_by("code").agg(records=pl.len().cast(pl.Int64)).sort("code")
        assert counted.rows() == year.truth(quarter).rejects.rows()


def test_the_door_makes_as_many_facts_as_people_are_named(
    year: Simulation, doors: dict[str, dict[str, DoorResult]]
) -> None:
    for quarter, results in doors.items():
        truth = year.truth(quarter).events.filter(pl.col("accepted") > 0)
        expected = {
            name: (accepted, facts) for name, accepted, facts in truth.select("contract", "accepted", "facts").rows()
        }
        found = {
            name: (count, len(result.facts)) for result in results.values() for name, count in result.accepted.items()
        }
        assert found == expected


def test_persons_are_who_the_truth_says(year: Simulation, doors: dict[str, dict[str, DoorResult]]) -> None:
    known: list[pl.DataFrame] = []
    for quarter, results in doors.items():
        known += [facts_of(result) for result in results.values()]
        facts = pl.concat(known).unique(["nik", "producer_number", "event_id"], maintain_order=True)
        last_day = Quarter.parse(quarter).last_day.astype(object)
        assert isinstance(last_day, date)
        seen = persons(facts, AsOf(last_day, TRANSIT_DAYS, DKI))
        found = seen.select(COMPARED).with_columns(pl.col("status").cast(pl.String))
        assert found.equals(year.truth(quarter).persons.select(COMPARED))


def test_services_are_known_as_the_truth_says(year: Simulation, doors: dict[str, dict[str, DoorResult]]) -> None:
    known: list[pl.DataFrame] = []
    for quarter, results in doors.items():
        known += [facts_of(result) for result in results.values()]
        facts = pl.concat(known).unique(["nik", "producer_number", "event_id"], maintain_order=True)
        last_day = Quarter.parse(quarter).last_day.astype(object)
        assert isinstance(last_day, date)
        seen = persons(facts, AsOf(last_day, TRANSIT_DAYS, DKI)).select(
            "nik", *(pl.col(column).alias(name) for name, column in SERVICES.items())
        )
        told = seen.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in SERVICES))
        expected = year.truth(quarter).services
        assert told.with_columns(pl.col("status").cast(pl.String)).rows() == expected.rows()
        assert all(expected[name].count() > 0 for name in SERVICES)
