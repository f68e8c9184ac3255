"""`dtsen rules`: check rules, show and explain a programme on a day, and compare two sets of rules."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from agents.cli import _table
from agents.errors import OperatorError
from agents.rulebook import read_bundle, read_documents, scales
from streams.quarters import Quarter
from streams.rules import Bundle, Programme, Rules, RulesError
from streams.rules.differences import differences
from streams.rules.telling import Told, document_at, quotas_at, source_of, tell, words_of

RULES = click.Path(path_type=Path)
rules_option = click.option(
    "--rules", type=RULES, help="A folder of rules, or one file laid over those of this release [default: these]."
)
day_option = click.option("--on", "day", metavar="DAY", help="Like 2025-03-31 [default: the end of this quarter].")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Check the rules of the programmes, and see what they say. Needs no broker."""


@command.command()
@rules_option
@day_option
@json_option
def check(*, rules: Path | None, day: str | None, as_json: bool) -> None:
    """Check the rules, and show the programmes in force.

    They are loaded with every table of quotas; the first fault is told.
    """
    on = _day(day)
    bundles = _bundles(rules)
    try:
        known = {scale: bundle.at(on) for scale, bundle in bundles.items()}
    except RulesError as error:
        raise OperatorError(f"The rules cannot be used. {error}.") from error
    if as_json:
        click.echo(json.dumps(_plain(on, bundles, known)))
        return
    some = next(iter(known.values()))
    click.echo(f"The rules are sound. In force on {on}:")
    header = ("programme", "wave", "payer", "for", "due", "conditions", *(f"quota {scale}" for scale in known))
    rows = [
        (
            *(it.name, wave, it.payer, it.subject, "yes" if it.due else "no", len(it.conditions)),
            *(each.programmes[it.name].quota for each in known.values()),
        )
        for wave, it in _programmes(some)
    ]
    _table.show(header, rows)
    for scale, bundle in bundles.items():
        click.echo(f"hash with quotas {scale}: {bundle.rules_hash[:16]}")


@command.command()
@click.argument("programme")
@rules_option
@day_option
@json_option
def show(*, programme: str, rules: Path | None, day: str | None, as_json: bool) -> None:
    """Every value of PROGRAMME on a day, with its source.

    Facts, operators, amounts, quotas and switches, as the register computes with them.
    """
    on, bundles, name = _day(day), _bundles(rules), programme.upper()
    try:
        document = document_at(next(iter(bundles.values())), name, on)
        quotas = quotas_at(bundles, name, on)
    except RulesError as error:
        raise OperatorError(f"{error}.") from error
    if as_json:
        click.echo(json.dumps({"on": on.isoformat(), **document, "quotas": quotas}, ensure_ascii=False))
        return
    click.echo(f"{name} on {on}: {document['title']['en']}")
    click.echo(f"payer {document['payer']}, budget {document['budget']}, for a {document['subject']}")
    _table.show(("condition", "fact", "operator", "value", "if unknown", "source"), _conditions(document))
    _table.show(("amount", "rupiah for three months", "source"), _amounts(document))
    _table.show(("quota", "places", "source"), [(scale, it["value"], _source(it)) for scale, it in quotas.items()])
    if document["switches"]:
        rows = [
            (it["id"], choice["id"], "in use" if choice["id"] == it["chosen"][0]["choice"] else "", _source(choice))
            for it in document["switches"]
            for choice in it["choices"]
        ]
        _table.show(("switch", "choice", "", "source"), rows)


@command.command()
@click.argument("programme")
@rules_option
@day_option
@json_option
def explain(*, programme: str, rules: Path | None, day: str | None, as_json: bool) -> None:
    """PROGRAMME on a day in plain sentences, Indonesian and English.

    Who receives, who does not, how much, when, how many, by which source; what is illustrative, and what the sources
    leave open.
    """
    on, bundles = _day(day), _bundles(rules)
    try:
        told = tell(bundles, programme.upper(), on)
    except RulesError as error:
        raise OperatorError(f"{error}.") from error
    if as_json:
        click.echo(json.dumps(_sections(told), ensure_ascii=False))
        return
    click.echo("\n".join([*told.lines("id"), "", *told.lines("en")]))


@command.command()
@click.argument("before", type=RULES)
@click.argument("after", type=RULES)
@json_option
def diff(*, before: Path, after: Path, as_json: bool) -> None:
    """What the rules AFTER say otherwise than the rules BEFORE.

    Each is a folder, or one file laid over the rules of this release. + new, - gone, ~ changed; entries by their id
    and first day.
    """
    try:
        found = differences(read_documents(before), read_documents(after))
    except RulesError as error:
        raise OperatorError(f"The rules cannot be compared. {error}.") from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in found or ["Nothing differs."]:
        click.echo(line)


def _bundles(rules: Path | None) -> dict[str, Bundle]:
    try:
        return {scale: read_bundle(scale, rules) for scale in scales(rules)}
    except RulesError as error:
        raise OperatorError(f"The rules cannot be used. {error}.") from error


def _programmes(rules: Rules) -> list[tuple[int, Programme]]:
    return [(wave, rules.programmes[name]) for wave, names in enumerate(rules.waves, start=1) for name in names]


def _source(entry: Any) -> str:
    return source_of(entry) + ("" if "reference" in entry else " (illustrative)")


def _conditions(document: Any) -> list[tuple[str, ...]]:
    return [
        (
            *(it["id"], it["fact"], it["operator"], words_of(it["operator"], it["value"]).en),
            *(it["when_unknown"], _source(it)),
        )
        for it in document["conditions"]
    ]


def _amounts(document: Any) -> list[tuple[Any, ...]]:
    return [
        (it.get("id", name), it.get("rupiah_per_quarter", it.get("value")), _source(it))
        for name, series in document["amount"].items()
        for it in series
    ]


def _sections(told: Told) -> dict[str, Any]:
    sections = {
        name: [
            {"id": it.text.id, "en": it.text.en, "source": it.source, "illustrative": it.illustrative} for it in lines
        ]
        for name, lines in told.sections.items()
    }
    title = {"id": told.title.id, "en": told.title.en}
    return {"programme": told.name, "on": told.on.isoformat(), "title": title, **sections}


def _plain(on: dt.date, bundles: dict[str, Bundle], known: dict[str, Rules]) -> dict[str, Any]:
    some = next(iter(known.values()))
    programmes = [
        {
            "name": it.name,
            "wave": wave,
            "payer": it.payer,
            "subject": it.subject,
            "due": it.due,
            "conditions": [condition.id for condition in it.conditions],
            "quotas": {scale: each.programmes[it.name].quota for scale, each in known.items()},
        }
        for wave, it in _programmes(some)
    ]
    hashes = {scale: bundle.rules_hash for scale, bundle in bundles.items()}
    return {"on": on.isoformat(), "programmes": programmes, "hashes": hashes}


def _day(text: str | None) -> dt.date:
    try:
        return Quarter.of(dt.date.today()).last_day if text is None else dt.date.fromisoformat(text)  # noqa: DTZ011 - the operator's own day
    except ValueError:
        raise OperatorError(f"{text!r} is no day: write it like 2025-03-31.") from None
