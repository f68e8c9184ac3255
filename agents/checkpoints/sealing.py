"""Seal or refuse: the verdict of the books as an entry of the log, and the manifests that follow from a seal."""

from typing import Any

import polars as pl

from agents.checkpoints.evidence import Gathered, closing_accounts, gather
from agents.checkpoints.manifests import manifests_of
from agents.context import Context
from agents.keeper import values_of
from agents.metrics import RUNS
from agents.parts import to_ipc
from agents.points import passed
from agents.register.netting import payers_of
from agents.reported import as_of, rules_of
from agents.topics import MANIFESTS
from agents.topics import changes as changes_topic
from agents.transport.log import LogReader
from schemas.columnar.arena import join
from streams.books import balance
from streams.changes import sentences
from streams.changes.lines import of_payer
from streams.manifests import CUT, Manifest, Seal, build
from streams.retroactive import adjustment_sentences
from streams.rules import Rules
from streams.runs import Journal, Kind, Run
from streams.runs.journal import Quarter

Outcome = tuple[Kind, dict[str, Any], dict[str, bytes]]


async def outcome_of(context: Context, journal: Journal, run: Run) -> Outcome:
    """Kind, body and frames of the entry that ends a run: SEALED with the manifests, or REFUSED with what is wrong."""
    gathered = await gather(context, journal, run)
    verdict = balance(gathered.evidence)
    frames = {"lines": to_ipc(verdict.lines)}
    passed("checkpoints.books_balanced")
    if not verdict.balanced:
        RUNS.labels(Kind.REFUSED.value).inc()
        return Kind.REFUSED, {"breaks": [it.sentence for it in verdict.breaks]}, frames
    manifests = _manifests(journal, run, gathered)
    frames["accounts"] = to_ipc(closing_accounts(run))
    frames |= {f"manifest/{payer}": manifest.to_bytes() for payer, manifest in manifests.items()}
    body = {
        "content_digests": {payer: manifest.content_digest.hex() for payer, manifest in manifests.items()},
        "hashes": {payer: manifest.hash.hex() for payer, manifest in manifests.items()},
    }
    RUNS.labels(Kind.SEALED.value).inc()
    return Kind.SEALED, body, frames


def _manifests(journal: Journal, run: Run, gathered: Gathered) -> dict[str, Manifest]:
    quarter = journal.quarters[run.quarter]
    rules = rules_of(journal, run)
    cut = [(topic, n, offset) for topic, offsets in sorted(quarter.cut.items()) for n, offset in enumerate(offsets)]
    seal = Seal(
        quarter=quarter.name,
        as_of=as_of(quarter),
        run=run.name,
        rules_hash=run.started.rules_hash,
        code_version=run.started.code_version,
        cut=pl.DataFrame(cut, schema=CUT, orient="row"),
    )
    previous = manifests_of(journal.before(quarter.name))
    return {payer: _manifest(seal, payer, run, rules, gathered, previous.get(payer)) for payer in payers_of(rules)}


def _manifest(
    seal: Seal, payer: str, run: Run, rules: Rules, gathered: Gathered, previous: Manifest | None
) -> Manifest:
    lines, adjustments = of_payer(gathered.lines, payer), of_payer(gathered.adjustments, payer)
    own = pl.col("topic") == changes_topic(payer)
    held = [entry.body["holdings"][payer] for _, entry in sorted(run.step_reports("NET").items())]
    programmes = [name for name, programme in rules.programmes.items() if programme.payer == payer]
    return build(
        seal,
        payer,
        lines=lines,
        holdings=[(int(it["count"]), bytes.fromhex(it["digest"])) for it in held],
        ranges=gathered.ranges.filter(own),
        quotas=gathered.evidence.quotas.filter(pl.col("programme").is_in(programmes)),
        reasons=[*sentences(lines.changes, rules), *adjustment_sentences(adjustments.frame, rules)],
        previous=previous,
        adjustments=adjustments,
        adjustment_ranges=gathered.adjustment_ranges.filter(own),
    )


async def publish_manifests(context: Context, quarter: Quarter) -> None:
    """Put a seal's manifests on their topic, unless they are there: a crash may come between seal and manifests."""
    topic = context.topic(MANIFESTS)
    there: set[bytes | None] = set()
    async with LogReader(context.settings.broker, topic, 0) as reader:
        async for records in reader.read_to_end(await reader.beginning_offset()):
            there.update(values_of(records))
    for payer, manifest in sorted(manifests_of(quarter).items()):
        value = manifest.to_bytes()
        if value not in there:
            await context.sender.send(topic, 0, join([f"{quarter.name}/{payer}".encode()]), join([value]))
