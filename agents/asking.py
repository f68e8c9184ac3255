"""Questions of commands about one person: to the worker that has the partition, or to the store beside it."""

import asyncio
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.errors import OperatorError
from agents.keeper import read_journal
from agents.pages import ask
from agents.people import ABOUT, WIB, about, partition
from agents.reported import as_of, rules_of
from agents.rulebook import read_bundle
from agents.settings import Settings
from agents.store import PartitionStore
from streams.rules import Rules
from streams.runs import Journal

NIK = re.compile(r"\d{16}")


@dataclass(frozen=True)
class Asked:
    """What the register knows of a person, and under which rules the last sealed quarter looked at it."""

    said: Mapping[str, Any]  # agents.people.about
    by: str  # "worker", or "store" when no worker runs
    journal: Journal
    rules: Rules
    quarter: str | None  # the last sealed one


def ask_about(settings: Settings, nik: str) -> Asked:
    """Ask about one person. Raises OperatorError for what is no NIK, or when neither worker nor store is there."""
    if not NIK.fullmatch(nik):
        raise OperatorError(f"{nik!r} is no NIK: it has 16 digits.")
    return asyncio.run(_ask(settings, nik))


async def _ask(settings: Settings, nik: str) -> Asked:
    journal = await read_journal(settings)
    sealed = journal.sealed[-1] if journal.sealed else None
    today = dt.datetime.now(WIB).date()
    if sealed is not None and sealed.sealed_run is not None:
        rules = rules_of(journal, sealed.sealed_run)
    else:
        rules = read_bundle("nasional").at(today)
    day = today if sealed is None else max(as_of(sealed), today)
    question = {
        "nik": nik,
        "day": day.isoformat(),
        "transit_limit_days": rules.transit_limit_days,
        "scope": rules.scope_province,
    }
    said = await _of_workers(settings, question)
    by = "worker"
    if said is None:
        said, by = _of_store(settings, question), "store"
    return Asked(said, by, journal, rules, sealed.name if sealed else None)


async def _of_workers(settings: Settings, question: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The answer of whichever register process has the person's partition."""
    folder = settings.folder / "pages"
    refusal: LookupError | None = None
    for file in sorted(folder.glob("register*")):
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


def _of_store(settings: Settings, question: Mapping[str, Any]) -> Mapping[str, Any]:
    folder = settings.folder / "register" / str(partition(question["nik"], settings.partitions))
    if not folder.exists():
        raise OperatorError(f"No worker answers, and there is no store at {folder}: start one with `dtsen worker`.")
    try:
        store = PartitionStore.open(folder, read_only=True)
    except Exception as error:  # rocksdict raises nothing narrower
        raise OperatorError(f"No worker answers, and the store at {folder} cannot be read: {error}.") from error
    try:
        return about(store, question)
    finally:
        store.close()
