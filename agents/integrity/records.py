"""Visits and findings between frames and Kafka."""

import numpy as np
import polars as pl

from agents.settings import Settings
from agents.topics import INTEGRITY_FINDINGS, VISITS
from agents.transport.log import LogReader
from agents.transport.records import Records
from schemas import framing
from schemas.columnar import Encoded, decode, encode
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.integrity.frames import FINDINGS
from streams.integrity.visits import VISITS as COLUMNS


def encode_visits(visits: pl.DataFrame) -> tuple[Encoded, Encoded]:
    """(keys, values) of visits (columns VISITS). The key is PRODUCER NUMBER/OFFICER; of a CANCEL the number alone."""
    frame = visits.drop("nik").with_row_index("row")
    niks = visits.select("nik").with_row_index("row").explode("nik", empty_as_null=False).drop_nulls()
    values = encode(contracts().by_name["visit"], frame, {"nik": niks}, header=True)
    number = pl.col("producer_number").bin.reinterpret(dtype=pl.UInt16, endianness="big")
    keys = visits.select(pl.format("{}/{}", number, pl.col("petugas").fill_null("")).cast(pl.Binary)).to_series()
    return join(keys.to_list()), values


def decode_visits(values: list[bytes]) -> pl.DataFrame:
    """Columns VISITS. Raises ValueError for a value that is no visit."""
    if not values:
        return pl.DataFrame(schema=COLUMNS)
    spans = join(values)
    return _decoded("visit", spans.arena, spans.starts, spans.lengths, "nik", COLUMNS)


def encode_findings(found: pl.DataFrame) -> tuple[Encoded, Encoded]:
    """(keys, values) of findings (columns FINDINGS); the key is the finding's id."""
    frame = found.drop("events", "families").with_row_index("row")
    lists = {
        name: found.select(name).with_row_index("row").explode(name, empty_as_null=False).drop_nulls()
        for name in ("events", "families")
    }
    values = encode(contracts().by_name["integrity_finding"], frame, lists, header=True)
    return join(found.get_column("finding_id").to_list()), values


def decode_findings(values: list[bytes]) -> pl.DataFrame:
    """Columns FINDINGS. Raises ValueError for a value that is no finding."""
    if not values:
        return pl.DataFrame(schema=FINDINGS)
    spans = join(values)
    return _decoded("integrity_finding", spans.arena, spans.starts, spans.lengths, "events families", FINDINGS)


def _decoded(
    name: str, arena: np.ndarray, starts: np.ndarray, lengths: np.ndarray, lists: str, columns: pl.Schema
) -> pl.DataFrame:
    contract = contracts().by_name[name]
    fingerprints, _ = framing.read_headers(arena, starts, lengths)
    strange = np.flatnonzero(fingerprints != contract.fingerprint)
    decoded = decode(contract, arena, *framing.bodies(starts, lengths)) if not len(strange) else None
    if decoded is None or decoded.errors.height:
        raise ValueError(f"a record is no {name}: see who writes there, and whether all stages are of one release")
    frame = decoded.frame
    for each in lists.split():
        items = decoded.children[each].group_by("row", maintain_order=True).agg(each)
        frame = frame.join(items, on="row", how="left", maintain_order="left").with_columns(
            pl.col(each).fill_null(pl.lit([], columns[each]))
        )
    return frame.select(pl.col(it).cast(dtype) for it, dtype in columns.items())


def values_of(records: Records) -> list[bytes]:
    """The values of a batch; those that are null (nobody writes such) are left out."""
    data, spans = records.arena, zip(records.value_starts.tolist(), records.value_lengths.tolist(), strict=True)
    return [data[start : start + length].tobytes() for start, length in spans if length >= 0]


async def all_of(settings: Settings, topic: str) -> list[bytes]:
    """Every value of a topic of one partition, in order."""
    async with LogReader(settings.broker, settings.topic(topic), 0) as reader:
        return [
            value
            async for records in reader.read_to_end(await reader.beginning_offset())
            for value in values_of(records)
        ]


async def visits_told(settings: Settings) -> pl.DataFrame:
    """All visits that intake handed on, each once: columns VISITS."""
    found = decode_visits(await all_of(settings, VISITS))
    return found.unique(["producer_number", "event_id"], keep="first", maintain_order=True)


async def findings_told(settings: Settings) -> pl.DataFrame:
    """The findings as they stand, each once, sorted by producer, petugas, period, kind: columns FINDINGS."""
    found = decode_findings(await all_of(settings, INTEGRITY_FINDINGS))
    return found.unique("finding_id", keep="last").sort("producer", "petugas", "period", "kind")
