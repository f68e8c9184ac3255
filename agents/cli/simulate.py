"""`dtsen simulate`: a believable kelurahan, sent to Kafka as its offices would, or written to a file."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import click

from agents.errors import OperatorError
from agents.progress import progress_bar
from agents.settings import Settings
from agents.simulator import SCALES, Simulation, simulate
from agents.simulator.container import write_container
from agents.simulator.quarters import Quarter
from agents.simulator.sending import send

WIB = timezone(timedelta(hours=7))
OFFERED = ("XS", "S")


@click.command()
@click.option(
    "--scale", default="XS", show_default=True, metavar="|".join(OFFERED), help="XS: 3,000 persons; S: 30,000."
)
@click.option("--quarters", default=4, show_default=True, type=click.IntRange(1, 40), help="How many quarters to live.")
@click.option("--from", "first", default="2025-Q1", show_default=True, help="The first quarter.")
@click.option("--only", help="Send only what arrives in this quarter (simulated as far as needed).")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Same seed, same bytes.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write an Avro file instead of sending.")
@click.option("--truth", type=click.Path(file_okay=False, path_type=Path), help="Also write what is true, as Parquet.")
def command(
    *, scale: str, quarters: int, first: str, only: str | None, seed: int, out: Path | None, truth: Path | None
) -> None:
    """Simulate a kelurahan of Jakarta and send its events to Kafka.

    With lateness, repetition, disorder, wrong deaths and their cancellation, and malformed events; all
    names and numbers are invented (NIK and cards begin with 3171 and 90 to 99).
    """
    chosen = _chosen(quarters, first, only)
    if scale not in SCALES:
        raise OperatorError(f"--scale {scale} is unknown: use {' or '.join(OFFERED)}.")
    simulation = simulate(scale, _reach(first, chosen[-1]), first, seed)
    if out is not None:
        written = write_container(out, (simulation.events(quarter) for quarter in chosen), seed)
        click.echo(f"{out}: {written:,} records of {', '.join(chosen)}; send them with `dtsen produce {out}`.")
    else:
        settings = Settings.from_environment()
        _refuse_the_future(chosen[-1])
        for quarter in chosen:
            _send(simulation, quarter, settings)
    for quarter in chosen if truth else []:
        simulation.truth(quarter).write(Path(truth or "."))
        click.echo(f"{truth}/{quarter}: what is true at its end.")


def _chosen(quarters: int, first: str, only: str | None) -> list[str]:
    """The quarters to send."""
    try:
        start = Quarter.parse(first)
        if only is None:
            return [str(start.plus(number)) for number in range(quarters)]
        wanted = Quarter.parse(only)
    except ValueError as error:
        raise OperatorError(f"{error}.") from None
    if wanted < start:
        raise OperatorError(f"--only {only} lies before --from {first}: choose a quarter from {first} on.")
    return [only]


def _refuse_the_future(quarter: str) -> None:
    """What is recorded later than the broker's clock is refused at the door, so it is not sent."""
    today = datetime.now(WIB).date()
    if Quarter.parse(quarter).last_day.astype(object) >= today:
        raise OperatorError(
            f"{quarter} is not over on {today}: the door refuses what is recorded in the future. "
            "Choose an earlier --from, or write a file with --out."
        )


def _reach(first: str, last: str) -> int:
    return Quarter.parse(last).index - Quarter.parse(first).index + 1


def _send(simulation: Simulation, quarter: str, settings: Settings) -> None:
    events = simulation.events(quarter)
    with progress_bar(f"{quarter} to Kafka", events.height) as advance:
        sent = send(events, settings, advance)
    truth = simulation.truth(quarter)
    planted = int(truth.planted["records"].sum())
    click.echo(
        f"{quarter}: {sum(sent.values()):,} records sent, among them {truth.late.height:,} late, "
        f"{int(truth.events['repeated'].sum()):,} repeated, {planted:,} malformed"
    )
    for topic, count in sorted(sent.items()):
        click.echo(f"  {topic:<28} {count:>8,}")
