"""One family as a sealed quarter saw it, judged by the code that judges everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from streams.answers import answer_step
from streams.deciles import desil
from streams.families import Formed, form
from streams.programmes.amounts import amounts
from streams.programmes.assess import Assessed, Cuts, assess_waves
from streams.rules import Condition, Rules
from streams.rules.facts import Level, fact_of


@dataclass(frozen=True, eq=False)
class Looked:
    """What a sealed run was given about one card, and what it decided for all.

    `members`: columns `streams.members.MEMBERS`, everybody on the card; `holdings`: theirs before the quarter, and
    `stopped`: lines of payees who are gone, as `streams.families.form` takes them. `with_room`: the programmes whose
    quota had room for more (`streams.kenapa.position.has_room`): their cut is only the last score that came.
    """

    quarter: str
    rules: Rules
    cut_points: tuple[int, ...]
    cuts: Cuts
    members: pl.DataFrame
    holdings: pl.DataFrame
    stopped: pl.DataFrame
    with_room: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """One condition as it was found: whether it holds, the value where there is one of the person or the family
    (None: not known, or every member's own), and the event behind it.
    """

    condition: Condition
    passes: bool
    known: bool
    value: Any
    event: bytes | None


@dataclass(frozen=True, eq=False)
class Judged:
    """A card judged: its families and people, each programme's assessment, and the answers."""

    looked: Looked
    formed: Formed
    assessed: Mapping[str, Assessed]
    answers: pl.DataFrame

    def answer(self, nik: str) -> dict[str, Any] | None:
        """The answer for one person; None when the quarter gave none."""
        rows = self.answers.filter(pl.col("nik") == nik)
        return rows.row(0, named=True) if rows.height else None

    def family(self, nik: str) -> dict[str, Any]:
        """The person's family, with its desil. Raises KeyError for who is not among the members."""
        return self._families().row(self._place(nik)[1], named=True)

    def person(self, nik: str) -> dict[str, Any]:
        """The person's row of `formed.people`. Raises KeyError for who is not among the members."""
        return self.formed.people.row(self._place(nik)[0], named=True)

    def subject(self, nik: str, programme: str) -> dict[str, Any]:
        """The row of the assessment that is about this person: eligible, rank, failed and so on."""
        return self.assessed[programme].subjects.row(self._row(nik, programme), named=True)

    def found(self, nik: str, programme: str) -> list[Found]:
        """All conditions of a programme, in the order of the rule, as they were found for one person."""
        assessed, row = self.assessed[programme], self._row(nik, programme)
        outcome = assessed.found.row(row, named=True)
        components = amounts(assessed.programme, self.formed)["components"]
        place, family = self._place(nik)
        person = self.formed.people.row(place, named=True)
        home = {**self._families().row(family, named=True), "components": components[family]}
        told = []
        for number, condition in enumerate(assessed.programme.conditions):
            ok = outcome[f"ok.{number}"]
            told.append(
                Found(
                    condition,
                    condition.passes_when_unknown if ok is None else bool(ok),
                    ok is not None,
                    _value(condition, person, home),
                    outcome[f"event.{number}"],
                )
            )
        return told

    def failed(self, nik: str, programme: str) -> list[Found]:
        """The conditions that decided against somebody; none where they were not asked (in transit, not due)."""
        bits = int(self.subject(nik, programme)["failed"])
        return [it for place, it in enumerate(self.found(nik, programme)) if bits >> place & 1]

    def _families(self) -> pl.DataFrame:
        families = self.formed.families
        return families.with_columns(desil(families["score"], self.looked.cut_points).alias("desil"))

    def _place(self, nik: str) -> tuple[int, int]:
        """Row among the people, and row of the family."""
        people = self.formed.people
        rows = people.select(pl.arg_where(pl.col("nik") == nik)).to_series()
        if rows.is_empty():
            raise KeyError(f"nobody of this NIK is on the card in {self.looked.quarter}")
        return int(rows[0]), int(people["family"][int(rows[0])])

    def _row(self, nik: str, programme: str) -> int:
        return self._place(nik)[self.assessed[programme].programme.is_family]


def judged(looked: Looked) -> Judged:
    """Judge a card again: the very steps of a run, with the cut points and the cuts that it had.

    Raises ValueError as `streams.families.form` and `streams.answers.answer_step` do.
    """
    rules = looked.rules
    formed = form(looked.members, looked.holdings, rules, rules.as_of, looked.stopped)
    return Judged(
        looked,
        formed,
        assess_waves(formed, rules, looked.cut_points, looked.cuts, len(rules.waves)),
        answer_step(formed, rules, looked.cut_points, looked.cuts),
    )


def _value(condition: Condition, person: Mapping[str, Any], family: Mapping[str, Any]) -> Any:
    fact = fact_of(condition.fact)
    assert fact is not None, "the rules were loaded with an unknown fact"
    match fact.level:
        case Level.PERSON:
            return person[fact.column]
        case Level.FAMILY:
            return family[fact.column]
    return None  # every member's own, which nobody else is told; or a programme that serves somebody
