"""How the register stands, for whoever operates it: gathered from the pages of the stages, Kafka and the log."""

import datetime as dt
from typing import Any

import aiokafka
import polars as pl
from aiokafka.structs import TopicPartition

from agents.checkpoints.passed import committed_offsets
from agents.keeper import read_journal
from agents.pages import address_file, ask
from agents.rejections import producers, rejections
from agents.runs_told import quarter_state
from agents.settings import Settings
from agents.supervisor import STAGES
from agents.topics import ANSWERS, FACTS, LOG, MEMBERS, VISITS
from schemas.registry import contracts
from streams.runs import Journal

READS = {
    "intake": tuple(contract.topic or "" for contract in contracts().events),
    "register": (FACTS, ANSWERS),
    "families": (MEMBERS,),
    "checkpoints": (LOG,),
    "integrity": (VISITS,),
}


async def standing(settings: Settings) -> dict[str, Any]:
    """stages, lag (stage, topic, partition, records not yet read), rejected (code, records), sealed, waits_for."""
    journal = await read_journal(settings)  # first: it says in a sentence that broker or topics are not there
    lag = await _lag(settings)
    stages = [
        await _stage(settings, page, sum(it["lag"] for it in lag if it["stage"] == name))
        for name in STAGES
        for page in _pages(settings, name)
    ]
    return {
        "broker": settings.broker,
        "realm": settings.realm,
        "stages": stages,
        "lag": lag,
        "rejected": await _rejected(settings),
        "sealed": [quarter.name for quarter in journal.sealed],
        "waits_for": _waits_for(journal, stages),
    }


def _pages(settings: Settings, stage: str) -> list[str]:
    """The pages of all workers of a stage; its own name when there is none."""
    folder = address_file(settings, stage).parent
    names = {file.name for file in folder.glob(f"{stage}*")} if folder.exists() else set()
    return sorted(names) or [stage]


async def _stage(settings: Settings, page: str, lag: int) -> dict[str, Any]:
    health = await ask(settings, page, "/healthz")
    if health is None:
        return {
            "stage": page,
            "state": "stopped",
            "partitions": [],
            "lag": lag,
            "newest_record": None,
            "works_on": None,
            "waits_for": None,
        }
    state = "failing" if not health["ok"] else "rebalancing" if health["rebalancing"] else "runs"
    newest = health["newest_record_seconds"]
    return {
        "stage": page,
        "state": state,
        "partitions": health["partitions"],
        "lag": lag,
        "newest_record": None if newest is None else _age(newest),
        "works_on": health["works_on"],
        "waits_for": health["waits_for"],
    }


def _age(seconds: float) -> str:
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{max(age, dt.timedelta()) // dt.timedelta(seconds=1)} s ago"


async def _lag(settings: Settings) -> list[dict[str, Any]]:
    """What each group has not committed yet. The register's own position is the truth; the commit follows it."""
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=settings.broker.split(","), group_id=None, isolation_level="read_committed"
    )
    await consumer.start()
    try:
        lines = []
        for stage, topics in READS.items():
            if stage in ("checkpoints", "families"):
                continue  # they start at the end, or where a run says: a lag of theirs means nothing
            committed = await committed_offsets(settings, stage)
            for topic in topics:
                name = settings.topic(topic)
                known = await consumer._client._wait_on_metadata(name)  # noqa: SLF001 - see test_private_names.py
                places = [TopicPartition(name, partition) for partition in sorted(known)]
                begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
                lines += [
                    {
                        "stage": stage,
                        "topic": topic,
                        "partition": tp.partition,
                        "lag": max(ends[tp] - committed.get((name, tp.partition), begins[tp]), 0),
                    }
                    for tp in places
                ]
        return lines
    finally:
        await consumer.stop()


async def _rejected(settings: Settings) -> list[dict[str, Any]]:
    found = pl.concat([await rejections(settings, producer, ["code"]) for producer in producers()])
    return found.group_by("code").len("records").sort("code").to_dicts()


def _waits_for(journal: Journal, stages: list[dict[str, Any]]) -> str:
    """What the coordinator says; without it, what the log says."""
    said = next((it["waits_for"] for it in stages if it["waits_for"]), None)
    if said:
        return str(said)
    unsealed = [quarter_state(journal, name) for name in sorted(journal.quarters) if not journal.quarters[name].sealed]
    if unsealed:
        return f"{unsealed[0]['quarter']} {unsealed[0]['detail']}, and no stage `checkpoints` runs (`dtsen worker`)"
    return "nothing is open"
