"""`dtsen transition`: old lists (DTKS, Regsosek, P3KE, receivers) against the register, and who would fall out."""

import datetime as dt
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
import polars as pl

from agents.cli import _table, settings
from agents.cli._given import bundle_given, quarter_given
from agents.clients.producer import ProducerClient
from agents.errors import OperatorError
from agents.settings import Settings
from agents.transition import linking
from agents.transition.answers import answers_for
from agents.transition.lists import read_lists
from agents.transition.page import page
from agents.transition.reading import read_register
from agents.transition.report import Report, as_json, report, shares, texts, write_csv
from streams.persons import AsOf
from streams.transition.judging import Outcome
from streams.transition.rows import CONTRACT

as_json_option = click.option("--json", "as_json_wanted", is_flag=True, help="Print JSON.")
FOLDER = click.Path(file_okay=False, path_type=Path)
PATH = click.Path(dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """From the lists before DTSEN to the register.

    Link the rows of old lists to people, decide what is parked, and see who would fall out of which programme and why.
    """


@command.command()
@click.argument("files", nargs=-1, type=PATH)
@click.option("--out", "folder", type=FOLDER, help="Folder for what was linked, parked and found nowhere.")
@click.option("--send", is_flag=True, help="Send the linked rows as events `daftar_lama` of the producer legacy.")
@click.option("--columns", is_flag=True, help="Show the columns that a list has, and nothing else.")
@as_json_option
def link(*, files: tuple[Path, ...], folder: Path | None, send: bool, columns: bool, as_json_wanted: bool) -> None:
    """Match the rows of old lists to the people of the register.

    FILES are CSV (UTF-8) or Parquet. By NIK where it is right and neither name nor birth date contradicts it; else by
    name, birth date, card and address, with a score. What is neither certain nor excluded is parked for a person.
    Loading the same list again changes nothing; decisions about parked rows are taken into account.
    """
    if columns:
        rows = [(name, "yes" if it.needed else "no", it.meaning) for name, it in CONTRACT.items()]
        _table.show(("column", "needed", "meaning"), rows)
        return
    if not files or folder is None:
        raise OperatorError("Name the FILES of the lists and a folder (--out); --columns shows what a list holds.")
    here = settings()
    rows_read = read_lists(files)
    linked = linking.link(rows_read, read_register(here, _today()).persons, linking.read_decisions(folder))
    linking.write(linked, folder)
    sent = _send(here, linked) if send else None
    counted = linked.links.group_by("outcome", "why").agg(rows=pl.len()).sort("outcome", "why")
    if as_json_wanted:
        click.echo(json.dumps({"rows": rows_read.height, "sent": sent, "outcomes": counted.to_dicts()}))
        return
    _table.show(("outcome", "how or why", "rows"), counted.rows())
    click.echo(f"{rows_read.height:,} rows, kept in {folder}.")
    if sent is not None:
        click.echo(f"{sent:,} events daftar_lama sent for the linked rows.")
    elif linked.count(Outcome.LINKED):
        click.echo("Nothing was sent: give --send as well, and the register learns what was received.")
    if linked.count(Outcome.PARKED):
        click.echo(f"Decide about the parked with `dtsen transition parked list {folder}`, then link again.")


def _send(here: Settings, linked: linking.Linked) -> int:
    with ProducerClient(here, linking.PRODUCER) as client:
        done = client.send("daftar_lama", linking.events(linked))
    for refusal in done.refused[:5]:
        click.echo(f"refused, {refusal.code}: {refusal.sentence_en}", err=True)
    if done.refused:
        raise OperatorError(f"{len(done.refused)} rows were refused and not sent, {len(done.sent)} were: mend them.")
    return len(done.sent)


def _today() -> AsOf:
    """Linkage asks who is in the register, not how they stand: no transit limit and no province matter."""
    return AsOf(dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date(), 0)


@command.group()
def parked() -> None:
    """Rows that a person must decide about."""


@parked.command("list")
@click.argument("folder", type=FOLDER)
@as_json_option
def parked_list(*, folder: Path, as_json_wanted: bool) -> None:
    """Show the parked rows of FOLDER, each with its candidates.

    Names and addresses are shown to be compared: what this prints is personal data.
    """
    shown = linking.parked(linking.read(folder), linking.read_decisions(folder))
    if as_json_wanted:
        click.echo(json.dumps(shown, default=str, ensure_ascii=False))
        return
    if not shown:
        click.echo("Nothing is parked.")
    for row in shown:
        state = "" if row["decided"] is None else f" (decided: {row['decided']}; link again)"
        click.echo(f"{row['baris']}: {row['why']}{state}")
        header = ("", "name", "born", "sex", "NIK", "card", "address", "fits, in bits")
        _table.show(
            header, [_compared("list", row["row"]), *(_compared(it["candidate"], it) for it in row["candidates"])]
        )
        click.echo()


def _compared(first: object, row: dict[str, Any]) -> tuple[object, ...]:
    weight = row.get("weight")
    parts = [row[name] or "-" for name in ("name", "born", "sex", "nik", "no_kk", "address")]
    return first, *parts, "" if weight is None else f"{weight:.1f}"


@parked.command()
@click.argument("folder", type=FOLDER)
@click.argument("row")
@click.option("--candidate", type=int, metavar="N", help="It is the candidate of this number.")
@click.option("--none", "nobody", is_flag=True, help="It is nobody of the register.")
@click.option("--by", required=True, metavar="WHO", help="The office or the officer's number; no name.")
@click.option("--why", required=True, metavar="TEXT", help="What the decision rests on, for example a letter's number.")
def decide(*, folder: Path, row: str, candidate: int | None, nobody: bool, by: str, why: str) -> None:
    """Note who the parked ROW is: one of its candidates, or nobody.

    The decision is kept in FOLDER/decisions.jsonl and counts when the lists are linked again.
    """
    if nobody == (candidate is not None):
        raise OperatorError("Say who it is: --candidate N, or --none for nobody of the register.")
    click.echo(linking.decide(folder, row, candidate, by, why))


@command.command("report")
@click.argument("quarter", required=False)
@click.option(
    "--links",
    "folders",
    multiple=True,
    type=FOLDER,
    help="Folder of `link`: counts its rows, sent or not, also those found nowhere.",
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Receipts that ended earlier are left out [12 months]."
)
@click.option("--csv", "csv", type=FOLDER, help="Write three tables into this folder.")
@click.option("--html", "html", type=PATH, help="Write one page with charts, which needs nothing from elsewhere.")
@click.option("--rules", type=FOLDER, help="Folder of rules [default: those of this release].")
@click.option(
    "--quotas", default="nasional", show_default=True, metavar="SIZE", help="nasional; M, S, XS: of the simulator."
)
@as_json_option
def report_command(
    *,
    quarter: str | None,
    folders: tuple[Path, ...],
    since: dt.datetime | None,
    csv: Path | None,
    html: Path | None,
    rules: Path | None,
    quotas: str,
    as_json_wanted: bool,
) -> None:
    """Who would fall out of which programme, and why.

    Of those who received something by the old lists: how many go on, are held or fall out, the reason, and what can be
    done. QUARTER is previewed if it is not sealed (workers must run; nothing reaches a payer), else its sealed answers
    are taken; by default the last sealed one. No NIK is written anywhere, counts below 5 are hidden, and
    the others rounded to a multiple of 5.
    """
    here, bundle = settings(), bundle_given(quotas, rules)
    tell = partial(click.echo, err=True)
    answered = answers_for(here, None if quarter is None else str(quarter_given(quarter)), bundle, tell)
    links = [linking.read(folder) for folder in folders]
    made = report(here, answered, links, since.date() if since else None)
    if csv is not None:
        written = write_csv(made, csv)
        tell(f"{', '.join(map(str, written))}: written.")
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(page(made), encoding="utf-8")
        tell(f"{html}: written.")
    if as_json_wanted:
        click.echo(json.dumps(as_json(made), ensure_ascii=False))
    else:
        _show(made)


def _show(made: Report) -> None:
    if not made.programmes.height:
        click.echo("No list says that anybody received anything: link old lists first (`dtsen transition link`).")
        sys.exit(1)
    click.echo(f"{made.quarter}, {'sealed' if made.sealed else 'preview'} {made.run}; receipts since {made.since}.")
    _table.show(("programme", "received", "goes on", "held", "not due", "falls out"), made.programmes.rows())
    click.echo("Counts below 5 are <5, the others rounded to a multiple of 5: sums may differ a little.\n")
    _table.show(("programme", "reason", "what can be done", "falls out"), texts(made))
    found = shares(made)
    if found is not None:
        click.echo(
            f"PBI-JK: of those not in DTSEN or above the decile, {found['not_in_dtsen']}% are not in DTSEN and "
            f"{found['above_decile']}% above it; in May 2025 it was 69% and 31%."
        )
