"""Aims at: a process killed while it applies leaves position and rows that agree; going on gives the same bytes."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.agents.store.applier import TOPIC, log
from tests.agents.store.making import batch, digest, opened

ROOT = Path(__file__).parents[3]
COUNT, BATCH = 12_000, 150


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.agents.store.applier", str(folder), str(COUNT), str(BATCH)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.crash
def test_killed_in_mid_apply(tmp_path: Path) -> None:
    facts = log(COUNT)
    whole = opened(tmp_path / "whole")
    whole.apply_facts(batch(facts), TOPIC, COUNT)
    expected = digest(whole)
    whole.close()
    folder = tmp_path / "killed"
    for batches_before_the_kill in (1, 7, 12):
        process = start(folder)
        assert process.stdout is not None
        for _ in range(batches_before_the_kill):
            reached = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        store = opened(folder)
        position = store.position(TOPIC)
        assert position is not None
        assert position >= reached
        assert all((chunk.facts_offsets < position).all() for chunk in store.scan_facts(500))
        stored = [c.facts_offsets for c in store.scan_facts(500)] + [c.facts_offsets for c in store.scan_copies(500)]
        assert np.sort(np.concatenate(stored)).tolist() == list(range(position))
        before = digest(store)
        back = max(0, position - 2 * BATCH)
        store.apply_facts(batch(facts[back:position]), TOPIC, position)
        assert digest(store) == before
        store.close()
    process = start(folder)
    process.communicate(timeout=300)
    assert process.returncode == 0
    store = opened(folder)
    assert store.position(TOPIC) == COUNT
    assert digest(store) == expected
    store.close()
