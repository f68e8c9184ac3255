"""What a comparison asks of the answers: one row per family or person and programme."""

from collections.abc import Iterable

import polars as pl

from streams.programmes.decide import Verdict, VerdictType
from streams.rules.model import Programme, Rules

# `unit` is the card for programmes of families, the NIK for those of persons; it never leaves a comparison.
# `receives`: paid in this quarter; `rupiah`: what is paid, 0 for whoever does not receive. `within_reach`: would
# receive but for ranking and quota. `groundcheck`, `groundcheck_on`: what the family's last visit found, and when.
UNITS = pl.Schema(
    {
        "programme": pl.String,
        "unit": pl.String,
        "receives": pl.Boolean,
        "rupiah": pl.Int64,
        "reason": pl.String,
        "desil": pl.Int8,
        "kelurahan": pl.String,
        "within_reach": pl.Boolean,
        "groundcheck": pl.String,
        "groundcheck_on": pl.Date,
        "weight": pl.UInt8,
    }
)
PAID = (Verdict.SERVED, Verdict.KEPT)
# Which of a family's answers speaks for it: the recipient's, else that of whoever lives there and hears why there is
# none; who is away, or was the second recipient of a family, hears something else.
WEIGHTS = {verdict.value: place for place, verdict in enumerate(Verdict)}
# By these the rules guess who is poor. Whoever fails nothing else belongs to those whom the programme is meant for.
RANKING_FACTS = frozenset({"family.desil"})


def units_of(answers: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Columns UNITS of some answers (docs/contracts.md 6) under their rules, of all programmes that are in force.

    A family whose people stand in several partitions has a row in each: `together` leaves one.
    """
    parts = [_of(answers, programme) for programme in rules.programmes.values()]
    return together([pl.DataFrame(schema=UNITS), *parts])


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """UNITS of several partitions as one, sorted: one row per programme and unit."""
    return (
        pl.concat(parts)
        .sort("programme", "unit", "weight", "kelurahan", "reason", nulls_last=True)
        .unique(["programme", "unit"], keep="first", maintain_order=True)
    )


def _of(answers: pl.DataFrame, programme: Programme) -> pl.DataFrame:
    name = programme.name
    verdict = pl.col(f"{name}.verdict").cast(pl.String)
    receives = verdict.is_in([it.value for it in PAID])
    lines = answers.select(
        pl.lit(name).alias("programme"),
        pl.col("no_kk" if programme.is_family else "nik").alias("unit"),
        receives.alias("receives"),
        pl.when(receives).then(f"{name}.amount_rupiah").otherwise(0).alias("rupiah"),
        pl.col(f"{name}.reason").alias("reason"),
        "desil",
        "kelurahan",
        _within_reach(programme).alias("within_reach"),
        "groundcheck",
        "groundcheck_on",
        _weight(verdict, pl.col(f"{name}.failed")).alias("weight"),
    )
    return lines.cast(UNITS)


def _weight(verdict: pl.Expr, failed: pl.Expr) -> pl.Expr:
    away = pl.col("status").cast(pl.String) != "TERDAFTAR"
    order = verdict.replace_strict(WEIGHTS, return_dtype=pl.UInt8)
    return order * 4 + (failed == 0).cast(pl.UInt8) * 2 + away.cast(pl.UInt8)


def _within_reach(programme: Programme) -> pl.Expr:
    """Who receives, is held, or waits for the quota; or is refused by conditions on the ranking alone."""
    ranking = sum(1 << place for place, it in enumerate(programme.conditions) if it.fact in RANKING_FACTS)
    failed = pl.col(f"{programme.name}.failed").cast(pl.UInt64)
    only_ranking = (failed != 0) & ((failed & pl.lit(~ranking & (2**64 - 1), pl.UInt64)) == 0)
    verdict = pl.col(f"{programme.name}.verdict").cast(VerdictType).cast(pl.String)
    met = verdict.is_in([it.value for it in (*PAID, Verdict.HELD, Verdict.ELIGIBLE)])
    return met | ((verdict == Verdict.INELIGIBLE.value) & only_ranking)
