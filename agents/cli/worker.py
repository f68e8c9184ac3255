"""`dtsen worker`: run stages."""

import asyncio
import dataclasses
import sys

import click

from agents import logs
from agents.cli import settings
from agents.keeper import read_journal
from agents.supervisor import STAGES, Supervisor


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...", type=click.Choice(STAGES))
@click.option(
    "--log", type=click.Choice(["plain", "json"]), help="How to write the log [default: DTSEN_LOG, or plain]."
)
def command(stages: tuple[str, ...], log: str | None) -> None:
    """Run the stages until SIGTERM or Ctrl-C.

    Each runs in a process of its own. Without STAGE, all: intake, register, families, checkpoints, integrity. A
    stage that ends is started again.
    """
    here = settings()
    if log is not None:
        here = dataclasses.replace(here, log=log)
    logs.configure(here.log, "worker")
    # The log is read once: what is said in a sentence when broker or topics are not there, stages would say for ever.
    sys.exit(Supervisor(here, stages or STAGES).run(lambda: asyncio.run(read_journal(here))))
