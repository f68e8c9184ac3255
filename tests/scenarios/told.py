"""A village told in short sentences (`agents.simulator.scenarios.telling`), and what a sealed quarter then says.

Events pass the real door as bytes; change lines are read back from their bytes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from agents.clients.events import check
from agents.simulator.scenarios.telling import (
    CHILD,
    HEAD,
    KIN,
    MENTENG,
    POOR,
    Person,
    Said,
    arrived,
    cancelled,
    card,
    comfortable,
    death,
    kk,
    knocked,
    known,
    left,
    man,
    moved,
    named,
    school,
    visit,
)
from schemas.registry import contracts
from streams.changes import no_holdings, unanswered
from streams.changes.lines import encode_changes, read_lines
from streams.quarters import Quarter
from streams.rules import load
from streams.rules.overlay import laid_over
from tests.streams.villages import documents, only
from tests.streams.year import NO_PAST, RECEIVED_MS, Facts, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agents.simulator.scenarios.life import Life, Line
    from streams.scan import Viewpoint
    from tests.streams.year import Computed

# What tests of this folder tell with, beside Sealed and Village.
__all__ = [
    "CHILD",
    "HEAD",
    "KIN",
    "MENTENG",
    "POOR",
    "Village",
    "arrived",
    "cancelled",
    "card",
    "comfortable",
    "death",
    "kk",
    "knocked",
    "known",
    "left",
    "man",
    "moved",
    "named",
    "school",
    "visit",
]


@dataclass(frozen=True)
class Sealed:
    """What one quarter says."""

    computed: Computed
    published: pl.DataFrame  # the change lines, as read from their bytes
    names: dict[str, str]

    def status(self, person: Person) -> str:
        return str(self._of(self.computed.persons, person)["status"])

    def answer(self, person: Person, programme: str) -> tuple[str, str]:
        """Verdict and reason."""
        row = self._of(self.computed.answers, person)
        return row[f"{programme}.verdict"], row[f"{programme}.reason"]

    def family(self, person: Person) -> tuple[str, int, int | None]:
        """Status, people present and desil of the person's family."""
        row = self._of(self.computed.answers, person)
        return row["family_status"], row["members"], row["desil"]

    def answers(self, person: Person) -> bool:
        return self.computed.answers.filter(nik=person.nik).height == 1

    def holds(self, person: Person) -> dict[str, tuple[str, int]]:
        """Programme -> state and rupiah."""
        held = self.computed.holdings.filter(nik=person.nik)
        return {row["programme"]: (row["state"], row["amount_rupiah"]) for row in held.to_dicts()}

    @property
    def lines(self) -> list[Line]:
        """All published lines, by NIK and programme."""
        shown = ("programme", "action", "reason", "amount_before_rupiah", "amount_rupiah")
        return [(self.names[row["nik"]], *(row[it] for it in shown)) for row in self.published.to_dicts()]

    @property
    def adjustments(self) -> list[tuple[str, str, str, str, int]]:
        """Name, programme, quarter that it is about, reason and rupiah of each adjustment."""
        shown = ("programme", "concerns", "reason", "amount_rupiah")
        return [(self.names[row["nik"]], *(row[it] for it in shown)) for row in self.computed.adjustments.to_dicts()]

    def line(self, person: Person, programme: str) -> dict[str, Any]:
        return self.published.row(
            by_predicate=(pl.col("nik") == person.nik) & (pl.col("programme") == programme), named=True
        )

    def _of(self, frame: pl.DataFrame, person: Person) -> dict[str, Any]:
        return frame.row(by_predicate=pl.col("nik") == person.nik, named=True)


def _documents(programmes: tuple[str, ...], quotas: dict[str, int]) -> dict[str, Any]:
    rules: dict[str, Any] = only(documents(), programmes)
    rules["register.yaml"]["ranking_mode"][0]["value"] = "given"
    for name, value in quotas.items():
        rules["quotas/S.yaml"]["quotas"][name][0]["value"] = value
    return rules


class Village:
    """A register of its own, sealed quarter after quarter; desil by the nation's cut points, quotas that suffice."""

    def __init__(self, *programmes: str, **quotas: int) -> None:
        self._bundle = load(_documents(programmes, quotas), scale="S")
        self._facts, self._holdings = Facts(), no_holdings()
        self._before: tuple[Viewpoint, pl.DataFrame] | None = None
        self._accepted = 0
        self._past = NO_PAST
        self._names: dict[str, str] = {}

    @classmethod
    def switched(cls, *programmes: str, **switches: dict[str, str]) -> Village:
        """`switches`: programme -> switch -> choice, where it is another than the rules' own."""
        village = cls(*programmes)
        laid = laid_over(_documents(programmes, {}), "test.yaml", {"switches": switches})
        village._bundle = load(laid, scale="S")
        return village

    def lives(self, life: Life) -> Iterator[Sealed]:
        """Tell a life chapter by chapter; each quarter as sealed, in which exactly the expected lines are published."""
        for chapter in life.chapters:
            assert not self.tells(*chapter.told)
            sealed = self.seal(chapter.quarter)
            assert sorted(sealed.lines, key=repr) == sorted(chapter.lines, key=repr), chapter.quarter
            yield sealed

    def tells(self, *events: Said) -> Counter[str]:
        """Send the events in this order; what the door refuses, by code."""
        refused: Counter[str] = Counter()
        for event in events:
            result = check(event.event_type, [event.record], now_ms=RECEIVED_MS)
            refused.update(it.code for it in result.refused)
            rows = [(str(contracts().by_name[event.event_type].topic), it.value) for it in result.good]
            frame = pl.DataFrame(rows, schema={"topic": pl.String, "value": pl.Binary}, orient="row")
            self._accepted += self._facts.take(frame)
            if not result.refused and event.event_type in {"biodata", "lahir"}:
                self._names[event.record["content"]["nik"]] = event.record["content"]["nama"]
        return refused

    def seal(self, quarter: str) -> Sealed:
        """The quarter's run over all that was told; its opening must be the closing before, and nobody unanswered."""
        rules = self._bundle.at(Quarter.parse(quarter).last_day)
        before = self._before[0] if self._before else None
        computed = run(self._facts, self._holdings, rules, quarter, self._accepted, before, self._past)
        self._past = self._past.with_quarter(quarter, computed)
        if self._before:
            assert computed.opening.equals(self._before[1])
        assert unanswered(self._holdings, computed.answers, computed.persons).is_empty()
        self._before = self._facts.seen_by(rules), computed.accounts
        self._holdings, self._accepted = computed.holdings, 0
        sent = encode_changes(computed.changes, quarter, 0)
        return Sealed(computed, read_lines([sent], quarter, 0).changes, dict(self._names))
