"""From an assessment and the cut of its wave to a verdict."""

from enum import StrEnum

import polars as pl

from streams.rules import Programme

# Behind every score: a personal programme without a condition on desil ranks families without a score last.
UNRANKED = 1 << 40
# Before every score: who comes back by a reactivation.
FIRST = -1


class Verdict(StrEnum):
    """What the register answers about one person and one programme."""

    SERVED = "SERVED"  # eligible and within the quota
    KEPT = "KEPT"  # carried over, paid: in transit by the national budget, not due, or protected by an objection
    HELD = "HELD"  # carried over, not paid for now
    ELIGIBLE = "ELIGIBLE"  # eligible, but the quota is used up
    INELIGIBLE = "INELIGIBLE"
    NOT_PAYEE = "NOT_PAYEE"  # the family's line has another recipient


VerdictType = pl.Enum([verdict.value for verdict in Verdict])
# Why a line is carried over without being ranked, and the reason that is given.
CARRIED_REASONS = {
    "TRANSIT": "DALAM_PERPINDAHAN",  # paid or held, by the budget
    "INCOMPLETE": "KELUARGA_TIDAK_LENGKAP",  # held
    "CADENCE": "BELUM_WAKTUNYA",  # not due in this quarter: goes on
    "REACTIVATED": "REAKTIVASI",  # a reactivation counts, and it is held still: goes on
    "PROTECTED": "ADA_SANGGAHAN",  # all conditions are met, and an objection is open: goes on
    "OBJECTION": "ADA_SANGGAHAN",  # a condition fails, and an objection is open: held
}


def decide(subjects: pl.DataFrame, programme: Programme, cut: int | None) -> pl.DataFrame:
    """Verdicts for the subjects of `streams.programmes.assess`; `cut` None serves nobody new.

    Out: verdict VerdictType, amount_rupiah Int64 (0 where nothing is due), reason String.
    """
    carried = pl.col("carried")
    kept = pl.lit(Verdict.KEPT if programme.budget == "APBN" else Verdict.HELD)
    fits = pl.lit(value=False) if cut is None else pl.col("rank") <= cut
    verdict = (
        pl.when(carried == "TRANSIT")
        .then(kept)
        .when(carried.is_in(["INCOMPLETE", "OBJECTION"]))
        .then(pl.lit(Verdict.HELD))
        .when(carried.is_in(["CADENCE", "REACTIVATED", "PROTECTED"]))
        .then(pl.lit(Verdict.KEPT))
        .when(~pl.col("eligible"))
        .then(pl.lit(Verdict.INELIGIBLE))
        .when(fits)
        .then(pl.lit(Verdict.SERVED))
        .otherwise(pl.lit(Verdict.ELIGIBLE))
    )
    decided = subjects.with_columns(verdict.cast(VerdictType).alias("verdict"))
    served, waiting = pl.col("verdict") == Verdict.SERVED, pl.col("verdict") == Verdict.ELIGIBLE
    return decided.select(
        "verdict",
        pl.when(served)
        .then("rupiah")
        .when(carried.is_not_null())
        .then("carried_rupiah")
        .otherwise(0)
        .alias("amount_rupiah"),
        pl.when(served & pl.col("succeeds"))
        .then(pl.lit("PENGGANTI"))
        .when(served & (pl.col("rank") == FIRST))
        .then(pl.lit(CARRIED_REASONS["REACTIVATED"]))
        .when(served)
        .then(pl.lit("MEMENUHI_SYARAT"))
        .when(waiting)
        .then(pl.lit(programme.waiting_reason))
        .otherwise("reason")
        .alias("reason"),
    )
