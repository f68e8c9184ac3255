"""`dtsen kenapa NIK`: why somebody is on a list, or no longer, in plain Indonesian."""

import json

import click

from agents.asking import ask_about
from agents.cli import settings
from agents.errors import OperatorError
from agents.explaining import WORDS, explanations, is_known, text
from agents.explaining import as_json as told


@click.command()
@click.argument("nik")
@click.option("--english", is_flag=True, help="In English, in place of Indonesian.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, both languages.")
def command(nik: str, *, english: bool, as_json: bool) -> None:
    """Why a person receives each programme, or does not.

    In plain Indonesian: rule, article, the values that were compared, the events behind them, and how to object.
    """
    asked = ask_about(settings(), nik)
    if not is_known(asked):
        raise OperatorError(WORDS["en" if english else "id"]["unknown"])
    found = explanations(asked)
    if as_json:
        said = {"nik": nik, "quarter": asked.quarter, "by": asked.by, "programmes": told(asked, found)}
        click.echo(json.dumps(said))
        return
    for line in text(asked, found, "en" if english else "id"):
        click.echo(line)
