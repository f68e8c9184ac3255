"""Aims at what is shown of one person: every fact as JSON can hold it, with its lists."""

import json
from datetime import timedelta

from agents.people import told
from tests.streams.strategies import DAY, Fact, benefit, facts_frame, nik, work


def test_a_fact_is_told_with_its_lists() -> None:
    groups = {"benefit": benefit(("KIP_KULIAH", "BEASISWA", 30)), "work": work()}
    (row,) = facts_frame([Fact(nik(1), 1, groups=groups)]).iter_rows(named=True)
    said = json.loads(json.dumps(told(row)))
    until = f"{DAY + timedelta(days=30)}"
    assert said["states"] == {
        "work.kategori": "SWASTA",
        "benefit.penerimaan": [
            {"program": "KIP_KULIAH", "jenis": "BEASISWA", "anggaran": "APBN", "sampai": until},
        ],
    }
