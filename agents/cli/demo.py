"""`dtsen demo`: the main job from end to end."""

from pathlib import Path

import click

from agents.cli import _table
from agents.demo import FIRST, Demo
from agents.settings import home_folder

NEXT = """
What to try next, with the demo's own data:
  export DTSEN_HOME={home}
  dtsen broker start              # the broker that the demo has stopped
  dtsen checkpoint show {last}    # books, cut points, seconds per step
  dtsen rejected list             # what the door refused, and why
  dtsen worker                    # the stages, in another terminal; then: dtsen status
The payers' lists lie in {home}/payers."""


@click.command()
@click.option(
    "--scale", default="S", show_default=True, type=click.Choice(["XS", "S"]), help="XS: 3,000 persons; S: 30,000."
)
@click.option(
    "--quarters",
    default=8,
    show_default=True,
    type=click.IntRange(1, 8),
    help=f"How many, from {FIRST} on; all of them have ended.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Same seed, same bytes.")
def command(scale: str, quarters: int, seed: int) -> None:
    """Let a synthetic kelurahan live through some quarters.

    On a real local Kafka; each quarter is sealed, and fetched as its payers do. Starts a broker and the four stages of
    its own in DTSEN_HOME/demo, and stops them at the end. Exit code 0 only if every quarter was sealed, the payers have
    verified it, and all is as the simulator knows it to be.
    """
    home: Path = home_folder() / "demo"
    demo = Demo(home, scale, quarters, seed, click.echo, _table.show)
    wrong = demo.run()
    if wrong:
        for sentence in wrong:
            click.echo(f"Not as it should be: {sentence}.", err=True)
        raise SystemExit(1)
    click.echo(NEXT.format(home=home, last=demo.last))
