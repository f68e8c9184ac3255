"""`dtsen person NIK`: what the register knows of one person, now."""

import json

import click

from agents.asking import ask_about
from agents.cli import settings
from agents.errors import OperatorError

# Shown first, in this order; what is null is left out.
SHOWN = ("nama", "status", "birth_date", "sex", "no_kk", "relation", "kelurahan", "address", "phase", "skpwni",
         "departed_on", "died_on", "occupation")  # fmt: skip


@click.command()
@click.argument("nik")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(nik: str, *, as_json: bool) -> None:
    """What the register knows of a person now, and from which facts.

    It is up to date within seconds of each event.
    """
    asked = ask_about(settings(), nik)
    said = asked.said
    if as_json:
        click.echo(json.dumps({**said, "by": asked.by, "quarter": asked.quarter}))
        return
    if said["person"] is None:
        raise OperatorError(f"No event about {nik} was accepted yet.")
    if asked.by == "store":
        click.echo("No worker runs: this is what its store held when it stopped.")
    for name in SHOWN:
        if said["person"][name] is not None:
            click.echo(f"{name:<12} {said['person'][name]}")
    click.echo(f"\n{len(said['facts'])} facts, in the order in which they were recorded:")
    for fact in said["facts"]:
        kind = "" if fact["kind"] == "STATE" else f" ({fact['kind'].lower()})"
        what = f"{fact['event_type']}{kind}, true from {fact['effective_on']}"
        click.echo(f"  {fact['recorded_at'][:16]}  {what}, {fact['event']}")
    click.echo(f"\nHeld after {asked.quarter or 'no quarter yet'}:")
    for line in said["holdings"]:
        click.echo(f"  {line['programme']:<8} {line['state']:<6} Rp{line['amount_rupiah']:,} since {line['since']}")
    if not said["holdings"]:
        click.echo("  nothing")
    click.echo(f"\nWhy: dtsen kenapa {nik}")
