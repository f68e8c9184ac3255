"""What would turn a refusal: the fewest facts that somebody can have corrected, tried with the rule code itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import polars as pl

from streams.families.observations import candidates, chosen
from streams.kenapa.home import Item, fewest, items
from streams.kenapa.looked import Found, Judged
from streams.kenapa.worlds import Change, worlds
from streams.programmes.conditions import holds
from streams.rules import Condition, Text
from streams.rules.corrections import ADVICE, CORRECTIONS, Correction
from streams.rules.facts import Level, fact_of

FEW_ITEMS = 3  # data of a home that may be wrong at once
DESIL, STATUS = "family.desil", "family.status"
MANY = 5  # of more facts only all together and all but one are tried; no rule asks for so many that can be corrected
# A plain value where a rule only says what must not be.
PLAIN: dict[str, int | str] = {
    "members.occupation": "SWASTA",
    "person.occupation": "TIDAK_BEKERJA",
    "family.hasil_kontak": "LENGKAP",
    "family.air_minum": 2,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One fact that can be corrected, and what it would be. `items`: of a home, what puts the desil too high;
    `seldom`: as in `streams.rules.corrections.Correction`.
    """

    fact: str
    what: Text
    changes: tuple[Change, ...]
    items: tuple[Item, ...] = ()
    seldom: bool = False

    @property
    def is_near(self) -> bool:
        """Whether this may well be wrong: no mark, and not many data of a home at once."""
        return not self.seldom and len(self.items) <= FEW_ITEMS


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would turn one refusal.

    `turns`: the fewest corrections after which every condition holds; empty when none do. `verdict`: the answer
    that would come then (ELIGIBLE when the quota is used up all the same). `stuck`: conditions that fail and that
    no correction can turn. `asks`: what to ask for where the outcome cannot be told beforehand.
    """

    turns: tuple[Turn, ...] = ()
    verdict: str | None = None
    stuck: tuple[Found, ...] = ()
    asks: tuple[Text, ...] = ()

    @property
    def is_near(self) -> bool:
        """Whether a correction may well turn it."""
        return bool(self.asks) or bool(self.turns and all(turn.is_near for turn in self.turns))


@dataclass(frozen=True, slots=True)
class _Case:
    """One refused programme while its alternatives are tried."""

    programme: str
    turns: tuple[Turn, ...]
    stuck: tuple[Found, ...]
    asks: tuple[Text, ...]

    def sets(self) -> list[tuple[Turn, ...]]:
        """Which corrections to try together, the fewest first."""
        if self.stuck or not self.turns:
            return []
        sizes = (
            range(1, len(self.turns) + 1)
            if len(self.turns) <= MANY
            else range(len(self.turns) - 1, len(self.turns) + 1)
        )
        return [found for size in sizes for found in combinations(self.turns, size)]


def outlooks(told: Judged, nik: str) -> dict[str, Outlook]:
    """The outlook of every programme that refuses this person, or holds back (INELIGIBLE, HELD), by its name.

    Raises KeyError for who is not among the members.
    """
    answer = told.answer(nik)
    if answer is None:
        return {}
    refused = [name for name in told.looked.rules.programmes if answer[f"{name}.verdict"] in ("INELIGIBLE", "HELD")]
    cases = [_case(told, nik, name, str(answer[f"{name}.reason"])) for name in refused]
    tried = [(case, turns) for case in cases for turns in case.sets()]
    found = {case.programme: Outlook(stuck=case.stuck, asks=case.asks) for case in cases}
    if not tried:
        return found
    made = worlds(told.looked, [[change for turn in turns for change in turn.changes] for _, turns in tried])
    for number, (case, turns) in enumerate(tried):
        somebody = made.nik(nik, number)
        if found[case.programme].turns or made.judged.subject(somebody, case.programme)["failed"]:
            continue
        verdict = (made.judged.answer(somebody) or {}).get(f"{case.programme}.verdict")
        found[case.programme] = replace(found[case.programme], turns=turns, verdict=verdict)
    return found


def _case(told: Judged, nik: str, programme: str, reason: str) -> _Case:
    failed = told.failed(nik, programme)
    unranked = told.family(nik)["family_status"] != "RANKED"
    turns: dict[str, Turn] = {}
    stuck, asks = [], []
    for it in failed:
        name = it.condition.fact
        correction = CORRECTIONS.get(name)
        if correction is None or not (it.known or correction.when_unknown):
            stuck.append(it)
        elif name == DESIL and not unranked:
            turn = _desil_turn(told, nik, it.condition, correction)
            turns |= {DESIL: turn} if turn else {}
            stuck += [] if turn else [it]
        elif name == DESIL:
            continue  # the state of the family says what to do first
        elif name == STATUS or not correction.columns:
            what = ADVICE.get(it.condition.reason, correction.what)
            asks.append(what)
        else:
            turns[f"{name} {it.condition.id}"] = _turn(nik, it.condition, correction)
    if not failed and reason in ADVICE:
        asks.append(ADVICE[reason])
    # A survey or another card would change everything else too: nothing more can be told beforehand.
    if asks:
        turns = {}
    return _Case(programme, tuple(turns.values()), tuple(stuck), tuple(dict.fromkeys(asks)))


def _turn(nik: str, condition: Condition, correction: Correction) -> Turn:
    fact = fact_of(condition.fact)
    assert fact is not None, "the rules were loaded with an unknown fact"
    value = satisfying(condition)
    mine = nik if fact.level is Level.PERSON else None
    asked = condition if fact.level is Level.MEMBERS else None
    # A place is told by its code's first digits.
    plain = {it: f"{value}71011001" if it == "kelurahan" else value for it in correction.columns}
    meant = [held for derived, held in correction.values.items() if meets(condition, derived)]
    changes = [Change(column, said, mine, asked) for column, said in (meant[0] if meant else plain).items()]
    return Turn(condition.fact, correction.what, tuple(changes), seldom=correction.seldom)


def _desil_turn(told: Judged, nik: str, condition: Condition, correction: Correction) -> Turn | None:
    """The fewest data of the home that would bring the score down to the limit; None when none do."""
    family = told.family(nik)
    limit = satisfying(condition)
    if not isinstance(limit, int) or not 1 <= limit <= len(told.looked.cut_points):
        return None
    over = family["score"] - told.looked.cut_points[limit - 1]
    found = fewest(items(observed(told, family["family"]), told.looked.rules.score), over)
    changes = tuple(Change(it.column, it.otherwise) for it in found)
    return Turn(DESIL, correction.what, changes, found) if found else None


def observed(told: Judged, family: int) -> Mapping[str, Any]:
    """What speaks for one family: household.<Perumahan> and assets.<Aset>."""
    members = told.looked.members
    rows = candidates(members, told.formed.people).filter(pl.col("family") == family)
    seen: dict[str, Any] = {}
    for group in ("household", "assets"):
        columns = [it for it in members.columns if it.startswith(f"{group}.")]
        one = chosen(rows, group, columns)
        seen |= one.row(0, named=True) if one.height else {}
    return seen


def meets(condition: Condition, value: int | bool | str) -> bool:
    """Whether a value meets a condition."""
    return bool(pl.select(holds(condition, pl.lit(value))).item())


def satisfying(condition: Condition) -> int | bool | str:
    """A value that meets a condition."""
    value = condition.value
    match condition.operator:
        case "eq" | "le" | "ge":
            assert not isinstance(value, tuple)
            return value
        case "between" | "in":
            assert isinstance(value, tuple)
            return value[0]
    fact = fact_of(condition.fact)
    forbidden: Sequence[Any] = value if isinstance(value, tuple) else (value,)
    usual = [PLAIN[condition.fact]] if condition.fact in PLAIN else []
    allowed = [it for it in (*usual, *sorted((fact and fact.codes) or ())) if it not in forbidden]
    if not allowed:
        raise ValueError(f"no value is known that meets condition {condition.id}: add one to PLAIN")
    return allowed[0]
