"""Each planted kind is bad in the one way that it names: seen by the official library or in the record."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from agents.simulator import Simulation
from agents.simulator.disorder import PLANT
from agents.simulator.malformed import KINDS
from schemas.columnar import decode, join
from schemas.framing import bodies, split_header
from schemas.regions import kelurahan
from schemas.registry import contracts
from schemas.slow import decode_one

ALL = contracts()
BYTES_WRONG = {kind.name for kind in KINDS if kind.change is None} - {"wrong_topic"}


def planted(simulation: Simulation, kind: str) -> list[dict[str, Any]]:
    """Rows sent of one kind."""
    frames = [each.frame.filter(pl.col(PLANT) == kind) for each in simulation.written.values()]
    ids = {bytes(value).hex() for frame in frames for value in frame["event_id"]}
    rows = [row for quarter in simulation.quarters for row in simulation.events(quarter).iter_rows(named=True)]
    found = [row for row in rows if row["ce_id"].replace("-", "") in ids]
    assert found, kind
    return found


@pytest.mark.parametrize("kind", sorted(BYTES_WRONG))
def test_damaged_bytes_are_refused_by_the_official_library(tiny: Simulation, kind: str) -> None:
    contract = next(ALL.by_name[each.contract] for each in KINDS if each.name == kind)
    for row in planted(tiny, kind):
        if row["value"] is None:
            assert kind == "no_value"
            continue
        with pytest.raises(ValueError, match=r"."):
            decode_one(contract, row["value"])


@pytest.mark.parametrize("kind", ["bytes_cut", "bytes_left_over"])
def test_damaged_bytes_have_the_code_that_is_expected(tiny: Simulation, kind: str) -> None:
    expected = next(each for each in KINDS if each.name == kind)
    values = join([row["value"] for row in planted(tiny, kind)])
    starts, lengths = bodies(values.starts, values.lengths)
    errors = decode(ALL.by_name[expected.contract], values.arena, starts, lengths).errors
    assert errors["code"].to_list() == [expected.code] * len(values)


CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "nik_with_letters": lambda it: not it["content"]["nik"].isdigit(),
    "nik_of_no_province": lambda it: it["content"]["nik"].startswith("99"),
    "nik_of_month_13": lambda it: it["content"]["nik"][8:10] == "13",
    "nik_serial_zero": lambda it: it["content"]["nik"].endswith("0000"),
    "card_too_short": lambda it: len(it["content"]["no_kk"]) == 15,
    "no_such_kelurahan": lambda it: it["content"]["kelurahan"] not in kelurahan(),
    "no_such_relation": lambda it: it["content"]["hubungan"] == 42,
    "no_such_floor": lambda it: it["content"]["perumahan"]["lantai"] == 77,
    "from_the_future": lambda it: it["recorded_at"] > dt.datetime(2050, 1, 1, tzinfo=dt.UTC),
    "before_it_happened": lambda it: it["effective_on"] > it["recorded_at"].date(),
    "member_twice": lambda it: len({each["nik"] for each in it["content"]["anggota"]}) < len(it["content"]["anggota"]),
    "card_without_members": lambda it: it["content"]["anggota"] == [],
    "producer_unknown": lambda it: it["producer"] not in ALL.producers_by_code,
    "producer_not_allowed": lambda it: "mati" not in ALL.producers_by_code[it["producer"]].events,
    "says_nothing": lambda it: it["content"] is None and it["kind"] == "STATE",
    "couple_of_one": lambda it: len(it["content"]["pasangan"]) == 1,
    "school_without_place": lambda it: (
        (it["content"]["jenjang"] == "TIDAK_SEKOLAH") == bool(it["content"]["provinsi_sekolah"])
    ),
    "negative_njop": lambda it: it["content"]["njop_rupiah"] < 0,
    "fifth_quarter": lambda it: it["content"]["triwulan"].endswith("Q5"),
    "cancels_nothing": lambda it: it["corrects"] is None and it["kind"] == "CANCEL",
}


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_wrong_fields_are_well_formed_and_wrong(tiny: Simulation, kind: str) -> None:
    contract = next(ALL.by_name[each.contract] for each in KINDS if each.name == kind)
    for row in planted(tiny, kind):
        assert CHECKS[kind](decode_one(contract, row["value"]))


def test_a_misplaced_event_lies_in_the_topic_of_another_contract(tiny: Simulation) -> None:
    for row in planted(tiny, "wrong_topic"):
        fingerprint, _ = split_header(row["value"])
        assert ALL.by_fingerprint[fingerprint].topic != row["topic"]


def test_every_kind_is_checked_here() -> None:
    assert {kind.name for kind in KINDS} == set(CHECKS) | BYTES_WRONG | {"wrong_topic"}
