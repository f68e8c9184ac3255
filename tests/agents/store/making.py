"""Facts with only the bytes that the store looks at, and a digest of all that a store holds."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from agents.store import FactBatch, PartitionStore
from agents.store.facts import row_keys
from schemas.columnar.arena import join

VERSION = "v1"


@dataclass(frozen=True)
class Fact:
    """`nik` and `event` count from 0; `coordinate` and `offset` tell copies apart."""

    nik: int
    event: int
    offset: int
    content: bytes = b"content"
    coordinate: int = 0
    producer: int = 1

    @property
    def key(self) -> bytes:
        return b"3171990101%06d" % self.nik

    @property
    def value(self) -> bytes:
        place = (1).to_bytes(2) + (1).to_bytes(2)
        event = self.event.to_bytes(16)
        return bytes(10) + self.producer.to_bytes(2) + event + self.coordinate.to_bytes(14) + place + self.content

    @property
    def row_key(self) -> bytes:
        return self.key + self.value[10:28]

    def again(self, offset: int, content: bytes | None = None) -> "Fact":
        """A further copy of the same event."""
        return replace(
            self, offset=offset, coordinate=self.coordinate + 1, content=self.content if content is None else content
        )


def batch(facts: list[Fact]) -> FactBatch:
    """What apply_facts takes."""
    values = join([fact.value for fact in facts])
    niks = np.frombuffer(b"".join(fact.key for fact in facts), np.uint8).reshape(-1, 16)
    return FactBatch(row_keys(niks, values), values, np.array([fact.offset for fact in facts], np.int64))


def opened(path: Path) -> PartitionStore:
    return PartitionStore.open(path, VERSION, cache_bytes=8 << 20)


def digest(store: PartitionStore) -> str:
    """Over all rows and copies with their offsets."""
    found = hashlib.sha256()
    for facts in store.scan_facts(1_000):
        ends = facts.starts + facts.lengths
        found.update(facts.keys.tobytes() + facts.facts_offsets.tobytes())
        for start, end in zip(facts.starts.tolist(), ends.tolist(), strict=True):
            found.update(facts.arena[start:end].tobytes())
    for copies in store.scan_copies(1_000):
        for column in (copies.keys, copies.coordinates, copies.facts_offsets, copies.places, copies.other):
            found.update(np.ascontiguousarray(column).tobytes())
    return found.hexdigest()
