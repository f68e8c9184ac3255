"""Cases of everybody, from the register's stores: by the workers that hold them, or beside them when none runs."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from agents.asking import opened_beside, register_pages, surroundings
from agents.errors import OperatorError
from agents.pages import Pages, ask
from agents.register.scanning import authorities, chunks
from agents.register.stage import Register
from agents.settings import Settings
from agents.store import PartitionStore
from agents.store.errors import ScanCancelledError, StoreClosedError
from agents.threads import in_thread
from agents.told_cases import TOLD, cases_frame, cases_json, told_cases
from schemas.registry import contracts
from streams.facts import Rows, facts_frame

CASEBOOK = "/cases"
ANSWER_SECONDS = 600.0  # a whole partition is passed over
Question = Mapping[str, Any]


async def casebook(settings: Settings) -> pl.DataFrame:
    """All cases as they stand today: columns TOLD, sorted by nik, programme, kind, quarter.

    Raises OperatorError when a partition of the register can be asked neither through a worker nor beside it.
    """
    question = (await surroundings(settings)).question
    try:
        answers = [await ask(settings, it.name, CASEBOOK, question, ANSWER_SECONDS) for it in register_pages(settings)]
    except LookupError as error:
        raise OperatorError(f"{error.args[0]}.") from error
    told = [it for it in answers if it is not None]
    if told:
        missing = sorted(set(range(settings.partitions)) - {number for it in told for number in it["partitions"]})
        if missing:
            raise OperatorError(f"Partitions {missing} of the register are with no worker here: try again in seconds.")
        parts = [cases_frame(it["cases"]) for it in told]
    else:
        parts = []
        for number in range(settings.partitions):
            with opened_beside(settings, number) as store:
                parts.append(await cases_in(store, question))
    return pl.concat([pl.DataFrame(schema=TOLD), *parts]).sort("nik", "programme", "kind", "quarter")


def answer_cases(pages: Pages, register: Register) -> None:
    """Let a register process answer POST /cases with {day, transit_limit_days, scope, objection_days, case_days}."""

    async def cases(question: Question) -> dict[str, Any]:
        stores = dict(register.stores)
        try:
            parts = [await cases_in(store, question) for store in stores.values()]
        except (ScanCancelledError, StoreClosedError) as error:
            raise LookupError("a partition is moving to another worker: ask again in some seconds") from error
        return {"partitions": sorted(stores), "cases": cases_json(pl.concat([pl.DataFrame(schema=TOLD), *parts]))}

    pages.answer(CASEBOOK, cases)


async def cases_in(store: PartitionStore, question: Question) -> pl.DataFrame:
    """The cases that one partition's store knows of: columns TOLD."""
    parts = [await in_thread(_in_rows, rows, question) async for rows in chunks(store)]
    return pl.concat([pl.DataFrame(schema=TOLD), *parts])


def _in_rows(rows: Rows, question: Question) -> pl.DataFrame:
    return told_cases(facts_frame(rows, contracts().by_name["fact"], authorities()), question)
