"""`dtsen integrity`: what is improbable about officers' visits, and what a supervisor makes of it."""

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

import click
import polars as pl

from agents.cli import _table, settings
from agents.clients.producer import ProducerClient
from agents.errors import OperatorError
from agents.integrity.decisions import Order, decisions_told, officer_of, ordered_visits, setting_aside, withdrawing
from agents.integrity.records import findings_told, visits_told
from agents.people import plain
from agents.simulator.campaigns import campaign_of, score
from streams.door.masking import personal

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Look at the visits of field officers."""


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Also findings that hold no longer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(*, every: bool, as_json: bool) -> None:
    """What is improbable, by officer.

    A finding is a reason to look, never a verdict: it changes nothing for anybody.
    """
    found = asyncio.run(findings_told(settings()))
    if not every:
        found = found.filter(pl.col("state") == "OPEN")
    if as_json:
        click.echo(json.dumps([plain(row) for row in found.iter_rows(named=True)]))
        return
    if found.is_empty():
        click.echo("Nothing about the visits of any officer is improbable.")
        return
    officers = pl.format("{}/{}", "producer", "petugas")
    _table.show(
        ("officer", "quarter", "kind", "visits", "of"), found.select(officers, "period", "kind", "visits", "of").rows()
    )
    click.echo("\nSee the evidence with `dtsen integrity show OFFICER`.")


@command.command()
@click.argument("officer")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(officer: str, *, as_json: bool) -> None:
    """The findings about one officer.

    With their evidence, and the visits per day. OFFICER is PRODUCER/ID, or the id alone where it is clear.
    """
    visits, found = asyncio.run(_both())
    whose = officer_of(officer, visits)
    mine = found.filter((pl.col("producer") == whose.producer) & (pl.col("petugas") == whose.petugas))
    days = visits.filter(pl.col("petugas") == whose.petugas).group_by("effective_on").len("visits").sort("effective_on")
    if as_json:
        click.echo(json.dumps({"findings": [plain(row) for row in mine.iter_rows(named=True)], "days": _days(days)}))
        return
    click.echo(f"{whose.petugas} of {whose.producer}: {days['visits'].sum():,} visits on {days.height} days.")
    for row in mine.iter_rows(named=True):
        click.echo(f"\n{row['period']} {row['kind']} ({row['state']})\n  {row['sentence_en']}\n  {row['sentence_id']}")
        if row["q_millionths"] is not None:
            click.echo(f"  By chance alone: at most {row['q_millionths'] / 10_000:.2f} of 100 such findings.")
        click.echo(f"  Families: {', '.join(row['families']) or 'no card was shown'}")
    if mine.is_empty():
        click.echo("Nothing about them is improbable.")


@command.command()
@click.argument("officer")
@click.option("--set-aside", "verdict", flag_value="set-aside", help="These visits count no longer.")
@click.option("--clear", "verdict", flag_value="clear", help="Withdraw what was decided about these days.")
@click.option("--from", "first", required=True, type=DAY, metavar="DAY", help="First day of the visits.")
@click.option("--to", "last", required=True, type=DAY, metavar="DAY", help="Last day of the visits.")
@click.option("--reason", required=True, help="Why; no personal data.")
@click.option("--office", required=True, help="The office that decides, in its own words.")
@click.option("--as", "sender", metavar="CODE", help="Producer that decides [default: the officer's own].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def decide(
    officer: str,
    *,
    verdict: str | None,
    first: dt.datetime,
    last: dt.datetime,
    reason: str,
    office: str,
    sender: str | None,
    as_json: bool,
) -> None:
    """Set an officer's visits aside, or withdraw that.

    Sends events to field.pengesampingan, through the same door as all others. From the next seal on, what was known
    before those visits counts again. Only the officer's own office or one set above it may decide.
    """
    if verdict is None:
        raise OperatorError("Say what is decided: --set-aside, or --clear to withdraw.")
    here = settings()
    whose = officer_of(officer, asyncio.run(visits_told(here)))
    order = Order(whose, first.date(), last.date(), reason, office, sender or whose.producer)
    now = dt.datetime.now(dt.UTC)
    if verdict == "set-aside":
        visits = asyncio.run(ordered_visits(here, order))
        records, what = setting_aside(order, visits, now), f"{visits.height:,} visits are set aside"
    else:
        records = withdrawing(order, asyncio.run(decisions_told(here)), now)
        what = f"{len(records)} decisions are withdrawn"
        if not records:
            raise OperatorError(
                f"Nothing about {whose.petugas} is set aside from {order.first} to {order.last} that {order.sender} "
                "may withdraw: if an office above it decided, withdraw with --as and that office's code."
            )
    with ProducerClient(here, order.sender) as client:
        outcome = client.send("pengesampingan", records)
    if outcome.refused:
        raise OperatorError(f"The decision was refused, and nothing of it stands: {outcome.refused[0].sentence_en}")
    if as_json:
        click.echo(json.dumps({"events": [str(it.event_id) for it in outcome.sent]}))
        return
    click.echo(f"Sent {len(outcome.sent)} events: {what} from the next seal on.")


@command.command()
@click.option("--officer", help="Only of this officer.")
@click.option(
    "--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it there, with whole numbers."
)
def recheck(officer: str | None, *, file: Path | None) -> None:
    """The families that somebody else should visit.

    Those whose visits a finding names. On the screen card numbers are masked.
    """
    visits, found = asyncio.run(_both())
    named = found.filter(pl.col("state") == "OPEN").select("kind", "producer", "petugas", "events").explode("events")
    event = pl.concat_str(pl.col("producer_number").bin.encode("hex"), pl.col("event_id").bin.encode("hex"))
    known = visits.select(event.str.decode("hex").alias("events"), "effective_on", "kelurahan", "no_kk", "nik")
    rows = (
        named.join(known, on="events")
        .group_by("kelurahan", "no_kk", "effective_on", "producer", "petugas", "nik")
        .agg(pl.col("kind").unique().sort().str.join(" ").alias("kinds"))
        .with_columns(pl.col("nik").list.join(" "))
        .sort("kelurahan", "no_kk", "effective_on", "nik", nulls_last=True)
    )
    if officer is not None:
        whose = officer_of(officer, visits)
        rows = rows.filter((pl.col("producer") == whose.producer) & (pl.col("petugas") == whose.petugas))
    if file is not None:
        rows.write_csv(file)
        click.echo(f"Wrote {rows.height:,} visits to {file}, with whole numbers: only for those who re-check.")
        return
    shown = rows.select("kelurahan", personal(pl.col("no_kk")).fill_null("-"), "effective_on", "petugas", "kinds")
    _table.show(("kelurahan", "card", "visited", "officer", "why"), shown.rows())


async def _both() -> tuple[pl.DataFrame, pl.DataFrame]:
    here = settings()
    return await visits_told(here), await findings_told(here)


def _days(days: pl.DataFrame) -> list[dict[str, Any]]:
    return [plain(row) for row in days.iter_rows(named=True)]


@command.command()
@click.option("--officers", default=300, show_default=True, type=click.IntRange(6), help="How many officers.")
@click.option(
    "--dishonest", default=0.2, show_default=True, type=click.FloatRange(0, 1), help="Share of them who cheat."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Another seed, another campaign.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(officers: int, dishonest: float, seed: int, *, as_json: bool) -> None:
    """How well the findings name those who cheat.

    A simulated campaign with about 300 families per officer, in kelurahan from poor to well-off, is judged by the
    limits in force, and compared with what was planted. Needs no broker.
    """
    result = score(campaign_of(officers, seed, dishonest))
    figures = {
        "precision": round(result.precision, 3),
        "recall": round(result.recall, 3),
        "honest_in_poor_areas": result.honest_poor,
        "of_them_with_a_finding": result.honest_poor_flagged,
    }
    if as_json:
        click.echo(json.dumps({**figures, "conducts": result.kinds.to_dicts()}))
        return
    _table.show(("conduct", "officers", "with a finding", "with its own"), result.kinds.rows())
    click.echo(f"\nPrecision {result.precision:.3f}: of the officers with a finding, so many cheat.")
    click.echo(f"Recall {result.recall:.3f}: of those who cheat, so many have a finding.")
    click.echo(
        f"Of {result.honest_poor} honest officers in poor kelurahan, {result.honest_poor_flagged} have a finding."
    )
