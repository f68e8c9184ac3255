"""What the books compare, gathered at rest: from the reports of a run, and from what is read back from the topics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from agents.checkpoints.door import door_audit
from agents.checkpoints.manifests import manifests_of
from agents.checkpoints.reading import limited
from agents.context import Context
from agents.parts import Sent, from_ipc
from agents.published import lines_in
from agents.reported import report_frames, rules_of
from agents.topics import ANSWERS, MEMBERS
from streams.accounts import ACCOUNTS, add_accounts, add_flows
from streams.books import LISTS, PARTS, QUOTAS, RANGES, TALLY, Evidence, quota_rows, sealed_ledger
from streams.cases import CLAIMED, COUNTED, OBJECTING, add_counted
from streams.changes.lines import Lines, concatenated
from streams.outcomes import add_outcomes
from streams.retroactive import ADJUSTMENT, LEDGER, past_quarters
from streams.runs import Entry, Journal, Run
from streams.runs.journal import Quarter


@dataclass(frozen=True)
class Gathered:
    """The evidence, and what a seal needs of it besides."""

    evidence: Evidence
    lines: Lines  # of all payers, read back
    ranges: pl.DataFrame  # RANGES, as reported
    adjustments: Lines  # of all payers, read back
    adjustment_ranges: pl.DataFrame  # RANGES, as reported
    forgotten: list[str]  # what a preview cannot check any more


async def gather(context: Context, journal: Journal, run: Run) -> Gathered:
    """Everything that the books of this run compare."""
    scans, answers, nets = (run.step_reports(step) for step in ("SCAN", "ANSWER", "NET"))
    before = journal.before(run.quarter)
    ranges = _concat(report_frames(nets, "ranges"), RANGES)
    back_ranges = _concat(report_frames(nets, "adjustment_ranges"), RANGES)
    door = await door_audit(context, journal, run)
    read = await limited(lines_in(context.settings, run.name, row) for row in ranges.iter_rows(named=True))
    lines = concatenated(read)
    back = await limited(
        lines_in(context.settings, run.name, row, ADJUSTMENT) for row in back_ranges.iter_rows(named=True)
    )
    adjustments = concatenated(back, ADJUSTMENT)
    evidence = Evidence(
        door=door.lines,
        accepted=door.accepted,
        outcomes=add_outcomes(report_frames(scans, "outcomes")),
        claimed=add_counted(report_frames(scans, "claimed"), CLAIMED),
        cases=add_counted(report_frames(scans, "cases"), COUNTED),
        objecting=add_counted(report_frames(scans, "objecting"), OBJECTING),
        objected=add_counted(report_frames(answers, "objected"), OBJECTING),
        restated=_restated(journal, run, before),
        sealed_accounts=sealed_frame(before, "accounts", ACCOUNTS),
        opening_accounts=add_accounts(report_frames(scans, "accounts_before")),
        flows=add_flows(report_frames(scans, "flows")),
        closing_accounts=closing_accounts(run),
        sealed_facts=_facts(before.sealed_run if before else None, "facts_now"),
        opening_facts=_facts(run, "facts_before"),
        sent=pl.concat([_sent(scans, "members", MEMBERS), _sent(answers, "answers", ANSWERS), door.sent]),
        received=pl.concat(
            [_received(run.step_reports("SCORE"), MEMBERS), _received(nets, ANSWERS), door.found],
        ),
        listed=_concat(report_frames(scans, "listed"), TALLY),
        answered=_concat(report_frames(answers, "answered"), TALLY),
        netted=_concat(report_frames(nets, "netted"), TALLY),
        holders=pl.concat(report_frames(nets, "holders")),
        sealed_lists=_concat([manifest.closing for manifest in manifests_of(before).values()], LISTS),
        opening_lists=_concat(report_frames(nets, "opening_lists"), LISTS),
        changes=lines.changes,
        closing_lists=_concat(report_frames(nets, "closing_lists"), LISTS),
        quotas=_quotas(journal, run),
        verdicts=pl.concat(report_frames(answers, "verdicts")),
        families=pl.concat(report_frames(answers, "families")),
        reported_ranges=ranges,
        read_ranges=_found(ranges, read),
        sealed_ledger=_sealed_ledger(journal, run),
        opening_ledger=_concat(report_frames(nets, "ledger_opening"), LEDGER),
        adjustments=adjustments.frame,
        due_ledger=_concat(report_frames(nets, "ledger_due"), LEDGER),
        reported_adjustment_ranges=back_ranges,
        read_adjustment_ranges=_found(back_ranges, back),
    )
    return Gathered(evidence, lines, ranges, adjustments, back_ranges, door.forgotten)


def _sealed_ledger(journal: Journal, run: Run) -> pl.DataFrame:
    """LEDGER of the quarters on which this run acts back, by their manifests and those since."""
    rules = rules_of(journal, run)
    quarters = past_quarters(run.quarter, (it.name for it in journal.sealed), rules)
    seals = [
        (it.name, manifest.closing, manifest.adjusted)
        for it in journal.sealed
        if it.name in quarters
        for manifest in manifests_of(it).values()
    ]
    return sealed_ledger(seals, quarters, rules.retroactive)


def _restated(journal: Journal, run: Run, before: Quarter | None) -> bool:
    """Only where other code sealed the quarter before, and the operator said so."""
    sealed = before.sealed_run if before else None
    other_code = sealed is not None and sealed.started.code_version != run.started.code_version
    return other_code and run.quarter in journal.quarters and journal.quarters[run.quarter].restates


def closing_accounts(run: Run) -> pl.DataFrame:
    """ACCOUNTS of everybody at this run's cut."""
    return add_accounts(report_frames(run.step_reports("SCAN"), "accounts_now"))


def sealed_frame(quarter: Quarter | None, name: str, schema: Any) -> pl.DataFrame:
    """A frame that the seal of a quarter carries; empty without one."""
    if quarter is None or quarter.sealed is None:
        return pl.DataFrame(schema=schema)
    return from_ipc(quarter.sealed.frames[name])


def _found(ranges: pl.DataFrame, read: list[Lines]) -> pl.DataFrame:
    """RANGES with count and digest of what was read."""
    return ranges.with_columns(
        pl.Series("records", [it.frame.height for it in read], pl.Int64),
        pl.Series("digest", [it.digest.hex() for it in read], pl.String),
    )


def _facts(run: Run | None, what: str) -> pl.DataFrame:
    """TALLY of the facts that SCAN counted, by partition."""
    reports = run.step_reports("SCAN") if run else {}
    rows = [(n, it.body[what]["count"], it.body[what]["digest"]) for n, it in sorted(reports.items())]
    return pl.DataFrame(rows, schema=TALLY, orient="row")


def _sent(reports: Mapping[int, Entry], what: str, channel: str) -> pl.DataFrame:
    rows = [
        part_row(channel, source, int(target), Sent.from_json(sent))
        for source, entry in sorted(reports.items())
        for target, sent in entry.body[what].items()
    ]
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def _received(reports: Mapping[int, Entry], channel: str) -> pl.DataFrame:
    rows = [
        part_row(channel, int(source), target, Sent.from_json(sent))
        for target, entry in sorted(reports.items())
        for source, sent in entry.body["received"].items()
    ]
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def part_row(channel: str, source: int, target: int, sent: Sent) -> tuple[object, ...]:
    """One row of PARTS."""
    return channel, source, target, sent.rows, sent.digest


def _quotas(journal: Journal, run: Run) -> pl.DataFrame:
    rules = rules_of(journal, run)
    rows = [pl.DataFrame(schema=QUOTAS)]
    for wave, cut in sorted(run.cuts.items()):
        reports = run.step_reports("UNITS", wave)
        units, reserved = report_frames(reports, "units"), report_frames(reports, "reserved")
        rows.append(quota_rows(units, reserved, cut.body["cuts"], rules))
    return pl.concat(rows)


def _concat(frames: list[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *frames])
