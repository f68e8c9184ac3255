"""`dtsen checkpoint`: open a quarter, see how its run stands, show what was sealed."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from agents.cli import _table, settings
from agents.cli._given import bundle_given, quarter_given
from agents.cli._preview import command as preview
from agents.cli._totals import show_totals
from agents.errors import OperatorError
from agents.keeper import Keeper, read_journal
from agents.opening import Asked, abandon_run, following, open_quarter, retry_quarter
from agents.runs_told import books_of, case_rows, quarter_state, record_rows, step_rows
from agents.settings import Settings
from agents.waiting import wait_for_outcome
from streams.runs import Entry, Journal

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Open a quarter, follow its run, and show what was sealed."""


@command.command("open")
@click.argument("quarter")
@click.option("--now", is_flag=True, help="Cut at what is in the topics now, in place of the quarter's end.")
@click.option("--empty", is_flag=True, help="Open it even if no record came since the last cut.")
@click.option("--retry", is_flag=True, help="Run a refused quarter again (its cut stays).")
@click.option("--restate", is_flag=True, help="With --retry: confirm that newer code sees the past otherwise.")
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="Rules: a folder, or one file laid over those of this release [default: those of this release].",
)
@click.option(
    "--quotas", default="nasional", show_default=True, metavar="SIZE", help="nasional; M, S, XS: of the simulator."
)
@click.option("--wait", is_flag=True, help="Wait until it is sealed (exit code 0) or refused (1).")
@as_json_option
def open_command(
    *,
    quarter: str,
    now: bool,
    empty: bool,
    retry: bool,
    restate: bool,
    rules: Path | None,
    quotas: str,
    wait: bool,
    as_json: bool,
) -> None:
    """Decide the cut of QUARTER, so that it is run and sealed.

    QUARTER is for example 2026-Q1. The cut takes in what was appended to the event topics before the end of the quarter
    (WIB). Ages and rules are those of its last day. The cut is decided once, and never again.
    """
    here = settings()
    wanted = quarter_given(quarter)
    bundle = bundle_given(quotas, rules)
    asked = Asked(wanted, bundle, now=now, empty=empty)
    if restate and not retry:
        raise OperatorError("--restate confirms what a refusal has shown: it goes with --retry.")
    run_again = partial(retry_quarter, quarter=quarter, bundle=bundle if rules else None, restate=restate)
    state = asyncio.run(_open(here, asked, again=run_again if retry else None, wait=wait, quiet=as_json))
    if as_json:
        click.echo(json.dumps(state))
    elif wait:
        _show_outcome(state)
    else:
        click.echo(f"{quarter} is {'to be run again' if retry else 'open'}; follow it with `dtsen checkpoint status`.")
    if wait and state["state"] != "SEALED":
        raise SystemExit(1)


async def _open(
    here: Settings, asked: Asked, *, again: Callable[[Keeper], Awaitable[Entry]] | None, wait: bool, quiet: bool
) -> dict[str, Any]:
    async with following(here) as keeper:
        name = str(asked.quarter)
        if again is not None:
            await again(keeper)
        else:
            await open_quarter(here, keeper, asked, dt.datetime.now(dt.UTC))
        if wait:
            await wait_for_outcome(here, keeper, name, _tell if not quiet else lambda _: None)
        return quarter_state(await keeper.catch_up(), name)


def _tell(state: dict[str, Any]) -> None:
    if state["detail"]:
        click.echo(f"{state['quarter']}: {state['detail']}")


@command.command()
@as_json_option
def abandon(*, as_json: bool) -> None:
    """End the open run without an outcome. Its quarter stays open; --retry runs it again."""

    async def end() -> Entry:
        async with following(settings()) as keeper:
            return await abandon_run(keeper)

    entry = asyncio.run(end())
    if as_json:
        click.echo(json.dumps({"run": entry.run, "quarter": entry.quarter}))
    else:
        click.echo(
            f"{entry.run} is abandoned; run the quarter again with `dtsen checkpoint open {entry.quarter} --retry`."
        )


command.add_command(preview)


@command.command()
@as_json_option
def status(*, as_json: bool) -> None:
    """How every opened quarter stands, and what an open run waits for."""
    journal = asyncio.run(read_journal(settings()))
    states = [quarter_state(journal, name) for name in sorted(journal.quarters)]
    if as_json:
        click.echo(json.dumps(states))
        return
    if not states:
        click.echo("No quarter was opened yet. Open one with `dtsen checkpoint open QUARTER`.")
        return
    rows = [(s["quarter"], s["state"], s["runs"], s["records"], s["detail"]) for s in states]
    _table.show(("quarter", "state", "runs", "records below the cut", "detail"), rows)


@command.command()
@click.argument("quarter")
@as_json_option
def show(*, quarter: str, as_json: bool) -> None:
    """What QUARTER decided, and how its books stand.

    Totals by programme, cut points, late events, cases and what objections held, each book with its lines, and how long
    each step took.
    """
    here = settings()
    journal = asyncio.run(read_journal(here))
    name = str(quarter_given(quarter))
    if name not in journal.quarters:
        raise OperatorError(f"{name} was never opened; opened are: {', '.join(sorted(journal.quarters)) or 'none'}.")
    said = _said(journal, name)
    if as_json:
        click.echo(json.dumps(said))
        return
    _show_outcome(said)
    if said["records"]:
        click.echo()
        header = ("producer", "event type", "on time", "late", "repeated")
        _table.show(header, [tuple(row.values()) for row in said["records"]])
    if said["cases"]:
        click.echo()
        _table.show(list(said["cases"][0]), [tuple(row.values()) for row in said["cases"]])
    if said["steps"]:
        click.echo()
        _table.show(("step", "wave", "seconds"), [tuple(row.values()) for row in said["steps"]])
    for book in said["books"]:
        click.echo(f"book {book['book']}: {book['lines']} lines, {book['unbalanced']} do not balance")


def _said(journal: Journal, name: str) -> dict[str, Any]:
    found = journal.quarters[name]
    run = found.runs[-1] if found.runs else None
    return {
        **quarter_state(journal, name),
        "records": record_rows(run) if run else [],
        "cases": case_rows(run) if run else [],
        "steps": step_rows(run) if run else [],
        "books": books_of(run) if run else [],
    }


def _show_outcome(state: dict[str, Any]) -> None:
    click.echo(f"{state['quarter']}: {state['state']}{'. ' + state['detail'] if state['detail'] else ''}")
    show_totals(state)
    for payer, digest in state["content_digests"].items():
        click.echo(f"{payer}: content {digest[:16]}, fetch it with `dtsen payer sync {payer} --out DIR`")
