"""Aims at: the contract of agents.store: versions, one owner, point-in-time scans, closing order, options kept."""

import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.store import PartitionStore, Scan, ScanCancelledError, StoreClosedError, StoreVersionError
from tests.agents.store.making import VERSION, Fact, batch, opened

CACHE_BYTES = 9 << 20


def filled(path: Path, niks: int = 50, events: int = 3) -> PartitionStore:
    store = opened(path)
    facts = [Fact(nik, event, nik * events + event) for nik in range(niks) for event in range(events)]
    store.apply_facts(batch(facts), "t", len(facts))
    return store


def test_chunks_hold_whole_niks(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    for chunk_rows in (1, 2, 4, 100, 150, 1_000):
        chunks = list(store.scan_facts(chunk_rows))
        assert sum(map(len, chunks)) == 150
        niks = [set(map(bytes, chunk.keys[:, :16])) for chunk in chunks]
        assert sum(map(len, niks)) == len(set().union(*niks))
        assert all(
            np.unique(chunk.keys[:, :16], axis=0, return_counts=True)[1].tolist() == [3] * len(n)
            for chunk, n in zip(chunks, niks, strict=True)
        )
        assert all(not chunk.arena[-64:].any() for chunk in chunks)
    from_key = Fact(48, 0, 0).key
    assert sum(map(len, store.scan_facts(10, from_key))) == 6
    store.close()


def test_a_scan_sees_the_moment_it_was_made(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    facts, copies = store.scans(30)
    begun = len(next(facts))
    late = [Fact(10, 99, 1_000), Fact(10, 1, 1_001, coordinate=5)]
    store.apply_facts(batch(late), "t", 1_002)
    assert begun + sum(map(len, facts)) == 150
    assert list(copies) == []
    assert sum(map(len, store.scan_facts(30))) == 151
    assert sum(map(len, store.scan_copies(30))) == 1
    store.close()


def test_closing_cancels_scans_and_releases_the_lock(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    scans: list[Scan[Any]] = [store.scan_facts(5), store.scan_copies(5), store.scan_facts(5)]
    next(scans[0])
    with pytest.raises(Exception, match="lock hold"):
        opened(tmp_path / "s")
    store.close()
    store.close()
    for scan in scans:
        with pytest.raises(ScanCancelledError):
            next(scan)
    for call in (lambda: store.position("t"), lambda: store.scan_facts(1), lambda: store.facts_of("x"), store.commands):
        with pytest.raises(StoreClosedError):
            call()
    assert not store.is_open
    again = opened(tmp_path / "s")
    assert again.position("t") == 150
    again.close()


def test_closing_waits_for_the_chunk_in_hand(tmp_path: Path) -> None:
    """Scans run in threads: none is torn apart, and each ends by the error that says why."""
    store = filled(tmp_path / "s", niks=2_000)
    began, ended = threading.Barrier(4), []

    def scan() -> None:
        chunks = store.scan_facts(1)
        next(chunks)
        began.wait()
        try:
            for chunk in chunks:
                assert len(chunk) == 3
        except ScanCancelledError:
            ended.append("cancelled")
        else:
            ended.append("complete")

    threads = [threading.Thread(target=scan) for _ in range(3)]
    for thread in threads:
        thread.start()
    began.wait()
    store.close()
    for thread in threads:
        thread.join()
    assert len(ended) == 3
    opened(tmp_path / "s").close()


def test_another_version_is_refused_and_can_be_deleted(tmp_path: Path) -> None:
    filled(tmp_path / "s").close()
    with pytest.raises(StoreVersionError, match="delete it"):
        PartitionStore.open(tmp_path / "s", "v2")
    PartitionStore.delete(tmp_path / "s")
    store = PartitionStore.open(tmp_path / "s", "v2")
    assert store.position("t") is None
    store.close()


def test_a_write_that_raises_writes_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")

    def write_and_fail() -> None:
        with store.write() as write:
            write.facts(batch([Fact(1, 1, 1)]))
            write.position("t", 2)
            raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        write_and_fail()
    assert store.position("t") is None
    assert list(store.scan_facts(10)) == []
    store.close()


def test_tools_read_beside_a_worker(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    store.flush()
    reader = PartitionStore.open(tmp_path / "s", VERSION, read_only=True)
    assert len(reader.facts_of(Fact(7, 0, 0).key.decode())) == 3
    reader.close()
    store.close()


def test_options_hold_after_reopening(tmp_path: Path) -> None:
    """rocksdict takes the default family's options from the OPTIONS file unless it is named: no bloom filter then."""
    filled(tmp_path / "s").close()
    store = PartitionStore.open(tmp_path / "s", VERSION, cache_bytes=CACHE_BYTES, statistics=True)
    assert store.cache_capacity_bytes() == CACHE_BYTES
    before = useful(store)
    facts = [Fact(nik, 77, 10_000 + nik) for nik in range(50)]
    applied = store.apply_facts(batch(facts), "t", 20_000)
    assert applied.new == 50
    assert useful(store) >= before + 40
    store.close()


def useful(store: PartitionStore) -> int:
    found = re.search(r"rocksdb\.bloom\.filter\.useful COUNT : (\d+)", store.statistics() or "")
    assert found is not None
    return int(found[1])
