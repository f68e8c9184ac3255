"""Whole record batches (format v2) to `Records`, without a Python object per record.

Where a record ends is written in the record, so boundaries form a chain that columns cannot follow. But a
record is a varint and as many bytes: exactly Avro's `bytes`, and a batch of records is exactly the body of an
Avro block of them. So the batches of a fetch are framed as an Avro file in memory, and Polars' Avro reader (Rust)
walks the chain; only the lengths are kept of what it returns. The same buffer is then the arena.
"""

import io
import itertools
import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from aiokafka import codec
from aiokafka.errors import CorruptRecordException, UnsupportedCodecError
from crc32c import crc32c

from agents.transport import varints
from agents.transport.records import I64, U8, Records

HEADER: Final = struct.Struct(">qiibIhiqqqhii")
CRC_FROM: Final = 21  # the checksum covers attributes and all that follows
CODEC_MASK, LOG_APPEND_TIME, TRANSACTIONAL, CONTROL = 0x07, 0x08, 0x10, 0x20
MINIMUM_MAGIC: Final = 2  # the record format of Kafka 0.11 and later; Kafka 4 writes no other

DECODERS: Final[dict[int, Callable[[memoryview], bytes]]] = {
    0: bytes,
    1: codec.gzip_decode,
    2: codec.snappy_decode,
    3: codec.lz4_decode,
    4: codec.zstd_decode,
}

_SYNC: Final = bytes(16)
# An empty Avro block under this sync marker is 18 zero bytes, so four of them are the arena's padding.
_PADDING: Final = bytes(4 * 18)
_SCHEMA: Final = json.dumps({"type": "record", "name": "batch", "fields": [{"name": "record", "type": "bytes"}]})
_FILE_HEAD: Final = b"".join(
    [
        b"Obj\x01",
        varints.scalar(1),
        varints.scalar(len("avro.schema")),
        b"avro.schema",
        varints.scalar(len(_SCHEMA)),
        _SCHEMA.encode(),
        varints.scalar(0),
        _SYNC,
    ]
)


@dataclass(frozen=True, slots=True)
class Batch:
    """One record batch as it stands in the log, its header read."""

    data: memoryview
    base_offset: int
    magic: int
    crc: int
    attributes: int
    last_offset_delta: int
    first_timestamp_ms: int
    maximum_timestamp_ms: int
    producer_id: int
    count: int

    @classmethod
    def parse(cls, data: memoryview) -> "Batch":
        """Read the header. Raises CorruptRecordException for what is no batch of format v2."""
        if len(data) < HEADER.size:
            raise CorruptRecordException(f"a record batch of {len(data)} bytes is shorter than its header")
        base, _, _, magic, crc, attributes, last, first_ms, maximum_ms, producer, _, _, count = HEADER.unpack_from(data)
        if magic < MINIMUM_MAGIC:
            raise CorruptRecordException(
                f"record batch at offset {base} has format v{magic}; only v2 (Kafka 0.11 and later) is read"
            )
        return cls(data, base, magic, crc, attributes, last, first_ms, maximum_ms, producer, count)

    @property
    def next_offset(self) -> int:
        return self.base_offset + self.last_offset_delta + 1

    @property
    def is_control(self) -> bool:
        return bool(self.attributes & CONTROL)

    @property
    def is_transactional(self) -> bool:
        return bool(self.attributes & TRANSACTIONAL)

    def check_crc(self) -> None:
        """Raises CorruptRecordException if the bytes are not those that were written."""
        if crc32c(self.data[CRC_FROM:]) != self.crc:
            raise CorruptRecordException(f"wrong checksum in the record batch at offset {self.base_offset}")

    def payload(self) -> bytes:
        """The records, decompressed. Raises UnsupportedCodecError for a codec that Kafka does not know."""
        decoder = DECODERS.get(self.attributes & CODEC_MASK)
        if decoder is None:
            raise UnsupportedCodecError(
                f"record batch at offset {self.base_offset} is compressed by codec {self.attributes & CODEC_MASK}"
            )
        return decoder(self.data[HEADER.size :])


def to_records(topic: str, partition: int, batches: list[Batch], position: int, next_offset: int) -> Records:
    """The records of `batches` with offsets from `position` on, as columns over one arena.

    Raises CorruptRecordException when the records do not fill their batch exactly.
    """
    payloads = [batch.payload() for batch in batches]
    parts = [_FILE_HEAD]
    starts, at = [], len(_FILE_HEAD)
    for batch, payload in zip(batches, payloads, strict=True):
        framing = varints.scalar(batch.count) + varints.scalar(len(payload))
        starts.append(at + len(framing))
        parts += [framing, payload, _SYNC]
        at += len(framing) + len(payload) + len(_SYNC)
    data = b"".join([*parts, _PADDING])
    counts = np.array([batch.count for batch in batches], np.int64)
    where = f"{topic}[{partition}]"
    bodies, ends = _boundaries(data, counts, np.array(starts, np.int64), [len(p) for p in payloads], where)
    arena = np.frombuffer(data, np.uint8)
    fields = _fields(arena, bodies, ends, where)

    def per_record(values: Iterable[int]) -> I64:
        return np.repeat(np.fromiter(values, np.int64, len(batches)), counts)

    by_broker = per_record(batch.attributes & LOG_APPEND_TIME for batch in batches) != 0
    created = per_record(batch.first_timestamp_ms for batch in batches) + fields.timestamp_deltas
    appended = per_record(batch.maximum_timestamp_ms for batch in batches)
    return Records(
        topic,
        partition,
        arena,
        per_record(batch.base_offset for batch in batches) + fields.offset_deltas,
        np.where(by_broker, appended, created),
        fields.key_starts,
        fields.key_lengths.astype(np.int32),
        fields.value_starts,
        fields.value_lengths.astype(np.int32),
        fields.header_starts,
        (ends - fields.header_starts).astype(np.int32),
        next_offset,
    ).between(position, next_offset)


def _boundaries(data: bytes, counts: I64, starts: I64, sizes: Iterable[int], where: str) -> tuple[I64, I64]:
    """Where each record's body (behind its length) starts and ends in `data`."""
    total = int(counts.sum())
    if total == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    try:
        lengths = pl.read_avro(io.BytesIO(data))["record"].bin.size().to_numpy().astype(np.int64)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CorruptRecordException(f"records of {where} do not fill their batch: {error}") from error
    if len(lengths) != total:
        raise CorruptRecordException(f"{where}: {len(lengths)} records where the batch headers say {total}")
    whole = lengths + varints.sizes(lengths)
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(whole)])
    borders = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    if (running[borders[1:]] - running[borders[:-1]]).tolist() != list(sizes):
        raise CorruptRecordException(f"{where}: the lengths of the records do not add up to the size of their batch")
    ends = running[1:] + np.repeat(starts - running[borders[:-1]], counts)
    return ends - lengths, ends


@dataclass(frozen=True, eq=False, slots=True)
class _Fields:
    timestamp_deltas: I64
    offset_deltas: I64
    key_starts: I64
    key_lengths: I64
    value_starts: I64
    value_lengths: I64
    header_starts: I64


def _fields(arena: U8, bodies: I64, ends: I64, where: str) -> _Fields:
    """Record => attributes int8, timestamp delta, offset delta, key, value, headers."""
    try:
        timestamp_deltas, at = varints.read(arena, bodies + 1)
        offset_deltas, at = varints.read(arena, at)
        key_lengths, key_starts = varints.read(arena, at)
        value_lengths, value_starts = varints.read(arena, key_starts + np.maximum(key_lengths, 0))
    except (varints.MalformedVarintError, IndexError) as error:
        raise CorruptRecordException(f"{where}: a record runs beyond its end: {error}") from error
    header_starts = value_starts + np.maximum(value_lengths, 0)
    if (header_starts >= ends).any() or (key_lengths < -1).any() or (value_lengths < -1).any():
        raise CorruptRecordException(f"{where}: a record runs beyond its end")
    return _Fields(timestamp_deltas, offset_deltas, key_starts, key_lengths, value_starts, value_lengths, header_starts)


def headers_of(records: Records, row: int) -> list[tuple[str, bytes | None]]:
    """The headers of one record; for the few records whose headers matter."""
    at = records.header_starts[row : row + 1]
    count, at = varints.read(records.arena, at)
    found: list[tuple[str, bytes | None]] = []
    for _ in itertools.repeat(None, int(count[0])):
        length, start = varints.read(records.arena, at)
        at = start + length
        name = records.arena[int(start[0]) : int(at[0])].tobytes().decode()
        length, start = varints.read(records.arena, at)
        at = start + np.maximum(length, 0)
        value = None if length[0] < 0 else records.arena[int(start[0]) : int(at[0])].tobytes()
        found.append((name, value))
    return found
