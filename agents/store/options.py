"""How RocksDB is opened (fast-path.md, "The fact store" and "Traps met")."""

from functools import cache
from typing import Final

from rocksdict import (
    AccessType,
    BlockBasedOptions,
    Cache,
    DBCompressionType,
    Options,
    Rdict,
)

from agents.store.layout import COPIES, SMALL_FAMILIES

CACHE_BYTES: Final = 256 << 20  # one for all stores of the process; index and filters stay outside it
FACTS_BUFFER_BYTES: Final = 64 << 20
SMALL_BUFFER_BYTES: Final = 8 << 20
BUFFERS: Final = 4
BACKGROUND_JOBS: Final = 2
BLOCK_BYTES: Final = 16 << 10
BLOOM_BITS: Final = 10
MEMTABLE_BLOOM_RATIO: Final = 0.1


@cache
def shared_cache(size_bytes: int) -> Cache:
    """The block cache of this process: RocksDB would give each store its own."""
    return Cache(size_bytes)


def family_options(buffer_bytes: int, cache_bytes: int, *, statistics: bool) -> Options:
    """Options of one column family; those of the default one also hold for the whole database."""
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.create_missing_column_families(True)
    options.set_write_buffer_size(buffer_bytes)
    options.set_max_write_buffer_number(BUFFERS)
    options.set_max_background_jobs(BACKGROUND_JOBS)
    options.set_memtable_prefix_bloom_ratio(MEMTABLE_BLOOM_RATIO)
    options.set_memtable_whole_key_filtering(True)
    options.set_compression_type(DBCompressionType.lz4())
    options.set_bottommost_compression_type(DBCompressionType.zstd())
    if statistics:
        options.enable_statistics()
    table = BlockBasedOptions()
    table.set_block_size(BLOCK_BYTES)
    table.set_block_cache(shared_cache(cache_bytes))
    table.set_bloom_filter(BLOOM_BITS, block_based=False)
    options.set_block_based_table_factory(table)
    return options


def open_database(path: str, *, read_only: bool, cache_bytes: int, statistics: bool) -> tuple[Rdict, Options]:
    """The database with all families, and the options of the default one (they hold its statistics).

    On reopening, rocksdict takes the default family's options from the OPTIONS file and ignores ours (no bloom filter,
    8 MB of cache) unless it is named among the column families; so it is.
    """
    facts = family_options(FACTS_BUFFER_BYTES, cache_bytes, statistics=statistics)
    families = {
        "default": facts,
        COPIES: family_options(SMALL_BUFFER_BYTES, cache_bytes, statistics=False),
        **{name: family_options(SMALL_BUFFER_BYTES, cache_bytes, statistics=False) for name in SMALL_FAMILIES},
    }
    access = AccessType.read_only() if read_only else AccessType.read_write()
    return Rdict(path, facts, column_families=families, access_type=access), facts
