"""Aims at a supervisor's decisions: they pass the door, in events small enough, and are withdrawn once."""

import dataclasses
import datetime as dt

import polars as pl
import pytest

from agents.clients.events import check
from agents.errors import OperatorError
from agents.integrity.decisions import (
    PEOPLE_MOST,
    VISITS_MOST,
    Officer,
    Order,
    officer_of,
    setting_aside,
    visits_of,
    withdrawing,
)
from agents.simulator.campaigns import campaign_of
from schemas import slow
from schemas.registry import contracts

NIK = [f"317190010190{number:04d}" for number in range(1, 1001)]
VISITS = campaign_of(6, 1, 0.0).visits.with_columns(
    pl.Series(
        "nik",
        [[NIK[(4 * place + it) % 1000] for it in range(4)] for place in range(campaign_of(6, 1, 0.0).visits.height)],
    )
)
FIRST, LAST = dt.date(2025, 3, 1), dt.date(2025, 3, 31)
ORDER = Order(Officer("bps", "bps-0001"), FIRST, LAST, "Satu foto", "BPS", "bps")
NOW = dt.datetime(2025, 6, 1, 3, tzinfo=dt.UTC)
NOW_MS = int(NOW.timestamp() * 1000)
MINE = visits_of(VISITS, ORDER.officer, FIRST, LAST)


def test_all_visits_of_the_days_are_listed_once_with_their_people() -> None:
    assert 250 < MINE.height < 400
    records = setting_aside(ORDER, MINE, NOW)
    checked = check("pengesampingan", records, producer="bps", now_ms=NOW_MS + 60_000)
    assert (len(checked.good), checked.refused) == (len(records), [])
    named = [it["event_id"] for record in records for it in record["content"]["peristiwa"]]
    assert sorted(named) == sorted(MINE["event_id"].to_list())
    by_event = dict(MINE.select("event_id", "nik").iter_rows())
    for record in records:
        content = record["content"]
        people = {it["nik"] for it in content["orang"]}
        assert people == {nik for it in content["peristiwa"] for nik in by_event[it["event_id"]]}
        assert len(content["peristiwa"]) <= VISITS_MOST
        assert len(people) <= PEOPLE_MOST
    assert len({event.event_id for event in checked.good}) == len(records) > 1


def test_days_are_kept() -> None:
    some = visits_of(VISITS, ORDER.officer, dt.date(2025, 3, 2), dt.date(2025, 3, 3))
    assert set(some["effective_on"].to_list()) == {dt.date(2025, 3, 2), dt.date(2025, 3, 3)}
    assert visits_of(VISITS, Officer("dinsos-dki", "bps-0001"), FIRST, LAST).is_empty()


def test_a_correction_is_set_aside_with_what_the_officer_corrected() -> None:
    """The first version does not count as long as the correction does; without it, it would count again."""
    first, second, third = (f"{it:032x}" for it in (1, 2, 3))
    row = MINE.select(VISITS.columns).head(1)
    base = row["recorded_at"][0]

    def corrected(event: str, target: str, hours: int, petugas: str = "bps-0001") -> pl.DataFrame:
        return row.with_columns(
            pl.lit(bytes.fromhex(event)).alias("event_id"),
            pl.lit("CORRECT").cast(VISITS.schema["kind"]).alias("kind"),
            pl.lit(value=True).alias("corrects"),
            pl.col("producer_number").alias("corrects.producer_number"),
            pl.lit(bytes.fromhex(target)).alias("corrects.event_id"),
            pl.lit(base + dt.timedelta(hours=hours)).cast(VISITS.schema["recorded_at"]).alias("recorded_at"),
            pl.lit(petugas).alias("petugas"),
        )

    early = row.with_columns(
        pl.lit(bytes.fromhex(first)).alias("event_id"), pl.lit(FIRST - dt.timedelta(days=1)).alias("effective_on")
    )
    chain = [early, corrected(second, first, 1), corrected(third, second, 2)]
    named = visits_of(pl.concat(chain), ORDER.officer, FIRST, LAST)["event_id"].to_list()
    assert sorted(named) == [bytes.fromhex(it) for it in (first, second, third)]
    # What a colleague had said is what was known before, and counts again.
    chain[1] = corrected(second, first, 1, "bps-0002")
    assert visits_of(pl.concat(chain), ORDER.officer, FIRST, LAST)["event_id"].to_list() == [bytes.fromhex(third)]


def test_a_decision_is_withdrawn_once_and_only_within_the_days() -> None:
    contract = contracts().by_name["pengesampingan"]
    sent = check("pengesampingan", setting_aside(ORDER, MINE, NOW), producer="bps", now_ms=NOW_MS + 60_000).good
    told = [slow.decode_one(contract, event.value) for event in sent]
    back = withdrawing(ORDER, [*told, told[0]], NOW + dt.timedelta(days=1))
    assert len(back) == len(sent)
    checked = check("pengesampingan", back, producer="bps", now_ms=NOW_MS + 90_000_000)
    assert (len(checked.good), checked.refused) == (len(back), [])
    people = {it["event_id"]: {each["nik"] for each in it["content"]["orang"]} for it in told}
    assert {it["corrects"]["event_id"]: set(it["corrects"]["nik"]) for it in back} == people
    cancelled = [slow.decode_one(contract, event.value) for event in checked.good]
    assert withdrawing(ORDER, [*told, *cancelled], NOW) == []
    assert withdrawing(dataclasses.replace(ORDER, last=LAST - dt.timedelta(days=1)), told, NOW) == []
    assert withdrawing(dataclasses.replace(ORDER, officer=Officer("bps", "bps-0002")), told, NOW) == []


def test_an_officer_is_named_without_doubt() -> None:
    assert officer_of("bps-0001", VISITS) == officer_of("bps/bps-0001", VISITS) == ORDER.officer
    with pytest.raises(OperatorError, match="0 officers are called 'nobody'"):
        officer_of("nobody", VISITS)
    twins = pl.concat([VISITS.head(1), VISITS.head(1).with_columns(pl.lit(b"\0\6").alias("producer_number"))])
    name = VISITS["petugas"][0]
    with pytest.raises(OperatorError, match="2 officers"):
        officer_of(name, twins)
    assert officer_of(f"dinsos-dki/{name}", twins) == Officer("dinsos-dki", name)


def test_only_an_office_that_may_withdraw_a_decision_does_so() -> None:
    """A withdrawal by an office set below has no effect in the register, so it must not keep the right one away."""
    contract = contracts().by_name["pengesampingan"]
    sent = check("pengesampingan", setting_aside(ORDER, MINE, NOW), producer="bps", now_ms=NOW_MS + 60_000).good
    told = [slow.decode_one(contract, event.value) for event in sent]
    below = dataclasses.replace(ORDER, sender="dinsos-dki")
    assert withdrawing(below, told, NOW + dt.timedelta(days=1)) == []
    without_effect = [{**it, "producer": "dinsos-dki"} for it in withdrawing(ORDER, told, NOW)]
    assert len(withdrawing(ORDER, [*told, *without_effect], NOW + dt.timedelta(days=1))) == len(told)
    above = dataclasses.replace(ORDER, sender="dukcapil-pusat")
    assert len(withdrawing(above, told, NOW + dt.timedelta(days=1))) == len(told)
