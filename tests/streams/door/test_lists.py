"""Aims at lists that a group takes from its event: producers become numbers, and nobody's list reaches another."""

import json
import shutil
from pathlib import Path

import numpy as np

from schemas.canonical import canonical_form, fingerprint
from schemas.columnar.arena import join
from schemas.registry import ROOT, read_contracts
from schemas.slow import decode_one, encode_one
from streams.door import open_batch
from tests.streams.door.made import ALL, HEAD, OTHER, RECEIVED_MS, RECORDED_MS, TODAY, event_id


def test_producers_of_a_list_are_codes_in_the_event_and_numbers_in_the_fact(tmp_path: Path) -> None:
    root = tmp_path / "schemas"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = root / "events" / "panti.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    named = {"name": "producer", "type": "string"}, {"name": "event_id", "type": "EventId"}
    items = {"type": "record", "name": "Named", "fields": list(named)}
    content = schema["fields"][-1]["type"][1]
    content["fields"] = [content["fields"][0], {"name": "hasil", "type": {"type": "array", "items": items}}]
    schema["states"] = {"set_aside": {"events": "content.hasil"}}
    path.write_text(json.dumps(schema), encoding="utf-8")
    table = root / "confluent.yaml"
    prints = (f"{ALL.by_name['panti'].fingerprint:016x}", f"{fingerprint(canonical_form(schema)):016x}")
    table.write_text(table.read_text(encoding="utf-8").replace(*prints), encoding="utf-8")
    found = read_contracts(root)
    panti = found.by_name["panti"]
    told = {HEAD: [("bps", 7), ("dinsos-dki", 8)], OTHER: [], "3171904502820003": [("bps", 9)]}
    values = join(
        [
            encode_one(
                panti,
                {
                    "event_id": event_id(number),
                    "effective_on": TODAY,
                    "recorded_at": np.datetime64(RECORDED_MS, "ms").item().astimezone(),
                    "producer": "dinsos-dki",
                    "office": "Dinas Sosial",
                    "kind": "STATE",
                    "corrects": None,
                    "content": {"nik": nik, "hasil": [{"producer": it, "event_id": event_id(n)} for it, n in hasil]},
                },
            )
            for number, (nik, hasil) in enumerate(told.items())
        ]
    )
    rows = len(told)
    result = open_batch(
        str(panti.topic),
        values.arena,
        values.starts,
        values.lengths,
        np.arange(rows, dtype=np.int64),
        np.full(rows, RECEIVED_MS, np.int64),
        0,
        profile="simulation",
        contracts=found,
    )
    assert result.rejected.height == 0
    spans = result.facts.values
    facts = [
        decode_one(found.by_name["fact"], spans.arena[start : start + length].tobytes())
        for start, length in zip(spans.starts.tolist(), spans.lengths.tolist(), strict=True)
    ]
    numbers = {"bps": b"\x00\x03", "dinsos-dki": b"\x00\x06"}
    kept = {
        bytes(nik).decode(): [(it["producer_number"], it["event_id"]) for it in fact["set_aside"]["events"]]
        for nik, fact in zip(result.facts.nik, facts, strict=True)
    }
    assert kept == {nik: [(numbers[it], event_id(n)) for it, n in hasil] for nik, hasil in told.items()}
