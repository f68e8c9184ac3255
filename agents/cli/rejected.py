"""`dtsen rejected`: what the door refused, and why."""

import asyncio
import json
import re
from typing import Any

import click
import polars as pl

from agents.cli import _table, settings
from agents.errors import OperatorError
from agents.people import plain
from agents.rejections import columns, producers, rejections
from agents.replaying import replay
from agents.settings import Settings

PLACE = re.compile(r"([a-z_.]+)\[(\d+)\]@(\d+)")
SHOWN = 20
SHOWN_ONE = ("code", "field", "masked_value", "sentence_id", "sentence_en", "event_type", "producer", "received_at")


@click.group()
def command() -> None:
    """Read what the door refused."""


@command.command("list")
@click.option("--producer", help="Only of this producer (its code).")
@click.option("--code", help="Only with this code, for example NIK_DATE.")
@click.option("--last", default=SHOWN, show_default=True, type=click.IntRange(1), help="How many, newest last.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(producer: str | None, code: str | None, last: int, *, as_json: bool) -> None:
    """How many records were refused by code, and the last of them with their place."""
    found = _found(settings(), producer, without=("raw",))
    if code is not None:
        found = found.filter(pl.col("code") == code)
    counts = found.group_by("producer", "code").len("records").sort("producer", "code")
    newest = found.sort("received_at", "topic", "partition", "offset").tail(last)
    if as_json:
        last_ones = [plain(row) for row in newest.iter_rows(named=True)]
        click.echo(json.dumps({"counts": counts.to_dicts(), "last": last_ones}))
        return
    if found.is_empty():
        click.echo("Nothing was refused.")
        return
    _table.show(("producer", "code", "records"), counts.rows())
    click.echo()
    rows = [
        (f"{it['topic']}[{it['partition']}]@{it['offset']}", it["code"], it["field"] or "-", it["sentence_en"])
        for it in newest.iter_rows(named=True)
    ]
    _table.show(("place", "code", "field", "why"), rows)
    click.echo("\nSee one whole with `dtsen rejected show PLACE`.")


@command.command()
@click.argument("place")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(place: str, *, as_json: bool) -> None:
    """One refusal, with the bytes as they came. PLACE is TOPIC[PARTITION]@OFFSET of the record that was refused."""
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
    said: dict[str, Any] = plain(found.row(0, named=True))
    if as_json:
        click.echo(json.dumps(said))
        return
    for name in (
        "code",
        "field",
        "masked_value",
        "sentence_id",
        "sentence_en",
        "event_type",
        "producer",
        "received_at",
    ):
        click.echo(f"{name:<13} {said[name] if said[name] is not None else '-'}")
    click.echo(f"{'raw':<13} {len(said['raw']) // 2} bytes")
    raw = said["raw"]
    for start in range(0, len(raw), 64):
        click.echo(f"  {start // 2:06x}  {raw[start : start + 64]}")


@command.command("replay")
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option("--producer", help="All refusals of this producer (its code).")
@click.option("--code", help="All refusals with this code.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay_command(places: tuple[str, ...], producer: str | None, code: str | None, *, as_json: bool) -> None:
    """Append refused bytes anew to their topics, after the reason was mended on our side.

    Name PLACEs (TOPIC[PARTITION]@OFFSET, as `dtsen rejected list` shows them), or choose by --producer or --code. The
    bytes are sent as they came, with a header that says of which record they are a replay. What is still wrong is
    refused again; what was accepted meanwhile changes nothing.
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
    if producer is not None and producer not in producers():
        raise OperatorError(f"There is no producer {producer!r}; known are {', '.join(producers())}.")
    wanted = [name for name in columns() if name not in without]
    return asyncio.run(_read(here, [producer] if producer else producers(), wanted))


async def _read(here: Settings, chosen: list[str], wanted: list[str]) -> pl.DataFrame:
    return pl.concat([await rejections(here, producer, wanted) for producer in chosen])
