"""`dtsen topics`: what the cluster should hold, and whether it does."""

import json
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from agents import asyncapi, provisioning, topics
from agents.cli import _table, settings
from agents.errors import OperatorError


@click.group()
def command() -> None:
    """Create the register's topics, and compare them with the list."""


@command.command()
@click.option("--yes", is_flag=True, help="Also mend settings, and add partitions to event topics.")
def apply(yes: bool) -> None:
    """Create missing topics. Nothing is deleted."""
    here = settings()
    wanted = topics.topics(here)
    with provisioning.admin_client(here) as client:
        done = provisioning.apply(client, wanted, yes=yes)
    click.echo(f"{len(done.created)} topics created, {len(wanted) - len(done.created)} were there.")
    for change in done.changed:
        click.echo(f"{change.topic}: {change.what} is now {change.wanted} (was {change.found})")
    for left in done.left:
        click.echo(f"{left.topic}: {left.what} is {left.found}, should be {left.wanted}; {_advice(left, yes=yes)}")
    if done.left:
        sys.exit(1)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(as_json: bool) -> None:
    """Show where the cluster differs from the list. Exit code 1 when it does."""
    here = settings()
    with provisioning.admin_client(here) as client:
        found = provisioning.drift(client, topics.topics(here))
    if as_json:
        click.echo(json.dumps([asdict(difference) for difference in found]))
    elif found:
        _table.show(("topic", "what", "wanted", "found"), [(d.topic, d.what, d.wanted, d.found) for d in found])
    else:
        click.echo("The cluster holds what the list says.")
    if found:
        sys.exit(1)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def describe(as_json: bool) -> None:
    """Show the list of topics.

    With partitions, how long each is kept, and what for.
    """
    wanted = topics.topics(settings())
    if as_json:
        click.echo(
            json.dumps([{"name": t.name, "partitions": t.partitions, "purpose": t.purpose, **t.config} for t in wanted])
        )
        return
    rows = [
        (t.name, t.partitions, _kept(t.retention), "append" if t.append_time else "sender", t.purpose) for t in wanted
    ]
    _table.show(("topic", "partitions", "kept", "time by", "what for"), rows)


@command.command("asyncapi")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write to this file instead of the terminal.",
)
def as_asyncapi(out: Path | None) -> None:
    """Describe topics and messages as AsyncAPI 3.0.

    As YAML, without a realm. Needs no broker.
    """
    text = asyncapi.as_yaml()
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{out} cannot be written ({error.strerror}): choose another file") from error
    click.echo(f"Wrote {out}.")


def _kept(retention: timedelta | None) -> str:
    return "for ever" if retention is None else f"{retention.days} days"


def _advice(left: provisioning.Drift, *, yes: bool) -> str:
    if left.what == "partitions" and yes:
        return "its keys choose partitions, so persons would move: it takes a new realm and a copy"
    return "`dtsen topics apply --yes` mends it where that moves nobody"
