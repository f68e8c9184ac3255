"""Aims at: kill -9 at any point changes nothing (invariants 15 to 17): the same lists, byte for byte, one step later.

`make test` kills at every point, in three lives, each of which loses processes of almost every stage, of some several;
`make test-crash` gives each point a life of its own, so that what goes wrong is known to come from it.
"""

import os
from pathlib import Path

import pytest

from agents.points import POINTS, VARIABLE
from agents.supervisor import STAGES
from tests.system.conftest import MakeRealm, Year, simulated

ALONE = os.environ.get("DTSEN_CRASH") == "all"
LIVES = [(point,) for point in POINTS] if ALONE else [POINTS[first::3] for first in range(3)]

pytestmark = [pytest.mark.kafka, pytest.mark.crash]


def test_every_point_is_in_one_life_and_each_life_hits_the_stages() -> None:
    assert sorted(point for life in LIVES for point in life) == sorted(POINTS)
    hit = [{point.partition(".")[0] for point in life} for life in LIVES]
    assert ALONE or all(stages >= set(STAGES) - {"intake"} for stages in hit)  # intake has but two points


@pytest.mark.parametrize("points", LIVES, ids="-".join)
def test_killed_once_at_each(make_realm: MakeRealm, year: Year, tmp_path: Path, points: tuple[str, ...]) -> None:
    realm = make_realm()
    quarters = year.quarters[:2]
    killed = tmp_path / "killed"
    killed.mkdir()
    with realm.worker(environment={VARIABLE: f"{','.join(points)}@{killed}"}):
        for quarter in quarters:
            realm.send(simulated("XS", 4).events(quarter))
            realm.seal(quarter)
    missed = set(points) - {file.name for file in killed.iterdir()}
    assert not missed, f"nobody passed {sorted(missed)}"
    assert realm.digests() == {name: year.digests[name] for name in quarters}
