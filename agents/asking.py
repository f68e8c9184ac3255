"""Questions of commands about one person: to the worker that has the partition, or to the store beside it."""

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from agents.errors import OperatorError
from agents.everybody import of_all_workers, opened_beside, register_pages
from agents.keeper import read_journal
from agents.kenapa.looking import LOOKED, Seen, look, received
from agents.pages import ask
from agents.people import ABOUT, ON_CARD, WIB, about, on_card, partition
from agents.reported import as_of, rules_of
from agents.rulebook import read_bundle
from agents.settings import Settings
from agents.store import PartitionStore
from streams.rules import Rules
from streams.runs import Journal

SIXTEEN = re.compile(r"\d{16}")
T = TypeVar("T")


@dataclass(frozen=True)
class Surroundings:
    """Under which rules the last sealed quarter looked at people, and what a question carries besides its subject."""

    journal: Journal
    rules: Rules
    quarter: str | None  # the last sealed one
    question: Mapping[str, Any]  # day, transit_limit_days, scope, objection_days, case_days


@dataclass(frozen=True)
class Asked:
    """What the register knows of a person."""

    said: Mapping[str, Any]  # agents.people.about
    by: str  # "worker", or "store" when no worker runs
    journal: Journal
    rules: Rules
    quarter: str | None


@dataclass(frozen=True)
class Family:
    """Who is on a card now."""

    people: list[dict[str, Any]]  # agents.people.about of each, the head first, then by relation and NIK
    by: str
    rules: Rules
    quarter: str | None


def ask_about(settings: Settings, nik: str) -> Asked:
    """Ask about one person. Raises OperatorError for what is no NIK, or when neither worker nor store is there."""
    _refuse_no_number(nik, "NIK")
    return asyncio.run(_ask(settings, nik))


def ask_about_card(settings: Settings, no_kk: str) -> Family:
    """Ask who is on a card now. Raises OperatorError as `ask_about` does, and when a partition cannot be asked."""
    _refuse_no_number(no_kk, "number of a family card")
    return asyncio.run(_ask_card(settings, no_kk))


def _refuse_no_number(text: str, what: str) -> None:
    if "*" in text:
        raise OperatorError(f"{text} is masked: give the whole {what}, as the office or the payer's list has it.")
    if not SIXTEEN.fullmatch(text):
        raise OperatorError(
            f"{text!r} is no {what}: that is 16 digits and nothing else; this has {len(text)} characters."
        )


async def surroundings(settings: Settings) -> Surroundings:
    """Under which rules questions are asked today."""
    journal = await read_journal(settings)
    sealed = journal.sealed[-1] if journal.sealed else None
    today = dt.datetime.now(WIB).date()
    if sealed is not None and sealed.sealed_run is not None:
        rules = rules_of(journal, sealed.sealed_run)
    else:
        rules = read_bundle("nasional").at(today)
    day = today if sealed is None else max(as_of(sealed), today)
    question = {
        "day": day.isoformat(),
        "transit_limit_days": rules.transit_limit_days,
        "scope": rules.scope_province,
        "objection_days": rules.objection_days,
        "case_days": dict(rules.case_days),
    }
    return Surroundings(journal, rules, sealed.name if sealed else None, question)


async def _ask(settings: Settings, nik: str) -> Asked:
    around = await surroundings(settings)
    question = {**around.question, "nik": nik}
    said = await _of_workers(settings, question)
    by = "worker"
    if said is None:
        said, by = _in_store(settings, partition(nik, settings.partitions), lambda it: about(it, question)), "store"
    return Asked(said, by, around.journal, around.rules, around.quarter)


async def _ask_card(settings: Settings, no_kk: str) -> Family:
    around = await surroundings(settings)
    question = {**around.question, "no_kk": no_kk}
    told = await of_all_workers(settings, ON_CARD, question)
    by = "worker" if told else "store"
    people = [person for it in told for person in it["people"]]
    if not told:
        for number in range(settings.partitions):
            people += _in_store(settings, number, lambda it: on_card(it, question))
    people.sort(key=lambda it: (it["person"]["relation"] or 99, it["nik"]))
    return Family(people, by, around.rules, around.quarter)


async def look_at(settings: Settings, journal: Journal, quarter: str, nik: Iterable[str], cards: Iterable[str]) -> Seen:
    """People, and all who were ever listed on some cards, as a sealed quarter saw them."""
    question = {"quarter": quarter, "nik": sorted(nik), "cards": sorted(cards)}
    told = await of_all_workers(settings, LOOKED, question)
    parts = [part for it in told for part in it["parts"]]
    if not told:
        parts = [
            _in_store(settings, number, partial(look, journal=journal, number=number, question=question))
            for number in range(settings.partitions)
        ]
    return received(parts)


async def _of_workers(settings: Settings, question: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The answer of whichever register process has the person's partition."""
    refusal: LookupError | None = None
    for file in register_pages(settings):
        try:
            said = await ask(settings, file.name, ABOUT, question)
        except LookupError as error:
            refusal = error
            continue
        if said is not None:
            return said
    if refusal is not None:
        raise OperatorError(f"{refusal.args[0]}; it may be moving between workers: try again in some seconds.")
    return None


def _in_store(settings: Settings, number: int, read: Callable[[PartitionStore], T]) -> T:
    """What `read` finds in the store of one partition, while no worker holds it."""
    with opened_beside(settings, number) as store:
        return read(store)
