"""One entry of `checkpoint.log`: the typed face of the Avro record `report`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an entry says. The meaning of `body` and `frames` follows from it."""

    OPENED = "OPENED"  # a quarter's cut, as-of date and rules, decided once
    STARTED = "STARTED"  # a run of a quarter begins: where members and answers start
    REPORT = "REPORT"  # one partition did one step
    CUTPOINTS = "CUTPOINTS"  # the score thresholds of the deciles
    CUT = "CUT"  # the quota cuts of one wave
    REFUSED = "REFUSED"  # the books do not balance: where, and what was found
    RETRY = "RETRY"  # the operator asks for another run of a refused quarter
    SEALED = "SEALED"  # the quarter is decided; carries the manifests
    ROLLED = "ROLLED"  # one partition applied a sealed quarter to its holdings
    PREVIEW = "PREVIEW"  # the operator asks what a quarter would say: cut, as-of date and rules
    PREVIEWED = "PREVIEWED"  # a preview ended: its totals, and what its books would say
    ABANDONED = "ABANDONED"  # a run ended without an outcome: `why`, and whether to `restart` by itself


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as written; `offset` is its place in the log, -1 before it is written.

    `written_ms` is when the log took it (ms since 1970 UTC): for people who look on, decided upon by nobody.
    """

    kind: Kind
    quarter: str
    run: str = ""
    step: str = ""
    wave: int = 0
    stage: str = ""
    partition: int = -1
    attempt: int = 0
    code_version: str = ""
    rules_hash: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    frames: Mapping[str, bytes] = field(default_factory=dict)
    offset: int = -1
    written_ms: int = 0

    def to_record(self) -> dict[str, object]:
        """The fields of the Avro record `report`; the body as canonical JSON, so that equal entries are equal bytes."""
        return {
            "kind": self.kind.value,
            "quarter": self.quarter,
            "run": self.run,
            "step": self.step,
            "wave": self.wave,
            "stage": self.stage,
            "partition": self.partition,
            "attempt": self.attempt,
            "code_version": self.code_version,
            "rules_hash": self.rules_hash,
            "body": canonical_json(self.body),
            "frames": dict(self.frames),
        }

    @staticmethod
    def from_record(record: Mapping[str, Any], offset: int, written_ms: int = 0) -> "Entry":
        """The entry of a decoded Avro record `report` found at `offset` of the log."""
        return Entry(
            kind=Kind(record["kind"]),
            quarter=record["quarter"],
            run=record["run"],
            step=record["step"],
            wave=record["wave"],
            stage=record["stage"],
            partition=record["partition"],
            attempt=record["attempt"],
            code_version=record["code_version"],
            rules_hash=record["rules_hash"],
            body=json.loads(record["body"]),
            frames=dict(record["frames"]),
            offset=offset,
            written_ms=written_ms,
        )


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no white space: one text per value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
