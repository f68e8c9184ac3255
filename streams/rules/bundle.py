"""All rules documents together, and what of them is in force on a day."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streams.quarters import Quarter
from streams.rules import checks
from streams.rules.documents import RulesError, checked
from streams.rules.facts import Level, fact_of
from streams.rules.model import (
    Component,
    Condition,
    LevelAmount,
    Programme,
    Ranking,
    Rules,
    ScoreModel,
    Text,
    Value,
)
from streams.rules.periods import Entry, check_series, day, in_force, value_at
from streams.rules.waves import waves

FIXED = ("register.yaml", "score.yaml", "reasons.yaml")


@dataclass(frozen=True)
class Bundle:
    """Checked documents by name, with one quotas document: the one of `scale`. Made by `load`."""

    scale: str
    documents: Mapping[str, Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """A value for `json.dumps`; `from_json` gives the same bundle back. The opened record carries it."""
        return {"scale": self.scale, "documents": {name: dict(self.documents[name]) for name in sorted(self.documents)}}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Bundle":
        """The bundle that `to_json` wrote, checked again; raises RulesError."""
        return load(value["documents"], scale=value["scale"])

    def at(self, as_of: dt.date) -> Rules:
        """What is in force on `as_of`; raises RulesError when a value or a needed programme is not."""
        register = self.documents["register.yaml"]

        def value(name: str) -> Any:
            return value_at(f"register.yaml: {name}", register[name], as_of)["value"]

        programmes = self._programmes_at(as_of)
        reasons = self.documents["reasons.yaml"]["reasons"]
        return Rules(
            as_of=as_of,
            scope_province=value("scope_province"),
            adult_age_years=value("adult_age_years"),
            transit_limit_days=value("transit_limit_days"),
            objection_days=value("objection_days"),
            objection_hold_quarters=value("objection_hold_quarters"),
            max_family_size=value("max_family_size"),
            payee_order=tuple(value("payee_order")),
            ranking=Ranking(mode=value("ranking_mode"), given_cut_points=tuple(value("given_cut_points"))),
            score=_score(value_at("score.yaml: models", self.documents["score.yaml"]["models"], as_of)),
            programmes=programmes,
            waves=waves({name: programme.needs for name, programme in programmes.items()}),
            reasons={code: Text(**text) for code, text in sorted(reasons.items())},
            rules_hash=rules_hash(self),
        )

    def _programmes_at(self, as_of: dt.date) -> dict[str, Programme]:
        quotas = self.documents[f"quotas/{self.scale}.yaml"]["quotas"]
        found = {}
        for document in _programme_documents(self.documents).values():
            if in_force(document, as_of):
                name = document["name"]
                quota = value_at(f"quotas/{self.scale}.yaml: {name}", quotas[name], as_of)["value"]
                found[name] = _programme(document, quota, as_of)
        return dict(sorted(found.items()))


def rules_hash(bundle: Bundle) -> str:
    """SHA-256 (hex) of the bundle as canonical JSON: sorted keys, no white space, UTF-8."""
    text = json.dumps(bundle.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def load(documents: Mapping[str, object], *, scale: str) -> Bundle:
    """Check parsed documents and keep those that count.

    `documents`: name -> parsed YAML: register.yaml, score.yaml, reasons.yaml, programmes/*.yaml and
    quotas/*.yaml, of which only quotas/`scale`.yaml is used. Raises RulesError that names document
    and place: for unknown fields, facts and operators, values without a source, gaps and overlaps in
    dates, missing texts or quotas, and programmes that wait for each other.
    """
    quotas = f"quotas/{scale}.yaml"
    for name in (*FIXED, quotas):
        if name not in documents:
            raise RulesError(f"{name} is missing. Given: {', '.join(sorted(documents)) or 'nothing'}")
    kept = {
        name: checked(name, document)
        for name, document in sorted(documents.items())
        if not name.startswith("quotas/") or name == quotas
    }
    programmes: dict[str, Entry] = {}
    for place, document in _programme_documents(kept).items():
        if document["name"] in programmes:
            raise RulesError(f"{place}: {document['name']} has a document already: one document per programme")
        programmes[document["name"]] = document
    for place, document in _programme_documents(kept).items():
        checks.check_programme(place, document, frozenset(programmes))
    checks.check_register("register.yaml", kept["register.yaml"])
    check_series("score.yaml: models", kept["score.yaml"]["models"])
    checks.check_quotas(quotas, kept[quotas]["quotas"], programmes)
    checks.check_reasons("reasons.yaml", kept["reasons.yaml"]["reasons"], programmes)
    bundle = Bundle(scale=scale, documents=kept)
    # Between two days on which something begins or ends, everything stays as it is: so each of
    # these days stands for all that follow it, and a cycle on any day is found here.
    for first_day in sorted(_first_days(programmes.values())):
        bundle.at(first_day)
    return bundle


def _first_days(programmes: Any) -> set[dt.date]:
    """Days on which a programme or one of its conditions begins, or the day after it ends, within programmes."""
    days: set[dt.date] = set()
    for programme in programmes:
        for entry in (programme, *programme["conditions"]):
            begin = max(entry["from"], programme["from"])
            days.add(day(programme["name"], begin))
            if "until" in entry:
                days.add(day(programme["name"], entry["until"]) + dt.timedelta(days=1))
    return days


def _programme_documents(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {name: document for name, document in documents.items() if name.startswith("programmes/")}


def _programme(document: Entry, quota: int, as_of: dt.date) -> Programme:
    conditions = tuple(_condition(entry) for entry in document["conditions"] if in_force(entry, as_of))
    if not conditions:
        raise RulesError(f"{document['name']}: no condition is in force on {as_of}; everybody would be eligible")
    served = {fact.column for c in conditions if (fact := fact_of(c.fact)) and fact.level is Level.SERVED}
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
        needs=tuple(sorted(served)),
        due=Quarter.of(as_of).number in document.get("due_quarters", (1, 2, 3, 4)),
        objection=Text(**document["objection"]),
    )


def _condition(entry: Entry) -> Condition:
    value: Value = tuple(entry["value"]) if isinstance(entry["value"], list) else entry["value"]
    return Condition(
        id=entry["id"],
        fact=entry["fact"],
        operator=entry["operator"],
        value=value,
        passes_when_unknown=entry["when_unknown"] == "pass",
        reason=entry["reason"],
        reference=entry.get("reference", ""),
        publish=entry.get("publish"),
    )


def _level(entry: Entry) -> LevelAmount:
    return LevelAmount(
        school_level=entry["school_level"],
        rupiah_per_quarter=entry["rupiah_per_quarter"],
        private_rupiah_per_quarter=entry.get("private_rupiah_per_quarter", 0),
        reference=entry.get("reference", ""),
    )


def _component(entry: Entry) -> Component:
    return Component(
        id=entry["id"],
        min_age_years=entry["min_age_years"],
        max_age_years=entry.get("max_age_years"),
        rupiah_per_quarter=entry["rupiah_per_quarter"],
        limit=entry.get("limit"),
        reference=entry.get("reference", ""),
    )


def _score(entry: Entry) -> ScoreModel:
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
