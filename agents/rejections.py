"""Reads what the door refused, from the rejected topics of the producers."""

from collections.abc import Iterable, Mapping

import polars as pl

from agents.settings import Settings
from agents.topics import UNKNOWN_PRODUCER
from agents.topics import rejected as rejected_topic
from agents.transport.log import LogReader
from schemas import framing
from schemas.columnar import decode
from schemas.columnar.plan import ROOT, plan_of
from schemas.registry import contracts


def columns() -> Mapping[str, pl.DataType]:
    """Columns of a frame of rejections: those of the record `rejected`."""
    return dict(plan_of(contracts().by_name["rejected"]).tables[ROOT].schema)


def producers() -> list[str]:
    """Codes of all who have a topic of rejections, `unknown` last."""
    return [*sorted(contracts().producers_by_code), UNKNOWN_PRODUCER]


async def rejections(settings: Settings, producer: str, wanted: Iterable[str] | None = None) -> pl.DataFrame:
    """All rejections of one producer that retention has left, in order; the `wanted` columns, by default all.

    Raises ValueError for a record that is no rejection.
    """
    contract = contracts().by_name["rejected"]
    names = list(wanted or columns())
    topic = rejected_topic(producer)
    found = [pl.DataFrame(schema={name: columns()[name] for name in names})]
    async with LogReader(settings.broker, settings.topic(topic), 0) as reader:
        async for records in reader.read_to_end(await reader.beginning_offset()):
            bodies = framing.bodies(records.value_starts, records.value_lengths)
            decoded = decode(contract, records.arena, *bodies)
            if decoded.errors.height:
                row = int(decoded.errors.item(0, "row"))
                raise ValueError(
                    f"{topic}[0]: the record at offset {records.offsets[row]} is no rejection: see who writes there"
                )
            found.append(decoded.frame.select(names))
    return pl.concat(found)
