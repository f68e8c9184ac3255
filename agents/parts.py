"""Frames sent from partition to partition during a run: in parts that name run, attempt and source.

The sender's report says where its parts stand (`Sent`); a reader takes the parts of that attempt and no
other, and reports what it found (`Received`). The books compare the two.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from agents.keeper import values_of
from agents.transport.log import LogReader
from agents.transport.sender import Sender
from schemas import slow
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.digests import frame_digest

MAXIMUM_BLOB_BYTES = 850_000  # decisions.md: parts of at most 900 KB; the rest is for the envelope
MODULUS = 1 << 128

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Sent:
    """Where one source's parts stand in one target partition. `first` is -1 when there are none."""

    attempt: int
    first: int
    last: int
    parts: int
    rows: int
    digest: str  # hex, 128 bits, order-free over the rows of all frames

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Sent":
        return Sent(**value)


def to_ipc(frame: pl.DataFrame) -> bytes:
    """An Arrow IPC file, zstd."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def from_ipc(data: bytes) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(data))


def frames_digest(frames: Frames) -> int:
    """The order-free digest of some frames together, so that any cut into parts gives the same sum."""
    return sum(int.from_bytes(frame_digest(frame)) for frame in frames.values()) % MODULUS


class PartWriter:
    """Sends the frames of one source to one target partition, part by part, and adds up what it sent.

    `envelope`: the fields of `record` that are the same in all parts: run, attempt, source, and where they go.
    """

    def __init__(self, sender: Sender, topic: str, partition: int, record: str, envelope: Mapping[str, Any]) -> None:
        self._sender = sender
        self._topic = topic
        self._partition = partition
        self._contract = contracts().by_name[record]
        self._envelope = envelope
        self._first, self._last, self._parts, self._rows, self._digest = -1, -1, 0, 0, 0

    async def send(self, frames: Frames) -> None:
        """Send these frames as one part; as two halves when they are larger than a part may be."""
        rows = sum(frame.height for frame in frames.values())
        if rows == 0:
            return
        blobs = {name: to_ipc(frame) for name, frame in frames.items()}
        if sum(map(len, blobs.values())) > MAXIMUM_BLOB_BYTES and rows > 1:
            await self.send({name: frame[: frame.height // 2] for name, frame in frames.items()})
            await self.send({name: frame[frame.height // 2 :] for name, frame in frames.items()})
            return
        digest = frames_digest(frames)
        record = {
            **self._envelope,
            "part": self._parts,
            "rows": rows,
            "digest": digest.to_bytes(16),
            **blobs,
        }
        value = slow.encode_one(self._contract, record)
        key = join([f"{self._envelope['run']}/{self._envelope['source']}".encode()])
        first, last = await self._sender.send(self._topic, self._partition, key, join([value]))
        self._first = first if self._first < 0 else self._first
        self._last = last
        self._parts += 1
        self._rows += rows
        self._digest = (self._digest + digest) % MODULUS

    @property
    def sent(self) -> Sent:
        return Sent(
            attempt=int(self._envelope["attempt"]),
            first=self._first,
            last=self._last,
            parts=self._parts,
            rows=self._rows,
            digest=self._digest.to_bytes(16).hex(),
        )


Key = tuple[Any, ...]


@dataclass(frozen=True)
class Received:
    """The frames that came, and what each sender's parts came to, both by the fields that tell parts apart."""

    frames: dict[Key, dict[str, pl.DataFrame]]
    found: dict[Key, Sent]

    def together(self, name: str, empty: pl.DataFrame) -> pl.DataFrame:
        """The frames `name` of all senders as one."""
        return pl.concat([empty, *(frames[name] for _, frames in sorted(self.frames.items()))])


async def read_parts(
    reader: LogReader,
    record: str,
    run: str,
    wanted: Mapping[Key, Sent],
    blobs: Mapping[str, pl.DataFrame],
    by: Sequence[str] = ("source",),
) -> Received:
    """Read the parts of `wanted` from one partition: its keys are the values of the fields `by`, in this order.

    `blobs` names the frames of a part and gives an empty frame of each one's schema. What is counted is what was
    found, digested anew from the frames: a part that is missing or altered shows as a difference in the books.
    """
    contract = contracts().by_name[record]
    pieces: dict[Key, dict[str, list[pl.DataFrame]]] = {
        key: {name: [empty] for name, empty in blobs.items()} for key in wanted
    }
    found = {key: Sent(sent.attempt, sent.first, sent.last, 0, 0, "00" * 16) for key, sent in wanted.items()}
    ranges = [(sent.first, sent.last) for sent in wanted.values() if sent.first >= 0]
    if ranges:
        async for records in reader.read_range(min(first for first, _ in ranges), max(last for _, last in ranges)):
            for value in values_of(records):
                if value is None or not value.startswith(contract.header):
                    continue  # commands stand between the parts
                part = slow.decode_one(contract, value)
                key = tuple(part[name] for name in by)
                sent = found.get(key)
                if sent is None or part["run"] != run or part["attempt"] != sent.attempt:
                    continue  # another run's, or a stale attempt's
                frames = {name: from_ipc(part[name]) for name in blobs}
                for name, frame in frames.items():
                    pieces[key][name].append(frame)
                found[key] = _with_part(sent, frames)
    return Received(
        {key: {name: pl.concat(parts) for name, parts in frames.items()} for key, frames in pieces.items()}, found
    )


def _with_part(sent: Sent, frames: Frames) -> Sent:
    digest = (int(sent.digest, 16) + frames_digest(frames)) % MODULUS
    rows = sent.rows + sum(frame.height for frame in frames.values())
    return replace(sent, parts=sent.parts + 1, rows=rows, digest=digest.to_bytes(16).hex())
