"""A supervisor's decisions about an officer: the events that set visits aside, and those that withdraw them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from agents.errors import OperatorError
from agents.integrity.batches import values_of
from agents.integrity.records import visits_told
from agents.provisioning import partition_count
from agents.settings import Settings
from agents.topics import DECISIONS
from agents.transport.log import LogReader
from schemas import slow
from schemas.registry import contracts
from streams.integrity.visits import EVENT, counting

WIB = dt.timezone(dt.timedelta(hours=7))
# Of one event: fewer than the door allows (100 visits, 200 people), since each fact repeats the list of visits.
VISITS_MOST, PEOPLE_MOST = 40, 180


@dataclass(frozen=True)
class Officer:
    """One officer of one producer."""

    producer: str
    petugas: str


@dataclass(frozen=True)
class Order:
    """What a supervisor orders."""

    officer: Officer
    first: dt.date
    last: dt.date
    reason: str
    office: str
    sender: str  # code of the producer that decides


def officer_of(text: str, visits: pl.DataFrame) -> Officer:
    """PRODUCER/ID, or the id alone where one producer has it. Raises OperatorError when there is no such officer."""
    known = contracts().producers_by_number
    numbers = pl.col("producer_number").bin.reinterpret(dtype=pl.UInt16, endianness="big")
    rows = visits.select(numbers, "petugas").drop_nulls().unique().sort("petugas", "producer_number").rows()
    found = [Officer(known[number].code, petugas) for number, petugas in rows]
    chosen = [it for it in found if text in (it.petugas, f"{it.producer}/{it.petugas}")]
    if len(chosen) != 1:
        raise OperatorError(
            f"{len(chosen)} officers are called {text!r}: write PRODUCER/ID as `dtsen integrity list` shows it."
        )
    return chosen[0]


def visits_of(visits: pl.DataFrame, officer: Officer, first: dt.date, last: dt.date) -> pl.DataFrame:
    """The visits of an officer that count, by day, from the first to the last, and those of the same officer that they
    correct, whatever their days: set aside without these, a correction would only make its first version count again.
    """
    known = contracts().producers_by_number
    number = contracts().producers_by_code[officer.producer].number
    counted = counting(visits, {it: producer.authority for it, producer in known.items()})
    chosen = counted.filter(
        (pl.col("officer") == f"{number}/{officer.petugas}") & pl.col("effective_on").is_between(first, last)
    ).select(visits.columns)
    own = pl.col("producer_number") == number.to_bytes(2, "big")
    theirs = visits.filter(own & (pl.col("petugas") == officer.petugas)).unique(EVENT, keep="first")
    level = chosen
    while level.height:  # once per length of a chain of corrections
        level = theirs.join(
            level.select(pl.col(f"corrects.{name}").alias(name) for name in EVENT), on=EVENT, how="semi"
        ).join(chosen, on=EVENT, how="anti")
        chosen = pl.concat([chosen, level])
    return chosen.sort("effective_on", "event_id")


def setting_aside(order: Order, visits: pl.DataFrame, now: dt.datetime) -> list[dict[str, Any]]:
    """The events that set these visits aside, as `ProducerClient.send` takes them; several when they are many."""
    return [
        {
            **_envelope(order, now + dt.timedelta(milliseconds=number), "STATE"),
            "corrects": None,
            "content": {
                "pengirim": order.officer.producer,
                "petugas": order.officer.petugas,
                "dari": order.first.isoformat(),
                "sampai": order.last.isoformat(),
                "alasan": order.reason,
                "peristiwa": [{"producer": order.officer.producer, "event_id": it["event_id"]} for it in part],
                "orang": [{"nik": nik} for nik in sorted({nik for it in part for nik in it["nik"]})],
            },
        }
        for number, part in enumerate(_parts(visits.select("event_id", "nik").to_dicts()))
    ]


def withdrawing(order: Order, decisions: list[dict[str, Any]], now: dt.datetime) -> list[dict[str, Any]]:
    """The events that withdraw decisions about this officer whose days lie within those of the order.

    Only of decisions that the sender may withdraw; nor has a withdrawal by an office that may not withdrawn anything.
    """
    cancels = [it for it in decisions if it["kind"] == "CANCEL"]
    gone = {
        (it["corrects"]["producer"], it["corrects"]["event_id"])
        for it in cancels
        if _may_act_on(it["producer"], it["corrects"]["producer"])
    }
    chosen = [
        it
        for it in decisions
        if it["kind"] != "CANCEL"
        and (it["producer"], it["event_id"]) not in gone
        and _may_act_on(order.sender, it["producer"])
        and (it["content"]["pengirim"], it["content"]["petugas"]) == (order.officer.producer, order.officer.petugas)
        and it["content"]["dari"] >= order.first
        and it["content"]["sampai"] <= order.last
    ]
    once = {(it["producer"], it["event_id"]): it for it in chosen}
    return [
        {
            **_envelope(order, now + dt.timedelta(milliseconds=number), "CANCEL"),
            "corrects": {
                "producer": it["producer"],
                "event_id": it["event_id"],
                "nik": [person["nik"] for person in it["content"]["orang"]],
            },
            "content": None,
        }
        for number, it in enumerate(once.values())
    ]


def _may_act_on(sender: str, producer: str) -> bool:
    """As for corrections: one's own events, and those of offices set below."""
    known = contracts().producers_by_code
    if sender not in known or producer not in known:  # the topic also holds what the door refused
        return False
    return sender == producer or known[sender].authority > known[producer].authority


async def decisions_told(settings: Settings) -> list[dict[str, Any]]:
    """Every decision in the topic, as records: these are few. What is no decision was refused at the door."""
    contract = contracts().by_name[DECISIONS]
    topic = settings.topic(str(contract.topic))
    found = []
    for number in range(partition_count(settings, topic)):
        async with LogReader(settings.broker, topic, number) as reader:
            async for records in reader.read_to_end(await reader.beginning_offset()):
                good = [value for value in values_of(records).to_list() if value.startswith(contract.header)]
                found += [slow.decode_one(contract, value) for value in good]
    return found


async def ordered_visits(settings: Settings, order: Order) -> pl.DataFrame:
    """The visits that an order is about. Raises OperatorError when there are none."""
    found = visits_of(await visits_told(settings), order.officer, order.first, order.last)
    if found.is_empty():
        raise OperatorError(
            f"{order.officer.petugas} ({order.officer.producer}) made no visit from {order.first} to {order.last} "
            "that counts: see `dtsen integrity show`."
        )
    return found


def _envelope(order: Order, now: dt.datetime, kind: str) -> dict[str, Any]:
    return {
        "effective_on": now.astimezone(WIB).date().isoformat(),
        "recorded_at": now.isoformat(),
        "producer": order.sender,
        "office": order.office,
        "kind": kind,
    }


def _parts(visits: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Visits in parts small enough for one event, each with all its people."""
    part: list[dict[str, Any]] = []
    people = 0
    for visit in visits:
        if part and (len(part) == VISITS_MOST or people + len(visit["nik"]) > PEOPLE_MOST):
            yield part
            part, people = [], 0
        part.append(visit)
        people += len(visit["nik"])
    if part:
        yield part
