"""Aims at: a real Kafka that comes up, keeps its data over a restart, stays on loopback and dies with a tied parent."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from agents import pids
from agents.broker import HOST, Broker
from agents.errors import OperatorError

pytestmark = pytest.mark.kafka


def addresses_listening(pid: int) -> set[str]:
    """Local addresses (hexadecimal, as the kernel lists them) of the listening sockets of a process."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink()) if link.is_symlink() else ""
        if target.startswith("socket:["):
            inodes.add(target[len("socket:[") : -1])
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    listening = "0A"
    return {row[1].split(":")[0] for row in rows if row[3] == listening and row[9] in inodes}


def test_a_broker_keeps_its_topics_and_its_address_over_a_restart(tmp_path: Path) -> None:
    node = Broker(tmp_path, tie=True)
    assert node.status().address is None
    first = node.start()
    assert first.address is not None
    assert first.pid is not None
    assert node.start() == first, "a second start finds it running"
    admin = KafkaAdminClient(bootstrap_servers=first.address)
    admin.create_topics({"kept": {"num_partitions": 1, "replication_factor": 1}})
    admin.close()
    if sys.platform == "linux":
        loopback = {"0100007F", "0000000000000000FFFF00000100007F"}
        assert addresses_listening(first.pid)
        assert addresses_listening(first.pid) <= loopback

    assert node.stop()
    assert node.status().pid is None
    assert not node.stop(), "nothing is left to stop"

    second = node.start()
    assert second.address == first.address
    admin = KafkaAdminClient(bootstrap_servers=second.address)
    assert "kept" in admin.list_topics()
    admin.close()
    node.stop()
    assert second.log.exists()


def test_a_tied_broker_dies_with_its_parent(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ties a child to its parent")
    code = (
        "import sys, time; from pathlib import Path; from agents.broker import Broker;"
        "print(Broker(Path(sys.argv[1]), tie=True).start().pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert int(parent.stdout.readline()) > 0
    parent.kill()
    parent.communicate()
    end = time.monotonic() + 60
    while pids.running(tmp_path / "kafka" / "pid", str(tmp_path)) is not None:
        assert time.monotonic() < end, "the broker outlived its parent"
        time.sleep(0.1)


def test_missing_jars_are_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="make setup"):
        Broker(tmp_path, jars=tmp_path / "none").start()
    assert HOST == "127.0.0.1"


def test_a_pid_given_to_another_process_is_not_ours(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "600"]) as stranger:
        try:
            pids.write(tmp_path / "pid", stranger.pid)
            end = time.monotonic() + 60
            while not pids.command_line(stranger.pid):  # empty for a moment while the program is loaded
                assert time.monotonic() < end
            assert pids.running(tmp_path / "pid", "sleep") == stranger.pid
            assert pids.running(tmp_path / "pid", "server.properties") is None
            assert not pids.stop(tmp_path / "pid", "server.properties", 1)
            assert stranger.poll() is None
        finally:
            stranger.kill()
