"""The page of all codes that people and programs meet: refusals, verdicts, actions, reasons, books."""

import datetime as dt
from collections.abc import Iterator

from agents.reference.markdown import beside, code, codes, table, text
from agents.rulebook import read_bundle
from schemas.limits import Refusal
from schemas.registry import contracts
from streams.books.balance import ADVICE
from streams.changes.reasons import TEXTS
from streams.door.codes import Code
from streams.door.order import checks_of
from streams.programmes.decide import Verdict
from streams.reasons import ACTIONS, VERDICTS
from streams.retroactive import TEXTS as TEXTS_OF_ADJUSTMENTS
from streams.rules import Programme, Text

INTRODUCTION = """# Codes

Codes are interface: they are never renamed and never reused, and programs may rely on them. Sentences may get better.

## Refusals

Why the door refuses an event, in the order in which it looks: an event with several faults is refused for the first.
`{field}` is the dotted path of the field, `{value}` the masked value.
"""
BYTES_SECTIONS = ("framing", "bytes")  # found while a record is read, in any event and field

# The rules of every day are one set; the page shows which of them give a reason on a day on which all are in force.
SHOWN_DAY = dt.date(2026, 12, 31)


def page() -> str:
    """docs/reference/codes.md."""
    return "\n".join([INTRODUCTION, *_refusals(), *_verdicts(), *_reasons(), *_books()])


def _refusals() -> Iterator[str]:
    where = _where()
    section = ""
    for name, (titled, _) in beside(Code).items():
        if titled != section:
            section = titled
            yield f"### {section[0].upper()}{section[1:]}\n"
        yield _refusal(Code[name], "" if titled in BYTES_SECTIONS else where[name])
    yield "### Limits of single fields\n\nGiven by the schema of the event type.\n"
    for it in contracts().refusals.values():
        yield _refusal(it, where[it.name])


def _refusal(it: Code | Refusal, where: str) -> str:
    found = f"\\\nFound in: {where}." if where else ""
    return f"#### {it.name}\n\n{text(it.indonesian)}\\\n{text(it.english)}{found}\n"


def _where() -> dict[str, str]:
    """Code -> the fields in which it is found, with the event types, if it is not all of them."""
    known = contracts()
    fields: dict[str, dict[str, list[str]]] = {}
    for event in known.events:
        for check in checks_of(event, list(known.producers_by_code.values()), known.refusals):
            events = fields.setdefault(check.code.name, {}).setdefault(check.field, [])
            if event.name not in events:
                events.append(event.name)
    return {
        name: "; ".join(
            code(field) if len(events) == len(known.events) else f"{code(field)} ({', '.join(map(text, events))})"
            for field, events in found.items()
        )
        for name, found in fields.items()
    }


def _verdicts() -> Iterator[str]:
    yield "## Verdicts\n\nWhat is answered about one person and one programme, and what the person reads.\n"
    meanings = beside(Verdict)
    rows = [(it.value, meanings[it.name][1] or "a condition is not met", VERDICTS[it.value]) for it in Verdict]
    yield table(
        ("verdict", "meaning", "Indonesian", "English"),
        [(code(name), text(meaning), text(said.id), text(said.en)) for name, meaning, said in rows],
    )
    yield "## Actions\n\nWhat a published change says, and what the person reads.\n"
    yield table(
        ("action", "Indonesian", "English"), [(code(name), text(it.id), text(it.en)) for name, it in ACTIONS.items()]
    )


def _reasons() -> Iterator[str]:
    yield (
        "## Reasons\n\nWhy an answer or a change is as it is. `{nilai}` is the value found, `{batas}` the limit.\n"
        "*Given by* names the programme's condition; a dash means that the register gives it by itself.\n"
    )
    rules = read_bundle("nasional").at(SHOWN_DAY)
    texts: dict[str, Text] = {**TEXTS, **TEXTS_OF_ADJUSTMENTS, **rules.reasons}
    givers: dict[str, list[str]] = {}
    for programme in rules.programmes.values():
        for reason, giver in _given(programme):
            givers.setdefault(reason, []).append(giver)
    header = ("reason", "Indonesian", "English", "given by")
    yield table(
        header,
        [(code(name), text(it.id), text(it.en), codes(givers.get(name, []))) for name, it in sorted(texts.items())],
    )


def _given(programme: Programme) -> Iterator[tuple[str, str]]:
    for condition in programme.conditions:
        yield condition.reason, f"{programme.name}:{condition.id}"


def _books() -> Iterator[str]:
    yield "## Books\n\nWhat must balance before a quarter is sealed, and what to do when it does not.\n"
    yield table(("book", "when it does not balance"), [(code(name), text(it) or "-") for name, it in ADVICE.items()])
