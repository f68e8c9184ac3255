"""Aims at: what an older or newer version wrote is read in columns as the official library reads it, row for row."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from schemas import framing, slow
from schemas.columnar import decode, decode_versions, join
from schemas.columnar.resolve import resolution_of, resolve
from schemas.registry import Contract
from tests.schemas.strategies import COLUMNAR, Record, batches, frames_of
from tests.schemas.versions_made import entry, read_by_avro, read_by_fastavro, record, versions

FEW = settings(max_examples=15, deadline=None)
COLOURS = {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN", "BLUE"]}
DAY = {"type": "int", "logicalType": "date"}
INNER = record(entry("a", "string"), entry("b", ["null", "long"]), name="Inner")


def nullable(kind: Any) -> list[Any]:
    return ["null", kind]


def array(items: Any) -> Record:
    return {"type": "array", "items": items}


# What is tried: the writer's fields and the reader's. Each pair is tried in both directions where both can be read.
# Defaults of bytes are ASCII here, for the library takes others as UTF-8, which the specification does not.
PAIRS: dict[str, tuple[list[Record], list[Record]]] = {
    "added": (
        [entry("x", "int")],
        [
            entry("new_text", "string", default="é"),
            entry("x", "int"),
            entry("new_int", "int", default=-7),
            entry("new_long", "long", default=1 << 40),
            entry("new_flag", "boolean", default=True),
            entry("new_bytes", "bytes", default="\u007f\u0000"),
            entry("new_fixed", {"type": "fixed", "name": "Two", "size": 2}, default="\u0001~"),
            entry("new_enum", COLOURS, default="GREEN"),
            entry("new_null", nullable("string"), default=None),
            entry("new_list", array("string"), default=[]),
            entry("new_record", record(entry("y", "int"), entry("z", "int", default=9), name="New"), default={"y": 3}),
            entry("new_none", nullable(INNER), default=None),
            entry("new_some", [record(entry("q", "string"), name="Some"), "null"], default={"q": "r"}),
        ],
    ),
    "promoted": (
        [entry("n", "int"), entry("m", nullable("int")), entry("l", array(record(entry("k", "int"), name="I")))],
        [entry("n", "long"), entry("m", nullable("long")), entry("l", array(record(entry("k", "long"), name="I")))],
    ),
    "made nullable": (
        [entry("n", "int"), entry("r", INNER), entry("d", DAY)],
        [entry("d", [DAY, "null"]), entry("r", nullable(INNER)), entry("n", nullable("long"))],
    ),
    "union turned round": (
        [entry("r", nullable(INNER)), entry("n", ["int", "null"])],
        [entry("r", [INNER, "null"]), entry("n", nullable("int"))],
    ),
    "inside a record that may be null": (
        [entry("r", nullable(record(entry("a", "string"), entry("gone", "int", default=0), name="R")))],
        [
            entry(
                "r",
                nullable(
                    record(
                        entry("more", "int", default=5),
                        entry("a", nullable("string")),
                        entry("sub", record(entry("s", "string", default="t"), name="Sub"), default={}),
                        entry("some", [record(entry("u", "int"), name="U"), "null"], default={"u": 1}),
                        entry("items", array("int"), default=[]),
                        name="R",
                    )
                ),
            )
        ],
    ),
    "items": (
        [
            entry("n", "int"),
            entry("list", array(record(entry("a", "string"), entry("gone", "long"), name="Item"))),
        ],
        [
            entry("n", "int"),
            entry(
                "list",
                {
                    "type": "array",
                    "items": record(entry("new", COLOURS, default="BLUE"), entry("a", "string"), name="Item"),
                },
            )
        ],
    ),
    "symbols moved": (
        [entry("c", COLOURS), entry("o", nullable({**COLOURS, "name": "Other"}))],
        [
            entry("c", {**COLOURS, "symbols": ["BLUE", "BLACK", "RED", "GREEN"]}),
            entry("o", nullable({**COLOURS, "name": "Other", "symbols": ["GREEN", "RED", "BLUE", "X"]})),
        ],
    ),
    "renamed": (
        [
            entry("old", "int"),
            entry("r", nullable(INNER)),
            entry("words", array("string")),
            entry("t", {"type": "fixed", "name": "OldTwo", "size": 2}),
        ],
        [
            entry("t", {"type": "fixed", "name": "NewTwo", "aliases": ["OldTwo"], "size": 2}),
            entry("terms", array("string"), aliases=["nothing", "words"]),
            entry("new", "long", aliases=["old"]),
            entry(
                "s",
                nullable(record(entry("c", "string", aliases=["a"]), entry("b", nullable("long")), name="Inner")),
                aliases=["r"],
            ),
        ],
    ),
}  # fmt: skip
ONE_WAY = {"inside a record that may be null", "promoted", "made nullable", "symbols moved", "renamed", "items"}


def pair(name: str) -> tuple[Contract, Contract]:
    """Writer and reader."""
    old, new = (record(*fields) for fields in PAIRS[name])
    newest = versions(old, new)
    return newest.older[0], newest


def bodies_of(writer: Contract, records: list[Record]) -> tuple[list[bytes], tuple[Any, Any, Any]]:
    values = [slow.encode_one(writer, it) for it in records]
    joined = join(values)
    return values, (joined.arena, *framing.bodies(joined.starts, joined.lengths))


def assert_read_as(writer: Contract, reader: Contract, records: list[Record], expected: list[Record]) -> None:
    _, spans = bodies_of(writer, records)
    found = resolve(writer, reader, decode(writer, *spans))
    frame, children = frames_of(reader, expected)
    assert_frame_equal(found.frame, frame)
    assert found.children.keys() == children.keys()
    for path, child in children.items():
        assert_frame_equal(found.children[path], child)


@pytest.mark.parametrize("name", PAIRS)
@FEW
@given(data=st.data())
def test_columns_read_what_the_official_library_reads(name: str, data: st.DataObject) -> None:
    writer, reader = pair(name)
    ways = [(writer, reader)] if name in ONE_WAY else [(writer, reader), (reader, writer)]
    for old, new in ways:
        records = data.draw(batches(old))
        values, _ = bodies_of(old, records)
        assert_read_as(old, new, records, read_by_avro(old, new, values))


@FEW
@given(data=st.data())
def test_a_symbol_that_the_reader_lacks_becomes_the_default(data: st.DataObject) -> None:
    """The official library has no defaults of enums; fastavro has."""
    smaller = {**COLOURS, "symbols": ["GREEN", "OTHER"], "default": "OTHER"}
    newest = versions(record(entry("c", COLOURS)), record(entry("c", smaller)))
    writer = newest.older[0]
    records = data.draw(batches(writer))
    values, _ = bodies_of(writer, records)
    assert_read_as(writer, newest, records, read_by_fastavro(writer, newest, values))


@pytest.mark.parametrize("contract", COLUMNAR, ids=lambda it: it.name)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_every_contract_reads_itself_by_way_of_resolution(contract: Contract, data: st.DataObject) -> None:
    """A version that only differs in a word of documentation is the same in columns."""
    twin = versions(contract.schema, {**contract.schema, "doc": "twin"}, name=contract.name)
    records = data.draw(batches(contract, most=4))
    assert_read_as(twin.older[0], twin, records, records)


@FEW
@given(data=st.data())
def test_versions_may_stand_side_by_side_in_one_batch(data: st.DataObject) -> None:
    items = array("string")
    newest = versions(
        record(entry("n", "int")),
        record(entry("n", "int"), entry("words", items, default=[])),
        record(entry("n", "long"), entry("words", items, default=[]), entry("o", nullable("string"), default=None)),
    )
    writers = data.draw(st.lists(st.integers(0, 2), max_size=8))
    records = [data.draw(batches(newest.versions[it]).filter(bool))[0] for it in writers]
    cut = data.draw(st.sets(st.integers(0, max(len(writers) - 1, 0))))
    values = [slow.encode_one(newest.versions[it], one) for it, one in zip(writers, records, strict=True)]
    values = [value[:-1] if row in cut else value for row, value in enumerate(values)]
    joined = join(values)
    starts, lengths = framing.bodies(joined.starts, joined.lengths)
    found = decode_versions(newest, pl.Series(writers, dtype=pl.Int64).to_numpy(), joined.arena, starts, lengths)
    assert found.errors.get_column("row").to_list() == [row for row in range(len(writers)) if row in cut]
    good = [row for row in range(len(writers)) if row not in cut]
    expected = [read_by_avro(newest.versions[writers[row]], newest, [values[row]])[0] for row in good]
    frame, children = frames_of(newest, expected)
    rows = pl.Series(good, dtype=pl.UInt32)
    assert_frame_equal(found.frame, frame.with_columns(rows.alias("row")))
    places = children["words"].get_column("row")
    assert_frame_equal(found.children["words"], children["words"].with_columns(rows.gather(places).alias("row")))


def test_text_may_be_read_as_bytes() -> None:
    """The specification's promotion, which the official library does not know."""
    newest = versions(record(entry("x", "string")), record(entry("x", "bytes")))
    _, spans = bodies_of(newest.older[0], [{"x": "é"}])
    found = resolve(newest.older[0], newest, decode(newest.older[0], *spans))
    assert found.frame.get_column("x").to_list() == ["é".encode()]


def test_defaults_of_bytes_are_code_points() -> None:
    newest = versions(record(entry("x", "int")), record(entry("x", "int"), entry("y", "bytes", default="\u00ff\u0000")))
    _, spans = bodies_of(newest.older[0], [{"x": 1}])
    found = resolve(newest.older[0], newest, decode(newest.older[0], *spans))
    assert found.frame.get_column("y").to_list() == [b"\xff\0"]


REFUSED: list[tuple[list[Record], list[Record], str]] = [
    (
        [entry("x", "int")],
        [entry("x", "int"), entry("y", "int")],
        r"field y is missing there and has no default: give it one",
    ),
    ([entry("x", "long")], [entry("x", "int")], r"field x is long there and int here: let its type be"),
    ([entry("x", nullable("int"))], [entry("x", "int")], r"field x may be null there and not here: let it stay"),
    ([entry("x", "int")], [entry("x", INNER)], r"field x is int there and record here: add a field of another name"),
    (
        [entry("x", INNER)],
        [entry("x", {**INNER, "name": "Outer"})],
        r"Outer here and Inner there: keep the type's name",
    ),
    ([entry("x", COLOURS)], [entry("x", {**COLOURS, "symbols": ["RED"]})], r"\['GREEN', 'BLUE'\]: put them back, or"),
    (
        [entry("x", {"type": "fixed", "name": "F", "size": 2})],
        [entry("x", {"type": "fixed", "name": "F", "size": 3})],
        "has 2 bytes there, 3 here",
    ),
    ([entry("x", "int")], [entry("x", "int"), entry("y", "int", default="1")], r"the default '1', which is no int"),
    ([entry("x", "int")], [entry("x", "int"), entry("y", "int", default=1 << 31)], r"default 2147483648, which is no"),
    (
        [entry("x", "int")],
        [entry("x", "int"), entry("y", array("int"), default=[1])],
        r"let its default be \[\]",
    ),
    (
        [entry("x", "int")],
        [entry("x", "int"), entry("y", INNER, default={"a": "b"})],
        r"field y.b is missing in the default of its record",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), REFUSED)
def test_what_cannot_be_read_is_refused_for_the_pair(old: list[Record], new: list[Record], message: str) -> None:
    newest = versions(record(*old), record(*new))
    with pytest.raises(ValueError, match=f"made: version 2 cannot read version 1: .*{message}"):
        resolution_of(newest.older[0], newest)
