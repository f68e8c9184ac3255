"""The door itself: one batch of one partition of an event topic becomes facts and refusals."""

from collections import Counter
from functools import lru_cache

import numpy as np
import polars as pl

from schemas.columnar import decode_versions
from schemas.columnar.arena import I32, I64, U8
from schemas.registry import Contract, Contracts
from streams.door.batches import Batch, DoorResult, Profile
from streams.door.checks import Check
from streams.door.codes import Code
from streams.door.facts import facts_of
from streams.door.framing import frame, undecoded
from streams.door.judging import judge
from streams.door.order import checks_of
from streams.door.reading import read
from streams.door.rejections import rejected_frame
from streams.door.statements import Testimony, testimony_of
from streams.door.visits import visits_of
from streams.integrity.visits import VISITS
from streams.voids import VISIT


def open_batch(
    contract_topic: str,
    arena: U8,
    value_starts: I64,
    value_lengths: I32,
    offsets: I64,
    timestamps_ms: I64,
    partition: int,
    *,
    profile: Profile,
    contracts: Contracts,
) -> DoorResult:
    """Decide each record of a batch: one rejection, or facts 1 to n, n being the number of NIK it speaks of.

    Records of all versions of the topic's schema are taken, in either framing; they are judged as the newest.

    `contract_topic` without realm; values as spans of a padded arena, length -1 for a null value;
    `timestamps_ms` the broker's append times. A record is refused for the first check that it fails, in the
    order of `streams.door.order`. Neither the other records of a batch nor its size change what becomes of one.
    The profile "simulation" takes synthetic NIK and card numbers too, "production" refuses them.
    Raises ValueError for a topic that has no contract, and for spans outside the arena.
    """
    contract, testimony, checks = _prepared(contract_topic, contracts)
    batch = Batch(contract_topic, partition, arena, value_starts, value_lengths, offsets, timestamps_ms)
    framed = frame(batch, contract, contracts)
    decoded = decode_versions(contract, framed.writers, arena, framed.starts, framed.lengths)
    refusals = [framed.refusals]
    if decoded.errors.height:
        refusals.append(undecoded(batch, framed, decoded.errors, contract, contracts))
    reading = read(decoded, framed.rows, timestamps_ms, synthetic_allowed=profile == "simulation")
    good, judged = judge(reading, checks, contract.name, contracts)
    rejected = rejected_frame(batch, pl.concat([*refusals, judged]), contracts)
    accepted = int(np.count_nonzero(good))
    assert accepted + rejected.height == len(value_starts), "every record is accepted or refused, once"
    return DoorResult(
        facts=facts_of(batch, reading, good, contract=contract, testimony=testimony, contracts=contracts),
        visits=visits_of(reading, good, contracts) if contract.name == VISIT else pl.DataFrame(schema=VISITS),
        rejected=rejected,
        accepted={contract.name: accepted} if accepted else {},
        refused=dict(Counter(rejected.get_column("event_type").fill_null("").to_list())),
    )


def _prepared(topic: str, contracts: Contracts) -> tuple[Contract, Testimony, tuple[Check, ...]]:
    """The contract of a topic, what its events say, and the checks in order."""
    contract = next((event for event in contracts.events if event.topic == topic), None)
    if contract is None:
        topics = [event.topic for event in contracts.events]
        raise ValueError(f"no event type has the topic {topic!r} (without realm); the event topics are {topics}")
    return contract, testimony_of(contract, contracts), _checks(contract, contracts)


@lru_cache(maxsize=64)  # more than there are event types; the contracts are one object per process
def _checks(contract: Contract, contracts: Contracts) -> tuple[Check, ...]:
    if doubles := sorted(set(contracts.refusals) & set(Code.__members__)):
        raise ValueError(f"schemas/refusals.yaml: {', '.join(doubles)} is a code of all events: choose another name")
    return checks_of(contract, contracts.producers_by_code.values(), contracts.refusals)
