"""The truth agrees with itself: sums, statuses, and what a second, slow bookkeeping says of each person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from agents.simulator import Simulation
from agents.simulator.disorder import ARRIVAL, GOOD, PLANT
from agents.simulator.quarters import Quarter

LISTS = {"content.anggota", "content.pindah", "content.pendatang", "content.pasangan"}


def total(column: pl.Series) -> int:
    return int(column.sum())


def test_sums_agree(year: Simulation) -> None:
    for quarter in year.quarters:
        truth = year.truth(quarter)
        assert total(truth.accounts["persons"]) == truth.persons.height == truth.persons["nik"].n_unique()
        listed = truth.persons.filter(pl.col("status").is_in(["TERDAFTAR", "TRANSIT"])).height
        assert total(truth.families["members"]) == listed
        sent = year.events(quarter).height
        assert total(truth.events["records"]) == sent
        assert total(truth.events["accepted"]) + total(truth.rejects["records"]) == sent


def test_nobody_vanishes(year: Simulation) -> None:
    before: set[str] = set()
    for quarter in year.quarters:
        now = set(year.truth(quarter).persons["nik"])
        assert before <= now
        before = now


def test_every_status_that_issue_a_knows_occurs(year: Simulation) -> None:
    last = year.truth(year.quarters[-1]).persons
    assert set(last["status"]) == {"TERDAFTAR", "TRANSIT", "LUAR", "MENINGGAL", "TANPA_KARTU", "NONAKTIF"}
    assert set(last["kab_kota"]) == {"3174", "3175", "0000"}


def test_somebody_is_in_transit_over_each_quarters_end_and_arrives(year: Simulation) -> None:
    for quarter, following in zip(year.quarters, year.quarters[1:], strict=False):
        moving = year.truth(quarter).persons.filter(pl.col("status") == "TRANSIT")
        after = year.truth(following).persons.filter(pl.col("status") == "TERDAFTAR")
        moved = moving.join(after, on="nik")
        assert moved.filter(pl.col("kab_kota") != pl.col("kab_kota_right")).height > 0


def test_a_wrong_death_is_dead_until_its_cancellation_arrives(year: Simulation) -> None:
    wrong = pl.concat([year.truth(quarter).deaths.filter("wrong").select("nik") for quarter in year.quarters])
    cancelled: set[str] = set()
    for quarter in year.quarters:
        truth = year.truth(quarter)
        cancelled |= set(truth.cancelled["nik"])
        reported = truth.persons.filter(pl.col("status") == "MENINGGAL", pl.col("really_alive"))
        assert set(reported["nik"]) <= set(wrong["nik"]) - cancelled
    assert cancelled & set(wrong["nik"])


def test_late_deaths_are_alive_in_the_register_first(year: Simulation) -> None:
    first = year.truth(year.quarters[0]).persons
    hidden = first.filter(~pl.col("really_alive"), pl.col("status") == "TERDAFTAR")
    last = year.truth(year.quarters[-1]).persons.filter(pl.col("status") == "MENINGGAL")
    assert hidden.join(last, on="nik").height > 0


def test_a_slow_bookkeeping_agrees(tiny: Simulation) -> None:
    """One event at a time in the order of recording, with dictionaries, without voids by joins."""
    for quarter in tiny.quarters:
        index = Quarter.parse(quarter).index
        assert slow_status(tiny, index) == dict(
            tiny.truth(quarter).persons.filter(pl.col("kab_kota") != "0000").select("nik", "status").iter_rows()
        )


def slow_status(simulation: Simulation, index: int) -> dict[str, str]:
    """NIK -> status of everybody with a residence, from the events known in a quarter."""
    known = sorted(told(simulation, index), key=lambda each: each[:2])
    void = {row["corrects.event_id"] for *_, row, _ in known if row["corrects"]}
    arrived = {row["content.nomor_skpwni"] for *_, name, row, _ in known if name == "pindah_datang"}
    people: dict[str, dict[str, Any]] = {}
    for _, event_id, name, row, niks in known:
        departed_and_arrived = name == "pindah_keluar" and row["content.nomor_skpwni"] in arrived
        if event_id in void or not row["content"] or departed_and_arrived:
            continue
        for nik in niks:
            people.setdefault(nik, {}).update(said(name, row))
    last_day = Quarter(*divmod(index, 4)).plus(1).last_day.astype(object)
    return {nik: status_of(person, last_day) for nik, person in people.items() if person}


def told(simulation: Simulation, index: int) -> Iterator[tuple[Any, bytes, str, dict[str, Any], list[str]]]:
    """(recorded_at, event_id, contract, row, NIK) of each good event known in a quarter."""
    for name, everything in simulation.written.items():
        events = everything.only((pl.col(ARRIVAL) <= index) & (pl.col(PLANT) == GOOD))
        niks: dict[int, list[str]] = {}
        for path in LISTS & set(events.children):
            for row, nik in events.children[path].select("row", "nik").iter_rows():
                niks.setdefault(row, []).append(nik)
        for each in events.frame.iter_rows(named=True):
            named = niks.get(each["row"]) or [each["content.nik"]]
            yield each["recorded_at"], each["event_id"], name, each, named


def said(contract: str, row: dict[str, Any]) -> dict[str, Any]:
    """What an event says about each person that it names."""
    match contract:
        case "lahir":
            return {"alive": True, "left": None, "card": row["content.no_kk"]}
        case "mati":
            return {"alive": False}
        case "status_nik":
            return {"active": row["content.aktif"]}
        case "kartu_keluarga" | "pindah_datang" | "pindah_dalam":
            return {"left": None, "card": row["content.no_kk"]}
        case "pindah_keluar":
            return {"left": row["effective_on"]}
        case _:
            return {}


def status_of(person: dict[str, Any], last_day: Any) -> str:
    left = person.get("left")
    if person.get("alive") is False:
        return "MENINGGAL"
    if person.get("active") is False:
        return "NONAKTIF"
    if left is not None:
        return "LUAR" if (last_day - left).days > 90 else "TRANSIT"
    return "TERDAFTAR" if "card" in person else "TANPA_KARTU"


def test_frames_are_written_as_parquet(tiny: Simulation, tmp_path: Path) -> None:
    truth = tiny.truth("2025-Q2")
    truth.write(tmp_path)
    for name, frame in truth.frames().items():
        assert pl.read_parquet(tmp_path / "2025-Q2" / f"{name}.parquet").equals(frame)
