"""Commands: single records that ride in a stage's own partition, between its facts or parts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agents.keeper import values_of
from agents.transport.records import Records
from agents.transport.sender import Sender
from schemas import slow
from schemas.columnar.arena import join, windows
from schemas.registry import contracts


@dataclass(frozen=True, slots=True)
class Command:
    """Do this step of this run for the partition in which the command stands."""

    run: str
    quarter: str
    step: str
    wave: int


async def send_command(sender: Sender, topic: str, partition: int, command: Command) -> int:
    """Write a command into a partition; its offset."""
    record = {"run": command.run, "quarter": command.quarter, "step": command.step, "wave": command.wave}
    value = slow.encode_one(contracts().by_name["command"], record)
    first, _ = await sender.send(topic, partition, join([command.run.encode()]), join([value]))
    return first


def is_command(records: Records) -> npt.NDArray[np.bool_]:
    """Which records carry the header of the schema `command`: bool[N]."""
    header = np.frombuffer(contracts().by_name["command"].header, np.uint8)
    long_enough = records.value_lengths >= len(header)
    starts = np.where(long_enough, records.value_starts, 0)
    found = windows(records.arena, len(header))[starts].view(np.uint8).reshape(len(starts), len(header))
    return np.asarray(long_enough & (found == header).all(axis=1))


def commands_in(records: Records) -> list[tuple[int, Command]]:
    """The commands of a batch with their offsets: some tens a quarter, so the slow path reads them."""
    rows = np.flatnonzero(is_command(records))
    if not len(rows):
        return []
    contract = contracts().by_name["command"]
    values = values_of(records)
    found = []
    for row in rows.tolist():
        value = values[row]
        assert value is not None
        found.append((int(records.offsets[row]), Command(**slow.decode_one(contract, value))))
    return found
