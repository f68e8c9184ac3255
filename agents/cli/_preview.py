"""`dtsen checkpoint preview`: what a quarter would decide, and what other rules would change."""

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from agents.cli import _table, settings
from agents.cli._totals import show_totals
from agents.comparing import compare
from agents.errors import OperatorError
from agents.html.what_if import what_if_page
from agents.opening import following
from agents.previews import Sides, Subject, Wish, preview, preview_state, subject_of
from agents.what_if import (
    adjusted_rows,
    csv_files,
    effect_rows,
    error_rows,
    kelurahan_rows,
    months_before,
    plain,
    reason_rows,
)
from streams.comparing import LEAST_UNITS
from streams.comparing.tables import Comparison
from streams.rules import RulesError

LINES_SHOWN = 20  # of reasons and of kelurahan, the largest first; the files have all


@dataclass(frozen=True)
class Seen:
    """What a preview came to."""

    subject: Subject
    sides: Sides
    comparison: Comparison


@click.command("preview")
@click.argument("quarter", required=False)
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="Rules to try: a folder of them, or one file that is laid over the rules in force.",
)
@click.option(
    "--on",
    metavar="CUT",
    help="At which cut: a quarter, also a sealed one, or now [default: the quarter's own, else now].",
)
@click.option(
    "--quotas",
    metavar="SIZE",
    help="nasional; M, S, XS: of the simulator [default: as the quarter was opened, else as the last one].",
)
@click.option(
    "--months",
    type=click.IntRange(1),
    default=12,
    show_default=True,
    help="How old a field visit may be, at the quarter's last day, to count as a yardstick.",
)
@click.option("--csv", "csv_folder", type=click.Path(file_okay=False, path_type=Path), help="Write tables to a folder.")
@click.option(
    "--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write one page with charts."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    quarter: str | None,
    rules: Path | None,
    on: str | None,
    quotas: str | None,
    months: int,
    csv_folder: Path | None,
    html_file: Path | None,
    as_json: bool,
) -> None:
    """What QUARTER would decide, now or under other rules.

    Nothing reaches a payer. Without QUARTER it is the one that is sealed next. An opened or sealed quarter is seen at
    its cut, with what people held before it; one that is not open yet at what is in the topics now. With --rules, the
    rules in force and those proposed are set side by side: who would gain, who would lose, why, and what it costs.
    """
    wish = Wish(quarter, on, rules, quotas)
    try:
        seen = asyncio.run(_see(wish, months, quiet=as_json))
    except RulesError as error:
        raise OperatorError(f"The rules cannot be used: {error}.") from error
    state = preview_state(seen.sides.proposed)
    compares = seen.sides.in_force is not seen.sides.proposed
    if csv_folder is not None:
        csv_files(seen.comparison, csv_folder)
    if html_file is not None:
        html_file.parent.mkdir(parents=True, exist_ok=True)
        html_file.write_text(what_if_page(seen.subject, seen.sides, seen.comparison, months), encoding="utf-8")
    if as_json:
        click.echo(
            json.dumps({**state, "on": on or "", "comparison": plain(seen.subject, seen.sides, seen.comparison)})
        )
        return
    click.echo(f"{state['run']}: as of {state['as_of']}, rules {state['rules_hash'][:16]}. Nothing was published.")
    show_totals(state)
    for sentence in state["forgotten"]:
        click.echo(f"  {sentence}")
    if compares:
        _show_comparison(seen)
    _show_errors(seen, months)
    for what, place in (("Tables", csv_folder), ("The page", html_file)):
        if place is not None:
            click.echo(f"{what}: {place}")


async def _see(wish: Wish, months: int, *, quiet: bool) -> Seen:
    here = settings()
    async with following(here) as keeper:
        subject = await subject_of(here, await keeper.catch_up(), wish)
        sides = await preview(here, keeper, subject, partial(click.echo, err=quiet))
        since = months_before(subject.quarter.last_day, months)
        return Seen(subject, sides, await compare(here, await keeper.catch_up(), sides.in_force, sides.proposed, since))


def _show_comparison(seen: Seen) -> None:
    in_force, proposed = seen.sides.in_force, seen.sides.proposed
    click.echo(
        f"\nIn force: rules {in_force.started.rules_hash[:16]} ({in_force.name}); proposed: rules "
        f"{proposed.started.rules_hash[:16]}. Families for programmes of families, else persons."
    )
    _table.show(*effect_rows(seen.comparison))
    if seen.comparison.adjusted.height:
        click.echo("\nOf quarters that were sealed before, in rupiah, which are in none of the totals above:")
        _table.show(*adjusted_rows(seen.comparison))
    for title, rows, height in (
        ("Why, the largest first:", reason_rows, seen.comparison.reasons.height),
        (
            f"Where, the largest first (fewer than {LEAST_UNITS} are put together):",
            kelurahan_rows,
            seen.comparison.kelurahan.height,
        ),
    ):
        if not height:
            continue
        click.echo(f"\n{title}")
        _table.show(*rows(seen.comparison, LINES_SHOWN))
        if height > LINES_SHOWN:
            click.echo(f"... and {height - LINES_SHOWN} lines more: --csv FOLDER has all.")


def _show_errors(seen: Seen, months: int) -> None:
    click.echo(f"\nAgainst groundcheck verdicts of the last {months} months (shown, never decisive):")
    _table.show(*error_rows(seen.comparison))
    click.echo(
        "Wrongly in: found TIDAK_LAYAK, of the checked who receive. Wrongly out: not receiving, of those found LAYAK "
        "whom only ranking and quota keep away."
    )
