"""`dtsen status`: stages, lag, freshness, rejects, and what a run waits for."""

import asyncio
import json
from typing import Any

import click

from agents.cli import _table, settings
from agents.standing import standing


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, as_json: bool) -> None:
    """How the register stands.

    Which stages run, how far behind they are, what was refused, and what an open run waits for.
    """
    said = asyncio.run(standing(settings()))
    if as_json:
        click.echo(json.dumps(said))
        return
    _table.show(("stage", "state", "partitions", "lag", "newest record", "works on"), map(_stage, said["stages"]))
    behind = [(it["topic"], it["partition"], it["lag"]) for it in said["lag"] if it["lag"]]
    if behind:
        click.echo("\nNot yet read:")
        _table.show(("topic", "partition", "records"), behind)
    rejected = said["rejected"]
    total = sum(it["records"] for it in rejected)
    click.echo(f"\nRefused at the door: {total:,} records" + (", by code:" if rejected else "."))
    if rejected:
        _table.show(("code", "records"), [(it["code"], it["records"]) for it in rejected])
    click.echo(f"\nSealed: {', '.join(said['sealed']) or 'no quarter yet'}.")
    click.echo(f"The run: {said['waits_for']}.")


def _stage(it: dict[str, Any]) -> tuple[object, ...]:
    partitions = ",".join(map(str, it["partitions"]))
    return it["stage"], it["state"], partitions or "-", it["lag"], it["newest_record"] or "-", it["works_on"] or "-"
