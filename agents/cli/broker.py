"""`dtsen broker`: the local Kafka broker."""

import json
import sys
import time

import click

from agents.broker import Broker, Status
from agents.settings import home_folder


@click.group()
def command() -> None:
    """Start and stop the local Kafka broker. Its data stay under .run/kafka."""


@command.command()
def start() -> None:
    """Start it unless it runs, and wait until it serves."""
    broker = Broker(home_folder())
    before = time.monotonic()
    already = broker.status().address is not None
    status = broker.start()
    click.echo(f"{_line(status)}{' already' if already else f', up in {time.monotonic() - before:.1f} s'}")


@command.command()
def stop() -> None:
    """Stop it. Data stay."""
    click.echo("The broker is stopped." if Broker(home_folder()).stop() else "The broker was not running.")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Say whether it runs, and where. Exit code 1 when it does not."""
    now = Broker(home_folder()).status()
    if as_json:
        click.echo(
            json.dumps(
                {"running": now.address is not None, "address": now.address, "pid": now.pid, "log": str(now.log)}
            )
        )
    else:
        click.echo(_line(now))
    if now.address is None:
        sys.exit(1)


def _line(status: Status) -> str:
    if status.address is None:
        return f"The broker is not running (log: {status.log}). Start it with `dtsen broker start`."
    return f"Apache Kafka serves at {status.address} (pid {status.pid}, log {status.log})"
