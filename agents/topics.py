"""All topics, in one list."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agents.settings import Settings
from schemas.registry import contracts

FACTS = "register.facts"
MEMBERS = "checkpoint.members"
ANSWERS = "checkpoint.answers"
DOOR = "checkpoint.door"
FINDINGS = "checkpoint.findings"
LOG = "checkpoint.log"
MANIFESTS = "checkpoint.manifests"
NOTICES = "eligibility.notices"
PREVIEW = "preview.changes"
UNKNOWN_PRODUCER = "unknown"  # when none can be read

FOR_EVER = None
ONE_YEAR = timedelta(days=365)
EIGHT_QUARTERS = timedelta(days=2 * 365)  # a new store starts at the last sealed run's answers: far inside
FOUR_WEEKS = timedelta(weeks=4)

NIK, RUN = "the NIK, 16 digits", "the run"  # keys

# Parts are cut at 900 KB before their envelope; a single answer or report may stand above that.
MAX_MESSAGE_BYTES = 2_000_000
NEEDS_REPLICAS = 3  # from so many on, a write must reach all but one


@dataclass(frozen=True)
class Topic:
    """One topic as it should be."""

    name: str
    partitions: int
    retention: timedelta | None  # None: for ever
    purpose: str
    append_time: bool = False  # the broker stamps records: cuts are chosen by these stamps
    may_grow: bool = False  # whether partitions may be added; where keys choose the partition, persons would move
    replicas: int = 1
    records: tuple[str, ...] = ()  # the schemas of its values, by the names of schemas/
    key: str = ""  # what a record's key is; empty: there is none

    @property
    def config(self) -> dict[str, str]:
        """The topic's settings, by Kafka's names."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": "-1" if self.retention is None else str(self.retention // timedelta(milliseconds=1)),
            "retention.bytes": "-1",
            "message.timestamp.type": "LogAppendTime" if self.append_time else "CreateTime",
            "min.insync.replicas": str(self.replicas - 1 if self.replicas >= NEEDS_REPLICAS else 1),
            "max.message.bytes": str(MAX_MESSAGE_BYTES),
            "unclean.leader.election.enable": "false",
        }


def rejected(producer: str) -> str:
    """The topic of a producer's rejections, without realm."""
    return f"intake.rejected.{producer}"


def changes(payer: str) -> str:
    """The topic of a payer's published changes, without realm."""
    return f"eligibility.changes.{payer}"


def topics(settings: Settings) -> list[Topic]:
    """Every topic of this release, named with the realm, in the order in which an event meets them."""
    known = contracts()

    def topic(
        name: str, partitions: int, retention: timedelta | None, records: str, purpose: str, **more: Any
    ) -> Topic:
        named = settings.topic(name)
        return Topic(
            named, partitions, retention, purpose, replicas=settings.replicas, records=tuple(records.split()), **more
        )

    every = settings.partitions  # one count for all that is spread by NIK or card: same partitions together
    few = settings.event_partitions
    event = {"append_time": True, "may_grow": True, "key": "the producer's own choice"}
    return [
        *(topic(e.topic or "", few, ONE_YEAR, e.name, f"events: {e.name}", **event) for e in known.events),
        *(
            topic(rejected(code), 1, ONE_YEAR, "rejected finding", f"what the door refused of {code}, and findings")
            for code in [*sorted(known.producers_by_code), UNKNOWN_PRODUCER]
        ),
        topic(FACTS, every, FOR_EVER, "fact command", "the register's log, by NIK", key=f"{NIK}; {RUN} for commands"),
        topic(
            MEMBERS, every, EIGHT_QUARTERS, "member command", "persons on their way to their families, by card", key=RUN
        ),
        topic(ANSWERS, every, EIGHT_QUARTERS, "answer command", "answers of families, by NIK", key=RUN),
        topic(DOOR, every, EIGHT_QUARTERS, "door", "coordinates of facts, for the audit of the door", key=RUN),
        topic(FINDINGS, every, EIGHT_QUARTERS, "indication", "what is odd about events, by event", key=RUN),
        topic(LOG, 1, FOR_EVER, "report", "reports and decisions", key="the quarter"),
        *(
            topic(changes(payer), every, FOR_EVER, "change", f"published changes for {payer}, by NIK", key=NIK)
            for payer in known.payers
        ),
        topic(NOTICES, every, FOR_EVER, "notice", "stops between two seals, by NIK", key=NIK),
        topic(MANIFESTS, 1, FOR_EVER, "manifest", "one manifest per quarter and payer", key="quarter/payer"),
        topic(PREVIEW, every, FOUR_WEEKS, "change", "changes of runs that publish nothing", key=NIK),
    ]
