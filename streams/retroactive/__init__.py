"""What is learned late about sealed quarters: adjustments in rupiah, which change no sealed list.

`listed` says what a quarter's list paid, from the published lines; `stops` which of today's facts made a quarter not
due; `targets` puts both together under the rules; `adjustments` is what has not been published of it yet.
"""

from streams.retroactive.frames import (
    ADJUSTED,
    ADJUSTMENT,
    ADJUSTMENTS,
    LEDGER,
    LISTED,
    STOPS,
    adjusted_totals,
    no_adjustments,
)
from streams.retroactive.ledger import adjustments, ledger, listed, past_quarters, targets
from streams.retroactive.reasons import TEXTS, adjustment_sentences
from streams.retroactive.stops import stops

__all__ = [
    "ADJUSTED",
    "ADJUSTMENT",
    "ADJUSTMENTS",
    "LEDGER",
    "LISTED",
    "STOPS",
    "TEXTS",
    "adjusted_totals",
    "adjustment_sentences",
    "adjustments",
    "ledger",
    "listed",
    "no_adjustments",
    "past_quarters",
    "stops",
    "targets",
]
