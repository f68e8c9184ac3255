"""What a sealed quarter says to payers: the difference between the answers and what each person holds.

`net` makes the change lines, `holdings_after` applies lines (and nothing else) to holdings, `lines`
turns them into bytes whose digests don't depend on the run or the attempt that sent them.
"""

from streams.changes.frames import (
    ACTION,
    CHANGES,
    HOLDING_STATE,
    HOLDINGS,
    holdings_digest,
    no_changes,
    no_holdings,
)
from streams.changes.holdings import holdings_after
from streams.changes.net import net, unanswered
from streams.changes.reasons import Sentence, sentences

__all__ = [
    "ACTION",
    "CHANGES",
    "HOLDINGS",
    "HOLDING_STATE",
    "Sentence",
    "holdings_after",
    "holdings_digest",
    "net",
    "no_changes",
    "no_holdings",
    "sentences",
    "unanswered",
]
