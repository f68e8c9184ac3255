"""All rules documents together, and what of them is in force on a day."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from streams.quarters import Quarter
from streams.rules import checks
from streams.rules.documents import RulesError, checked
from streams.rules.earlier import completed
from streams.rules.made import programme_of, retroactive_of, score_of
from streams.rules.model import Programme, Ranking, Retroactive, Rules, Text
from streams.rules.periods import ONE_DAY, Entry, check_series, day, in_force, value_at
from streams.rules.switches import settled
from streams.rules.waves import waves

FIXED = ("register.yaml", "score.yaml", "reasons.yaml")


@dataclass(frozen=True)
class Bundle:
    """Checked documents by name, with one quotas document: the one of `scale`. Made by `load`.

    `settled`: the same documents as the switches stand, with the quotas and reasons that programmes bring put into
    quotas/SCALE.yaml and reasons.yaml. It follows from `documents`.
    """

    scale: str
    documents: Mapping[str, Mapping[str, Any]]
    settled: Mapping[str, Mapping[str, Any]] = field(compare=False, repr=False)

    @cached_property
    def rules_hash(self) -> str:
        """SHA-256 (hex) of the bundle as canonical JSON: sorted keys, no white space, UTF-8."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """A value for `json.dumps`; `from_json` gives the same bundle back. The opened record carries it."""
        return {"scale": self.scale, "documents": {name: dict(self.documents[name]) for name in sorted(self.documents)}}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Bundle":
        """The bundle that `to_json` of this or an earlier release wrote, checked again; raises RulesError.

        Its documents, and so its hash, stay as they were written.
        """
        bundle = load(completed(value["documents"]), scale=value["scale"])
        return replace(bundle, documents=value["documents"])

    def at(self, as_of: dt.date) -> Rules:
        """What is in force on `as_of`; raises RulesError when a value or a needed programme is not."""
        register = self.settled["register.yaml"]

        def value(name: str) -> Any:
            return value_at(f"register.yaml: {name}", register[name], as_of)["value"]

        programmes = self._programmes_at(as_of)
        reasons = self.settled["reasons.yaml"]["reasons"]
        return Rules(
            as_of=as_of,
            scope_province=value("scope_province"),
            adult_age_years=value("adult_age_years"),
            transit_limit_days=value("transit_limit_days"),
            objection_days=value("objection_days"),
            objection_hold_quarters=value("objection_hold_quarters"),
            pregnancy_days=value("pregnancy_days"),
            postpartum_days=value("postpartum_days"),
            case_days=value("case_days"),
            max_family_size=value("max_family_size"),
            payee_order=tuple(value("payee_order")),
            ranking=Ranking(mode=value("ranking_mode"), given_cut_points=tuple(value("given_cut_points"))),
            score=score_of(value_at("score.yaml: models", self.settled["score.yaml"]["models"], as_of)),
            programmes=programmes,
            waves=_waves(programmes),
            reasons={code: Text(text["id"], text["en"]) for code, text in sorted(reasons.items())},
            rules_hash=self.rules_hash,
            retroactive_quarters=value("retroactive_quarters") if "retroactive_quarters" in register else 0,
            retroactive=self._retroactive_at(as_of),
        )

    def _retroactive_at(self, as_of: dt.date) -> dict[str, Retroactive]:
        """Also of programmes that have ended: what they paid may still turn out not to have been due."""
        documents = programme_documents(self.settled).values()
        found = {document["name"]: retroactive_of(document, as_of) for document in documents}
        return {name: it for name, it in sorted(found.items()) if it.causes}

    def _programmes_at(self, as_of: dt.date) -> dict[str, Programme]:
        quotas = self.settled[f"quotas/{self.scale}.yaml"]["quotas"]
        found = {}
        for document in programme_documents(self.settled).values():
            ended = _winds_up(document, as_of)
            if ended or in_force(document, as_of):
                name = document["name"]
                quota = 0 if ended else value_at(f"quotas/{self.scale}.yaml: {name}", quotas[name], as_of)["value"]
                found[name] = programme_of(document, quota, as_of, ended=ended)
        return dict(sorted(found.items()))


def _waves(programmes: Mapping[str, Programme]) -> tuple[tuple[str, ...], ...]:
    """Programmes by wave. Who waits for one that has ended is refused; those that wind up come first."""
    levels = waves({name: it.needs for name, it in programmes.items() if not it.ended})
    ended = [name for name, it in programmes.items() if it.ended]
    first = tuple(sorted([*(levels[0] if levels else ()), *ended]))
    return (first, *levels[1:]) if first else levels


def _winds_up(programme: Entry, as_of: dt.date) -> bool:
    """True in the quarter after a programme's last day: what is held of it is taken back, with a reason."""
    if "until" not in programme or in_force(programme, as_of):
        return False
    last = day(programme["name"], programme["until"])
    return last < as_of <= Quarter.of(last + ONE_DAY).last_day


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
    plain = _settled(kept, quotas)
    programmes: dict[str, Entry] = {}
    for place, document in programme_documents(plain).items():
        if document["name"] in programmes:
            raise RulesError(f"{place}: {document['name']} has a document already: one document per programme")
        programmes[document["name"]] = document
    for place, document in programme_documents(plain).items():
        checks.check_programme(place, document, {name: it["subject"] for name, it in programmes.items()})
    checks.check_register("register.yaml", plain["register.yaml"])
    check_series("score.yaml: models", plain["score.yaml"]["models"])
    checks.check_quotas(quotas, plain[quotas]["quotas"], programmes)
    checks.check_reasons("reasons.yaml", plain["reasons.yaml"]["reasons"], programmes)
    bundle = Bundle(scale=scale, documents=kept, settled=plain)
    # Between two days on which something begins or ends, everything stays as it is: so each of
    # these days stands for all that follow it, and a cycle on any day is found here.
    for first_day in sorted(_first_days(programmes.values())):
        bundle.at(first_day)
    return bundle


def _settled(kept: Mapping[str, Mapping[str, Any]], quotas: str) -> dict[str, Mapping[str, Any]]:
    """The documents as the switches stand, with what programmes bring of their own in its common place."""
    plain: dict[str, Mapping[str, Any]] = {
        name: settled(name, it) if name.startswith("programmes/") else it for name, it in kept.items()
    }
    numbers, texts = dict(plain[quotas]["quotas"]), dict(plain["reasons.yaml"]["reasons"])
    for place, programme in programme_documents(plain).items():
        own = programme.get("quotas", {})
        scale = quotas.removeprefix("quotas/").removesuffix(".yaml")
        if own and programme["name"] in numbers:
            raise RulesError(f"{place}: quotas: {quotas} has one of {programme['name']} too: keep one of them")
        if own and scale not in own:
            raise RulesError(f"{place}: quotas: none for {scale}: add it beside {', '.join(own)}")
        numbers |= {programme["name"]: own[scale]} if own else {}
        for code, text in programme.get("reasons", {}).items():
            if code in texts:
                raise RulesError(f"{place}: reasons.{code}: it has a text already: give this one another code")
            texts[code] = text
    plain[quotas] = {"quotas": numbers}
    plain["reasons.yaml"] = {"reasons": texts}
    return plain


def _first_days(programmes: Any) -> set[dt.date]:
    """Days on which a programme or one of its conditions begins, or the day after it ends, within programmes."""
    days: set[dt.date] = set()
    for programme in programmes:
        for entry in (programme, *programme["conditions"]):
            begin = max(entry["from"], programme["from"])
            days.add(day(programme["name"], begin))
            if "until" in entry:
                days.add(day(programme["name"], entry["until"]) + ONE_DAY)
        if "until" in programme:
            # and when it has wound up
            days.add(Quarter.of(day(programme["name"], programme["until"]) + ONE_DAY).last_day + ONE_DAY)
    return days


def programme_documents(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Those of the documents that are programmes, by their names as documents."""
    return {name: document for name, document in documents.items() if name.startswith("programmes/")}
