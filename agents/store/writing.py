"""One WriteBatch: all that follows from a batch, with the new position."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl
from rocksdict import WriteBatch

from agents.store.cards import card_keys
from agents.store.facts import Applied, FactBatch, Lookup, fact_puts
from agents.store.holdings import to_lines
from agents.store.layout import (
    ADJUSTED,
    ANSWERS,
    CARDS,
    COMMANDS,
    COPIES,
    HOLDINGS,
    MARKS,
    META,
    NOTICES,
    NOTICES_KEY,
    PUBLISHED,
    QUARTER_KEY,
    pack_offset,
    position_key,
    unpack_offset,
)
from agents.store.notices import to_lines as notice_lines

NO_MARKS: Mapping[bytes, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NotedCommand:
    """A command that came for this partition, and the offset at which it stood in its topic."""

    run: str
    step: str
    wave: int
    offset: int

    @classmethod
    def parse(cls, key: bytes, value: bytes) -> "NotedCommand":
        run, step, wave = json.loads(key)
        return cls(run, step, wave, unpack_offset(value))


def command_key(run: str, step: str, wave: int) -> bytes:
    """Where a command is noted; a step's commands come in one topic, so the topic need not be named."""
    return json.dumps([run, step, wave]).encode()


class Write:
    """Gathers puts and writes them together; made by `PartitionStore.write`, used as a context, once.

    Each method may be called once per family and write: a write does not read what it is about to put.
    """

    def __init__(self, families: Callable[[str], tuple[Any, Any]], lookup: Lookup) -> None:
        self._batch = WriteBatch(raw_mode=True)
        self._family = families  # name -> (reader, handle)
        self._lookup = lookup

    def facts(self, batch: FactBatch) -> Applied:
        """Rows of new facts, further copies, and who is listed on which card."""
        puts = fact_puts(batch, self._lookup)
        _each(map(self._batch.put, *puts.rows))
        self._put_all(COPIES, *puts.copies)
        cards = sorted(set(card_keys(batch)))
        self._put_all(CARDS, cards, [b""] * len(cards))
        return puts.applied

    def holdings(self, niks: Iterable[str], frame: pl.DataFrame, quarter: str) -> None:
        """Replace what `niks` hold by the lines of `frame` (columns HOLDINGS) and mark the quarter that they are of.

        Raises ValueError for a line of a NIK that is not among `niks`.
        """
        replaced = sorted(set(niks))
        strange = frame.filter(~pl.col("nik").is_in(replaced))
        if strange.height:
            raise ValueError(f"{strange.height} holdings belong to none of the NIK whose holdings are replaced")
        reader, handle = self._family(HOLDINGS)
        position = reader.iter()
        for nik in replaced:
            prefix = nik.encode()
            position.seek(prefix)
            while position.valid() and position.key().startswith(prefix):
                self._batch.delete(position.key(), handle)
                position.next()
        self._put_all(HOLDINGS, *to_lines(frame))
        self._put_all(META, [QUARTER_KEY], [quarter.encode()])

    def answers(self, niks: Iterable[str], blobs: Iterable[bytes]) -> None:
        """The current answer of each NIK, in place of the one before."""
        self._put_all(ANSWERS, [nik.encode() for nik in niks], blobs)

    def published(self, names: pl.DataFrame, lines: Iterable[bytes]) -> None:
        """Published lines, kept for ever; `names`: columns nik, quarter, programme of each."""
        keys = names.select(pl.concat_str("nik", "quarter", "programme", separator="/").cast(pl.Binary)).to_series()
        self._put_all(PUBLISHED, keys.to_list(), lines)

    def adjusted(self, names: pl.DataFrame, lines: Iterable[bytes]) -> None:
        """Published adjustments, kept for ever; `names`: columns nik, quarter, programme, concerns, cause of each."""
        parts = ("nik", "quarter", "programme", "concerns", "cause")
        keys = names.select(pl.concat_str(*parts, separator="/").cast(pl.Binary)).to_series()
        self._put_all(ADJUSTED, keys.to_list(), lines)

    def mark(self, niks: Iterable[bytes], since: bytes) -> None:
        """Whose facts must be looked at for notices; `since` tells this mark from one that stood there before."""
        niks = list(niks)
        self._put_all(MARKS, niks, [since] * len(niks))

    def notices(self, new: pl.DataFrame, gone: pl.DataFrame, marks: Mapping[bytes, bytes] = NO_MARKS) -> None:
        """Open notices that began and ended (columns streams.notices.NOTICES), and marks that were worked off.

        A mark that was set anew meanwhile stays: it is for facts that nobody has looked at yet.
        """
        self._put_all(NOTICES, *notice_lines(new))
        self._put_all(META, [NOTICES_KEY], [b""])
        _, handle = self._family(NOTICES)
        for key in notice_lines(gone)[0]:
            self._batch.delete(key, handle)
        reader, handle = self._family(MARKS)
        for key, since in marks.items():
            if reader.get(key) == since:
                self._batch.delete(key, handle)

    def command(self, run: str, step: str, wave: int, offset: int) -> bool:
        """Note a command, unless one of this run, step and wave is noted; whether it was noted now."""
        reader, _ = self._family(COMMANDS)
        key = command_key(run, step, wave)
        if reader.get(key) is not None:
            return False
        self._put_all(COMMANDS, [key], [pack_offset(offset)])
        return True

    def position(self, topic: str, next_offset: int) -> None:
        """Where reading of `topic` goes on."""
        self._put_all(META, [position_key(topic)], [pack_offset(next_offset)])

    def _put_all(self, family: str, keys: Iterable[bytes], values: Iterable[bytes]) -> None:
        _, handle = self._family(family)
        put = self._batch.put
        for key, value in zip(keys, values, strict=True):
            put(key, value, handle)


def _each(puts: Iterable[None]) -> None:
    """Run a map to its end; rocksdict takes one key at a time, so this is the loop over rows that has to be."""
    deque(puts, maxlen=0)
