"""Events are what the contracts say, by the official Avro library; what is planted is there, and is bad."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from agents.clients.cloudevents import headers_of
from agents.simulator import Simulation
from agents.simulator.disorder import ARRIVAL, GOOD, PLANT, REPEAT
from agents.simulator.malformed import KINDS
from agents.simulator.quarters import Quarter
from schemas.framing import split_header
from schemas.regions import kelurahan, provinces
from schemas.registry import contracts
from schemas.slow import decode_one

ALL = contracts()


def plants(simulation: Simulation) -> pl.DataFrame:
    """ce_id and what was planted, of every event written."""
    parts = [each.frame.select("event_id", PLANT, ARRIVAL) for each in simulation.written.values()]
    return pl.concat(parts).with_columns(id=pl.col("event_id").bin.encode("hex"))


@pytest.fixture(scope="module")
def decoded(tiny: Simulation) -> list[tuple[str, dict[str, Any]]]:
    """(topic, record) of every good record, by the official library."""
    good = set(plants(tiny).filter(pl.col(PLANT).is_in([GOOD, REPEAT]))["id"])
    out = []
    for quarter in tiny.quarters:
        for row in tiny.events(quarter).iter_rows(named=True):
            if row["ce_id"].replace("-", "") in good:
                fingerprint, _ = split_header(row["value"])
                out.append((row["topic"], decode_one(ALL.by_fingerprint[fingerprint], row["value"])))
    return out


def niks_in(record: dict[str, Any]) -> list[str]:
    content = record["content"] or {}
    lists = [content.get(name, []) for name in ("anggota", "pindah", "pendatang", "pasangan")]
    named = [content["nik"]] if "nik" in content else []
    corrected = record["corrects"]["nik"] if record["corrects"] else []
    return [*named, *corrected, *(item["nik"] for each in lists for item in each)]


def test_every_good_event_is_read_by_the_official_library(tiny: Simulation, decoded: list[Any]) -> None:
    expected = sum(int(tiny.truth(quarter).events["accepted"].sum()) for quarter in tiny.quarters)
    assert len(decoded) == expected
    found = {topic for topic, _ in decoded}
    assert found <= {each.topic for each in ALL.events}
    # a hundred families may have nobody who marries or moves into a panti, and no officer who is found out
    rare = {"population.kawin", "enrichment.panti", "population.cerai", "field.pengesampingan"}
    assert {each.topic for each in ALL.events} - found <= rare


def test_every_number_is_synthetic_and_possible(decoded: list[tuple[str, dict[str, Any]]]) -> None:
    numbers = {nik for _, record in decoded for nik in niks_in(record)}
    contents = [record["content"] or {} for _, record in decoded]
    cards = {str(content["no_kk"]) for content in contents if content.get("no_kk")}
    for number in numbers | cards:
        assert number.isdigit()
        assert len(number) == 16
        assert number[:4] == "3171"
        assert 90 <= int(number[4:6]) <= 99
        day = int(number[6:8])
        dt.date(2000 + int(number[10:12]), int(number[8:10]), day - 40 if day > 40 else day)
        assert int(number[12:]) >= 1


def test_regions_producers_and_dates_are_possible(decoded: list[tuple[str, dict[str, Any]]]) -> None:
    allowed = {(each.code, event) for each in ALL.producers_by_code.values() for event in each.events}
    topics = {each.topic: each.event_type for each in ALL.events}
    for topic, record in decoded:
        assert (record["producer"], topics[topic]) in allowed
        assert record["effective_on"] <= record["recorded_at"].date()
        content = record["content"] or {}
        for name in ("kelurahan", "kelurahan_asal"):
            assert content.get(name) is None or content[name] in kelurahan()
        if "kabupaten_tujuan" in content:
            assert content["kabupaten_tujuan"][:2] in provinces()


def test_every_card_has_one_head_and_names_each_member_once(year: Simulation) -> None:
    cards = year.written["kartu_keluarga"].only(pl.col(PLANT) == GOOD)
    members = (
        cards.children["content.anggota"]
        .group_by("row")
        .agg(heads=(pl.col("hubungan") == 1).sum(), persons=pl.len(), different=pl.col("nik").n_unique())
    )
    assert members.height == cards.frame.height
    assert members["heads"].unique().to_list() == [1]
    assert members.filter(pl.col("persons") != pl.col("different")).height == 0


def test_corrections_name_what_was_written(tiny: Simulation, decoded: list[tuple[str, dict[str, Any]]]) -> None:
    written = set(plants(tiny)["event_id"])
    corrections = [record for _, record in decoded if record["kind"] != "STATE"]
    assert {record["kind"] for record in corrections} == {"CORRECT", "CANCEL"}
    for record in corrections:
        assert record["corrects"]["event_id"] in written
        assert record["corrects"]["nik"]
        assert (record["content"] is None) == (record["kind"] == "CANCEL")
    assert all(record["corrects"] is None for _, record in decoded if record["kind"] == "STATE")


def test_ids_are_version_7_of_the_moment_of_recording(
    tiny: Simulation, decoded: list[tuple[str, dict[str, Any]]]
) -> None:
    for _, record in decoded:
        number = int.from_bytes(record["event_id"], "big")
        recorded_ms = round(record["recorded_at"].timestamp() * 1000)
        assert (number >> 80, number >> 76 & 15, number >> 62 & 3) == (recorded_ms, 7, 2)
    good = plants(tiny).filter(pl.col(PLANT) == GOOD)
    assert good["id"].n_unique() == good.height


def test_headers_are_cloudevents_in_binary_mode(tiny: Simulation) -> None:
    row = tiny.events("2025-Q1").row(0, named=True)
    headers = dict(headers_of(row))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["content-type"] == b"application/avro"
    assert {"ce_id", "ce_source", "ce_type", "ce_time"} < set(headers)
    assert headers["ce_type"].decode() == "id.go.dtsen." + row["topic"].split(".")[1]


def test_each_kind_of_bad_event_is_planted_each_quarter(year: Simulation) -> None:
    for quarter in year.quarters:
        truth = year.truth(quarter)
        assert set(truth.planted["kind"]) == {kind.name for kind in KINDS}
        assert set(truth.rejects["code"]) == {kind.code for kind in KINDS}
        assert truth.rejects["records"].sum() == truth.planted["records"].sum()


def test_other_disorder_occurs_in_the_year(year: Simulation) -> None:
    for quarter in year.quarters[1:]:
        truth = year.truth(quarter)
        assert truth.late.height >= 1
        assert truth.events["repeated"].sum() >= 1
        assert truth.deaths.filter("wrong").height >= 1
    for name in ("cancelled", "corrected"):
        assert sum(year.truth(quarter).frames()[name].height for quarter in year.quarters) >= 4


def test_a_repetition_is_the_same_value_and_at_times_another_key(year: Simulation) -> None:
    events = pl.concat([year.events(quarter) for quarter in year.quarters])
    repeated = plants(year).filter(pl.col(PLANT) == REPEAT)["id"]
    same = (
        events.filter(pl.col("ce_id").str.replace_all("-", "").is_in(repeated.implode()))
        .group_by("ce_id")
        .agg(values=pl.col("value").n_unique(), keys=pl.col("key").n_unique(), copies=pl.len())
    )
    assert same.height > 0
    assert same["values"].max() == 1
    assert same["copies"].max() == 2
    assert same["keys"].max() == 2


def test_events_arrive_after_they_are_recorded_and_not_in_that_order(year: Simulation) -> None:
    for number, quarter in enumerate(year.quarters):
        index = Quarter.parse(quarter).index
        recorded = year.events(quarter).filter(pl.col("ce_time") < "2050")["ce_time"]
        assert recorded.max() < str(Quarter.parse(quarter).plus(1).first_day)  # type: ignore[operator]
        assert not recorded.is_sorted()
        assert index == Quarter.parse(year.quarters[0]).index + number
