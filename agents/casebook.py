"""Cases of everybody, from the register's stores: by the workers that hold them, or beside them when none runs."""

from typing import Any

import polars as pl

from agents.asking import surroundings
from agents.everybody import Question, of_all_partitions, of_own_partitions
from agents.pages import Pages
from agents.register.scanning import authorities, chunks
from agents.register.stage import Register
from agents.settings import Settings
from agents.store import PartitionStore
from agents.threads import in_thread
from agents.told_cases import TOLD, cases_frame, cases_json, told_cases
from schemas.registry import contracts
from streams.facts import Rows, facts_frame

CASEBOOK = "/cases"


async def casebook(settings: Settings) -> pl.DataFrame:
    """All cases as they stand today: columns TOLD, sorted by nik, programme, kind, quarter.

    Raises OperatorError when a partition of the register can be asked neither through a worker nor beside it.
    """
    question = (await surroundings(settings)).question
    parts = await of_all_partitions(
        settings,
        CASEBOOK,
        question,
        received=lambda it: cases_frame(it["cases"]),
        beside=lambda _, store: cases_in(store, question),
    )
    return pl.concat([pl.DataFrame(schema=TOLD), *parts]).sort("nik", "programme", "kind", "quarter")


def answer_cases(pages: Pages, register: Register) -> None:
    """Let a register process answer POST /cases with {day, transit_limit_days, scope, objection_days, case_days}."""

    async def cases(question: Question) -> dict[str, Any]:
        numbers, parts = await of_own_partitions(register.stores, lambda _, store: cases_in(store, question))
        return {"partitions": numbers, "cases": cases_json(pl.concat([pl.DataFrame(schema=TOLD), *parts]))}

    pages.answer(CASEBOOK, cases)


async def cases_in(store: PartitionStore, question: Question) -> pl.DataFrame:
    """The cases that one partition's store knows of: columns TOLD."""
    parts = [await in_thread(_in_rows, rows, question) async for rows in chunks(store)]
    return pl.concat([pl.DataFrame(schema=TOLD), *parts])


def _in_rows(rows: Rows, question: Question) -> pl.DataFrame:
    return told_cases(facts_frame(rows, contracts().by_name["fact"], authorities()), question)
