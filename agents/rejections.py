"""Reads what producers are told, from their rejected topics: what the door refused, and findings."""

from collections.abc import AsyncIterator, Iterable, Mapping

import numpy as np
import polars as pl

from agents.settings import Settings
from agents.topics import UNKNOWN_PRODUCER
from agents.topics import rejected as rejected_topic
from agents.transport.log import LogReader
from schemas import framing
from schemas.columnar import Decoded, decode
from schemas.columnar.plan import ROOT, plan_of
from schemas.registry import contracts
from streams.findings import FINDINGS


def columns() -> Mapping[str, pl.DataType]:
    """Columns of a frame of rejections: those of the record `rejected`."""
    return dict(plan_of(contracts().by_name["rejected"]).tables[ROOT].schema)


def producers() -> list[str]:
    """Codes of all who have a topic of rejections, `unknown` last."""
    return [*sorted(contracts().producers_by_code), UNKNOWN_PRODUCER]


async def rejections(settings: Settings, producer: str, wanted: Iterable[str] | None = None) -> pl.DataFrame:
    """All rejections of one producer that retention has left, in order; the `wanted` columns, by default all.

    Findings, which stand in the same topic, are left out. Raises ValueError for a record that is neither.
    """
    names = list(wanted or columns())
    found = [pl.DataFrame(schema={name: columns()[name] for name in names})]
    found += [decoded.frame.select(names) async for decoded in _told(settings, producer, "rejected")]
    return pl.concat(found)


async def told_findings(settings: Settings, producer: str) -> pl.DataFrame:
    """All findings about one producer's events that retention has left, each once, in the order of their telling.

    Columns streams.findings.FINDINGS. Raises ValueError as `rejections` does.
    """
    found = [pl.DataFrame(schema=FINDINGS)]
    async for decoded in _told(settings, producer, "finding"):
        niks = decoded.children["nik"].group_by("row").agg("nik")
        frame = decoded.frame.join(niks, on="row", how="left", maintain_order="left")
        found.append(frame.select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items()))
    return pl.concat(found).unique("finding_id", keep="first", maintain_order=True)


async def _told(settings: Settings, producer: str, kind: str) -> AsyncIterator[Decoded]:
    """The records of one kind in a producer's topic, batch by batch."""
    topic = rejected_topic(producer)
    contract, kinds = contracts().by_name[kind], {contracts().by_name[it].fingerprint for it in ("rejected", "finding")}
    async with LogReader(settings.broker, settings.topic(topic), 0) as reader:
        async for records in reader.read_to_end(await reader.beginning_offset()):
            fingerprints, _ = framing.read_headers(records.arena, records.value_starts, records.value_lengths)
            rows = np.flatnonzero(fingerprints == contract.fingerprint)
            starts, lengths = framing.bodies(records.value_starts[rows], records.value_lengths[rows])
            decoded = decode(contract, records.arena, starts, lengths)
            strange = np.flatnonzero(~np.isin(fingerprints, list(kinds)))
            if decoded.errors.height or len(strange):
                row = int(strange[0] if len(strange) else rows[decoded.errors.item(0, "row")])
                raise ValueError(
                    f"{topic}[0]: the record at offset {records.offsets[row]} is neither rejection nor finding: see "
                    "who writes there"
                )
            yield decoded
