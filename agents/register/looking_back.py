"""Within step NET: what this run's facts say about the quarters that are sealed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from agents.kept import frame_of
from agents.store import PartitionStore
from streams.changes import CHANGES
from streams.retroactive import ADJUSTMENTS, adjustments, ledger, listed, past_quarters, targets
from streams.rules import Rules
from streams.runs import Journal, Run

# Of a published line, what tells who was paid how much, and where.
LINE = pl.Schema({name: CHANGES[name] for name in ("quarter", "programme", "nik", "amount_rupiah", "kab_kota")})


@dataclass(frozen=True)
class Adjusted:
    """What a run publishes about sealed quarters (ADJUSTMENTS), and what is due of them by its facts (LEDGER)."""

    adjustments: pl.DataFrame
    due: pl.DataFrame


@dataclass(frozen=True)
class Backward:
    """One partition's ledger of the sealed quarters on which a run acts back."""

    quarter: str
    quarters: Mapping[str, dt.date]  # with their last days
    paid: pl.DataFrame  # LISTED
    published: pl.DataFrame  # ADJUSTMENTS so far
    rules: Rules

    @property
    def people(self) -> pl.Series:
        """Who was paid something that may turn out not to have been due."""
        return self.paid.get_column("nik").unique()

    @property
    def opening(self) -> pl.DataFrame:
        """LEDGER of what was published so far: lists and adjustments."""
        return ledger(self.paid, self.published.with_columns(pl.col("concerns").alias("quarter")))

    def adjust(self, stopped: pl.DataFrame) -> Adjusted:
        """What is to be published, from what stopped these people (columns STOPS)."""
        not_due = targets(self.paid, stopped, self.rules)
        made = adjustments(self.published, not_due, quarter=self.quarter, quarters=self.quarters, rules=self.rules)
        # From the lists alone, not from what is published: so the books check one by the other.
        due = self.paid.join(not_due, on=["nik", "programme", "quarter"], how="anti")
        return Adjusted(made, ledger(due))


def look_back(store: PartitionStore, journal: Journal, run: Run, rules: Rules) -> Backward:
    """The ledger of one partition, from what was rolled: lines and adjustments out of the sealed ranges."""
    quarters = past_quarters(run.quarter, (it.name for it in journal.sealed), rules)
    told, adjusted = store.ledger()
    acting = pl.col("programme").is_in(list(rules.retroactive))
    lines = frame_of(told, LINE).filter(acting)
    # A preview may look at a quarter that later ones have followed: what those said is not known in it.
    before = pl.col("quarter") < run.quarter
    published = frame_of(adjusted, ADJUSTMENTS).filter(acting, before, pl.col("concerns").is_in(list(quarters)))
    return Backward(run.quarter, quarters, listed(lines, quarters), published, rules)
