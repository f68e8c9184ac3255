"""Aims at lives that the register must follow: families that merge, and officers with names and bearable days."""

import numpy as np
import polars as pl
import pytest

from agents.simulator import Rates, Simulation, simulate
from agents.simulator.disorder import ARRIVAL, GOOD, PLANT
from agents.simulator.life.officers import CAMPAIGN_DAYS
from agents.simulator.quarters import Quarter
from tests.agents.simulator.conftest import SEED

ELDERS, SPOUSES = [7, 8], [1, 2, 3]


@pytest.fixture(scope="module")
def merging() -> Simulation:
    """Half a year in which families merge often."""
    rates = Rates(elders_joining_per_1000=20, remarriages_per_1000=20)
    return simulate("XS", quarters=2, seed=SEED, rates=rates)


def good(simulation: Simulation, contract: str) -> pl.DataFrame:
    return simulation.written[contract].frame.filter(pl.col(PLANT) == GOOD)


def members(simulation: Simulation) -> pl.DataFrame:
    """Everybody on a card of two families that became one."""
    cards = good(simulation, "kartu_keluarga").filter(pl.col("content.alasan") == "GABUNG")
    return simulation.written["kartu_keluarga"].children["content.anggota"].join(cards, on="row")


def test_merges_occur_in_every_quarter(year: Simulation) -> None:
    merged = good(year, "kartu_keluarga").filter(pl.col("content.alasan") == "GABUNG")
    assert set(merged[ARRIVAL]) >= {Quarter.parse(quarter).index for quarter in year.quarters}


def test_a_merged_card_keeps_one_number_and_names_the_other(merging: Simulation) -> None:
    merged = good(merging, "kartu_keluarga").filter(pl.col("content.alasan") == "GABUNG")
    assert merged.height > 20
    assert merged.filter(pl.col("content.no_kk") == pl.col("content.no_kk_lama")).height == 0
    given_up = set(merged["content.no_kk_lama"].drop_nulls())
    assert len(given_up) == merged.height
    # nobody gets a card of the old number any more
    last = good(merging, "kartu_keluarga").filter(pl.col("content.no_kk").is_in(list(given_up)))
    latest = dict(last.group_by("content.no_kk").agg(pl.col("recorded_at").max()).iter_rows())
    merged_at = dict(merged.select("content.no_kk_lama", "recorded_at").iter_rows())
    assert all(latest[number] <= merged_at[number] for number in latest)


def weddings(simulation: Simulation) -> pl.Series:
    """Rows of the merged cards that follow from a wedding."""
    married = simulation.written["kawin"].children["content.pasangan"]["nik"]
    wives = members(simulation).filter(pl.col("hubungan") == 3, pl.col("nik").is_in(married.implode()))
    return wives["row"]


def test_elders_join_somebody_a_generation_younger(merging: Simulation) -> None:
    people = merging.world.people
    born = pl.DataFrame({"nik": people.nik, "born": people.born})
    merged = members(merging).join(born, on="nik").filter(~pl.col("row").is_in(weddings(merging).implode()))
    heads = merged.filter(pl.col("hubungan") == 1).select("row", head="born")
    elders = merged.filter(pl.col("hubungan").is_in(ELDERS)).join(heads, on="row")
    assert set(elders["row"]) == set(merged["row"])
    apart = elders.group_by("row").agg((pl.col("head") - pl.col("born")).dt.total_days().max() / 365.25)
    assert apart.height > 5
    assert apart.to_series(1).min() > 17  # type: ignore[operator]


def test_lone_parents_marry_and_bring_their_children(merging: Simulation) -> None:
    couples = members(merging).filter(pl.col("row").is_in(weddings(merging).implode()))
    assert couples.filter(pl.col("hubungan") == 4).height > 0
    spouses = couples.filter(pl.col("hubungan").is_in(SPOUSES))
    assert spouses.group_by("row").len()["len"].unique().to_list() == [2]
    assert spouses["status_kawin"].unique().to_list() == [2]


def test_those_who_merge_are_one_family_in_the_truth(merging: Simulation) -> None:
    """At the end everybody of a merged card who still lives is listed on one number, but for who moved on."""
    last = merging.quarters[-1]
    known = members(merging).filter(pl.col(ARRIVAL) <= Quarter.parse(last).index)
    seen = known.join(merging.truth(last).persons, on="nik").filter(pl.col("status") == "TERDAFTAR")
    together = seen.group_by("row").agg(pl.col("no_kk").n_unique())["no_kk"]
    assert (together == 1).mean() > 0.9  # type: ignore[operator]


def test_an_officer_has_a_name_one_kelurahan_and_a_bearable_day(year: Simulation) -> None:
    visits = good(year, "groundcheck")
    named = visits["content.petugas"]
    assert named.str.contains(r"^(bps|kemensos|dinsos-dki)-\d{10}-\d{3}$").all()
    assert (visits["content.petugas"].str.slice(-14, 10) == visits["content.kelurahan"]).all()
    per_day = visits.group_by("content.petugas", "effective_on").len()["len"]
    assert 1 < per_day.mean() <= per_day.max() == Rates().visits_per_officer_and_day  # type: ignore[operator]


def test_a_large_campaign_needs_more_officers_who_are_all_busy() -> None:
    everybody = simulate("XS", quarters=1, seed=SEED, rates=Rates(groundchecked=1.0))
    visits = good(everybody, "groundcheck")
    per_officer = visits.group_by("content.petugas").len()["len"]
    full = Rates().visits_per_officer_and_day * CAMPAIGN_DAYS
    assert per_officer.max() == full
    assert visits["content.petugas"].n_unique() == 12  # 1,000 families, three senders, two kelurahan
    assert np.median(per_officer) > full / 2


def test_officers_are_the_same_people_in_every_quarter(year: Simulation) -> None:
    visits = good(year, "groundcheck").group_by("effective_on").agg(pl.col("content.petugas"))
    first, last = (
        set(visits.filter(pl.col("effective_on").dt.quarter() == number)["content.petugas"].explode())
        for number in (1, 4)
    )
    assert first & last
