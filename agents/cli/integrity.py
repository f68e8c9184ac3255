"""`dtsen integrity`: what is improbable about officers' visits, and what a supervisor makes of it."""

import json

import click

from agents.cli import _table
from agents.simulator.campaigns import campaign_of, score


@click.group()
def command() -> None:
    """Look at the visits of field officers, and set results aside."""


@command.command()
@click.option("--officers", default=300, show_default=True, type=click.IntRange(6), help="How many officers.")
@click.option(
    "--dishonest", default=0.2, show_default=True, type=click.FloatRange(0, 1), help="Share of them who cheat."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Another seed, another campaign.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(officers: int, dishonest: float, seed: int, *, as_json: bool) -> None:
    """How well the findings name those who cheat.

    A simulated campaign with about 300 families per officer, in kelurahan from poor to well-off, is judged by the
    limits in force, and compared with what was planted. Needs no broker.
    """
    result = score(campaign_of(officers, seed, dishonest))
    figures = {
        "precision": round(result.precision, 3),
        "recall": round(result.recall, 3),
        "honest_in_poor_areas": result.honest_poor,
        "of_them_with_a_finding": result.honest_poor_flagged,
    }
    if as_json:
        click.echo(json.dumps({**figures, "conducts": result.kinds.to_dicts()}))
        return
    _table.show(("conduct", "officers", "with a finding", "with its own"), result.kinds.rows())
    click.echo(f"\nPrecision {result.precision:.3f}: of the officers with a finding, so many cheat.")
    click.echo(f"Recall {result.recall:.3f}: of those who cheat, so many have a finding.")
    click.echo(
        f"Of {result.honest_poor} honest officers in poor kelurahan, {result.honest_poor_flagged} have a finding."
    )
