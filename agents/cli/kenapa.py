"""`dtsen kenapa NIK`: why somebody is on a list, or no longer, in plain Indonesian."""

import json
from pathlib import Path

import click

from agents.cli import settings
from agents.errors import OperatorError
from agents.kenapa.page import page
from agents.kenapa.telling import answered
from agents.kenapa.words import WORDS
from agents.kenapa.written import as_json as as_document
from agents.kenapa.written import text


@click.command()
@click.argument("nik")
@click.option("--english", is_flag=True, help="In English, in place of Indonesian.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, both languages.")
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one HTML page to print or to send, both languages; the NIK in it is masked.",
)
@click.option("--quarter", metavar="QUARTER", help="A sealed quarter, for example 2025-Q1; by default the last one.")
def command(nik: str, *, english: bool, as_json: bool, html: Path | None, quarter: str | None) -> None:
    """Why a person receives each programme, or does not.

    In plain Indonesian: what changed and by which event, rule, article, the values that were compared, how far it is,
    what can be corrected and where, the place among those who wait, and how to object.
    """
    found = answered(settings(), nik, quarter)
    if found is None:
        unknown = WORDS["unknown"]
        raise OperatorError(unknown.en if english else unknown.id)
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(page(found), encoding="utf-8")
        if not as_json:
            click.echo(f"Wrote {html}.")
    if as_json:
        click.echo(json.dumps(as_document(found)))
    elif html is None:
        for line in text(found, "en" if english else "id"):
            click.echo(line)
