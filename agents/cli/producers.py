"""`dtsen producers`: how a producer's events fare."""

import asyncio
import datetime as dt
import json

import click

from agents.cli import _table, settings
from agents.counting import COUNTED, producer_counts
from agents.errors import OperatorError
from agents.people import WIB
from agents.rejections import producers
from agents.topics import ONE_YEAR

DAYS = 7  # shown by default, today included


@click.group()
def command() -> None:
    """See how the events of a producer fare."""


@command.command("counts")
@click.argument("producer")
@click.option("--from", "first", metavar="DAY", help=f"First day, for example 2026-01-31 [default: {DAYS} days].")
@click.option("--to", "last", metavar="DAY", help="Last day [default: today].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def counts_command(producer: str, first: str | None, last: str | None, *, as_json: bool) -> None:
    """Count the records of PRODUCER by day and event type.

    The day is that of arrival, WIB. Every record is accepted, refused, or repeated (its event had come before). Late
    are those of the accepted that a quarter takes although they were recorded by the last day of the quarter before.
    Nothing is kept as a counter: all is counted anew from the register's stores and the producer's rejections.
    """
    here = settings()
    if producer not in producers():
        raise OperatorError(f"There is no producer {producer!r}; known are {', '.join(producers())}.")
    end = _day(last) if last else dt.datetime.now(WIB).date()
    begin = _day(first) if first else end - dt.timedelta(days=DAYS - 1)
    if begin > end:
        raise OperatorError(f"--from {begin} comes after --to {end}.")
    if end - begin >= ONE_YEAR:
        raise OperatorError(f"{begin} to {end} is more than a year, which is as long as events are kept: ask for less.")
    rows = asyncio.run(producer_counts(here, producer, begin, end))
    if as_json:
        told = [{**row, "day": row["day"].isoformat()} for row in rows]
        click.echo(json.dumps({"producer": producer, "from": begin.isoformat(), "to": end.isoformat(), "days": told}))
        return
    if not rows:
        click.echo(f"{producer} sent nothing from {begin} to {end} that intake has read.")
        return
    header = ("day", "event type", *COUNTED)
    _table.show(header, [(row["day"], row["event_type"], *(row[name] for name in COUNTED)) for row in rows])


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"{text!r} is no day: write it like 2026-01-31.") from None
