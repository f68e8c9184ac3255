"""One partition's store. The contract is in the docstring of `agents.store`."""

import shutil
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, cast

import polars as pl
from rocksdict import Options, Rdict, ReadOptions

from agents.store.errors import StoreClosedError, StoreVersionError
from agents.store.facts import Applied, FactBatch, Lookup
from agents.store.holdings import from_lines
from agents.store.layout import (
    ADJUSTED,
    ANSWERS,
    CARDS,
    COMMANDS,
    COPIES,
    HOLDINGS,
    MARKS,
    META,
    NIK_BYTES,
    NOTICES,
    NOTICES_KEY,
    PUBLISHED,
    QUARTER_KEY,
    SMALL_FAMILIES,
    STORE_VERSION,
    VERSION_KEY,
    position_key,
    unpack_offset,
)
from agents.store.notices import from_lines as notices_from
from agents.store.options import CACHE_BYTES, open_database
from agents.store.scans import CopyChunk, FactChunk, Scan, copy_chunk, fact_chunk
from agents.store.writing import NotedCommand, Write, command_key

FAMILIES = (COPIES, *SMALL_FAMILIES)
END_OF_NIK = b"\xff"  # behind every key of a NIK, whose next byte is a producer's number below 0xff00


class PartitionStore:
    """Open with `PartitionStore.open`, close with `close`."""

    def __init__(self, database: Rdict, options: Options) -> None:
        self._database: Rdict | None = database
        self._options = options
        self._families = {name: database.get_column_family(name) for name in FAMILIES}
        self._handles = {name: database.get_column_family_handle(name) for name in FAMILIES}
        self._turn = threading.RLock()
        self._scans: weakref.WeakSet[Scan[Any]] = weakref.WeakSet()

    @classmethod
    def open(
        cls,
        path: Path,
        version: str = STORE_VERSION,
        *,
        read_only: bool = False,
        cache_bytes: int = CACHE_BYTES,
        statistics: bool = False,
    ) -> Self:
        """Open or make the store at `path`.

        Raises StoreVersionError for a store of another version, and rocksdict's Exception when another holds it.
        """
        if not read_only:
            path.mkdir(parents=True, exist_ok=True)
        store = cls(*open_database(str(path), read_only=read_only, cache_bytes=cache_bytes, statistics=statistics))
        found = store._families[META].get(VERSION_KEY)
        if found is None and not read_only:
            store._families[META].put(VERSION_KEY, version.encode())
        elif found != version.encode():
            store.close()
            raise StoreVersionError(
                f"the store at {path} is of version {(found or b'none').decode()}, and this code needs {version}: "
                "delete it, and it is filled again from the log"
            )
        return store

    @staticmethod
    def delete(path: Path) -> None:
        """Remove a closed store from the disk."""
        shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """Cancel all scans, wait for what is in hand, and release the lock. Closing twice is no error."""
        for scan in list(self._scans):
            scan.cancel()
        with self._turn:
            if self._database is None:
                return
            for scan in list(self._scans):
                scan.cancel()  # made between the two
            database, self._database = self._database, None
            # RocksDB's lock is held until the last handle is gone
            self._families.clear()
            self._handles.clear()
            database.close()

    @property
    def is_open(self) -> bool:
        return self._database is not None

    # --- writing

    @contextmanager
    def write(self) -> Iterator[Write]:
        """One atomic write; nothing is written when the block raises."""
        with self._turn:
            database = self._opened()
            write = Write(lambda name: (self._families[name], self._handles[name]), cast("Lookup", database.get))
            yield write
            database.write(write._batch)  # noqa: SLF001 - the other half of this class

    def apply_facts(self, batch: FactBatch, topic: str, next_offset: int) -> Applied:
        """`Write.facts` with the new position of `topic`, in a write of its own."""
        with self.write() as write:
            applied = write.facts(batch)
            write.position(topic, next_offset)
        return applied

    def set_position(self, topic: str, next_offset: int) -> None:
        """`Write.position` alone: for a batch that leaves nothing else."""
        with self.write() as write:
            write.position(topic, next_offset)

    def put_holdings(self, niks: Iterable[str], frame: pl.DataFrame, quarter: str) -> None:
        """`Write.holdings` in a write of its own."""
        with self.write() as write:
            write.holdings(niks, frame, quarter)

    def put_answers(
        self, niks: Iterable[str], blobs: Iterable[bytes], *, topic: str | None = None, next_offset: int | None = None
    ) -> None:
        """`Write.answers` with the new position of `topic`, in a write of its own."""
        with self.write() as write:
            write.answers(niks, blobs)
            if topic is not None and next_offset is not None:
                write.position(topic, next_offset)

    def note_command(
        self,
        run: str,
        step: str,
        wave: int,
        offset: int,
        *,
        topic: str | None = None,
        next_offset: int | None = None,
    ) -> bool:
        """`Write.command`, with the new position of `topic` if it is given; whether it was noted now."""
        with self.write() as write:
            noted = write.command(run, step, wave, offset)
            if topic is not None and next_offset is not None:
                write.position(topic, next_offset)
        return noted

    # --- reading

    def position(self, topic: str) -> int | None:
        """Where reading of `topic` goes on; None when nothing of it was ever written here."""
        raw = self._reader(META).get(position_key(topic))
        return None if raw is None else unpack_offset(raw)

    def scan_facts(self, chunk_rows: int, from_key: bytes = b"") -> Scan[FactChunk]:
        """All facts from `from_key` on, as of now."""
        with self._turn:
            items = self._opened().items(from_key=from_key or None)
            return self._kept(Scan(items, chunk_rows, fact_chunk))

    def scan_copies(self, chunk_rows: int, from_key: bytes = b"") -> Scan[CopyChunk]:
        """All further copies from `from_key` on, as of now."""
        with self._turn:
            items = self._reader(COPIES).items(from_key=from_key or None)
            return self._kept(Scan(items, chunk_rows, copy_chunk))

    def scans(self, chunk_rows: int) -> tuple[Scan[FactChunk], Scan[CopyChunk]]:
        """Facts and copies as of one moment: no write comes between."""
        with self._turn:
            return self.scan_facts(chunk_rows), self.scan_copies(chunk_rows)

    def facts_of(self, *niks: str) -> FactChunk:
        """The facts of some people, in the order of their keys; empty when there are none."""
        with self._turn:
            return fact_chunk(*_ranges(self._opened(), niks))

    def copies_of(self, *niks: str) -> CopyChunk:
        """The further copies of some people's facts, in the order of their keys."""
        with self._turn:
            return copy_chunk(*_ranges(self._reader(COPIES), niks))

    def holdings(self) -> pl.DataFrame:
        """All lines (columns streams.changes.HOLDINGS), sorted by nik, programme."""
        with self._turn:
            return from_lines(*_range(self._reader(HOLDINGS), b""))

    def holdings_of(self, nik: str) -> pl.DataFrame:
        """The lines of one person."""
        with self._turn:
            return from_lines(*_range(self._reader(HOLDINGS), nik.encode()))

    @property
    def holdings_quarter(self) -> str:
        """The quarter after whose seal the holdings stand; "" before the first, which sorts before all."""
        return str(self._reader(META).get(QUARTER_KEY) or b"", "ascii")

    def answer(self, nik: str) -> bytes | None:
        """The current answer of one person."""
        raw: bytes | None = self._reader(ANSWERS).get(nik.encode())
        return raw

    def listed_on(self, no_kk: str) -> list[str]:
        """NIK of this partition that any event ever listed on a card, sorted: the view tells who still is."""
        with self._turn:
            keys, _ = _range(self._reader(CARDS), no_kk.encode())
        return [key[NIK_BYTES:].decode() for key in keys]

    def published_of(self, nik: str) -> list[bytes]:
        """The published lines of one person, oldest first."""
        with self._turn:
            return _range(self._reader(PUBLISHED), nik.encode())[1]

    def adjusted_of(self, nik: str) -> list[bytes]:
        """The published adjustments of one person, oldest first."""
        with self._turn:
            return _range(self._reader(ADJUSTED), nik.encode())[1]

    def ledger(self) -> tuple[list[bytes], list[bytes]]:
        """All published lines and all published adjustments of everybody, in the order of their keys."""
        with self._turn:
            return _range(self._reader(PUBLISHED), b"")[1], _range(self._reader(ADJUSTED), b"")[1]

    @property
    def knows_notices(self) -> bool:
        """Whether this store has learnt which notices are open."""
        return self._reader(META).get(NOTICES_KEY) is not None

    def notices(self) -> pl.DataFrame:
        """The open notices: columns streams.notices.NOTICES."""
        with self._turn:
            return notices_from(_range(self._reader(NOTICES), b"")[1])

    def put_notices(self, notices: pl.DataFrame) -> None:
        """`Write.notices` of a store that learns them."""
        with self.write() as write:
            write.notices(notices, notices.clear())

    def marks(self) -> dict[bytes, bytes]:
        """NIK that are marked to be looked at for notices, and since when."""
        with self._turn:
            return dict(zip(*_range(self._reader(MARKS), b""), strict=True))

    def settle_notices(self, marks: Mapping[bytes, bytes], new: pl.DataFrame, gone: pl.DataFrame) -> None:
        """`Write.notices` in a write of its own, with the marks that were worked off."""
        with self.write() as write:
            write.notices(new, gone, marks)

    def commands(self) -> list[NotedCommand]:
        """All commands ever noted, in the order of their names."""
        with self._turn:
            return [
                NotedCommand.parse(key, value) for key, value in zip(*_range(self._reader(COMMANDS), b""), strict=True)
            ]

    def command_offset(self, run: str, step: str, wave: int = 0) -> int | None:
        """The offset at which a command stood in its topic; None when it has not come."""
        raw = self._reader(COMMANDS).get(command_key(run, step, wave))
        return None if raw is None else unpack_offset(raw)

    def flush(self) -> None:
        """Write the memtables to files."""
        with self._turn:
            self._opened().flush()

    def statistics(self) -> str | None:
        """RocksDB's counters, if the store was opened with `statistics`."""
        counters: str | None = self._options.get_statistics()
        return counters

    def cache_capacity_bytes(self) -> int:
        """The size of the block cache that the facts really use."""
        return int(self._opened().property_int_value("rocksdb.block-cache-capacity") or 0)

    def size_bytes(self) -> int:
        """What the facts take on disk (flushed files; what is in memory comes with the next flush)."""
        return int(self._opened().property_int_value("rocksdb.total-sst-files-size") or 0)

    def _kept(self, scan: Scan[Any]) -> Scan[Any]:
        self._scans.add(scan)
        return scan

    def _opened(self) -> Rdict:
        if self._database is None:
            raise StoreClosedError("the store is closed: its partition went to another worker, or the process stops")
        return self._database

    def _reader(self, family: str) -> Rdict:
        self._opened()
        return self._families[family]


def _range(family: Rdict, prefix: bytes) -> tuple[list[bytes], list[bytes]]:
    """Keys and values of one family whose keys begin with `prefix`."""
    options = ReadOptions()
    if prefix:
        options.set_iterate_upper_bound(prefix + END_OF_NIK)
    pairs: list[tuple[Any, Any]] = list(family.items(from_key=prefix or None, read_opt=options))
    return [key for key, _ in pairs], [value for _, value in pairs]


def _ranges(family: Rdict, niks: Iterable[str]) -> tuple[list[bytes], list[bytes]]:
    """Keys and values of one family that belong to some people, in the order of the keys."""
    keys: list[bytes] = []
    values: list[bytes] = []
    for nik in sorted(set(niks)):
        more_keys, more_values = _range(family, nik.encode())
        keys += more_keys
        values += more_values
    return keys, values
