"""The pages of the programmes (docs/rules): what each is, what changed on which day, and what is not in the rules."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agents.reference.markdown import code, table, text
from agents.rulebook import read_bundle, scales
from schemas.yaml_text import read_yaml
from streams.rules import Bundle
from streams.rules.bundle import programme_documents
from streams.rules.telling import HEADINGS, MARK, Line, document_at, source_of, tell

# The day for which pages say what is in force; of a programme that has ended before, its last day.
SHOWN_DAY = dt.date(2026, 12, 31)
KEY = re.compile(r"\\\[(S\d+)\\\]")
GAPS = Path(__file__).parent / "gaps.yaml"

INDEX = f"""# Programmes

What each programme asks, pays and serves, as the rules have it on {SHOWN_DAY}; for another day ask
`dtsen rules explain PROGRAMME --on DAY`. Whatever the sources say and the rules do not have stands in [Gaps](gaps.md).
How to add a programme: [Add or change a programme](../how-to/rule-author.md).
"""
GAPS_HEAD = """# Gaps

What the sources say about the programmes and the rules do not have, and why. What stands in the rules has its source
there: see the programme's page.
"""


def pages() -> dict[str, str]:
    """The text of every page of docs/rules, by the name of its file without `.md`."""
    bundles = {scale: read_bundle(scale) for scale in scales()}
    names = sorted(it["name"] for it in programme_documents(next(iter(bundles.values())).settled).values())
    made = {name.lower(): "\n".join(_programme(bundles, name)) for name in names}
    return {"README": "\n".join(_index(bundles, names)), "gaps": "\n".join(_gaps()), **made}


def _index(bundles: Mapping[str, Bundle], names: list[str]) -> Iterator[str]:
    yield INDEX
    rows = []
    for name in names:
        told = tell(bundles, name, _day(bundles, name))
        quota = next(it for it in told.sections["quota"] if it.text.en.startswith("nasional"))
        document = document_at(next(iter(bundles.values())), name, _day(bundles, name))
        rows.append(
            (
                f"[{text(told.title.en)}]({name.lower()}.md)", document["budget"], code(document["payer"]),
                document["subject"], text(quota.text.en.removeprefix("nasional: ").rstrip(".")),
                ", ".join(code(it["id"]) for it in document["switches"]) or "-",
            )
        )  # fmt: skip
    yield table(("programme", "budget", "payer", "for a", "national quota", "switches"), rows)
    yield "```{toctree}\n:hidden:\n\n" + "\n".join([*(name.lower() for name in names), "gaps"]) + "\n```\n"


def _day(bundles: Mapping[str, Bundle], name: str) -> dt.date:
    documents = programme_documents(next(iter(bundles.values())).settled).values()
    until = next(it for it in documents if it["name"] == name).get("until")
    return SHOWN_DAY if until is None else min(SHOWN_DAY, dt.date.fromisoformat(until))


def _programme(bundles: Mapping[str, Bundle], name: str) -> Iterator[str]:
    day = _day(bundles, name)
    told = tell(bundles, name, day)
    yield f"# {text(told.title.en)}\n\n*{text(told.title.id)}*, code {code(name)}. As of {day}.\n"
    for section, lines in told.sections.items():
        if lines:
            yield f"## {HEADINGS[section].en}\n"
            rows = [(_linked(it.text.id), _linked(it.text.en), _source(it)) for it in lines]
            yield table(("Indonesian", "English", "source"), rows)
    document = next(
        it for it in programme_documents(next(iter(bundles.values())).settled).values() if it["name"] == name
    )
    yield f"## Where to object\n\n{text(document['objection']['id'])}\\\n{text(document['objection']['en'])}\n"
    changed = sorted(_changes(document))
    if changed:
        yield "## What holds only for a time\n"
        yield table(("from", "until", "what", "value", "source"), changed)


def _source(line: Line) -> str:
    return " ".join(it for it in (_linked(line.source), f"*{MARK.en}*" if line.illustrative else "") if it) or "-"


def _linked(words: str) -> str:
    """Keys of sources lead to the list of them."""
    return KEY.sub(r"[\1](../sources.md)", text(words))


def _changes(document: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Entries that begin after the programme does, or end before it does."""
    series = [("", it) for it in document["conditions"]]
    series += [(name, it) for name, entries in document["amount"].items() for it in entries]
    series += [(name, it) for name in ("reactivation", "retroactive") for it in document.get(name, ())]
    for name, it in series:
        if it["from"] > document["from"] or it.get("until") != document.get("until"):
            value = it.get("value", it.get("rupiah_per_quarter", it.get("quarters")))
            yield it["from"], it.get("until", ""), code(it.get("id", name)), text(value), _linked(source_of(it)) or "-"


def _gaps() -> Iterator[str]:
    yield GAPS_HEAD
    for part in read_yaml(GAPS.read_text(encoding="utf-8"))["gaps"]:
        yield f"## {text(part['about'])}\n"
        rows = [(text(it["what"]), _linked(it["source"]), _linked(it["why"])) for it in part["gaps"]]
        yield table(("what the sources say", "source", "why it is not in the rules"), rows)
