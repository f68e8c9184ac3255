"""The one door (satu pintu): events in, facts or refusals out; pure, and whole batches at a time.

Read in this order: `opening` (the steps), `codes` (why an event is refused), `order` (which check comes
first), `statements` (who states what), `facts`. Findings (a correction without target, absence from a card)
need the register and are not made here: the door sees one batch only.
"""

from streams.door.batches import UNKNOWN_PRODUCER, DoorResult, FactsOut, Profile
from streams.door.codes import Code
from streams.door.opening import open_batch

__all__ = ["UNKNOWN_PRODUCER", "Code", "DoorResult", "FactsOut", "Profile", "open_batch"]
