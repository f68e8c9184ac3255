"""Aims at: bytes written by any released schema version are read for ever, and written the same way.

New schema version: `python -m tests.schemas.golden_files` adds its file; files that exist are never changed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas import framing, slow
from schemas.columnar import decode, encode, join
from schemas.registry import contracts
from tests.schemas.golden_files import FOLDER, path_of, readable

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda it: it.stem)
def test_golden_bytes_are_read_and_written_again(path: Path) -> None:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    contract = contracts().by_fingerprint[int(document["fingerprint"], 16)]
    values = [bytes.fromhex(entry["hex"]) for entry in document["values"]]
    for value, entry in zip(values, document["values"], strict=True):
        record = slow.decode_one(contract, value)
        assert readable(record) == entry["record"]
        assert slow.encode_one(contract, record) == value
    if contract.name == "report":  # it has a map: the slow path only
        return
    joined = join(values)
    decoded = decode(contract, joined.arena, *framing.bodies(joined.starts, joined.lengths))
    assert decoded.errors.is_empty()
    assert encode(contract, decoded.frame, decoded.children, header=True).to_list() == values


def test_every_schema_has_a_golden_file() -> None:
    missing = [it.name for it in contracts().by_fingerprint.values() if not path_of(it).exists()]
    assert not missing, f"run python -m tests.schemas.golden_files and commit what it writes for {missing}"
