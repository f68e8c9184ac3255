"""What is in force on a day, made from checked documents whose switches are settled."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from streams.quarters import Quarter
from streams.rules.documents import RulesError
from streams.rules.facts import Level, fact_of
from streams.rules.model import (
    ActingBack,
    Ask,
    Choice,
    Component,
    Condition,
    LevelAmount,
    Programme,
    Reactivation,
    Retroactive,
    ScoreModel,
    Switch,
    Text,
    Value,
)
from streams.rules.periods import Entry, day, in_force, value_at
from streams.rules.schema import ACTING_BACK


def programme_of(document: Entry, quota: int, as_of: dt.date, *, ended: bool = False) -> Programme:
    """The programme as it is on a day. One that has `ended` asks nothing more, and pays as on its last day."""
    if ended:
        as_of = day(document["name"], document["until"])
    conditions = () if ended else tuple(_condition(it) for it in document["conditions"] if in_force(it, as_of))
    if not (conditions or ended):
        raise RulesError(f"{document['name']}: no condition is in force on {as_of}; everybody would be eligible")
    facts = [fact for it in conditions if (fact := fact_of(it.fact)) is not None]
    amount = document["amount"]
    place = f"{document['name']}: amount"
    fixed, by_level = "rupiah_per_quarter" in amount, "levels" in amount
    components = () if fixed or by_level else tuple(_component(e) for e in amount["components"] if in_force(e, as_of))
    return Programme(
        name=document["name"],
        title=Text(**document["title"]),
        payer=document["payer"],
        budget=document["budget"],
        subject=document["subject"],
        reference=document["reference"],
        conditions=conditions,
        rupiah_per_quarter=value_at(place, amount["rupiah_per_quarter"], as_of)["value"] if fixed else 0,
        components=components,
        max_components=value_at(place, amount["max_components"], as_of)["value"] if components else 0,
        levels=tuple(_level(e) for e in amount["levels"] if in_force(e, as_of)) if by_level else (),
        quota=quota,
        needs=tuple(sorted({it.column for it in facts if it.level in (Level.SERVED, Level.RECEIVES)})),
        due=ended or Quarter.of(as_of).number in document.get("due_quarters", (1, 2, 3, 4)),
        objection=Text(**document["objection"]),
        paid_first=value_at(place, amount["paid_first"], as_of)["value"] if components else "highest",
        waiting_reason=document.get("waiting_reason", "KUOTA_HABIS"),
        ended=ended,
        switches=tuple(_switch(it, as_of) for it in document.get("switches", ())),
        reactivations=()
        if ended
        else tuple(_reactivation(it) for it in document.get("reactivation", ()) if in_force(it, as_of)),
    )


def _reactivation(entry: Entry) -> Reactivation:
    asked = entry["asks"]
    return Reactivation(
        id=entry["id"],
        by_case=entry["by"] == "case",
        quarters=entry["quarters"],
        ask=Ask(asked["fact"], asked["operator"], _value(asked), asked["when_unknown"] == "pass"),
        instead_of=tuple(entry["instead_of"]),
        reference=entry.get("reference", ""),
    )


def retroactive_of(document: Entry, as_of: dt.date) -> Retroactive:
    """What acts on the sealed quarters of a programme, by the rules of a day, also of one that has ended."""
    entries = [entry for entry in document.get("retroactive", ()) if in_force(entry, as_of)]
    causes = [
        ActingBack(entry["id"], entry.get("reference", ""), tuple(entry.get("occupations", ()))) for entry in entries
    ]
    return Retroactive(document["payer"], tuple(sorted(causes, key=lambda it: ACTING_BACK.index(it.cause))))


def _condition(entry: Entry) -> Condition:
    return Condition(
        id=entry["id"],
        fact=entry["fact"],
        operator=entry["operator"],
        value=_value(entry),
        passes_when_unknown=entry["when_unknown"] == "pass",
        reason=entry["reason"],
        reference=entry.get("reference", ""),
        publish=entry.get("publish"),
        newcomers=entry.get("applies_to") == "newcomers",
    )


def _value(entry: Entry) -> Value:
    return tuple(entry["value"]) if isinstance(entry["value"], list) else entry["value"]


def _level(entry: Entry) -> LevelAmount:
    return LevelAmount(
        school_level=entry["school_level"],
        rupiah_per_quarter=entry["rupiah_per_quarter"],
        private_rupiah_per_quarter=entry.get("private_rupiah_per_quarter", 0),
        reference=entry.get("reference", ""),
        classes=tuple(entry.get("classes", ())),
    )


def _component(entry: Entry) -> Component:
    return Component(
        id=entry["id"],
        min_age_years=entry.get("min_age_years", 0),
        max_age_years=entry.get("max_age_years"),
        rupiah_per_quarter=entry["rupiah_per_quarter"],
        limit=entry.get("limit"),
        reference=entry.get("reference", ""),
        asks=tuple(
            Ask(it["fact"], it["operator"], _value(it), it["when_unknown"] == "pass") for it in entry.get("asks", ())
        ),
    )


def _switch(entry: Entry, as_of: dt.date) -> Switch:
    chosen = value_at(f"switches.{entry['id']}", entry["chosen"], as_of)
    return Switch(
        id=entry["id"],
        question=Text(**entry["question"]),
        choices=tuple(Choice(it["id"], Text(**it["says"]), it.get("reference", "")) for it in entry["choices"]),
        chosen=chosen["choice"],
        note=chosen.get("note", ""),
    )


def score_of(entry: Mapping[str, Any]) -> ScoreModel:
    """The score model of one entry of score.yaml."""
    housing = {
        field: {int(code): points for code, points in table.items()} for field, table in entry["housing"].items()
    }
    numbers = {
        name: entry[name]
        for name in (
            "base_rupiah",
            "minimum_rupiah",
            "rupiah_per_further_member",
            "floor_rupiah_per_m2_per_head",
            "floor_limit_m2_per_head",
            "livestock_limit",
        )
    }
    return ScoreModel(**numbers, housing=housing, assets=dict(entry["assets"]), livestock=dict(entry["livestock"]))
