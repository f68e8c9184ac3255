"""*Kenapa* as text in one language, and as JSON in both."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from agents.kenapa.telling import Answered, Told
from agents.kenapa.words import ACTIONS, LANGUAGES, STATES, WORDS, capital, quarter_text
from agents.logs import mask
from agents.naming import event_name
from agents.people import plain_value
from streams.changes.reasons import TEXTS
from streams.reasons import UNKNOWN, day_text, filled
from streams.rules import Rules, Text


def text(it: Answered, language: str) -> list[str]:
    """What a person reads; `language` is id or en."""

    def say(said: Text) -> str:
        spoken: str = getattr(said, language)
        return spoken

    lines = [say(WORDS["store"]), ""] if it.by == "store" else []
    decision = filled(WORDS["decision"], triwulan=quarter_text(it.quarter)) if it.quarter else Text("-", "-")
    lines.append(f"NIK {mask(it.nik)} · {say(decision)}")
    if not it.programmes:
        lines += ["", say(WORDS["ended" if it.was_ever_decided else "none"])]
    for one in it.programmes:
        lines += ["", say(one.programme.title), *(f"  {line}" for line in _lines(one, language))]
    if it.claims:
        lines += ["", f"{say(WORDS['claims'])}:", *(f"  {say(line)}" for line in claim_texts(it))]
    if it.history:
        lines += ["", f"{say(WORDS['history'])}:", *(f"  {say(line)}" for line in history_texts(it))]
    return lines


def _lines(one: Told, language: str) -> list[str]:
    def say(said: Text) -> str:
        spoken: str = getattr(said, language)
        return spoken

    lines = one.explanation.lines(language)
    objection = [lines.pop()] if one.explanation.objection else []
    for failure in [it for it in one.explanation.failures[:1] if it.value != UNKNOWN]:
        lines.append(f"{say(WORDS['value'])}: {say(failure.value)} ({say(WORDS['limit'])}: {say(failure.threshold)}).")
    for name, texts in (("changed", one.changed), ("far", one.far), ("turn", one.turn), ("correct", one.correct)):
        if texts:
            lines.append(f"{say(WORDS[name])}: {' '.join(say(it) for it in texts)}")
    lines += objection
    lines += [f"{say(WORDS['event'])}: {' '.join(say(part) for part in event.texts())}" for event in one.events]
    return lines


def claim_texts(it: Answered) -> list[Text]:
    """Some sentences per objection or report: how it stands, until when it is decided or when it was, its number."""
    told = []
    for claim in it.claims:
        programme = it.rules.programmes.get(claim.programme)
        title = programme.title if programme else Text(claim.programme, claim.programme)
        parts = {"jenis": claim.kind, "bantuan": title, "hari": day_text(claim.on), "status": claim.status}
        sentences = [filled(WORDS["claim"], **parts)]
        if not claim.timely:
            sentences.append(WORDS["claim_late"])
        if claim.decided_on:
            sentences.append(filled(WORDS["claim_decided"], hari=day_text(claim.decided_on)))
        elif claim.deadline:
            sentences.append(filled(WORDS["claim_deadline"], hari=day_text(claim.deadline)))
        sentences.append(filled(WORDS["claim_number"], nomor=Text(claim.case, claim.case)))
        told.append(Text(" ".join(it.id for it in sentences), " ".join(it.en for it in sentences)))
    return told


def history_texts(it: Answered) -> list[Text]:
    """One line per published line of another quarter, with its reason."""
    told = []
    for line in it.history:
        programme = it.rules.programmes.get(line["programme"])
        title = programme.title if programme else Text(line["programme"], line["programme"])
        quarter = capital(quarter_text(line["quarter"]))
        past = filled(WORDS["past"], Triwulan=quarter, bantuan=title, kejadian=ACTIONS[line["action"]])
        why = reason_text(line, it.rules)
        told.append(Text(f"{past.id} {why.id}", f"{past.en} {why.en}"))
    return told


def reason_text(line: Mapping[str, Any], rules: Rules) -> Text:
    """The reason of a published line, with the value that it published."""
    said = rules.reasons.get(line["reason"]) or TEXTS.get(line["reason"]) or Text("", "")
    values = [it["value"] for it in line["values"] or []]
    value = values[0] if values else "-"
    programme = rules.programmes.get(line["programme"])
    limits = [it.value for it in (programme.conditions if programme else ()) if it.reason == line["reason"]]
    limit = str(limits[0]) if limits else "-"
    return filled(said, nilai=Text(value, value), batas=Text(limit, limit))


def as_json(it: Answered) -> dict[str, Any]:
    """The same for programs, both languages; the NIK whole, as it was asked."""
    return {
        "nik": it.nik,
        "quarter": it.quarter,
        "by": it.by,
        "reference": it.reference,
        "programmes": [_programme(one) for one in it.programmes],
        "claims": [
            {**_plain(asdict(claim)), "text": asdict(said)}
            for claim, said in zip(it.claims, claim_texts(it), strict=True)
        ],
        "history": [asdict(said) for said in history_texts(it)],
    }


def _programme(one: Told) -> dict[str, Any]:
    outlook, place = one.outlook, one.position
    # Another member's private event is told without its name: the code of its sender says what it is about.
    hidden = {event.cause for event in one.events if event.name is None}
    return {
        **_plain(asdict(one.explanation)),
        "lines": {language: one.explanation.lines(language) for language in LANGUAGES},
        "causes": [event_name(cause) for cause in one.explanation.causes if cause not in hidden],
        "title": asdict(one.programme.title),
        "action": one.action,
        "state": one.state,
        "state_text": asdict(STATES[one.state]),
        "changed": {
            "texts": [asdict(said) for said in one.changed],
            "differences": [
                {"why": it.why.value, "condition": it.now.condition.id if it.now else None, "turned": it.turned,
                 "events": [event_name(event) for event in it.events if event not in hidden]}
                for it in one.since
            ],
        },
        "far": [asdict(said) for said in one.far],
        "correct": {
            "texts": [asdict(said) for said in one.correct],
            "facts": [turn.fact for turn in outlook.turns] if outlook else [],
            "items": [item.column for turn in outlook.turns for item in turn.items] if outlook else [],
            "verdict": outlook.verdict if outlook else None,
            "stuck": [found.condition.id for found in outlook.stuck] if outlook else [],
        },
        "turn": {"texts": [asdict(said) for said in one.turn], **(asdict(place) if place else {})},
        "events": [
            {
                "event": event.name,
                "what": asdict(event.what),
                "own": event.own,
                "producer": event.producer,
                "effective_on": plain_value(event.effective_on),
                "recorded_on": plain_value(event.recorded_on),
                "received_at": plain_value(event.received_at),
                "is_new": event.is_new,
            }
            for event in one.events
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return plain_value(value)
