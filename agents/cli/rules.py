"""`dtsen rules`: check rules files, show what is in force on a day, and compare two folders of them."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from agents.cli import _table
from agents.errors import OperatorError
from agents.rulebook import read_bundle, read_documents, scales
from streams.quarters import Quarter
from streams.rules import Bundle, Programme, Rules, RulesError, rules_hash
from streams.rules.differences import differences

FOLDER = click.Path(file_okay=False, path_type=Path)
rules_option = click.option("--rules", type=FOLDER, help="Folder of rules [default: packaged].")


@click.group()
def command() -> None:
    """Check the rules of the programmes, and see what they say. Needs no broker."""


@command.command()
@rules_option
@click.option("--on", "day", metavar="DAY", help="The day to show, like 2025-03-31 [default: end of this quarter].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(*, rules: Path | None, day: str | None, as_json: bool) -> None:
    """Check the rules, and show the programmes in force.

    They are loaded with every table of quotas; the first fault is told.
    """
    try:
        bundles = {scale: read_bundle(scale, rules) for scale in scales(rules)}
        on = _day(day)
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
        click.echo(f"hash with quotas {scale}: {rules_hash(bundle)[:16]}")


@command.command()
@click.argument("folder", type=FOLDER)
@click.option("--against", type=FOLDER, help="Folder to compare with [default: the packaged rules].")
def diff(*, folder: Path, against: Path | None) -> None:
    """What the rules in FOLDER say otherwise.

    + new, - gone, ~ changed; entries by their id and first day.
    """
    try:
        found = differences(read_documents(against), read_documents(folder))
    except RulesError as error:
        raise OperatorError(f"The rules cannot be compared. {error}.") from error
    for line in found or ["Nothing differs."]:
        click.echo(line)


def _programmes(rules: Rules) -> list[tuple[int, Programme]]:
    return [(wave, rules.programmes[name]) for wave, names in enumerate(rules.waves, start=1) for name in names]


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
    hashes = {scale: rules_hash(bundle) for scale, bundle in bundles.items()}
    return {"on": on.isoformat(), "programmes": programmes, "hashes": hashes}


def _day(text: str | None) -> dt.date:
    try:
        return Quarter.of(dt.date.today()).last_day if text is None else dt.date.fromisoformat(text)  # noqa: DTZ011 - the operator's own day
    except ValueError:
        raise OperatorError(f"{text!r} is no day: write it like 2025-03-31.") from None
