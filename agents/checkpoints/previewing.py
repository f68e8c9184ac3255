"""What a preview says: the totals to which a seal would come, and what its books would refuse."""

from typing import Any

from agents.checkpoints.evidence import gather
from agents.context import Context
from agents.metrics import RUNS
from agents.parts import to_ipc
from streams.books import balance, totals
from streams.retroactive import adjusted_totals
from streams.runs import Journal, Kind, Run

ADJUSTED_FRAME = "adjusted"  # of the entry that ends a preview: columns streams.retroactive.ADJUSTED


async def preview_of(context: Context, journal: Journal, run: Run) -> tuple[Kind, dict[str, Any], dict[str, bytes]]:
    """Kind, body and frames of the entry that ends a preview. Nothing of it is ever rolled or reaches a payer."""
    gathered = await gather(context, journal, run)
    verdict = balance(gathered.evidence)
    books = totals(gathered.evidence.sealed_lists, gathered.evidence.changes)
    RUNS.labels(Kind.PREVIEWED.value).inc()
    body = {"breaks": [it.sentence for it in verdict.breaks], "forgotten": gathered.forgotten}
    frames = {
        "lines": to_ipc(verdict.lines),
        "totals": to_ipc(books),
        "quotas": to_ipc(gathered.evidence.quotas),
        ADJUSTED_FRAME: to_ipc(adjusted_totals(gathered.evidence.adjustments)),
        "accounts": to_ipc(gathered.evidence.closing_accounts),
    }
    return Kind.PREVIEWED, body, frames
