"""Step SCAN: the facts of one partition seen from this cut and from the previous one, in one pass."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from agents.context import Context, Work, new_attempt
from agents.findings import send_indications
from agents.metrics import PARTS
from agents.parts import PartWriter
from agents.points import held_up, passed, slice_rows
from agents.register.holding import holdings_before
from agents.reported import rules_of
from agents.store import CopyChunk, FactChunk, PartitionStore
from agents.threads import in_thread
from agents.topics import DOOR, MEMBERS
from schemas.registry import contracts
from streams.accounts import ACCOUNTS, FLOWS, add_accounts, add_flows
from streams.books import tally_of
from streams.books.answers import tallies
from streams.cases import CLAIMED, COUNTED, OBJECTING, Terms, add_counted, counted, objecting
from streams.digests import as_bytes
from streams.facts import CUT, Rows
from streams.findings import no_indications
from streams.members import listed, stopped
from streams.outcomes import OUTCOMES, add_outcomes
from streams.persons import AsOf
from streams.rules import Rules
from streams.runs import Entry, Journal, Run
from streams.runs.journal import Cut, Quarter, cut_rows
from streams.scan import NO_FACTS, Scan, Tally, Viewpoint, scan

CHUNK_ROWS = 50_000  # a slice of a scan: a few hundred milliseconds between two looks at a cancellation
OFFSET_BYTES = 8
DOOR_SCHEMA = pl.Schema({"offset": pl.Int64, "i": pl.UInt16, "n": pl.UInt16})


@dataclass(frozen=True)
class Views:
    """From where this run looks at the facts of one partition."""

    now: Viewpoint
    before: Viewpoint | None


async def scan_step(work: Work, store: PartitionStore, command_offset: int) -> Entry:
    """Account everybody at both cuts, send listed people to their families, and the door's audit to the coordinator."""
    context, journal, run, number = work.context, work.journal, work.run, work.partition
    views = _views(journal, run, number, command_offset)
    holdings = await holdings_before(work, store)
    attempt = new_attempt()
    envelope = {"run": run.name, "attempt": attempt, "source": number}
    writers = [
        PartWriter(context.sender, context.topic(MEMBERS), target, "member", {**envelope, "target": target})
        for target in range(run.partitions)
    ]
    rules = rules_of(journal, run)
    family_programmes = [name for name, programme in rules.programmes.items() if programme.is_family]
    sums, terms = Sums(number, rules), Terms.of(rules)
    door = Door(journal, run)
    async for rows in chunks(store):
        seen = await in_thread(scan, rows, contracts().by_name["fact"], authorities(), views.now, views.before, terms)
        sums.add(seen)
        await in_thread(door.add, rows)
        await _send_members(writers, seen, holdings, family_programmes, sums)
    sent_findings = await send_indications(work, attempt, pl.concat(sums.indications))
    sent_door = await door.send(context, number, envelope)
    PARTS.labels(work.step.stage, MEMBERS).inc(sum(writer.sent.parts for writer in writers))
    passed("register.members_sent")
    body = {
        "command_offset": command_offset,
        "facts_now": tally_json(sums.now),
        "facts_before": tally_json(sums.before),
        "members": {str(target): writer.sent.to_json() for target, writer in enumerate(writers)},
        "door": sent_door,
        "findings": sent_findings,
    }
    frames = {
        "accounts_now": add_accounts(sums.accounts_now),
        "accounts_before": add_accounts(sums.accounts_before),
        "flows": add_flows(sums.flows),
        "listed": tallies(sums.listed),
        "outcomes": add_outcomes(sums.outcomes),
        "claimed": add_counted(sums.claimed, CLAIMED),
        "cases": add_counted(sums.cases, COUNTED),
        "objecting": add_counted(sums.objecting, OBJECTING),
    }
    return work.report(attempt, body=body, frames=frames)


async def chunks(store: PartitionStore) -> AsyncIterator[Rows]:
    """All facts of a store with their copies, as of one moment, in chunks of whole NIK."""
    facts, copies = store.scans(slice_rows(CHUNK_ROWS))
    pending: CopyChunk | None = await in_thread(next, copies, None)
    while (chunk := await in_thread(next, facts, None)) is not None:
        mine: list[CopyChunk] = []
        last_nik = chunk.keys[-1, :16].tobytes()
        while pending is not None:
            inside = _up_to(pending, last_nik)
            mine.append(_slice(pending, slice(0, inside)))
            if inside < len(pending):
                pending = _slice(pending, slice(inside, None))
                break
            pending = await in_thread(next, copies, None)
        await in_thread(held_up)
        yield rows_of(chunk, mine)


def _up_to(copies: CopyChunk, nik: bytes) -> int:
    """How many of the sorted copies are of NIK up to and including `nik`."""
    niks = np.ascontiguousarray(copies.keys[:, :16]).view("S16").ravel()
    return int(np.searchsorted(niks, np.bytes_(nik), side="right"))


def _slice(copies: CopyChunk, rows: slice) -> CopyChunk:
    return CopyChunk(
        copies.keys[rows],
        copies.coordinates[rows],
        copies.facts_offsets[rows],
        copies.places[rows],
        copies.other[rows],
    )


def rows_of(chunk: FactChunk, copies: list[CopyChunk]) -> Rows:
    """A chunk as `streams` takes it: values with the eight bytes of their offset in front."""
    keys = [np.zeros((0, 56), np.uint8)]
    values = [np.zeros((0, 5), np.uint8)]
    for part in copies:
        offsets = part.facts_offsets.astype(">u8").view(np.uint8).reshape(-1, OFFSET_BYTES)
        keys.append(np.hstack([part.keys, part.coordinates, offsets]))
        values.append(np.hstack([part.places, part.other.astype(np.uint8)[:, None]]))
    return Rows(
        chunk.keys,
        chunk.arena,
        chunk.starts - OFFSET_BYTES,
        (chunk.lengths + OFFSET_BYTES).astype(np.int32),
        np.concatenate(keys),
        np.concatenate(values),
    )


def authorities() -> dict[int, int]:
    return {number: producer.authority for number, producer in contracts().producers_by_number.items()}


def view_of(rules: Rules, cut: Cut, command_offset: int) -> Viewpoint:
    """A cut with the day and the rules by which it is looked at."""
    day = AsOf(rules.as_of, rules.transit_limit_days, rules.scope_province)
    return Viewpoint(cut_frame(cut), command_offset, day)


def cut_frame(cut: Cut) -> pl.DataFrame:
    numbers = {contract.topic or "": contract.topic_number or 0 for contract in contracts().events}
    return pl.DataFrame(cut_rows(cut, numbers), schema=CUT)


def seen_by(journal: Journal, run: Run, number: int, command_offset: int) -> Viewpoint:
    """How a run sees this partition. A preview of a sealed cut sees what the sealed run saw, under its own rules: facts
    that came behind that run's command are not of the quarter, wherever their copies stand.
    """
    sealed = journal.sealed_run_at(run)
    if sealed is not None:
        command_offset = _sealed_offset(sealed, number)
    return view_of(rules_of(journal, run), journal.cut_of(run), command_offset)


def _sealed_offset(sealed: Run, number: int) -> int:
    return int(sealed.step_reports("SCAN")[number].body["command_offset"])


def _views(journal: Journal, run: Run, number: int, command_offset: int) -> Views:
    now = seen_by(journal, run, number, command_offset)
    before = journal.before(run.quarter)
    return Views(now, sealed_view(journal, before, number) if before else None)


def sealed_view(journal: Journal, quarter: Quarter, number: int) -> Viewpoint:
    """How the sealed run of a quarter saw this partition: its cut, its command, its day, its rules."""
    run = quarter.sealed_run
    assert run is not None
    return view_of(rules_of(journal, run), quarter.cut, _sealed_offset(run, number))


def tally_json(tally: Tally) -> dict[str, object]:
    return {"count": tally.count, "digest": as_bytes(tally.digest).hex()}


class Sums:
    """What the chunks add up to."""

    def __init__(self, number: int, rules: Rules) -> None:
        self._number, self._rules = number, rules
        self.claimed: list[pl.DataFrame] = []
        self.cases: list[pl.DataFrame] = []
        self.objecting: list[pl.DataFrame] = []
        self.now, self.before = NO_FACTS, NO_FACTS
        self.accounts_now = [pl.DataFrame(schema=ACCOUNTS)]
        self.accounts_before = [pl.DataFrame(schema=ACCOUNTS)]
        self.flows = [pl.DataFrame(schema=FLOWS)]
        self.indications = [no_indications()]
        self.outcomes = [pl.DataFrame(schema=OUTCOMES)]
        self.listed = [tally_of(pl.DataFrame(schema={"nik": pl.String}), number)]

    def add(self, seen: Scan) -> None:
        self.now += seen.now.facts
        self.before += seen.before.facts
        self.accounts_now.append(seen.now.accounts)
        self.accounts_before.append(seen.before.accounts)
        self.flows.append(seen.flows)
        self.outcomes.append(seen.outcomes)
        self.indications.append(seen.indications)
        self.claimed.append(seen.claimed)
        self.cases.append(counted(seen.cases))

    def add_listed(self, members: pl.DataFrame, cases: pl.DataFrame) -> None:
        """Who must get exactly one answer: TERDAFTAR or TRANSIT, with a card. `cases`: of anybody."""
        due = members.filter(pl.col("status").cast(pl.String).is_in(["TERDAFTAR", "TRANSIT"]))
        self.listed.append(tally_of(due, self._number))
        self.objecting.append(objecting(cases.join(due.select("nik"), on="nik", how="semi"), self._rules))


async def _send_members(
    writers: list[PartWriter], seen: Scan, holdings: pl.DataFrame, family_programmes: list[str], sums: Sums
) -> None:
    holders = holdings.get_column("nik").unique()
    found, before = seen.now.persons, seen.before.persons
    of_families = holdings.filter(pl.col("programme").cast(pl.String).is_in(family_programmes))
    ended = await in_thread(stopped, found, of_families)
    for target, members in (await in_thread(listed, found, before, holders, len(writers))).items():
        sums.add_listed(members, seen.cases)
        held = holdings.join(members.select("nik"), on="nik", how="semi")
        await writers[target].send({"members": members, "holdings": held, "stopped": ended})


class Door:
    """Which records of the event topics stand in this store, between the previous cut and this one."""

    def __init__(self, journal: Journal, run: Run) -> None:
        before = journal.before(run.quarter)
        cut = journal.cut_of(run)
        upper = cut_frame(cut)
        lower = cut_frame(before.cut) if before else upper.with_columns(pl.lit(0, pl.Int64).alias("offset"))
        self._bounds = upper.join(
            lower.rename({"offset": "first"}), on=["topic_number", "partition"], how="left"
        ).with_columns(pl.col("first").fill_null(0))
        self._topics = {contract.topic_number: contract.topic for contract in contracts().events}
        self._found = [pl.DataFrame(schema={"topic_number": pl.UInt16, "partition": pl.UInt32, **DOOR_SCHEMA})]

    def add(self, rows: Rows) -> None:
        """Take the coordinates and places of all copies of a chunk's facts that lie between the cuts."""
        at = rows.starts[:, None] + np.arange(36, 54)  # coordinate 14 bytes, place 4 bytes
        first = rows.arena[at]
        further = np.hstack([rows.copy_keys[:, 34:48], rows.copy_values[:, :4]])
        both = np.ascontiguousarray(np.concatenate([first, further]))
        frame = pl.DataFrame(
            {
                "topic_number": _number(both, 0, 2).astype(np.uint16),
                "partition": _number(both, 2, 4).astype(np.uint32),
                "offset": _number(both, 6, 8).astype(np.int64),
                "i": _number(both, 14, 2).astype(np.uint16),
                "n": _number(both, 16, 2).astype(np.uint16),
            }
        )
        inside = frame.join(self._bounds.rename({"offset": "end"}), on=["topic_number", "partition"]).filter(
            (pl.col("offset") >= pl.col("first")) & (pl.col("offset") < pl.col("end"))
        )
        self._found.append(inside.select(self._found[0].columns))

    async def send(self, context: Context, number: int, envelope: dict[str, object]) -> list[dict[str, object]]:
        """Sorted (offset, i, n), one part or more per input partition; where they stand, for the report."""
        sent = []
        for keys, found in (
            pl.concat(self._found)
            .unique()
            .sort(pl.all())
            .partition_by("topic_number", "partition", as_dict=True, maintain_order=True, include_key=False)
            .items()
        ):
            topic_number, partition = keys
            place = {"topic": self._topics[int(str(topic_number))], "partition": int(str(partition))}
            writer = PartWriter(context.sender, context.topic(DOOR), number, "door", {**envelope, **place})
            await writer.send({"frame": found})
            sent.append({**place, **writer.sent.to_json()})
        return sent


def _number(rows: np.ndarray, first: int, width: int) -> np.ndarray:
    return np.ascontiguousarray(rows[:, first : first + width]).view(f">u{width}").ravel()
