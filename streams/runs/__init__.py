"""A checkpoint run as a pure function of `checkpoint.log`.

Every process folds the same log (`Journal.apply`) and reads from it what is to be done next
(`plan.next_step`). Nothing else coordinates the stages: the first entry of its kind counts, so a
process that was killed, or woke up late, can only repeat what is already there.
"""

from streams.runs.entries import Entry, Kind
from streams.runs.journal import Journal, Quarter, Run
from streams.runs.plan import Step, next_step, steps

__all__ = ["Entry", "Journal", "Kind", "Quarter", "Run", "Step", "next_step", "steps"]
