"""A stage for the tests, run as a process: writes what it handled to a file, line by line.

Arguments: one JSON object with broker, group, topics, out, instance; optional: positions (keep the position of each
partition in files beside `out`), slow_positions_seconds, fail_at (raise at this offset), slow_seconds (per batch),
start (a fixed position), poll_seconds (how long a take waits), patience_seconds, end_seconds,
recovery_delay_seconds (between an assignment and Faust's asking where to start); and defects: loses (a
partition of which no batch reaches the handler), fails_to_close, fails_to_join (again, after a rebalance began).
"""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaError
from faust.types import TP

from agents.transport import app as transport_app
from agents.transport import consumer
from agents.transport.app import BatchApp, batches, create_app, run
from agents.transport.records import Records


def plant(app: BatchApp, options: dict[str, Any]) -> None:
    """Other limits, and the loss of a partition's batches."""
    app.patience_seconds = options.get("patience_seconds", app.patience_seconds)
    consumer.POLL_SECONDS = options.get("poll_seconds", consumer.POLL_SECONDS)  # type: ignore[misc]
    transport_app.END_SECONDS = options.get("end_seconds", transport_app.END_SECONDS)  # type: ignore[misc]
    app.conf.stream_recovery_delay = options.get("recovery_delay_seconds", 0)
    put, loses = app.lanes.put, options.get("loses")

    def put_or_lose(event: Any) -> None:
        if event.value.partition != loses:
            put(event)

    app.lanes.put = put_or_lose  # type: ignore[method-assign]


def plant_at_rebalance(app: BatchApp, options: dict[str, Any]) -> None:
    """What fails while nobody takes, and so has nobody to tell it to."""

    async def join(*_: Any) -> None:
        await asyncio.sleep(3 * consumer.POLL_SECONDS)  # until no take waits any more, which would hear of it
        raise KafkaError("planted failure to join")

    if options.get("fails_to_join"):
        app.consumer._thread._consumer._coordinator._do_rejoin_group = join  # type: ignore[attr-defined]
    if options.get("fails_to_close"):
        raise ValueError("planted failure to close")


def main(options: dict[str, Any]) -> None:
    out = Path(options["out"])

    def write(**line: Any) -> None:
        with out.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def position_file(tp: TP) -> Path:
        return out.with_name(f"{tp.topic}-{tp.partition}.position")

    async def positions(assigned: set[TP]) -> dict[TP, int]:
        write(assigned=sorted(tp.partition for tp in assigned))
        await asyncio.sleep(options.get("slow_positions_seconds", 0))
        if "start" in options:
            return dict.fromkeys(assigned, options["start"])
        files = {tp: position_file(tp) for tp in assigned}
        return {tp: int(file.read_text()) if file.exists() else 0 for tp, file in files.items()}

    async def on_revoked(revoked: set[TP]) -> None:
        write(revoked=sorted(tp.partition for tp in revoked))
        plant_at_rebalance(app, options)

    kept = bool(options.get("positions")) or "start" in options
    app = create_app(
        "worker",
        broker=options["broker"],
        realm="",
        group=options["group"],
        instance_id=options["instance"],
        session_timeout_seconds=6,
        positions=positions if kept else None,
        on_revoked=on_revoked,
    )

    async def handle(records: Records) -> None:
        if options.get("fail_at") is not None and options["fail_at"] < records.next_offset:
            raise ValueError(f"planted failure at {options['fail_at']}")
        await asyncio.sleep(options.get("slow_seconds", 0))
        offsets = records.offsets.tolist()
        if kept:  # first, and whole: who waits for the line may kill the process when it is there
            target = position_file(TP(records.topic, records.partition))
            target.with_suffix(f".{options['instance']}").write_text(str(records.next_offset))
            target.with_suffix(f".{options['instance']}").replace(target)
        write(
            partition=records.partition,
            first=offsets[:1],
            last=offsets[-1:],
            rows=len(offsets),
            next=records.next_offset,
        )

    batches(app, options["topics"], handle)
    plant(app, options)
    logging.basicConfig(level=logging.INFO)
    run(app)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
