"""All books of a run together: seal, or refuse and say where."""

from dataclasses import dataclass

import polars as pl

from streams.books.answers import answers_lines, holders_lines, parts_lines
from streams.books.cases import cases_lines, objections_lines
from streams.books.frames import Break
from streams.books.lists import doubled_lines, lists_lines
from streams.books.outcomes import records_lines
from streams.books.persons import facts_lines, persons_lines
from streams.books.publication import publication_lines
from streams.books.quotas import quota_lines, recipients_lines
from streams.books.retroactive import adjustment_lines, ledger_lines

# What to do about a break, by book.
ADVICE = {
    "door": "Look at this partition with `dtsen rejected list`; a fact that the register lost comes back when its "
    "store is refilled from register.facts.",
    "records": "The register counts other events than the topics hold: look at the door's lines of this event type.",
    "cases": "A claim or a decision is in no case, or in two: nothing is lost in the topics, but this code's view of "
    "cases is wrong. Run the quarter again with mended code.",
    "objections": "Families hold other removals back than the register's cases say: run the quarter again with `dtsen "
    "checkpoint open QUARTER --retry`; if it differs again, this code's view of objections is wrong.",
    "persons opening": "Persons of the sealed quarter are counted otherwise now: a fact was lost or altered (then the "
    "book `facts` does not balance either), or newer code sees it otherwise: if that is meant, confirm it by `dtsen "
    "checkpoint open QUARTER --retry --restate`.",
    "persons restated": "",
    "persons closing": "Persons appeared or vanished without a recorded cause between the two cuts.",
    "facts": "A fact below the previous cut was lost or altered: refill this partition's store from register.facts.",
    "parts": "A part was lost or altered on its way: run the quarter again with `dtsen checkpoint open --retry`.",
    "answers": "Not every listed person has exactly one answer: run the quarter again.",
    "answers netted": "An answer that was sent was not netted: run the quarter again.",
    "holders": "Somebody who holds this programme has no answer and no explanation: its facts or its answer were lost.",
    "lists opening": "The register's holdings are not those of the last seal: roll this partition anew.",
    "lists closing": "The published lines do not lead from the last seal to the register's holdings.",
    "one line": "Somebody has two change lines for one programme.",
    "quota": "What was served is not what the cut decided, or exceeds the quota.",
    "recipients": "Answers and holdings name different numbers of recipients.",
    "one payee": "A family has two recipients, or a recipient no family.",
    "publication": "Lines in the topic are missing, altered or too many.",
    "ledger opening": "The register keeps other lines or adjustments of a sealed quarter than its seal names: delete "
    "this partition's store, and it is filled anew from the topics.",
    "ledger closing": "The published adjustments do not lead from what was paid to what today's facts make due.",
    "adjustments published": "Adjustments in the topic are missing, altered or too many.",
}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything that the books compare. Reports of several partitions are concatenated.

    `sealed_*` come from the last sealed quarter's entry and manifests and are empty in the first quarter. Nothing has
    a default: a source that was forgotten must not balance against another that was forgotten too.
    """

    door: pl.DataFrame  # LINES: door_lines of every input partition
    accepted: pl.DataFrame  # ACCEPTED: of every input partition
    outcomes: pl.DataFrame  # streams.outcomes.OUTCOMES
    claimed: pl.DataFrame  # streams.cases.CLAIMED
    cases: pl.DataFrame  # streams.cases.COUNTED
    objecting: pl.DataFrame  # streams.cases.OBJECTING, by the register's cases
    objected: pl.DataFrame  # OBJECTING, as the families found it
    restated: bool  # see `persons_lines`
    sealed_accounts: pl.DataFrame  # ACCOUNTS
    opening_accounts: pl.DataFrame  # ACCOUNTS
    flows: pl.DataFrame  # FLOWS
    closing_accounts: pl.DataFrame  # ACCOUNTS
    sealed_facts: pl.DataFrame  # TALLY: below the previous cut, as sealed
    opening_facts: pl.DataFrame  # TALLY: below the previous cut, as found now
    sent: pl.DataFrame  # PARTS
    received: pl.DataFrame  # PARTS
    listed: pl.DataFrame  # TALLY
    answered: pl.DataFrame  # TALLY
    netted: pl.DataFrame  # TALLY
    holders: pl.DataFrame  # HOLDERS
    sealed_lists: pl.DataFrame  # LISTS
    opening_lists: pl.DataFrame  # LISTS
    changes: pl.DataFrame  # streams.changes.CHANGES of all payers, read back
    closing_lists: pl.DataFrame  # LISTS
    quotas: pl.DataFrame  # QUOTAS
    verdicts: pl.DataFrame  # VERDICTS
    families: pl.DataFrame  # FAMILY_LINES
    reported_ranges: pl.DataFrame  # RANGES
    read_ranges: pl.DataFrame  # RANGES
    sealed_ledger: pl.DataFrame  # streams.retroactive.LEDGER of past quarters, by the manifests
    opening_ledger: pl.DataFrame  # LEDGER, as the register keeps it
    adjustments: pl.DataFrame  # streams.retroactive.ADJUSTMENTS of all payers, read back
    due_ledger: pl.DataFrame  # LEDGER, by today's facts
    reported_adjustment_ranges: pl.DataFrame  # RANGES
    read_adjustment_ranges: pl.DataFrame  # RANGES


@dataclass(frozen=True)
class Verdict:
    """Whether the quarter may be sealed; `lines` (columns LINES) are all lines, sorted by book and place."""

    balanced: bool
    lines: pl.DataFrame
    breaks: list[Break]


def balance(evidence: Evidence) -> Verdict:
    """Compare everything. Raises ValueError when a report is there twice."""
    it = evidence
    lines = pl.concat(
        [
            it.door,
            records_lines(it.accepted, it.outcomes),
            cases_lines(it.claimed, it.cases),
            objections_lines(it.objecting, it.objected),
            persons_lines(it.sealed_accounts, it.opening_accounts, it.flows, it.closing_accounts, restated=it.restated),
            facts_lines(it.sealed_facts, it.opening_facts),
            parts_lines(it.sent, it.received),
            answers_lines(it.listed, it.answered, it.netted),
            holders_lines(it.holders),
            lists_lines(it.sealed_lists, it.opening_lists, it.changes, it.closing_lists),
            doubled_lines(it.changes),
            quota_lines(it.quotas, it.verdicts),
            recipients_lines(it.verdicts, it.families, it.closing_lists),
            publication_lines(it.reported_ranges, it.read_ranges),
            ledger_lines(it.sealed_ledger, it.opening_ledger, it.adjustments, it.due_ledger),
            adjustment_lines(it.reported_adjustment_ranges, it.read_adjustment_ranges),
        ]
    ).sort("book", "place", "quantity")
    breaks = [_break(line) for line in lines.filter(~pl.col("balanced")).iter_rows(named=True)]
    return Verdict(not breaks, lines, breaks)


def _break(line: dict[str, str]) -> Break:
    book, place = line["book"], line["place"]
    detail = f" ({line['detail']})" if line["detail"] else ""
    sentence = (
        f"{book}, {place}: {line['quantity']} due {line['expected']}, found {line['found']}{detail}. {ADVICE[book]}"
    )
    return Break(book, place, line["expected"], line["found"], sentence)
