"""Questions about one person, answered from the store of the person's partition: by the worker, or beside it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from agents.context import Context
from agents.kenapa.looking import LOOKED, look
from agents.kept import row_of
from agents.logs import mask
from agents.naming import event_name
from agents.pages import Pages
from agents.register.scanning import authorities, rows_of
from agents.register.stage import Register
from agents.store import PartitionStore
from agents.threads import in_thread
from agents.told_cases import cases_json, told_cases
from schemas.registry import contracts
from streams.facts import facts_frame
from streams.partitions import partition_of
from streams.persons import AsOf, persons

WIB = dt.timezone(dt.timedelta(hours=7))
ABOUT = "/person"
ON_CARD = "/card"


def questions(pages: Pages, context: Context, register: Register) -> None:
    """Let a register process answer POST /person with {nik, day, transit_limit_days, scope}, /card and /looked."""

    async def person(question: Mapping[str, Any]) -> dict[str, Any]:
        number = partition(str(question["nik"]), context.settings.partitions)
        store = register.stores.get(number)
        if store is None:
            raise LookupError(f"partition {number} of the register is not with this process: ask another worker")
        return await in_thread(about, store, question)

    async def card(question: Mapping[str, Any]) -> dict[str, Any]:
        stores = dict(register.stores)
        found = [await in_thread(on_card, store, question) for store in stores.values()]
        return {"partitions": sorted(stores), "people": [person for people in found for person in people]}

    async def looked(question: Mapping[str, Any]) -> dict[str, Any]:
        journal = await context.keeper.catch_up()
        stores = dict(register.stores)
        parts = [await in_thread(look, store, journal, number, question) for number, store in stores.items()]
        return {"partitions": sorted(stores), "parts": parts}

    pages.answer(LOOKED, looked)
    pages.answer(ABOUT, person)
    pages.answer(ON_CARD, card)


def partition(nik: str, partitions: int) -> int:
    """The partition of a person's facts."""
    return int(partition_of(pl.Series([nik]), partitions)[0])


def about(store: PartitionStore, question: Mapping[str, Any]) -> dict[str, Any]:
    """All that the store holds about one person, as JSON can hold it.

    person (the view of now; null when no fact is known), facts (in the order of recording), cases (`told_cases`),
    holdings, answer (of the last sealed quarter, null if none), published (change lines, oldest first), adjusted
    (adjustments of sealed quarters, oldest first).
    """
    nik = str(question["nik"])
    chunk = store.facts_of(nik)
    found: dict[str, Any] = {"nik": nik, "person": None, "facts": [], "cases": []}
    if len(chunk):
        frame = facts_frame(rows_of(chunk, [store.copies_of(nik)]), contracts().by_name["fact"], authorities())
        as_of = AsOf(dt.date.fromisoformat(question["day"]), question["transit_limit_days"], question["scope"])
        found["person"] = plain(persons(frame, as_of).row(0, named=True))
        found["facts"] = [told(row) for row in frame.sort("recorded_at", "event_id").iter_rows(named=True)]
        found["cases"] = cases_json(told_cases(frame, question))
    answer = store.answer(nik)
    found["holdings"] = [plain(row) for row in store.holdings_of(nik).iter_rows(named=True)]
    found["answer"] = None if answer is None else plain(row_of(answer))
    found["published"] = [plain(row_of(line)) for line in store.published_of(nik)]
    found["adjusted"] = [plain(row_of(line)) for line in store.adjusted_of(nik)]
    return found


def on_card(store: PartitionStore, question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`about` each person of one partition whose present listing names the card {no_kk}, without the facts."""
    no_kk = str(question["no_kk"])
    everybody = [about(store, {**question, "nik": nik}) for nik in store.listed_on(no_kk)]
    return [{**it, "facts": []} for it in everybody if it["person"] and it["person"]["no_kk"] == no_kk]


def told(fact: Mapping[str, Any]) -> dict[str, Any]:
    """One fact in short: which event, of whom, when, and what it states."""
    producer = contracts().producers_by_number[fact["producer"]]
    groups = [name for name, value in fact.items() if value is True and f"{name}." in " ".join(fact)]
    stated = {
        name: plain_value(value)
        for name, value in fact.items()
        if value is not None and name.partition(".")[0] in groups and "." in name
    }
    return {
        "event": event_name(fact["producer_number"] + fact["event_id"]),
        "event_type": fact["event_type"],
        "kind": fact["kind"],
        "producer": producer.name,
        "effective_on": fact["effective_on"].isoformat(),
        "recorded_at": fact["recorded_at"].isoformat(),
        "states": stated,
    }


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it: events by name, other bytes in hex, days in ISO; other people's NIK masked."""
    shown = {
        name: event_name(value) if value is not None and name.endswith(".event") else plain_value(value)
        for name, value in row.items()
    }
    if shown.get("payee") and shown["payee"] != shown.get("nik"):
        shown["payee"] = mask(shown["payee"])
    return shown


def plain_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, Mapping):
        return {name: plain_value(item) for name, item in value.items()}
    return value
