"""Record batches (format v2) built in columns, and handed to aiokafka's producer as finished.

`create_batch().append()` per record halves the rate, and aiokafka's own lz4 level 9 costs more than all the rest
(fast-path.md, technique 5).
"""

import struct
from collections.abc import Sequence
from typing import Final

import cramjam
import numpy as np
from crc32c import crc32c

from agents.transport import varints
from agents.transport.fetch import CRC_FROM, HEADER, MINIMUM_MAGIC
from agents.transport.records import I64, NULL_LENGTH, U8, Spans
from schemas.columnar.arena import copy_spans

LZ4: Final = 3
LZ4_LEVEL: Final = 1
PRODUCER_AT: Final = 43  # producer id, epoch and base sequence, which are known only when the batch is sent
PRODUCER: Final = struct.Struct(">qhi")
CRC_AT: Final = 17

Headers = Sequence[tuple[str, bytes | None]]


def body_sizes(key_lengths: I64, value_lengths: I64, header_bytes: int) -> I64:
    """The size of each record without its length, if row i is the i-th of its batch."""
    return (
        2  # attributes, and a timestamp delta of 0
        + varints.sizes(np.arange(len(value_lengths), dtype=np.int64))
        + varints.sizes(key_lengths)
        + np.maximum(key_lengths, 0)
        + varints.sizes(value_lengths)
        + np.maximum(value_lengths, 0)
        + header_bytes
    )


def record_sizes(keys: Spans | None, values: Spans, header_bytes: int) -> I64:
    """The size of each record, if all of them were one batch; in smaller batches they take a byte or two less."""
    bodies = body_sizes(_lengths(keys, len(values.lengths)), values.lengths.astype(np.int64), header_bytes)
    return bodies + varints.sizes(bodies)


def _lengths(spans: Spans | None, count: int) -> I64:
    return np.full(count, NULL_LENGTH, np.int64) if spans is None else spans.lengths.astype(np.int64)


def encode_headers(headers: Headers) -> bytes:
    """The header part of a record: count, then name and value of each."""
    parts = [varints.scalar(len(headers))]
    for name, value in headers:
        raw = name.encode()
        parts += [varints.scalar(len(raw)), raw, varints.scalar(-1 if value is None else len(value)), value or b""]
    return b"".join(parts)


def records_of(keys: Spans | None, values: Spans, rows: slice, headers: bytes) -> U8:
    """The records of one batch, uncompressed: `rows` of keys and values, all with the same headers."""
    value_starts, value_lengths = values.starts[rows], values.lengths[rows].astype(np.int64)
    count = len(value_starts)
    key_lengths = _lengths(keys, len(values.lengths))[rows]
    bodies = body_sizes(key_lengths, value_lengths, len(headers))
    whole = bodies + varints.sizes(bodies)
    target = np.zeros(int(whole.sum()), np.uint8)  # zero: attributes and timestamp deltas
    at = varints.write(target, np.cumsum(whole) - whole, bodies)
    at = varints.write(target, at + 2, np.arange(count, dtype=np.int64))
    at = varints.write(target, at, key_lengths)
    if keys is not None:
        copy_spans(target, at, keys.arena, keys.starts[rows], key_lengths)
    at = varints.write(target, at + np.maximum(key_lengths, 0), value_lengths)
    copy_spans(target, at, values.arena, value_starts, value_lengths)
    if headers != b"\0":
        constant = np.frombuffer(headers, np.uint8)
        target[(at + np.maximum(value_lengths, 0))[:, None] + np.arange(len(constant))] = constant
    return target


class FinishedBatch:
    """A batch that is built, but for what its producer knows; takes the place of aiokafka's BatchBuilder."""

    def __init__(self, records: U8, count: int, timestamp_ms: int) -> None:
        compressor = cramjam.lz4.Compressor(level=LZ4_LEVEL, content_checksum=False, block_linked=False)
        compressor.compress(records.tobytes())
        body = bytes(compressor.finish())
        self._count = count
        self._buffer = bytearray(HEADER.size + len(body))
        HEADER.pack_into(
            self._buffer,
            0,
            0,  # base offset: the broker's to give
            len(self._buffer) - 12,  # length of what follows base offset and length
            -1,  # leader epoch: the broker's
            MINIMUM_MAGIC,
            0,  # checksum: see _build
            LZ4,
            count - 1,
            timestamp_ms,
            timestamp_ms,
            -1,
            -1,
            -1,
            count,
        )
        self._buffer[HEADER.size :] = body

    def __len__(self) -> int:
        return len(self._buffer)

    # What aiokafka's accumulator and sender ask of a batch; the names are theirs.

    def record_count(self) -> int:
        return self._count

    def size(self) -> int:
        return len(self._buffer)

    def closed(self) -> bool:
        return True

    def close(self) -> None:
        """Closed from the start."""

    def append(self, **_record: object) -> None:
        """Nothing can be added: aiokafka reads None as "full"."""

    def _set_producer_state(self, producer_id: int, producer_epoch: int, base_sequence: int) -> None:
        PRODUCER.pack_into(self._buffer, PRODUCER_AT, producer_id, producer_epoch, base_sequence)

    def _build(self) -> bytearray:
        checksum = crc32c(memoryview(self._buffer)[CRC_FROM:])
        struct.pack_into(">I", self._buffer, CRC_AT, checksum)
        return self._buffer
