"""A stage for the tests, run as a process: writes what it handled to a file, line by line.

Arguments: one JSON object with broker, group, topics, out, instance; optional: positions (keep the position of each
partition in files beside `out`), slow_positions_seconds, fail_at (raise at this offset), slow_seconds (per batch),
start (a fixed position), poll_seconds (how long a take waits), patience_seconds, loses (a defect: no batch reaches
the handler).
"""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from faust.types import TP

from agents.transport import consumer
from agents.transport.app import batches, create_app, run
from agents.transport.records import Records


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

    if "poll_seconds" in options:
        consumer.POLL_SECONDS = options["poll_seconds"]  # type: ignore[misc]
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
        write(
            partition=records.partition,
            first=offsets[:1],
            last=offsets[-1:],
            rows=len(offsets),
            next=records.next_offset,
        )
        if kept:
            position_file(TP(records.topic, records.partition)).write_text(str(records.next_offset))

    batches(app, options["topics"], handle)
    app.patience_seconds = options.get("patience_seconds", app.patience_seconds)
    app.lanes.resume = (lambda: None) if options.get("loses") else app.lanes.resume  # type: ignore[method-assign]
    logging.basicConfig(level=logging.INFO)
    run(app)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
