"""Aims at: a key's partition is the one that Java's clients choose, or a person's records part."""

import numpy as np
import polars as pl
import pytest
from aiokafka.partitioner import murmur2 as murmur2_of_aiokafka
from hypothesis import given
from hypothesis import strategies as st

from schemas.columnar.arena import join
from streams.partitions import murmur2, murmur2_spans, partition_of, to_partitions

# UtilsTest.testMurmur2 of Apache Kafka
JAVA = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


def test_the_vectors_of_java() -> None:
    keys = join(list(JAVA))
    assert murmur2_spans(keys.arena, keys.starts, keys.lengths).view(np.int32).tolist() == list(JAVA.values())


@given(st.lists(st.binary(max_size=40), max_size=30), st.integers(1, 64))
def test_spans_of_any_length_equal_the_scalar(keys: list[bytes], partitions: int) -> None:
    joined = join(keys)
    hashes = murmur2_spans(joined.arena, joined.starts, joined.lengths)
    assert hashes.tolist() == [murmur2_of_aiokafka(key) & 0xFFFFFFFF for key in keys]
    expected = [(murmur2_of_aiokafka(key) & 0x7FFFFFFF) % partitions for key in keys]
    assert to_partitions(hashes, partitions).tolist() == expected


@given(st.lists(st.integers(0, 10**6 - 1), max_size=30), st.integers(1, 64))
def test_nik(serials: list[int], partitions: int) -> None:
    niks = [b"3171990101%06d" % serial for serial in serials]
    columns = np.frombuffer(b"".join(niks), np.uint8).reshape(-1, 16)
    assert murmur2(columns).tolist() == [murmur2_of_aiokafka(nik) & 0xFFFFFFFF for nik in niks]
    expected = [(murmur2_of_aiokafka(nik) & 0x7FFFFFFF) % partitions for nik in niks]
    assert partition_of(columns, partitions).tolist() == expected
    texts = pl.Series([nik.decode() for nik in niks], dtype=pl.String)
    assert partition_of(texts, partitions).tolist() == expected
    assert partition_of(texts.reverse()[: len(niks) // 2], partitions).tolist() == expected[::-1][: len(niks) // 2]


def test_a_null_key_and_no_partition_are_refused() -> None:
    with pytest.raises(ValueError, match="null key"):
        murmur2_spans(np.zeros(64, np.uint8), np.zeros(1, np.int64), np.array([-1], np.int32))
    with pytest.raises(ValueError, match="null key"):
        partition_of(pl.Series(["a", None]), 4)
    with pytest.raises(ValueError, match="at least one partition"):
        to_partitions(np.zeros(1, np.uint32), 0)
