"""`dtsen checkpoint preview`: what a quarter would decide, and what other rules would change."""

import asyncio
import datetime as dt
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import polars as pl

from agents.cli import _table, settings
from agents.cli._totals import show_totals
from agents.comparing import compare
from agents.errors import OperatorError
from agents.html.what_if import what_if_page
from agents.opening import following
from agents.previews import Sides, Subject, Wish, preview, preview_state, subject_of
from agents.what_if import csv_files, plain, rate, side_by_side
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


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months earlier, or that month's last."""
    return pl.select(pl.lit(day).dt.offset_by(f"-{months}mo")).item()  # type: ignore[no-any-return]


def _show_comparison(seen: Seen) -> None:
    in_force, proposed = seen.sides.in_force, seen.sides.proposed
    click.echo(
        f"\nIn force: rules {in_force.started.rules_hash[:16]} ({in_force.name}); proposed: rules "
        f"{proposed.started.rules_hash[:16]}. Families for programmes of families, else persons."
    )
    header = ("programme", "winners", "losers", "receive", "would receive", "rupiah", "would cost", "difference")
    rows = [
        (
            *(row[it] for it in ("programme", "winners", "losers", "before", "after")),
            *(row[it] for it in ("rupiah_before", "rupiah_after", "rupiah_difference")),
        )
        for row in seen.comparison.programmes.iter_rows(named=True)
    ]
    _table.show(header, rows)
    for title, table, where in (
        ("Why, the largest first:", seen.comparison.reasons, ()),
        ("Where, the largest first (fewer than 5 are put together):", seen.comparison.kelurahan, ("kelurahan",)),
    ):
        if table.is_empty():
            continue
        click.echo(f"\n{title}")
        columns = ("programme", "side", *where, "reason", "units", "rupiah_difference")
        largest = table.sort("units", "programme", "side", "reason", descending=[True, False, False, False])
        names = ("programme", "side", *where, "reason", "how many", "rupiah difference")
        _table.show(names, largest.select(columns).head(LINES_SHOWN).rows())
        if table.height > LINES_SHOWN:
            click.echo(f"... and {table.height - LINES_SHOWN} lines more: --csv FOLDER has all.")


def _show_errors(seen: Seen, months: int) -> None:
    """Both errors of both sides, with what they are shares of."""
    click.echo(f"\nAgainst groundcheck verdicts of the last {months} months (shown, never decisive):")
    rows = [
        (
            row["programme"],
            row["checked"],
            *(rate(row[f"wrongly_in_{it}"], row[f"receiving_{it}"]) for it in ("before", "after")),
            *(rate(row[f"wrongly_out_{it}"], row[f"in_need_{it}"]) for it in ("before", "after")),
        )
        for row in side_by_side(seen.comparison).iter_rows(named=True)
    ]
    header = ("programme", "checked", "wrongly in", "would be", "wrongly out", "would be")
    _table.show(header, rows)
    click.echo(
        "Wrongly in: found TIDAK_LAYAK, of the checked who receive. Wrongly out: not receiving, of those found LAYAK "
        "whom only ranking and quota keep away."
    )
