"""Aims at: a frame that is no set of records is refused in words; what may be left out may be left out."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from schemas import slow
from schemas.columnar import decode, encode, join
from schemas.columnar.plan import plan_of
from schemas.registry import contracts
from tests.schemas.contracts_made import record

CARD = contracts().by_name["kartu_keluarga"]
FACT = contracts().by_name["fact"]
MOMENT = dt.datetime(2025, 1, 3, tzinfo=dt.UTC)


def _cards(**changes: Any) -> pl.DataFrame:
    columns = plan_of(CARD).tables[""].schema
    values: dict[str, Any] = {
        "event_id": b"0123456789abcdef",
        "effective_on": dt.date(2025, 1, 2),
        "recorded_at": MOMENT,
        "producer": "dukcapil-dki",
        "office": "Kelurahan Gambir",
        "kind": "STATE",
        "corrects": False,
        "content": True,
        "content.no_kk": "card",
        "content.alasan": "BARU",
        "content.kelurahan": "3171011001",
        "content.skema_wilayah": "KEMENDAGRI",
        "content.alamat": "Jl. Merdeka 1",
        **changes,
    }
    return pl.DataFrame({name: pl.Series([it, it], dtype=columns.get(name)) for name, it in values.items()})


MEMBERS = pl.DataFrame(
    {"row": [1, 0, 1], "nik": ["a", "b", "c"], "hubungan": [1, 1, 4], "status_kawin": [2, 1, 1]},
    schema_overrides={"hubungan": pl.Int32, "status_kawin": pl.Int32},
)


def test_items_belong_to_positions_when_the_frame_has_no_row() -> None:
    first, second = encode(CARD, _cards(), {"content.anggota": MEMBERS}, header=True).to_list()
    assert [it["nik"] for it in slow.decode_one(CARD, first)["content"]["anggota"]] == ["b"]
    assert [it["nik"] for it in slow.decode_one(CARD, second)["content"]["anggota"]] == ["a", "c"]


def test_what_may_be_null_may_be_missing() -> None:
    frame = pl.DataFrame(
        {
            "producer_number": [b"\0\1"],
            "event_id": [bytes(16)],
            "coordinate": [bytes(14)],
            "place": [bytes(4)],
            "kind": pl.Series(["STATE"], dtype=pl.Enum(["STATE", "CORRECT", "CANCEL"])),
            "event_type": ["mati"],
            "effective_on": [dt.date(2025, 1, 1)],
            "recorded_at": pl.Series([MOMENT], dtype=pl.Datetime("ms", "UTC")),
            "voids": pl.Series([0], dtype=pl.Int32),
            "vital": [True],
            "vital.hidup": [False],
            "birth": pl.Series([None], dtype=pl.Null),
        }
    )
    fact = slow.decode_one(FACT, encode(FACT, frame, {}, header=True).to_list()[0])
    assert fact["vital"] == {"hidup": False, "tanggal_meninggal": None}
    assert fact["birth"] is fact["household"] is None


@pytest.mark.parametrize(
    ("frame", "children", "message"),
    [
        (_cards(no_kk="x"), {}, "no columns \\['no_kk'\\]"),
        (_cards().with_columns(pl.col("kind").cast(pl.String)), {}, "column kind is String, expected Enum"),
        (_cards().drop("office"), {}, "column of office is missing"),
        (_cards().drop("content.no_kk"), {}, "column of content.no_kk is missing"),
        (_cards(office=None), {}, "office must not be null .* position 0"),
        (_cards(**{"content.alasan": None}), {}, "content.alasan must not be null"),
        (_cards(event_id=b"short"), {}, "event_id must have 16 bytes"),
        (_cards(), {"content.members": MEMBERS}, "no array 'content.members'; it has"),
        (_cards(), {"content.anggota": MEMBERS.drop("row")}, "needs a column row"),
        (_cards(), {"content.anggota": MEMBERS.drop("nik")}, "nik is missing"),
        (_cards(), {"content.anggota": MEMBERS.with_columns(row=pl.lit(2))}, "the first to row 2"),
        (
            _cards(),
            {"corrects.nik": pl.DataFrame({"row": [1], "nik": ["a"]})},
            "belong to no record of the frame that has",
        ),
        (_cards(row=3), {"content.anggota": MEMBERS}, "the same row"),
        (_cards().head(0), {"content.anggota": MEMBERS}, "belong to no record"),
    ],
)
def test_refusals_say_what_and_where(frame: pl.DataFrame, children: dict[str, pl.DataFrame], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode(CARD, frame, children, header=True)


@pytest.mark.parametrize(
    "kind",
    [
        "float",
        {"type": "map", "values": "int"},
        ["null", "int", "string"],
        ["null", {"type": "array", "items": "int"}],
        {"type": "array", "items": ["null", "int"]},
        {
            "type": "array",
            "items": {
                "type": "record",
                "name": "I",
                "fields": [{"name": "a", "type": {"type": "array", "items": "int"}}],
            },
        },
        {"type": "record", "name": "Empty", "fields": []},
        {"type": "long", "logicalType": "timestamp-micros"},
    ],
)
def test_what_columns_do_not_have_is_refused_with_the_way_out(kind: Any) -> None:
    joined = join([b"\0"])
    with pytest.raises(ValueError, match=r"schemas\.slow"):
        decode(record(("it", kind)), joined.arena, joined.starts, joined.lengths)


def test_a_report_is_for_the_slow_path() -> None:
    joined = join([b"\0"])
    with pytest.raises(ValueError, match="report: field frames has the type map"):
        decode(contracts().by_name["report"], joined.arena, joined.starts, joined.lengths)


def test_spans_outside_the_arena_are_refused() -> None:
    joined = join([b"\0"])
    with pytest.raises(ValueError, match="padding"):
        decode(FACT, joined.arena[:-1], joined.starts, joined.lengths)


def test_a_null_value_counts_as_empty() -> None:
    joined = join([b""])
    decoded = decode(FACT, joined.arena, joined.starts, np.array([-1], np.int32))
    assert decoded.errors.rows() == [(0, "TRUNCATED", "producer_number")]
