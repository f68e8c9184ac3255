"""The stage's own store: visits in the batches in which they came, the findings told, and where reading goes on.

Nobody asks for one visit: all of them are read together. So a batch is one row, which costs one put however many visits
are in it; an event that came twice is folded when visits are judged (`streams.integrity.visits.counting`).
"""

import shutil
from pathlib import Path
from typing import Any, Final, Self

from rocksdict import Options, Rdict, WriteBatch

from agents.integrity.batches import pack, unpack
from agents.store.layout import pack_offset, unpack_offset
from agents.store.options import CACHE_BYTES, SMALL_BUFFER_BYTES, family_options
from schemas.columnar import Encoded

VERSION: Final = b"2"  # raise it with any change of this page: the store fills itself again from the log
TOLD, META = "told", "meta"
VERSION_KEY, POSITION_KEY, DUE_KEY, LEARNT_KEY = b"version", b"position", b"due", b"learnt"


class VisitStore:
    """One writer at a time: the stage handles one partition, and evaluates beside it."""

    def __init__(self, folder: Path) -> None:
        self._database: Rdict | None = _opened(folder)
        self._meta, self._told = (self._database.get_column_family(name) for name in (META, TOLD))
        self._handles = {name: self._database.get_column_family_handle(name) for name in (META, TOLD)}

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The store in a folder; one of another version is deleted, and filled anew."""
        store = cls(folder)
        found = store._meta.get(VERSION_KEY)
        if found is None:
            store._meta.put(VERSION_KEY, VERSION)
        elif found != VERSION:
            store.close()
            shutil.rmtree(folder)
            return cls.open(folder)
        return store

    def close(self) -> None:
        """Release the lock."""
        if self._database is not None:
            database, self._database = self._database, None
            del self._meta, self._told
            self._handles.clear()
            database.close()

    @property
    def position(self) -> int | None:
        """Where reading of the visits goes on; None for a new store."""
        raw = self._meta.get(POSITION_KEY)
        return None if raw is None else unpack_offset(raw)

    @property
    def due(self) -> bytes | None:
        """What tells these visits from those of the last evaluation; None when there is none that it has not seen."""
        found: bytes | None = self._meta.get(DUE_KEY)
        return found

    @property
    def has_learnt(self) -> bool:
        """Whether this store knows what was told before it was made."""
        return self._meta.get(LEARNT_KEY) is not None

    def add(self, values: Encoded, next_offset: int) -> None:
        """A batch of visits, and the position behind it, in one write."""
        batch = WriteBatch(raw_mode=True)
        if len(values):
            batch.put(pack_offset(next_offset), pack(values))  # a position is passed once: no other batch ends there
            batch.put(DUE_KEY, pack_offset(next_offset), self._handles[META])
        batch.put(POSITION_KEY, pack_offset(next_offset), self._handles[META])
        self._opened_database().write(batch)

    def learn(self, told: dict[bytes, bytes]) -> None:
        """What had been told before this store was made (id -> value)."""
        batch = WriteBatch(raw_mode=True)
        for key, value in told.items():
            batch.put(key, value, self._handles[TOLD])
        batch.put(LEARNT_KEY, b"", self._handles[META])
        self._opened_database().write(batch)

    def settle(self, told: dict[bytes, bytes], due: bytes) -> None:
        """Findings that were told now; nothing is due any more, unless visits came meanwhile."""
        batch = WriteBatch(raw_mode=True)
        for key, value in told.items():
            batch.put(key, value, self._handles[TOLD])
        if self.due == due:
            batch.delete(DUE_KEY, self._handles[META])
        self._opened_database().write(batch)

    def visits(self) -> Encoded:
        """The values of all visits, in the order of the log."""
        batches: list[bytes] = list(self._opened_database().values())
        return unpack(batches)

    def told(self) -> dict[bytes, bytes]:
        """The findings told so far, the last of each id."""
        pairs: list[tuple[Any, Any]] = list(self._told.items())
        return dict(pairs)

    def _opened_database(self) -> Rdict:
        if self._database is None:
            raise RuntimeError("the store of visits is closed: its partition went to another worker")
        return self._database


def _opened(folder: Path) -> Rdict:
    folder.mkdir(parents=True, exist_ok=True)
    options: Options = family_options(SMALL_BUFFER_BYTES, CACHE_BYTES, statistics=False)
    families: dict[str, Any] = {
        name: family_options(SMALL_BUFFER_BYTES, CACHE_BYTES, statistics=False) for name in ("default", META, TOLD)
    }
    return Rdict(str(folder), options, column_families=families)
