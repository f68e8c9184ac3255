"""The register's pipeline in memory, without Kafka: from producers' bytes to changes, quarter after quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.store.facts import FactBatch, fact_puts, row_keys, split_copies
from schemas.columnar import join
from schemas.registry import contracts
from streams.answers import answer_step
from streams.books.cases import cases_lines, objections_lines
from streams.cases import Terms, counted, objected, objecting
from streams.changes import net
from streams.changes.frames import no_changes, no_holdings
from streams.deciles import cut_points, desil
from streams.door import open_batch
from streams.facts import CUT, KEY_BYTES, Rows, below, copies_frame, facts_frame
from streams.families import form
from streams.members import listed, stopped
from streams.persons import AsOf
from streams.programmes import quota_cuts, units_step
from streams.quarters import Quarter
from streams.retroactive import adjustments, no_adjustments, past_quarters, stops, targets
from streams.retroactive import listed as listed_in
from streams.rules import load
from streams.scan import Scan, Viewpoint, scan
from streams.score import combine_counts, score_step
from tests.streams.villages import documents

if TYPE_CHECKING:
    from agents.simulator import Simulation
    from streams.families import Formed
    from streams.rules import Bundle, Rules

RECEIVED_MS = 1_800_000_000_000  # 2027: after all simulated quarters
PARTITIONS = 3  # of families; one partition of facts


@dataclass(frozen=True)
class Computed:
    """What a quarter's run computed: frames as docs/contracts.md names them."""

    accepted: int  # records of the quarter that passed the door, repetitions counted
    persons: pl.DataFrame
    accounts: pl.DataFrame
    opening: pl.DataFrame  # the accounts as seen at the previous cut, where one was given
    cut_points: list[int]
    families: pl.DataFrame  # of `Formed`, all partitions, with desil
    answers: pl.DataFrame
    changes: pl.DataFrame
    holdings: pl.DataFrame
    adjustments: pl.DataFrame  # of the quarters before


@dataclass(frozen=True)
class Past:
    """What the quarters sealed so far have published."""

    sealed: tuple[str, ...]
    changes: pl.DataFrame
    adjustments: pl.DataFrame

    def with_quarter(self, quarter: str, computed: Computed) -> Past:
        return Past(
            (*self.sealed, quarter),
            pl.concat([self.changes, computed.changes]),
            pl.concat([self.adjustments, computed.adjustments]),
        )


NO_PAST = Past((), no_changes(), no_adjustments())


class Facts:
    """One partition of `register.facts` with its store, as a worker keeps it: first copies, and further ones."""

    def __init__(self) -> None:
        self.length = 0  # of register.facts
        self.read = {contract.topic: 0 for contract in contracts().events}  # offsets, one partition each
        # Row keys and copy keys with their values, as agents/store/layout.py lays them out.
        self._rows: dict[bytes, bytes] = {}
        self._copies: dict[bytes, bytes] = {}

    def take(self, sent: pl.DataFrame) -> int:
        """Open the records of a quarter topic by topic, and keep their facts; how many were accepted."""
        accepted = 0
        for (topic,), records in sorted(sent.group_by("topic", maintain_order=True)):
            values = join([value or b"" for value in records["value"].to_list()])
            lengths = np.where(records["value"].is_null().to_numpy(), -1, values.lengths).astype(np.int32)
            offsets = np.arange(records.height, dtype=np.int64) + self.read[str(topic)]
            opened = open_batch(
                str(topic),
                values.arena,
                values.starts,
                lengths,
                offsets,
                np.full(records.height, RECEIVED_MS),
                0,
                profile="simulation",
                contracts=contracts(),
            )
            self.read[str(topic)] += records.height
            facts = opened.facts
            places = np.arange(len(facts), dtype=np.int64) + self.length
            self.length += len(facts)
            batch = FactBatch(row_keys(facts.nik, facts.values), facts.values, places)
            puts = fact_puts(batch, lambda keys: [self._rows.get(key) for key in keys])
            self._rows.update(zip(*puts.rows, strict=True))
            self._copies.update(zip(*puts.copies, strict=True))
            accepted += sum(opened.accepted.values())
        return accepted

    def rows(self) -> Rows:
        """Everything that is kept, in key order."""
        keys, copies = sorted(self._rows), sorted(self._copies)
        values = join([self._rows[key] for key in keys])
        row_bytes = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, KEY_BYTES)
        copy_bytes = split_copies(copies, [self._copies[key] for key in copies])
        return Rows(row_bytes, values.arena, values.starts, values.lengths, *copy_bytes)

    def seen_by(self, rules: Rules) -> Viewpoint:
        """The cut behind all that was read."""
        cut = [(contract.topic_number, 0, self.read[contract.topic]) for contract in contracts().events]
        return Viewpoint(
            pl.DataFrame(cut, schema=CUT, orient="row"),
            self.length,
            AsOf(rules.as_of, rules.transit_limit_days, rules.scope_province),
        )


def year(simulation: Simulation, bundle: Bundle | None = None) -> dict[str, Computed]:
    """Every quarter of a simulation, each with the holdings that the one before it left; under this release's rules, or
    others.
    """
    bundle = bundle or load(documents(), scale=simulation.scale)
    facts, holdings, computed, past = Facts(), no_holdings(), dict[str, Computed](), NO_PAST
    before: Viewpoint | None = None
    for quarter in simulation.quarters:
        accepted = facts.take(simulation.events(quarter))
        rules = bundle.at(Quarter.parse(quarter).last_day)
        computed[quarter] = run(facts, holdings, rules, quarter, accepted, before, past)
        past = past.with_quarter(quarter, computed[quarter])
        holdings, before = computed[quarter].holdings, facts.seen_by(rules)
    return computed


def run(
    facts: Facts,
    holdings: pl.DataFrame,
    rules: Rules,
    quarter: str,
    accepted: int,
    before: Viewpoint | None = None,
    past: Past = NO_PAST,
) -> Computed:
    """One run: SCAN (from the previous cut too, which is `before`), SCORE, the waves, ANSWER and NET.

    Without a `past`, nothing is said of quarters before.
    """
    known = contracts()
    authorities = {number: producer.authority for number, producer in known.producers_by_number.items()}
    terms = Terms.of(rules)
    scanned = scan(facts.rows(), known.by_name["fact"], authorities, facts.seen_by(rules), before, terms)
    seen = scanned.now
    holders = holdings["nik"].unique()
    parts = []
    families_only = [name for name, programme in rules.programmes.items() if programme.is_family]
    ended = stopped(seen.persons, holdings.filter(pl.col("programme").is_in(families_only)))
    for members in listed(seen.persons, scanned.before.persons, holders, PARTITIONS).values():
        held = holdings.join(members.select("nik"), on="nik", how="semi")
        parts.append(form(members, held, rules, rules.as_of, ended))
    _balanced(scanned, parts, rules)
    points = cut_points(combine_counts([score_step(part) for part in parts]), rules.ranking)
    cuts = _cuts(parts, rules, points)
    answers = pl.concat([answer_step(part, rules, points, cuts) for part in parts]).sort("nik")
    families = pl.concat([part.families for part in parts]).sort("no_kk")
    persons = seen.persons.filter(pl.col("nik").is_in(holders.implode()))
    changes, after = net(holdings, answers, persons, quarter=quarter, as_of=rules.as_of, rules=rules)
    return Computed(
        accepted,
        seen.persons,
        seen.accounts,
        scanned.before.accounts,
        points,
        families.with_columns(desil(families["score"], points)),
        answers,
        changes,
        after,
        _adjusted(facts, past, quarter, rules),
    )


def _balanced(scanned: Scan, parts: list[Formed], rules: Rules) -> None:
    """Every claim is in a case, and the families hold back what the cases say: the books of cases of this quarter."""
    answered = scanned.cases.join(
        pl.concat([it.people.filter("listed").select("nik") for it in parts]), on="nik", how="semi"
    )
    found = pl.concat([objected(it.people, rules.programmes) for it in parts])
    lines = pl.concat(
        [cases_lines(scanned.claimed, counted(scanned.cases)), objections_lines(objecting(answered, rules), found)]
    )
    assert lines.get_column("balanced").all(), lines.filter(~pl.col("balanced"))


def _adjusted(facts: Facts, past: Past, quarter: str, rules: Rules) -> pl.DataFrame:
    """What the facts of now say of the quarters before."""
    quarters = past_quarters(quarter, past.sealed, rules)
    paid = listed_in(past.changes, quarters)
    rows, view = facts.rows(), facts.seen_by(rules)
    authorities = {number: producer.authority for number, producer in contracts().producers_by_number.items()}
    frame = facts_frame(rows, contracts().by_name["fact"], authorities)
    seen = frame.filter(pl.Series(below(frame, copies_frame(rows), view.cut, view.command_offset)))
    stopped = stops(seen.filter(pl.col("nik").is_in(paid["nik"].implode())), quarters, rules)
    return adjustments(past.adjustments, targets(paid, stopped, rules), quarter=quarter, quarters=quarters, rules=rules)


def _cuts(parts: list[Formed], rules: Rules, points: list[int]) -> dict[str, int | None]:
    cuts: dict[str, int | None] = {}
    for wave in range(1, len(rules.waves) + 1):
        told = [units_step(part, rules, wave, points, cuts) for part in parts]
        cuts |= quota_cuts([units for units, _ in told], [reserved for _, reserved in told], rules, wave)
    return cuts
