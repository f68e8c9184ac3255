"""The demo's transition: old lists about its people, linked, and who would fall out by the first sealed quarter."""

from pathlib import Path

import polars as pl

from agents.rulebook import read_bundle
from agents.settings import Settings
from agents.simulator import simulate
from agents.simulator.lists import lists_of
from agents.transition.answers import answers_for
from agents.transition.linking import Linked, link
from agents.transition.page import page
from agents.transition.reading import read_register
from agents.transition.report import Report, report
from streams.persons import AsOf
from streams.quarters import Quarter
from streams.transition.judging import DECISIONS


def transition(settings: Settings, scale: str, quarter: str, seed: int, target: Path) -> tuple[Linked, Report]:
    """Link the lists of a sealed quarter's people, and report; the page is written to `target`. Nothing is sent."""
    lists = lists_of(simulate(scale, 1, quarter, seed))
    persons = read_register(settings, AsOf(Quarter.parse(quarter).last_day, 0)).persons
    linked = link(lists.rows, persons, pl.DataFrame(schema=DECISIONS))
    answered = answers_for(settings, quarter, read_bundle(scale), lambda _: None)
    found = report(settings, answered, [linked], None)
    target.write_text(page(found), encoding="utf-8")
    return linked, found
