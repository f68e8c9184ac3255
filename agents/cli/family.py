"""`dtsen family NO_KK`: who is on a card now, and how the family stands."""

import json
from typing import Any

import click

from agents.asking import Family, ask_about_card
from agents.cli import _table, settings
from agents.errors import OperatorError
from agents.logs import mask
from schemas.codes import SHDK


@click.command()
@click.argument("no_kk")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(no_kk: str, *, as_json: bool) -> None:
    """Who is on a family card now, and the family's desil.

    NO_KK is the number of the card. The desil is that of the last sealed quarter.
    """
    family = ask_about_card(settings(), no_kk)
    if as_json:
        click.echo(json.dumps({"no_kk": no_kk, "by": family.by, "quarter": family.quarter, "people": family.people}))
        return
    if not family.people:
        raise OperatorError(f"Nobody is on card {no_kk} now; a person's present card is shown by `dtsen person NIK`.")
    if family.by == "store":
        click.echo("No worker runs: this is what its stores held when it stopped.")
    rows = [_row(it) for it in family.people]
    _table.show(("nik", "name", "relation", "status", "born", "holds"), rows)
    click.echo(f"\n{_standing(family)}")


def _row(it: dict[str, Any]) -> tuple[object, ...]:
    person = it["person"]
    held = ", ".join(f"{line['programme']}{'' if line['state'] == 'ACTIVE' else ' (held)'}" for line in it["holdings"])
    relation = SHDK.get(person["relation"], "-")
    return mask(it["nik"]), person["nama"] or "-", relation, person["status"], person["birth_date"] or "-", held or "-"


def _standing(family: Family) -> str:
    answer = next((a for it in family.people if (a := it["answer"]) and a["quarter"] == family.quarter), None)
    if family.quarter is None or answer is None:
        return "No quarter was sealed with this family yet."
    if answer["desil"] is None:
        return f"{family.quarter}: {answer['family_status']}, without a desil."
    return f"{family.quarter}: desil {answer['desil']}, score Rp{answer['score']:,} a head and month (illustrative)."
