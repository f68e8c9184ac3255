"""Aims at: kill -9 at any point changes nothing (invariants 15 to 17): the same lists, byte for byte, one step later.

`make test` kills at a fixed sample of eight, every stage among them; `make test-crash` at every point.
"""

import os
from pathlib import Path

import pytest

from agents.points import POINTS, VARIABLE
from tests.system.conftest import MakeRealm, Year, simulated

SAMPLE = {
    "intake.sent",
    "register.stored",
    "register.members_sent",
    "register.rolled",
    "families.formed",
    "families.answers_sent",
    "checkpoints.commanded",
    "checkpoints.sealed",
    "integrity.stored",
}
EVERY = os.environ.get("DTSEN_CRASH") == "all"
CHOSEN = [point for point in POINTS if EVERY or point in SAMPLE]

pytestmark = [pytest.mark.kafka, pytest.mark.crash]


def test_the_sample_kills_every_stage() -> None:
    assert set(POINTS) >= SAMPLE
    assert {point.partition(".")[0] for point in SAMPLE} == {point.partition(".")[0] for point in POINTS}


@pytest.mark.parametrize("point", CHOSEN)
def test_killed_once(make_realm: MakeRealm, year: Year, tmp_path: Path, point: str) -> None:
    realm = make_realm()
    quarters = year.quarters[:2]
    killed = tmp_path / "killed"
    with realm.worker(environment={VARIABLE: f"{point}@{killed}"}):
        for quarter in quarters:
            realm.send(simulated("XS", 4).events(quarter))
            realm.seal(quarter)
    assert killed.exists(), f"nobody passed {point}"
    assert realm.digests() == {name: year.digests[name] for name in quarters}
