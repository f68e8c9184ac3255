"""`dtsen cases`: objections, complaints, proposals and reactivations, and what is decided about them."""

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

import click
import polars as pl

from agents.asking import ask_about
from agents.casebook import casebook
from agents.cli import _table, settings
from agents.clients.producer import ProducerClient
from agents.deciding import CASE_ID, decision_of, one_case
from agents.errors import OperatorError
from agents.logs import mask
from agents.people import WIB
from agents.told_cases import cases_frame, cases_json
from schemas.registry import contracts
from streams.cases import AGEING, KINDS, OPEN, OVERDUE, STATES, ageing, chosen

SHOWN = 50
BY = ("channel", "kelurahan", "programme", "kind", "quarter")
VERDICTS = {"accept": "DITERIMA", "reject": "DITOLAK", "withdraw": "DITARIK", "frivolous": "TIDAK_BERDASAR"}
# in the order in which an officer takes them up
ORDER = {state: place for place, state in enumerate((OVERDUE, OPEN, *STATES))}


@click.group()
def command() -> None:
    """See and decide cases: sanggah, keluhan, usul, reaktivasi."""


@command.command("list")
@click.option("--programme", metavar="CODE", help="Only about this programme, for example PKH.")
@click.option("--kelurahan", metavar="CODE", help="Only of people of this kelurahan, or of codes that begin so.")
@click.option("--channel", metavar="CODE", help="Only what came by this channel, for example LAPOR_MAS_WAPRES.")
@click.option("--kind", type=click.Choice(KINDS), help="Only of this kind.")
@click.option("--state", type=click.Choice(STATES), help="Only in this state.")
@click.option("--overdue", is_flag=True, help="Only open ones whose time to decide has passed.")
@click.option("--late", is_flag=True, help="Only objections made after their time.")
@click.option("--last", default=SHOWN, show_default=True, type=click.IntRange(1), help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(last: int, *, as_json: bool, **wanted: Any) -> None:
    """The cases, those first that wait longest for a decision.

    What came about one person, programme, kind and quarter is one case, by however many channels. NIK are masked.
    """
    found = _ordered(_filtered(asyncio.run(casebook(settings())), **wanted))
    if as_json:
        click.echo(json.dumps({"cases": found.height, "shown": _masked(found.head(last))}))
        return
    if found.is_empty():
        click.echo("There is no such case.")
        return
    header = ("case", "state", "kind", "programme", "quarter", "NIK", "kelurahan", "channels", "opened", "deadline",
              "days")  # fmt: skip
    _table.show(header, [_row(it) for it in found.head(last).iter_rows(named=True)])
    if found.height > last:
        click.echo(f"\n{found.height - last:,} more: say which (--state, --kelurahan, ...), or --last {found.height}.")
    click.echo("\nSee one whole with `dtsen cases show CASE`, decide it with `dtsen cases decide CASE`.")


@command.command("show")
@click.argument("case", metavar="CASE|NIK")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_command(case: str, *, as_json: bool) -> None:
    """One case, or all of a person, with evidence, decision and events."""
    here = settings()
    by_id = CASE_ID.fullmatch(case) is not None
    found = chosen(asyncio.run(casebook(here)), case) if by_id else cases_frame(ask_about(here, case).said["cases"])
    if found.is_empty():
        raise OperatorError(f"There is no case {case if by_id else mask(case)}: see `dtsen cases list`.")
    if as_json:
        click.echo(json.dumps(_masked(found)))
        return
    for place, row in enumerate(found.iter_rows(named=True)):
        if place:
            click.echo()
        for name, value in _told(row):
            click.echo(f"{name:<12} {value}")


@command.command("decide")
@click.argument("case")
@click.option("--accept", "verdict", flag_value="accept", help="It was right (DITERIMA).")
@click.option("--reject", "verdict", flag_value="reject", help="It was not (DITOLAK).")
@click.option("--withdraw", "verdict", flag_value="withdraw", help="Who made it withdrew it (DITARIK).")
@click.option("--frivolous", "verdict", flag_value="frivolous", help="Nothing stood behind it, or nothing new.")
@click.option("--reason", required=True, help="Why, in a sentence; no diagnosis, no other person's name.")
@click.option("--office", required=True, help="The office that decides, in its own words.")
@click.option("--producer", default="dinsos-dki", show_default=True, help="Who sends it (schemas/producers.yaml).")
@click.option("--evidence", multiple=True, help="Reference to evidence, such as the number of a report; repeatable.")
@click.option("--on", "day", metavar="DAY", help="Day of the decision, for example 2026-01-31 [default: today].")
@click.option("--again", is_flag=True, help="Also a case that is decided already.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def decide_command(case: str, verdict: str | None, *, again: bool, as_json: bool, **said: Any) -> None:
    """Decide a CASE: an event putusan_kasus is sent to its topic.

    It ends a hold. It gives nobody money: what was found right is sent as facts by the office that keeps them. Exit
    code 1 when the event is refused.
    """
    if verdict is None:
        raise OperatorError("Say what is decided: --accept, --reject, --withdraw or --frivolous.")
    here = settings()
    found = one_case(asyncio.run(casebook(here)), case, again=again)
    record = decision_of(found, VERDICTS[verdict], dt.datetime.now(WIB), **said)
    with ProducerClient(here, said["producer"]) as client:
        done = client.send("putusan_kasus", [record])
    for refusal in done.refused:
        raise OperatorError(f"{refusal.code}: {refusal.sentence_en}")
    (sent,) = done.sent
    if as_json:
        click.echo(json.dumps({"case": found["case"], "event": str(sent.event_id), "status": VERDICTS[verdict]}))
        return
    click.echo(f"{found['case']} is decided: {VERDICTS[verdict]}.")
    click.echo(f"Sent to {sent.topic}[{sent.partition}]@{sent.offset}, id {sent.event_id}; it counts within seconds.")


@command.command("report")
@click.option("--by", multiple=True, type=click.Choice(BY), help="Count by this; repeatable [default: each of three].")
@click.option("--csv", "csv_file", metavar="FILE", type=click.Path(path_type=Path), help="Write the rows as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report_command(by: tuple[str, ...], csv_file: Path | None, *, as_json: bool) -> None:
    """Ageing and outcome of cases, per channel, kelurahan and programme.

    Late are objections made after their time, joined what came again for a case, repeated what came after its decision.
    A case counts once, for the first of its channels.
    """
    found = asyncio.run(casebook(settings()))
    tables = [ageing(found, *by)] if by else [ageing(found, one) for one in BY[:3]]
    if as_json:
        click.echo(json.dumps([table.to_dicts() for table in tables]))
    elif csv_file is None:
        for place, table in enumerate(tables):
            if place:
                click.echo()
            _table.show([name.replace("_", " ") for name in table.columns], table.rows())
    if csv_file is not None:
        _long(tables).write_csv(csv_file)
        click.echo(f"Wrote {csv_file}.")


@command.command("visits")
@click.option("--kelurahan", metavar="CODE", help="Only of this kelurahan, or of codes that begin so.")
@click.option("--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="CSV with whole NIK.")
def visits_command(kelurahan: str | None, out: Path) -> None:
    """Write the list of families to visit.

    They are those of open proposals (usul) and reactivations whom nobody visited since. A proposal leads to a
    groundcheck; what the officer finds is a fact, and decides. FILE holds whole NIK and names: only its owner reads it.
    """
    found = _filtered(asyncio.run(casebook(settings())), kelurahan=kelurahan)
    kinds, waiting = pl.col("kind").is_in(["USUL", "REAKTIVASI"]), pl.col("decided_on").is_null()
    rows = found.filter(kinds & waiting & ~pl.col("visited")).sort("kelurahan", "opened_on", "case")
    out.touch(mode=0o600)
    out.chmod(0o600)
    rows.select("case", "kind", "programme", "nik", "nama", "kelurahan", "opened_on", "deadline").write_csv(out)
    click.echo(f"Wrote {out}: {rows.height:,} visits.")


def _filtered(cases: pl.DataFrame, **wanted: Any) -> pl.DataFrame:
    """The cases that are wanted; what is None or false asks nothing."""
    for name in ("programme", "kind", "state"):
        if wanted.get(name):
            cases = cases.filter(pl.col(name) == wanted[name])
    if wanted.get("kelurahan"):
        cases = cases.filter(pl.col("kelurahan").str.starts_with(wanted["kelurahan"]))
    if wanted.get("channel"):
        cases = cases.filter(pl.col("channels").list.contains(wanted["channel"]))
    if wanted.get("overdue"):
        cases = cases.filter(pl.col("state") == OVERDUE)
    return cases.filter(~pl.col("timely")) if wanted.get("late") else cases


def _ordered(cases: pl.DataFrame) -> pl.DataFrame:
    place = pl.col("state").cast(pl.String).replace_strict(ORDER, return_dtype=pl.Int64)
    return cases.sort(place, "opened_on", "case")


def _masked(cases: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**row, "nik": mask(row["nik"]), "nama": None} for row in cases_json(cases)]


def _row(it: dict[str, Any]) -> tuple[object, ...]:
    channels = ", ".join(it["channels"]) + (f" ({it['claims']})" if it["claims"] > 1 else "")
    return (
        *(it[name] for name in ("case", "state", "kind", "programme", "quarter")),
        mask(it["nik"]),
        it["kelurahan"] or "-",
        channels or "-",
        it["opened_on"],
        it["deadline"] or "-",
        it["age_days"],
    )


def _told(it: dict[str, Any]) -> list[tuple[str, object]]:
    """One case, line by line."""
    told: list[tuple[str, object]] = [
        (
            "case",
            it["case"] + (f" (also {', '.join(sorted(set(it['ids']) - {it['case']}))})" if it["claims"] > 1 else ""),
        ),
        (
            "about",
            f"{it['kind']} {it['programme']} {it['quarter']}, NIK {mask(it['nik'])}, kelurahan {it['kelurahan']}",
        ),
        ("state", it["state"] + ("" if it["timely"] else ", made after the time for objections: it holds nothing")),
        ("opened", f"{it['opened_on']}, {it['claims']} times by {', '.join(it['channels']) or 'no channel'}"),
        ("deadline", f"{it['deadline'] or '-'}, {it['age_days']} days old"),
        ("reason", it["reason"] or "-"),
        ("evidence", ", ".join(it["evidence"]) or "-"),
    ]
    if it["repeats"]:
        told.append(("repeated", f"{it['repeats']} times after the decision"))
    if it["decided_on"]:
        by = contracts().producers_by_number[it["decided_by"]].code
        told.append(("decided", f"{it['decided_on']} by {it['office'] or by} ({by}): {it['decision_reason'] or '-'}"))
    return [*told, *(("event", name) for name in it["events"])]


def _long(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """Several tables as rows of one: by, value, and the counts."""
    parts = [
        table.select(
            pl.lit(",".join(name for name in table.columns if name not in AGEING)).alias("by"),
            pl.concat_str([name for name in table.columns if name not in AGEING], separator=",").alias("value"),
            *AGEING,
        )
        for table in tables
    ]
    return pl.concat(parts)
