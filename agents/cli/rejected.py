"""`dtsen rejected`: what the door refused, and why; and findings about what it accepted."""

import asyncio
import json
import re
import uuid
from typing import Any

import click
import polars as pl

from agents.cli import _table, settings
from agents.errors import OperatorError
from agents.people import plain
from agents.rejections import columns, producers, rejections, told_findings
from agents.replaying import replay
from agents.settings import Settings

PLACE = re.compile(r"([a-z_.]+)\[(\d+)\]@(\d+)")
FINDING = re.compile(r"[0-9a-f]{8,32}")
ID_SHOWN = 12  # digits of a finding's id: enough to tell it from others
NUMBER = re.compile(rb"\d{12,}")  # no region, product or year has so many digits
SHOWN = 20
SHOWN_ONE = ("code", "field", "masked_value", "sentence_id", "sentence_en", "event_type", "producer", "received_at")


def masked(raw: bytes) -> bytes:
    """The bytes with each long number, a NIK or a card's, starred but for its ends."""
    return NUMBER.sub(lambda found: found[0][:4] + b"*" * (len(found[0]) - 8) + found[0][-4:], raw)


@click.group()
def command() -> None:
    """Read what the door refused, and findings about what it accepted."""


@command.command("list")
@click.option("--producer", metavar="CODE", help="Only of this producer (its code).")
@click.option("--code", metavar="CODE", help="Only with this code, for example NIK_DATE.")
@click.option("--last", default=SHOWN, show_default=True, type=click.IntRange(1), help="How many, newest last.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(producer: str | None, code: str | None, last: int, *, as_json: bool) -> None:
    """How many records were refused, and the last of them.

    Counted by producer and code; the last ones with their place and the sentence that says why.
    """
    found = _found(settings(), producer, without=("raw",))
    if code is not None:
        found = found.filter(pl.col("code") == code)
    counts = found.group_by("producer", "code").len("records").sort("producer", "code")
    newest = found.sort("received_at", "topic", "partition", "offset").tail(last)
    findings = _counted(_findings(settings(), producer))
    if as_json:
        last_ones = [plain(row) for row in newest.iter_rows(named=True)]
        click.echo(json.dumps({"counts": counts.to_dicts(), "last": last_ones, "findings": findings.to_dicts()}))
        return
    if found.is_empty():
        click.echo("Nothing was refused.")
    else:
        _table.show(("producer", "code", "records"), counts.rows())
        click.echo()
        rows = [(_place(it), it["code"], it["field"] or "-", it["sentence_en"]) for it in newest.iter_rows(named=True)]
        _table.show(("place", "code", "field", "why"), rows)
        click.echo("\nSee one whole with `dtsen rejected show PLACE`.")
    if findings.height:
        total = int(findings.get_column("findings").sum())
        click.echo(f"\nBesides, {total:,} findings about accepted events: see `dtsen rejected findings`.")


@command.command("findings")
@click.option("--producer", help="Only of this producer (its code).")
@click.option("--code", help="Only with this code, for example ABSENT_FROM_CARD.")
@click.option("--last", default=SHOWN, show_default=True, type=click.IntRange(1), help="How many, newest last.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def findings_command(producer: str | None, code: str | None, last: int, *, as_json: bool) -> None:
    """What is odd about accepted events.

    By the sealed quarter that took them in. Nothing of it was refused.
    """
    found = _findings(settings(), producer)
    if code is not None:
        found = found.filter(pl.col("code") == code)
    newest = found.sort("quarter", "producer", "code", "event_id").tail(last)
    if as_json:
        last_ones = [_plain_finding(row) for row in newest.iter_rows(named=True)]
        click.echo(json.dumps({"counts": _counted(found).to_dicts(), "last": last_ones}))
        return
    if found.is_empty():
        click.echo("Nothing was found about accepted events; findings are told when a quarter is sealed.")
        return
    _table.show(("producer", "code", "findings"), _counted(found).rows())
    click.echo()
    rows = [
        (it["finding_id"].hex()[:ID_SHOWN], it["quarter"], _uuid(it["event_id"]), it["code"], it["sentence_en"])
        for it in newest.iter_rows(named=True)
    ]
    _table.show(("finding", "quarter", "event", "code", "what"), rows)
    click.echo("\nSee one whole with `dtsen rejected show FINDING`.")


@command.command()
@click.argument("place")
@click.option("--raw", "unmasked", is_flag=True, help="Show the bytes as they came, with every NIK in them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(place: str, *, unmasked: bool, as_json: bool) -> None:
    """One refusal with its bytes, or one finding.

    PLACE is TOPIC[PARTITION]@OFFSET of the record that was refused, or the id of a finding (its first 8 digits do).
    Long numbers in the bytes are masked, and nothing else: a name in them can be read.
    """
    if FINDING.fullmatch(place):
        _show_finding(place, as_json=as_json)
        return
    parsed = PLACE.fullmatch(place)
    if parsed is None:
        raise OperatorError(
            f"{place!r} is no place: write it like population.lahir[0]@17, as `dtsen rejected list` does."
        )
    topic, partition, offset = parsed[1], int(parsed[2]), int(parsed[3])
    found = _found(settings(), None).filter(
        (pl.col("topic") == topic) & (pl.col("partition") == partition) & (pl.col("offset") == offset)
    )
    if found.is_empty():
        raise OperatorError(f"No record at {place} was refused, or retention has removed it.")
    row = found.row(0, named=True)
    said: dict[str, Any] = plain(row if unmasked else {**row, "raw": masked(row["raw"])})
    if as_json:
        click.echo(json.dumps(said))
        return
    for name in SHOWN_ONE:
        click.echo(f"{name:<13} {said[name] if said[name] is not None else '-'}")
    hidden = "" if unmasked else "; numbers in them are masked (2a), --raw shows them"
    click.echo(f"{'raw':<13} {len(said['raw']) // 2} bytes{hidden}")
    raw = said["raw"]
    for start in range(0, len(raw), 64):
        click.echo(f"  {start // 2:06x}  {raw[start : start + 64]}")


def _show_finding(finding: str, *, as_json: bool) -> None:
    every = _findings(settings(), None)
    found = every.filter(pl.col("finding_id").bin.encode("hex").str.starts_with(finding))
    if found.height != 1:
        raise OperatorError(
            f"{found.height} findings have an id that begins with {finding}: see `dtsen rejected findings`."
        )
    said = _plain_finding(found.row(0, named=True))
    if as_json:
        click.echo(json.dumps(said))
        return
    for name, value in said.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{name:<13} {shown if shown is not None else '-'}")


@command.command("replay")
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option("--producer", metavar="CODE", help="All refusals of this producer (its code).")
@click.option("--code", metavar="CODE", help="All refusals with this code.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay_command(places: tuple[str, ...], producer: str | None, code: str | None, *, as_json: bool) -> None:
    """Append refused bytes anew to their topics.

    For when the reason was on our side and is mended. Name PLACEs (TOPIC[PARTITION]@OFFSET, as `dtsen rejected list`
    shows them), or choose by --producer or --code. The bytes are sent as they came, with a header that says of which
    record they are a replay. What is still wrong is refused again; what was accepted meanwhile changes nothing.
    """
    if not places and producer is None and code is None:
        raise OperatorError("Name what to replay: one or more PLACEs, --producer, or --code.")
    here = settings()
    found = _found(here, producer)
    if code is not None:
        found = found.filter(pl.col("code") == code)
    if places:
        wanted = pl.format("{}[{}]@{}", "topic", "partition", "offset").is_in(list(places))
        found = found.filter(wanted)
    if found.is_empty():
        raise OperatorError("No refusal is there that you name: see `dtsen rejected list`.")
    count = asyncio.run(replay(here, found))
    if as_json:
        click.echo(json.dumps({"replayed": count}))
    else:
        click.echo(f"{count:,} records were appended anew; what became of them is shown by `dtsen rejected list`.")


def _found(here: Settings, producer: str | None, without: tuple[str, ...] = ()) -> pl.DataFrame:
    chosen = _chosen(producer)
    wanted = [name for name in columns() if name not in without]
    return asyncio.run(_read(here, chosen, wanted))


def _chosen(producer: str | None) -> list[str]:
    if producer is not None and producer not in producers():
        raise OperatorError(f"There is no producer {producer!r}; known are {', '.join(producers())}.")
    return [producer] if producer else producers()


def _findings(here: Settings, producer: str | None) -> pl.DataFrame:
    chosen = _chosen(producer)

    async def read() -> pl.DataFrame:
        return pl.concat([await told_findings(here, it) for it in chosen])

    return asyncio.run(read())


def _counted(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.group_by("producer", "code").len("findings").sort("producer", "code")


def _place(row: dict[str, Any]) -> str:
    return f"{row['topic']}[{row['partition']}]@{row['offset']}"


def _uuid(event_id: bytes) -> str:
    return str(uuid.UUID(bytes=event_id))


def _plain_finding(row: dict[str, Any]) -> dict[str, Any]:
    """A finding as JSON can hold it: the event's id as a UUID."""
    return {**plain(row), "event_id": _uuid(row["event_id"])}


async def _read(here: Settings, chosen: list[str], wanted: list[str]) -> pl.DataFrame:
    return pl.concat([await rejections(here, producer, wanted) for producer in chosen])
