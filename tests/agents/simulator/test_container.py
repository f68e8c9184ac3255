"""The container file: fastavro and our own reader read what was to be sent; other files are refused."""

from pathlib import Path

import fastavro
import polars as pl
import pytest

from agents.clients.cloudevents import headers_of
from agents.simulator import Simulation
from agents.simulator.container import read_container, write_container


@pytest.fixture(scope="module")
def file(tiny: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out") / "events.avro"
    written = write_container(path, (tiny.events(quarter) for quarter in tiny.quarters), seed=5)
    assert written == sum(tiny.events(quarter).height for quarter in tiny.quarters)
    return path


def test_fastavro_reads_the_same_records(tiny: Simulation, file: Path) -> None:
    with file.open("rb") as stream:
        records = list(fastavro.reader(stream))
    rows = [row for quarter in tiny.quarters for row in tiny.events(quarter).iter_rows(named=True)]
    assert records == [
        {
            "topic": row["topic"],
            "key": row["key"],
            "headers": [{"name": name, "value": value} for name, value in headers_of(row)],
            "value": row["value"],
        }
        for row in rows
    ]


def test_reading_gives_the_frames_back(tiny: Simulation, file: Path) -> None:
    read = pl.concat(list(read_container(file)))
    assert read.equals(pl.concat([tiny.events(quarter) for quarter in tiny.quarters]))


def test_another_seed_has_another_sync_marker(tiny: Simulation, file: Path, tmp_path: Path) -> None:
    write_container(tmp_path / "other", (tiny.events(quarter) for quarter in tiny.quarters), seed=6)
    assert (tmp_path / "other").read_bytes() != file.read_bytes()


def test_a_file_of_something_else_is_refused(file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.avro"
    broken.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="not a file written by `dtsen simulate --out`"):
        list(read_container(broken))
    fields = [{"name": "topic", "type": "string"}]
    with broken.open("wb") as stream:
        fastavro.writer(stream, {"type": "record", "name": "Other", "fields": fields}, [{"topic": "x"}])
    with pytest.raises(ValueError, match="it holds records of Other"):
        list(read_container(broken))
    broken.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(ValueError, match="not a file written by"):
        list(read_container(broken))
