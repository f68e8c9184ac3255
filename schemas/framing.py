"""What stands in front of a value, so that its schema is known.

Single-object framing: C3 01, then the schema's fingerprint in 8 bytes, little endian (Avro specification).
Confluent framing, which the door takes too: 00, then a number of `confluent.yaml` in 4 bytes, big endian.
Whatever we write ourselves is framed in the first way.
"""

import numpy as np

from schemas.columnar.arena import I32, I64, U8, U64, Bool, check_spans, windows

MARKER = b"\xc3\x01"
HEADER_BYTES = 10
CONFLUENT_MARKER = 0
CONFLUENT_BYTES = 5


def header_of(fingerprint: int) -> bytes:
    """The ten bytes in front of every value of the schema with this CRC-64-AVRO fingerprint."""
    return MARKER + fingerprint.to_bytes(8, "little")


def split_header(value: bytes) -> tuple[int, bytes]:
    """Fingerprint and body of one framed value. Raises ValueError when it has no header."""
    if len(value) < HEADER_BYTES or value[:2] != MARKER:
        raise ValueError(
            f"the value does not begin with {MARKER.hex()} and a fingerprint of 8 bytes: {value[:10].hex()}"
        )
    return int.from_bytes(value[2:HEADER_BYTES], "little"), value[HEADER_BYTES:]


def read_headers(arena: U8, starts: I64, lengths: I32) -> tuple[U64, Bool]:
    """Fingerprint of each value, and whether it has a header at all; the fingerprint is 0 where not.

    Null values (length -1) have none. Raises ValueError for spans outside the padded arena.
    """
    starts = np.asarray(starts, np.int64)
    check_spans(arena, starts, starts + np.maximum(lengths, 0))
    marker = windows(arena, 2)[starts].view("<u2")
    framed = (np.asarray(lengths) >= HEADER_BYTES) & (marker == int.from_bytes(MARKER, "little"))
    fingerprints = windows(arena, 8)[starts + 2].view("<u8").astype(np.uint64, copy=False)
    return np.where(framed, fingerprints, np.uint64(0)), framed


def read_schema_ids(arena: U8, starts: I64, lengths: I32) -> tuple[I64, Bool]:
    """Schema id of each value in Confluent framing, and whether it is in it at all; the id is -1 where not.

    Null values (length -1) are not. Raises ValueError for spans outside the padded arena.
    """
    starts = np.asarray(starts, np.int64)
    check_spans(arena, starts, starts + np.maximum(lengths, 0))
    framed = (np.asarray(lengths) >= CONFLUENT_BYTES) & (arena[starts] == CONFLUENT_MARKER)
    ids = windows(arena, 4)[starts + 1].view(">u4").astype(np.int64)
    return np.where(framed, ids, np.int64(-1)), framed


def bodies(starts: I64, lengths: I32, header_bytes: "I32 | int" = HEADER_BYTES) -> tuple[I64, I32]:
    """Spans of the bodies behind the headers. Only for values that were found framed, in one way or the other."""
    return starts + header_bytes, lengths - np.int32(header_bytes)
