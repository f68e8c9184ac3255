"""`dtsen simulate`: a believable kelurahan, or all of Jakarta, sent to Kafka as its offices would, or to a file."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agents.clients.connecting import connect
from agents.errors import OperatorError
from agents.progress import progress_bar
from agents.settings import Settings
from agents.simulator import SCALES, Piece, pieces, simulate_piece
from agents.simulator.comparison import counted
from agents.simulator.container import write_container
from agents.simulator.identity import NumbersUsedUpError
from agents.simulator.lists import PROFILES, lists_of
from agents.simulator.page import page
from agents.simulator.quarters import Quarter
from agents.simulator.scenarios.mixing import NoLifeFitsError
from agents.simulator.sending import send_all
from agents.simulator.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agents.simulator import Simulation

WIB = timezone(timedelta(hours=7))
OFFERED = ("XS", "S", "M", "L")


@click.group(invoke_without_command=True)
@click.option(
    "--scale",
    default="XS",
    show_default=True,
    metavar="|".join(OFFERED),
    help="XS: 3,000 persons; S: 30,000; M: 260,000, a kecamatan; L: Jakarta, 11 million. M and L are made piece by "
    "piece, a kelurahan each.",
)
@click.option("--quarters", default=4, show_default=True, type=click.IntRange(1, 40), help="How many quarters to live.")
@click.option("--from", "first", default="2025-Q1", show_default=True, metavar="QUARTER", help="The first quarter.")
@click.option("--only", metavar="QUARTER", help="Send only what arrives in this quarter (simulated as far as needed).")
@click.option("--kelurahan", multiple=True, metavar="CODE", help="Of M and L, only these kelurahan; may be repeated.")
@click.option("--scenarios", is_flag=True, help="Mix in the scripted lives, which begin in 2024-Q4 and 2025-Q1.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Same seed, same bytes.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write an Avro file instead of sending.")
@click.option("--truth", type=click.Path(file_okay=False, path_type=Path), help="Also write what is true, as Parquet.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    scale: str,
    quarters: int,
    first: str,
    only: str | None,
    kelurahan: tuple[str, ...],
    scenarios: bool,
    seed: int,
    out: Path | None,
    truth: Path | None,
) -> None:
    """Simulate people of Jakarta, and send their events to Kafka.

    A kelurahan or more. With lateness, repetition, disorder, wrong deaths and their cancellation, and malformed events;
    all names and numbers are invented (NIK and cards begin with 3171 and 90 to 99).
    """
    if ctx.invoked_subcommand is not None:
        return
    chosen, wanted = _chosen(quarters, first, only), _wanted(scale, kelurahan)
    reach = Quarter.parse(chosen[-1]).index - Quarter.parse(first).index + 1
    settings = None
    if out is None:
        _refuse_the_future(chosen[-1])
        settings = Settings.from_environment()
        connect(settings, "dtsen-simulator").close()  # a missing broker is said before an hour's work
    # What is made waits on disk, beside the file or in the register's home: compressed, about
    # 1 MB per 10,000 persons and year.
    beside = Settings.from_environment().home if out is None else out.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dtsen-simulate-", dir=beside) as folder:
        spool = Spool(Path(folder), chosen, with_truth=truth is not None)
        _fill(spool, wanted, lambda piece: simulate_piece(scale, piece, reach, first, seed, scenarios=scenarios))
        if settings is not None:
            for quarter in chosen:
                _send(spool, quarter, settings)
        elif out is not None:
            written = write_container(out, (frame for quarter in chosen for frame in spool.frames(quarter)), seed)
            click.echo(f"{out}: {written:,} records of {', '.join(chosen)}; send them with `dtsen produce {out}`.")
        for quarter in chosen if truth else []:
            spool.write_truth(quarter, Path(truth or "."))
            click.echo(f"{truth}/{quarter}: what is true at its end.")


@command.command
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page instead of showing it.")
def compare(out: Path | None) -> None:
    """Compare a simulated year with the published figures.

    As the page docs/reference/simulator.md does.
    """
    text = page(counted())
    if out is None:
        click.echo(text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
        click.echo(f"{out}: written.")


@command.command
@click.option("--scale", default="XS", show_default=True, metavar="|".join(OFFERED), help="As events were simulated.")
@click.option("--quarters", default=1, show_default=True, type=click.IntRange(1, 40), help="As events were simulated.")
@click.option("--from", "first", default="2025-Q1", show_default=True, metavar="QUARTER", help="The first quarter.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="That of the events.")
@click.option(
    "--profile",
    default=PROFILES[0],
    show_default=True,
    type=click.Choice(PROFILES),
    help="plain; pbi-2025-05: PBI receivers in the proportion that fell out in May 2025.",
)
@click.option("--kelurahan", multiple=True, metavar="CODE", help="Of M and L, only these kelurahan; may be repeated.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the files.")
def lists(
    *, scale: str, quarters: int, first: str, seed: int, profile: str, kelurahan: tuple[str, ...], out: Path
) -> None:
    """Write old lists about simulated people, with the truth.

    One CSV file per list (DTKS, Regsosek, P3KE, receivers by APBN and APBD), damaged as such lists are: names, birth
    dates, NIK, cards and addresses that are wrong or missing, people listed twice, dead, or in no civil record. Beside
    them truth.parquet says who each row is. Of M and L, each kelurahan has a folder of its own in it.
    """
    several = len(pieces(scale)) > 1 if scale in SCALES else False
    for piece in _wanted(scale, kelurahan):
        folder = out / piece.name if several else out
        try:
            simulation = simulate_piece(scale, piece, quarters, first, seed)
        except ValueError as error:
            raise OperatorError(f"{error}.") from None
        made = lists_of(simulation, profile, piece=piece.name if several else None)
        for file in made.write(folder):
            click.echo(f"{file}: written.")
        click.echo(f"{folder}/truth.parquet: who each of the {made.rows.height:,} rows is.")


def _wanted(scale: str, kelurahan: Sequence[str]) -> list[Piece]:
    """The pieces to make."""
    if scale not in SCALES:
        raise OperatorError(f"--scale {scale} is unknown: use {', '.join(OFFERED[:-1])} or {OFFERED[-1]}.")
    known = {piece.name: piece for piece in pieces(scale)}
    for code in kelurahan:
        if code not in known:
            example = next(iter(known)) if len(known) > 1 else "3174051001 with --scale M"
            raise OperatorError(
                f"--kelurahan {code} is no piece of scale {scale}: use a code of 10 digits like {example}."
            )
    return [piece for name, piece in known.items() if not kelurahan or name in kelurahan]


def _fill(spool: Spool, wanted: Sequence[Piece], make: Callable[[Piece], Simulation]) -> None:
    try:
        if len(wanted) == 1:
            spool.fill(wanted, make)
            return
        with progress_bar(f"{len(wanted)} kelurahan simulated", len(wanted)) as advance:
            spool.fill(wanted, make, advance)
    except (NumbersUsedUpError, NoLifeFitsError) as error:
        raise OperatorError(f"{error}.") from error


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


def _send(spool: Spool, quarter: str, settings: Settings) -> None:
    counts = spool.counts[quarter]
    with progress_bar(f"{quarter} to Kafka", counts.records) as advance:
        sent = send_all(spool.frames(quarter), settings, advance)
    click.echo(
        f"{quarter}: {sum(sent.values()):,} records sent, among them {counts.late:,} late, "
        f"{counts.repeated:,} repeated, {counts.planted:,} malformed"
    )
    for topic, count in sorted(sent.items()):
        click.echo(f"  {topic:<28} {count:>8,}")
