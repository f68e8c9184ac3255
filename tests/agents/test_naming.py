"""Aims at: an event has one name, PRODUCER/UUID, whether one is named or a column of them."""

import uuid

import polars as pl

from agents.naming import event_name, event_names
from schemas.registry import contracts

EVENT = uuid.UUID("01957dfe-b780-78bb-92f9-27ee0edb80e9")
UNKNOWN = 65535  # of a producer that only a newer register knows


def test_the_name_is_the_producers_code_and_the_uuid() -> None:
    assert event_name((1).to_bytes(2) + EVENT.bytes) == f"dukcapil-dki/{EVENT}"


def test_columns_are_named_alike() -> None:
    numbers = [*contracts().producers_by_number, UNKNOWN]
    causes = [number.to_bytes(2) + uuid.UUID(int=EVENT.int + number).bytes for number in numbers]
    named = pl.DataFrame({"cause": causes}).select(event_names(pl.col("cause"))).to_series().to_list()
    assert named == [event_name(cause) for cause in causes]
    assert named[-1].startswith("ffff/")
