"""`dtsen produce FILE`: sends what `dtsen simulate --out FILE` has written."""

from __future__ import annotations

from pathlib import Path

import click

from agents.errors import OperatorError
from agents.progress import progress_bar
from agents.settings import Settings
from agents.simulator.container import read_container
from agents.simulator.sending import send_all


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Send the records of an Avro FILE to Kafka.

    FILE is what `dtsen simulate --out FILE` has written; its records are sent in the order of the file.
    """
    settings = Settings.from_environment()
    try:
        with progress_bar(f"{file.name} to Kafka", None) as advance:
            sent = send_all(read_container(file), settings, advance)
    except ValueError as error:
        raise OperatorError(str(error)) from None
    click.echo(f"{sum(sent.values()):,} records sent")
    for topic, count in sorted(sent.items()):
        click.echo(f"  {topic:<28} {count:>8,}")
