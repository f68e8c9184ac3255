"""Visits and findings between frames and Kafka."""

import polars as pl

from agents.integrity.batches import pack, unpack, values_of
from agents.settings import Settings
from agents.topics import INTEGRITY_FINDINGS, VISITS
from agents.transport.log import LogReader
from schemas import framing
from schemas.columnar import Decoded, Encoded, decode, encode, spans_of
from schemas.columnar.arena import I32, I64, PADDING_BYTES, U8
from schemas.registry import contracts
from streams.integrity.frames import FINDINGS
from streams.integrity.visits import VISITS as COLUMNS

# What a slice needs stays in the processor's cache: half again as fast as all at once, and all may be above 2 GiB.
SLICE_ROWS = 16_384


def encode_visits(visits: pl.DataFrame) -> tuple[Encoded, Encoded]:
    """(keys, values) of visits (columns VISITS). The key is PRODUCER NUMBER/OFFICER; of a CANCEL the number alone."""
    frame = visits.drop("nik").with_row_index("row")
    niks = visits.select("nik").with_row_index("row").explode("nik", empty_as_null=False).drop_nulls()
    values = encode(contracts().by_name["visit"], frame, {"nik": niks}, header=True)
    return visit_keys(visits), values


def visit_keys(visits: pl.DataFrame) -> Encoded:
    """PRODUCER NUMBER/OFFICER of each visit (columns VISITS)."""
    number = pl.col("producer_number").bin.reinterpret(dtype=pl.UInt16, endianness="big")
    return spans_of(visits.select(pl.format("{}/{}", number, pl.col("petugas").fill_null(""))).to_series())


def decode_visits(values: Encoded) -> pl.DataFrame:
    """Columns VISITS. Raises ValueError for a value that is no visit."""
    return _decoded("visit", values, ("nik",), COLUMNS)


def encode_findings(found: pl.DataFrame) -> tuple[Encoded, Encoded]:
    """(keys, values) of findings (columns FINDINGS); the key is the finding's id."""
    frame = found.drop("events", "families").with_row_index("row")
    lists = {
        name: found.select(name).with_row_index("row").explode(name, empty_as_null=False).drop_nulls()
        for name in ("events", "families")
    }
    values = encode(contracts().by_name["integrity_finding"], frame, lists, header=True)
    return spans_of(found.get_column("finding_id")), values


def decode_findings(values: Encoded) -> pl.DataFrame:
    """Columns FINDINGS. Raises ValueError for a value that is no finding."""
    return _decoded("integrity_finding", values, ("events", "families"), FINDINGS)


def _decoded(name: str, values: Encoded, lists: tuple[str, ...], columns: pl.Schema) -> pl.DataFrame:
    """Columns of so many records, SLICE_ROWS at a time. Raises ValueError for a value that is no such record."""
    contract = contracts().by_name[name]
    fingerprints, _ = framing.read_headers(values.arena, values.starts, values.lengths)
    strange = bool((fingerprints != contract.fingerprint).any())
    slices = [] if strange else [slice(it, it + SLICE_ROWS) for it in range(0, len(values), SLICE_ROWS)]
    decoded = [decode(contract, *_bodies(values, rows)) for rows in slices]
    if strange or any(it.errors.height for it in decoded):
        raise ValueError(f"a record is no {name}: see who writes there, and whether all stages are of one release")
    return pl.concat([pl.DataFrame(schema=columns), *(_listed(it, lists, columns) for it in decoded)])


def _bodies(values: Encoded, rows: slice) -> tuple[U8, I64, I32]:
    """Arena, starts and lengths of some bodies: only the part of the arena in which they are."""
    starts, lengths = framing.bodies(values.starts[rows], values.lengths[rows])
    first, end = int(starts.min()), int((starts + lengths).max())
    return values.arena[first : end + PADDING_BYTES], starts - first, lengths


def _listed(decoded: Decoded, lists: tuple[str, ...], columns: pl.Schema) -> pl.DataFrame:
    frame = decoded.frame
    for each in lists:
        items = decoded.children[each].group_by("row", maintain_order=True).agg(each)
        frame = frame.join(items, on="row", how="left", maintain_order="left").with_columns(
            pl.col(each).fill_null(pl.lit([], columns[each]))
        )
    return frame.select(pl.col(it).cast(dtype) for it, dtype in columns.items())


async def all_of(settings: Settings, topic: str) -> Encoded:
    """Every value of a topic of one partition, in order."""
    async with LogReader(settings.broker, settings.topic(topic), 0) as reader:
        fetched = reader.read_to_end(await reader.beginning_offset())
        return unpack([pack(values_of(records)) async for records in fetched])


async def visits_told(settings: Settings) -> pl.DataFrame:
    """All visits that intake handed on, each once: columns VISITS."""
    found = decode_visits(await all_of(settings, VISITS))
    return found.unique(["producer_number", "event_id"], keep="first", maintain_order=True)


async def findings_told(settings: Settings) -> pl.DataFrame:
    """The findings as they stand, each once, sorted by producer, petugas, period, kind: columns FINDINGS."""
    found = decode_findings(await all_of(settings, INTEGRITY_FINDINGS))
    return found.unique("finding_id", keep="last").sort("producer", "petugas", "period", "kind")
