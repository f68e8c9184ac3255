"""What changed for one person and one programme between two sealed quarters, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from streams.kenapa.looked import Found, Judged
from streams.rules.facts import Level, fact_of


class Why(StrEnum):
    """What made the difference."""

    EVENT = "EVENT"  # an event that this quarter took in
    BIRTHDAY = "BIRTHDAY"  # time alone
    RULE = "RULE"  # the rule asks for something else
    RANKING = "RANKING"  # the family's data are the same; others' changed, and with them the limits of desil
    PROGRAMME = "PROGRAMME"  # another programme begins or ends to serve the family
    FAMILY = "FAMILY"  # who belongs to the family
    SCORE = "SCORE"  # the conditions hold as before; the family's score, and so its turn, is another
    DUE = "DUE"  # in the quarter before, the programme was not decided anew
    QUOTA = "QUOTA"  # the conditions and the score are as they were; the line of the quota was drawn elsewhere
    NEW_PERSON = "NEW_PERSON"  # no decision about this person before
    NEW_PROGRAMME = "NEW_PROGRAMME"  # not in force before
    ENDED = "ENDED"  # the programme is over, for everybody


@dataclass(frozen=True, slots=True)
class Since:
    """One difference. `now` and `before`: the condition as it was found; None where there was none.

    `events`: the events (18 bytes) that this quarter took in and that are behind it.
    """

    why: Why
    now: Found | None = None
    before: Found | None = None
    events: tuple[bytes, ...] = ()
    scores: tuple[int | None, int | None] | None = None  # before and now, where the score is the difference

    @property
    def turned(self) -> bool:
        """Whether the condition holds now and did not, or the other way about."""
        return self.now is not None and self.before is not None and self.now.passes != self.before.passes


def since(now: Judged, before: Judged | None, nik: str, programme: str) -> list[Since]:
    """The differences that count for one person's answer about a programme, in the order of the rule.

    `before`: the card of this person in the quarter before, None when it gave no answer. Empty: the answer and its
    reason are as they were. Of the conditions those that turned the way the answer did; where none turned and the
    answer hangs on the quota, the score or the line of the quota.
    """
    old = before.answer(nik) if before else None
    if before is None or old is None:
        return [Since(Why.NEW_PERSON)]
    if programme not in before.looked.rules.programmes:
        return [Since(Why.NEW_PROGRAMME)]
    new = _of(now, nik)
    if all(new[f"{programme}.{part}"] == old[f"{programme}.{part}"] for part in ("verdict", "reason")):
        return []
    if now.looked.rules.programmes[programme].ended:
        return [Since(Why.ENDED)]
    fresh = _events(now) - _events(before)
    verdict, failed = new[f"{programme}.verdict"], now.failed(nik, programme)
    asked = bool(failed) or verdict in ("SERVED", "ELIGIBLE")
    turned = _turned(now, before, nik, programme, fresh, passes=not failed) if asked else []
    if turned:
        return turned
    if {verdict, old[f"{programme}.verdict"]} == {"SERVED", "ELIGIBLE"}:
        scores = before.family(nik)["score"], now.family(nik)["score"]
        if scores[0] == scores[1]:
            return [Since(Why.QUOTA)]
        return [Since(Why.SCORE, events=tuple(sorted(_of_home(now, nik) & fresh)), scores=scores)]
    if events := set(new[f"{programme}.causes"] or ()) & fresh:
        return [Since(Why.EVENT, events=tuple(sorted(events)))]
    return [Since(Why.FAMILY if before.looked.rules.programmes[programme].due else Why.DUE)]


def _turned(now: Judged, before: Judged, nik: str, programme: str, fresh: set[bytes], *, passes: bool) -> list[Since]:
    """The conditions that turned this way (`passes`: they hold now), and new ones that fail."""
    earlier = {it.condition.id: it for it in before.found(nik, programme)}
    found = []
    for it in now.found(nik, programme):
        was = earlier.get(it.condition.id)
        if it.passes != passes or (was is not None and was.passes == it.passes):
            continue
        if was is not None:
            found.append(_difference(it, was, _behind(now, nik, it) & fresh, now, before, nik))
        elif not it.passes:
            found.append(Since(Why.RULE, it))
    return found


def _difference(it: Found, old: Found, events: set[bytes], now: Judged, before: Judged, nik: str) -> Since:
    fact = fact_of(it.condition.fact)
    assert fact is not None, "the rules were loaded with an unknown fact"
    if (
        it.value == old.value
        and fact.level in (Level.PERSON, Level.FAMILY)
        and it.condition.value != old.condition.value
    ):
        why = Why.RULE
    elif fact.level in (Level.SERVED, Level.RECEIVES):
        why = Why.PROGRAMME
    elif events:
        why = Why.EVENT
    elif it.condition.fact in ("person.age_years", "family.components"):
        why = Why.BIRTHDAY if it.event == old.event or it.condition.fact == "person.age_years" else Why.FAMILY
    elif it.condition.fact == "family.desil" and now.family(nik)["score"] == before.family(nik)["score"]:
        why = Why.RANKING
    else:
        why = Why.FAMILY
    return Since(why, it, old, tuple(sorted(events)))


def _behind(told: Judged, nik: str, it: Found) -> set[bytes]:
    """The events that this condition's value comes from."""
    events = {it.event}
    home = _of_home(told, nik) if it.condition.fact == "family.desil" else set()
    return home | {event for event in events if event is not None}


def _of_home(told: Judged, nik: str) -> set[bytes]:
    """The events that a family's score comes from: home, belongings, and who is on the card."""
    family = told.family(nik)
    people = told.formed.people.filter(pl.col("family") == family["family"])
    events = {family["household.event"], family["assets.event"], *people["listing.event"]}
    return {event for event in events if event is not None}


def _events(told: Judged) -> set[bytes]:
    """All events that the people of a card are seen by."""
    members = told.looked.members
    columns = [name for name in members.columns if name.endswith(".event")]
    return {event for name in columns for event in members[name].drop_nulls()}


def _of(told: Judged, nik: str) -> Mapping[str, Any]:
    answer = told.answer(nik)
    assert answer is not None, "who had no answer is NEW_PERSON"
    return answer
