"""Why, for one person: every programme with what changed, how far, what can be corrected, and the events behind it."""

import asyncio
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from agents.asking import Asked, ask_about
from agents.errors import OperatorError
from agents.kenapa.appended import append_times
from agents.kenapa.judging import Views, views
from agents.kenapa.told_events import ToldEvent, told_events
from agents.kenapa.words import CLAIMS, STATES, quarter_text
from agents.reported import rules_of
from agents.settings import Settings
from streams.kenapa import Judged, Outlook, Position, Since, outlooks, since
from streams.kenapa.sentences import distance_texts, outlook_texts, position_texts, since_texts
from streams.reasons import Explanation, explain
from streams.rules import Programme, Rules, Text
from streams.rules.corrections import ADVICE


@dataclass(frozen=True)
class Told:
    """One programme for one person. Without a look at the family only the decision is told, the rest is empty."""

    programme: Programme
    explanation: Explanation
    action: str | None  # of the change, if the quarter published one
    state: str  # one of STATES
    changed: tuple[Text, ...] = ()
    far: tuple[Text, ...] = ()
    correct: tuple[Text, ...] = ()
    turn: tuple[Text, ...] = ()
    events: tuple[ToldEvent, ...] = ()
    since: tuple[Since, ...] = ()
    outlook: Outlook | None = None
    position: Position | None = None

    @property
    def in_full(self) -> bool:
        """Whether it is told at length on a page: it changed, waits, or is on hold."""
        return self.action is not None or self.state in ("HELD", "WAITING")

    @property
    def told_events(self) -> tuple[ToldEvent, ...]:
        """The events for a page: the new ones; where none is new, the last recorded one."""
        return tuple(it for it in self.events if it.is_new) or self.events[-1:]


@dataclass(frozen=True)
class Claim:
    """An objection or a report of this person, as the store holds it."""

    kind: Text
    programme: str
    on: dt.date
    status: Text
    quarter: str
    case: str
    deadline: dt.date | None  # last day to decide it
    decided_on: dt.date | None
    timely: bool  # false: an objection after its time


@dataclass(frozen=True)
class Answered:
    """All that is told to one person about one sealed quarter."""

    nik: str
    quarter: str | None
    by: str
    rules: Rules
    programmes: list[Told]
    claims: list[Claim]
    history: list[Mapping[str, Any]]  # published lines of other quarters, oldest first
    was_ever_decided: bool

    @property
    def reference(self) -> str:
        """Eight letters and digits by which two copies of a page are told apart."""
        said = json.dumps(
            [self.nik, self.quarter, [(it.programme.name, it.explanation.reason) for it in self.programmes]]
        )
        return hashlib.sha256(said.encode()).hexdigest()[:8].upper()


def answered(settings: Settings, nik: str, quarter: str | None = None) -> Answered | None:
    """Why, as of a sealed quarter (by default the last); None for a NIK of which no event was ever accepted.

    Raises OperatorError for what is no NIK or no sealed quarter, and when nothing can be asked.
    """
    asked = ask_about(settings, nik)
    if asked.said["person"] is None:
        return None
    name = quarter or asked.quarter
    if name is None:
        return told(asked, None, None)
    asked_about = asked.journal.quarters.get(name)
    if asked_about is None or asked_about.sealed_run is None:
        sealed = ", ".join(it.name for it in asked.journal.sealed) or "none"
        raise OperatorError(f"{name} is not sealed; sealed: {sealed}.")
    return asyncio.run(_answered(settings, asked, name))


async def _answered(settings: Settings, asked: Asked, quarter: str) -> Answered:
    answer = asked.said["answer"] or {}
    card = answer.get("no_kk") or (asked.said["person"] or {}).get("no_kk")
    seen = await views(settings, asked.journal, quarter, asked.said["nik"], card)
    first = told(asked, quarter, seen)
    shown = {cause for it in first.programmes if it.in_full for event in it.events for cause in [event.cause]}
    wanted = seen.seen.events.filter(pl.col("cause").is_in(list(shown)))
    coordinates = wanted.select("topic_number", "partition", "offset").unique().rows()
    return told(asked, quarter, seen, await append_times(settings, coordinates))


def told(
    asked: Asked,
    quarter: str | None,
    seen: Views | None,
    received: Mapping[tuple[int, int, int], dt.datetime] | None = None,
) -> Answered:
    """What `answered` tells, from what was asked and seen. `received`: append times by coordinate."""
    nik, said = asked.said["nik"], asked.said
    rules = asked.rules
    if quarter is not None and quarter != asked.quarter:
        run = asked.journal.quarters[quarter].sealed_run
        assert run is not None, "only sealed quarters are told"
        rules = rules_of(asked.journal, run)
    row = _row(asked, quarter, seen)
    changes = {it["programme"]: _with_bytes(it) for it in said["published"] if it["quarter"] == quarter}
    ahead = outlooks(seen.now, nik) if seen and seen.now else {}
    programmes = [
        _told(
            asked, explain(name, rules, row, changes.get(name)), rules, changes.get(name), seen, ahead, received or {}
        )
        for name in rules.programmes
        if row is not None or name in changes
    ]
    order = list(STATES)
    programmes.sort(key=lambda it: (it.action is None, order.index(it.state), it.programme.name))
    return Answered(
        nik=nik,
        quarter=quarter,
        by=asked.by,
        rules=rules,
        programmes=programmes,
        claims=claims(said["cases"]),
        history=[it for it in said["published"] if it["quarter"] != quarter],
        was_ever_decided=bool(said["published"] or said["answer"]),
    )


def _row(asked: Asked, quarter: str | None, seen: Views | None) -> Mapping[str, Any] | None:
    """The answer of the quarter: the sealed one where it is kept, else as it is computed again."""
    answer = asked.said["answer"]
    # Who was not listed any more got no new answer: what is stored is an older quarter's, and decides nothing now.
    if answer is not None and answer["quarter"] == quarter:
        return _with_bytes(answer)
    if quarter == asked.quarter or seen is None or seen.now is None:
        return None
    return seen.now.answer(asked.said["nik"])


def _told(
    asked: Asked,
    it: Explanation,
    rules: Rules,
    change: Mapping[str, Any] | None,
    seen: Views | None,
    ahead: Mapping[str, Outlook],
    received: Mapping[tuple[int, int, int], dt.datetime],
) -> Told:
    programme = rules.programmes[it.programme]
    nik = asked.said["nik"]
    action = None if change is None else str(change["action"])
    outlook = ahead.get(it.programme)
    state = _state(it, outlook)
    now = seen.now if seen else None
    if seen is None or now is None or not _agrees(now, nik, it):
        events = told_events(it.causes, nik, seen.seen.events if seen else None, frozenset(), received)
        return Told(programme, it, action, state, correct=_advice(it), events=events)
    differences = since(now, seen.before, nik, it.programme)
    fresh = frozenset(event for one in differences for event in one.events)
    place = seen.places.get(it.programme)
    at_length = _at_length(action, state)
    failed = now.failed(nik, it.programme)
    deciding = [found for found in failed if found.condition.reason == it.reason] or failed[:1]
    before = quarter_text(seen.before_quarter) if seen.before_quarter else None
    causes = tuple(dict.fromkeys((*it.causes, *sorted(fresh))))
    return Told(
        programme,
        it,
        action,
        state,
        changed=tuple(since_texts(differences, before, rules)) if before and at_length else (),
        far=tuple(text for found in deciding for text in distance_texts(found, now, nik)),
        correct=tuple(outlook_texts(outlook, programme)) if outlook and at_length else (),
        turn=tuple(position_texts(place, programme)) if place else (),
        events=told_events(causes, nik, seen.seen.events, fresh, received),
        since=tuple(differences),
        outlook=outlook,
        position=place,
    )


def _at_length(action: str | None, state: str) -> bool:
    return action is not None or state in ("HELD", "WAITING", "CORRECTABLE")


def _agrees(now: Judged, nik: str, it: Explanation) -> bool:
    """Whether the look back gives what was decided: newer code may see more, and must then not explain the old."""
    answer = now.answer(nik)
    if it.verdict is None or answer is None:
        return False
    return bool(answer[f"{it.programme}.verdict"] == it.verdict)


def _advice(it: Explanation) -> tuple[Text, ...]:
    return (ADVICE[it.reason],) if it.reason in ADVICE else ()


def _state(it: Explanation, outlook: Outlook | None) -> str:
    states = {"SERVED": "RECEIVES", "KEPT": "RECEIVES", "HELD": "HELD", "ELIGIBLE": "WAITING", "NOT_PAYEE": "FAMILY"}
    if it.verdict in states:
        return states[it.verdict]
    return "CORRECTABLE" if outlook and outlook.is_near else "NOT"


def claims(cases: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """A person's objections and reports (`agents.told_cases`, as JSON has them), the oldest first."""
    return [
        Claim(
            CLAIMS.get(it["kind"], CLAIMS["LAINNYA"]),
            it["programme"],
            dt.date.fromisoformat(it["opened_on"]),
            CLAIMS[it["state"]],
            it["quarter"],
            it["case"],
            _day(it["deadline"]),
            _day(it["decided_on"]),
            timely=it["timely"],
        )
        for it in sorted(cases, key=lambda it: (it["opened_on"], it["case"]))
    ]


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _with_bytes(row: Mapping[str, Any]) -> dict[str, Any]:
    """Events as bytes again, days as dates: JSON has neither."""
    made = dict(row)
    for name, value in row.items():
        if name.rpartition(".")[2] == "causes":
            made[name] = [bytes.fromhex(event) for event in value or []]
        elif name == "objection_until" and value is not None:
            made[name] = dt.date.fromisoformat(value)
    return made
