"""All topics, in one list."""

from collections.abc import Iterator
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
VISITS = "integrity.visits"
INTEGRITY_FINDINGS = "integrity.findings"
DECISIONS = "pengesampingan"  # the event type
UNKNOWN_PRODUCER = "unknown"  # when none can be read

FOR_EVER = None
ONE_YEAR = timedelta(days=365)
EIGHT_QUARTERS = timedelta(days=2 * 365)  # a new store starts at the last sealed run's answers: far inside
FOUR_WEEKS = timedelta(weeks=4)

NIK, RUN = "the NIK, 16 digits", "the run"  # keys
INTAKE, REGISTER, FAMILIES, CHECKPOINTS = "intake", "register", "families", "checkpoints"  # stages
INTEGRITY = "integrity"  # a stage, too
OPERATOR = "operator"  # whoever runs commands beside the stages

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
    writers: tuple[str, ...] = ()  # stages, and who else: codes of producers and payers, `operator` for commands
    readers: tuple[str, ...] = ()

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
    return [*_of_producers(settings), *_between_stages(settings), *_of_payers(settings)]


def _topic(
    settings: Settings, name: str, partitions: int, retention: timedelta | None, ways: str, purpose: str, **more: Any
) -> Topic:
    """`ways`: who writes -> who reads."""
    writers, readers = (tuple(side.split()) for side in ways.split("->"))
    return Topic(
        settings.topic(name), partitions, retention, purpose,
        replicas=settings.replicas, writers=writers, readers=readers, **more,
    )  # fmt: skip


def _of_producers(settings: Settings) -> Iterator[Topic]:
    known, few = contracts(), settings.event_partitions
    event = {"append_time": True, "may_grow": True, "key": "the producer's own choice"}
    for it in known.events:
        # Whoever withdraws a decision about an officer has to find it.
        supervisor = OPERATOR if it.name == DECISIONS else ""
        ways = f"{' '.join(senders(it.name))} -> {INTAKE} {CHECKPOINTS} {supervisor}"
        purpose = f"events: {it.name}"
        yield _topic(settings, it.topic or "", few, ONE_YEAR, ways, purpose, records=(it.name,), **event)
    for code in [*sorted(known.producers_by_code), UNKNOWN_PRODUCER]:
        ways = f"{INTAKE} {REGISTER} -> {code if code in known.producers_by_code else ''} {CHECKPOINTS} {OPERATOR}"
        purpose = f"what the door refused of {code}, and findings"
        yield _topic(settings, rejected(code), 1, ONE_YEAR, ways, purpose, records=("rejected", "finding"))


def _between_stages(settings: Settings) -> Iterator[Topic]:
    every = settings.partitions  # one count for all that is spread by NIK or card: same partitions together
    yield _topic(
        settings, FACTS, every, FOR_EVER, f"{INTAKE} {CHECKPOINTS} -> {REGISTER}", "the register's log, by NIK",
        records=("fact", "command"), key=f"{NIK}; {RUN} for commands",
    )  # fmt: skip
    yield _topic(
        settings, MEMBERS, every, EIGHT_QUARTERS, f"{REGISTER} {CHECKPOINTS} -> {FAMILIES}",
        "persons on their way to their families, by card", records=("member", "command"), key=RUN,
    )  # fmt: skip
    yield _topic(
        settings, ANSWERS, every, EIGHT_QUARTERS, f"{FAMILIES} {CHECKPOINTS} -> {REGISTER} {OPERATOR}",
        "answers of families, by NIK", records=("answer", "command"), key=RUN,
    )  # fmt: skip
    yield _topic(
        settings, DOOR, every, EIGHT_QUARTERS, f"{REGISTER} -> {CHECKPOINTS}",
        "coordinates of facts, for the audit of the door", records=("door",), key=RUN,
    )  # fmt: skip
    yield _topic(
        settings, FINDINGS, every, EIGHT_QUARTERS, f"{REGISTER} -> {REGISTER}",
        "what is odd about events, by event", records=("indication",), key=RUN,
    )  # fmt: skip
    yield _topic(
        settings, VISITS, 1, FOR_EVER, f"{INTAKE} -> {INTEGRITY} {OPERATOR}",
        "visits of officers; one partition, since officers are compared with each other", records=("visit",),
        key="the officer",
    )  # fmt: skip
    yield _topic(
        settings, INTEGRITY_FINDINGS, 1, FOR_EVER, f"{INTEGRITY} -> {INTEGRITY} {OPERATOR}",
        "what is improbable about officers' visits; of one id the last counts", records=("integrity_finding",),
        key="the finding's id",
    )  # fmt: skip
    yield _topic(
        settings, LOG, 1, FOR_EVER,
        f"{REGISTER} {FAMILIES} {CHECKPOINTS} {OPERATOR} -> {INTAKE} {REGISTER} {FAMILIES} {CHECKPOINTS} {OPERATOR}",
        "reports and decisions", records=("report",), key="the quarter",
    )  # fmt: skip


def _of_payers(settings: Settings) -> Iterator[Topic]:
    payers, every = contracts().payers, settings.partitions
    for payer in payers:
        ways = f"{REGISTER} -> {payer} {REGISTER} {CHECKPOINTS}"
        purpose = f"published changes for {payer}, by NIK"
        yield _topic(
            settings, changes(payer), every, FOR_EVER, ways, purpose, records=("change", "adjustment"), key=NIK
        )
    yield _topic(
        settings, NOTICES, every, FOR_EVER, f"{REGISTER} -> {' '.join(payers)} {REGISTER}",
        "stops between two seals, by NIK", records=("notice",), key=NIK,
    )  # fmt: skip
    yield _topic(
        settings, MANIFESTS, 1, FOR_EVER, f"{CHECKPOINTS} -> {' '.join(payers)} {CHECKPOINTS}",
        "one manifest per quarter and payer", records=("manifest",), key="quarter/payer",
    )  # fmt: skip
    yield _topic(
        settings, PREVIEW, every, FOUR_WEEKS, f"{REGISTER} -> {CHECKPOINTS}",
        "changes of runs that publish nothing", records=("change", "adjustment"), key=NIK,
    )  # fmt: skip


def senders(event: str) -> list[str]:
    """Codes of the producers that may send an event type."""
    return [code for code, producer in contracts().producers_by_code.items() if event in producer.events]
