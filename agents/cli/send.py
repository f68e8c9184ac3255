"""`dtsen send`: events of a producer from a JSON file, checked as the door checks them."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

import click

from agents.clients.events import Checked, Refusal, contract_of, facts_of
from agents.clients.examples import example
from agents.clients.fitting import Misfit
from agents.clients.producer import Outcome, ProducerClient
from agents.errors import OperatorError
from agents.settings import Settings
from schemas.registry import contracts


@click.command()
@click.argument("event_type")
@click.argument("file", type=click.File(encoding="utf-8-sig"), required=False)
@click.option("--producer", metavar="CODE", help="The sender of events that name none (schemas/producers.yaml).")
@click.option("--check", "only_check", is_flag=True, help="Only say what the door would say; needs no broker.")
@click.option("--facts", "with_facts", is_flag=True, help="With --check: also say what the register would keep.")
@click.option("--example", "as_example", is_flag=True, help="Print a filled-in event to start from; needs no broker.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    event_type: str,
    file: TextIO | None,
    producer: str | None,
    *,
    only_check: bool,
    with_facts: bool,
    as_example: bool,
    as_json: bool,
) -> None:
    """Send the events of a JSON FILE, checked as the door checks.

    FILE holds one JSON object, or a list of them; `-` reads standard input. EVENT_TYPE is for example mati or
    kartu_keluarga. Every event is checked by the door's own rules before it leaves. What is refused is shown with code,
    field and sentences, and is not sent; the others are. Exit code 1 when something was refused. The same file may be
    sent again: the same event has the same id.
    """
    _known(producer)
    if as_example:
        click.echo(json.dumps(example(event_type, producer), indent=2, ensure_ascii=False))
        return
    if file is None:
        raise OperatorError(f"Name a FILE, or `-` for standard input; `dtsen send {event_type} --example` prints one.")
    if with_facts and not only_check:
        raise OperatorError("--facts says what would be kept, before anything is sent: it goes with --check.")
    topic = str(contract_of(event_type).topic)
    records = _records(file)
    here = _settings(no_broker=only_check)
    with ProducerClient(here, producer) as client:
        done = client.check(event_type, records) if only_check else client.send(event_type, records)
    kept = None
    if with_facts and isinstance(done, Checked):
        kept = facts_of(event_type, done.good, profile=here.profile.value)
    if as_json:
        report = {**_report(event_type, topic, done), **({} if kept is None else {"facts": kept})}
        click.echo(json.dumps(report, ensure_ascii=False, default=str))
    else:
        _show(done, kept or {})
    if done.refused:
        sys.exit(1)


def _known(producer: str | None) -> None:
    if producer is not None and producer not in contracts().producers_by_code:
        known = ", ".join(contracts().producers_by_code)
        raise OperatorError(f"There is no producer {producer!r}; known are {known}.")


def _settings(*, no_broker: bool) -> Settings:
    """The settings; a check needs no broker, so none has to be known."""
    spare = {"DTSEN_BROKER": "none:0"} if no_broker else {}
    return Settings.from_environment({**os.environ, **spare})


def _records(file: TextIO) -> list[Any]:
    name = getattr(file, "name", "-")
    try:
        read = json.load(file)
    except json.JSONDecodeError as error:
        raise OperatorError(
            f"{name} is no JSON at line {error.lineno}, column {error.colno} ({error.msg}): mend it there."
        ) from None
    except UnicodeDecodeError as error:
        raise OperatorError(f"{name} is not UTF-8 at byte {error.start}: convert it, then send it.") from None
    records = read if isinstance(read, list) else [read]
    if not records:
        raise OperatorError(f"{name} holds an empty list: write at least one event.")
    return records


def _show(done: Checked | Outcome, kept: Mapping[int, Mapping[str, Mapping[str, Any]]]) -> None:
    if isinstance(done, Outcome):
        for sent in done.sent:
            click.echo(
                f"record {sent.record}: sent to {sent.topic}[{sent.partition}]@{sent.offset}, id {sent.event_id}"
            )
    else:
        for event in done.good:
            click.echo(f"record {event.record}: good, id {event.event_id}")
            for nik, stated in kept.get(event.record, {}).items():
                click.echo(f"  fact about {nik}{'' if stated else ': states nothing'}")
                for name, value in stated.items():
                    click.echo(f"    {name:<28} {value}")
    if any((it.code, it.field) == (Misfit.FIELD_MISSING.name, "producer") for it in done.refused):
        click.echo("No sender is named: give --producer CODE, for example --producer dukcapil-dki, for all records.")
    for refusal in done.refused:
        click.echo(f"record {refusal.record}: refused, {refusal.code}")
        click.echo(f"  {refusal.sentence_id}")
        click.echo(f"  {refusal.sentence_en}")
    if isinstance(done, Outcome):
        click.echo(f"{len(done.sent)} sent, {len(done.refused)} refused.")
    else:
        click.echo(f"{len(done.good)} good, {len(done.refused)} refused; nothing was sent.")


def _report(event_type: str, topic: str, done: Checked | Outcome) -> Mapping[str, Any]:
    refused = [_refusal(it) for it in done.refused]
    if isinstance(done, Outcome):
        sent = [{**asdict(it), "event_id": str(it.event_id)} for it in done.sent]
        return {"event_type": event_type, "topic": topic, "sent": sent, "refused": refused}
    good = [{"record": it.record, "event_id": str(it.event_id)} for it in done.good]
    return {"event_type": event_type, "topic": topic, "good": good, "refused": refused}


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {**asdict(refusal), "event_id": str(refusal.event_id) if refusal.event_id else None}
