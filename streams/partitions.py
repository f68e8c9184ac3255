"""Kafka's own choice of a partition for a key, for all keys of a batch at once.

Java's clients take `murmur2(key) & 0x7fffffff % partitions` (org.apache.kafka.common.utils.Utils and
BuiltInPartitioner); whoever writes by another rule puts a person's records in two partitions.
"""

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.columnar.bridge import to_bytes

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]

SEED: Final = np.uint32(0x9747B28C)
MULTIPLIER: Final = np.uint32(0x5BD1E995)
ROTATION: Final = np.uint32(24)
WORD_BYTES: Final = 4


def murmur2(keys: U8) -> U32:
    """The 32-bit hash of each row of `keys` (N, width): all keys of one width, such as a NIK's 16 digits."""
    count, width = keys.shape
    whole = width // WORD_BYTES
    words = np.ascontiguousarray(keys[:, : whole * WORD_BYTES]).view("<u4")
    hashes = np.full(count, SEED ^ np.uint32(width), np.uint32)
    for column in range(whole):
        hashes = (hashes * MULTIPLIER) ^ _mixed(words[:, column])
    return _finished(hashes, keys[:, whole * WORD_BYTES :])


def murmur2_spans(arena: U8, starts: NDArray[np.integer[Any]], lengths: NDArray[np.integer[Any]]) -> U32:
    """The 32-bit hash of each key `arena[starts[i] : starts[i] + lengths[i]]`, of any lengths from 0.

    Keys are taken by length, so there are as many steps as lengths. Raises ValueError for a negative length: a null
    key has no hash, and whoever writes one must choose its partition.
    """
    if len(lengths) and int(lengths.min()) < 0:
        raise ValueError("a null key has no hash: choose its partition by something else")
    hashes = np.empty(len(starts), np.uint32)
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        hashes[rows] = murmur2(arena[starts[rows][:, None] + np.arange(length)])
    return hashes


def partition_of(keys: U8 | pl.Series, partitions: int) -> I32:
    """The partition (from 0) of each key in a topic of `partitions` partitions.

    `keys`: bytes (N, width), or a series of String or Binary without nulls (ValueError).
    """
    if not isinstance(keys, pl.Series):
        return to_partitions(murmur2(keys), partitions)
    if keys.null_count():
        raise ValueError("a null key has no hash: choose its partition by something else")
    return to_partitions(murmur2_spans(*to_bytes(keys)), partitions)


def to_partitions(hashes: U32, partitions: int) -> I32:
    """The partitions of hashes. Raises ValueError when there are no partitions."""
    if partitions < 1:
        raise ValueError(f"a topic has at least one partition, not {partitions}")
    return ((hashes & np.uint32(0x7FFFFFFF)) % np.uint32(partitions)).astype(np.int32)


def _mixed(words: U32) -> U32:
    words = words * MULTIPLIER
    return (words ^ (words >> ROTATION)) * MULTIPLIER


def _finished(hashes: U32, tail: U8) -> U32:
    """The last 0 to 3 bytes, and the final mixing."""
    for column in range(tail.shape[1]):
        hashes = hashes ^ (tail[:, column].astype(np.uint32) << np.uint32(8 * column))
    if tail.shape[1]:
        hashes = hashes * MULTIPLIER
    hashes = (hashes ^ (hashes >> np.uint32(13))) * MULTIPLIER
    return hashes ^ (hashes >> np.uint32(15))
