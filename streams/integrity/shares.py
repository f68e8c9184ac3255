"""What an officer says, compared with peers: verdicts of one kind, and verdicts that a re-check reversed."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from streams.integrity.statistics import adjusted, tail_p
from streams.integrity.thresholds import PERMILLE, Thresholds

# Per officer and period: the visits that count against the officer, of how many, and what chance has to say.
SHARES = pl.Schema(
    {
        "officer": pl.String(),
        "period": pl.String(),
        "visits": pl.List(pl.UInt32),
        "of": pl.Int64(),
        "peers_permille": pl.Int64(),
        "q_millionths": pl.Int64(),  # adjusted p, rounded up
    }
)
DECIDED = ("LAYAK", "TIDAK_LAYAK")
MILLION = 1_000_000


def one_verdict(visits: pl.DataFrame, limits: Thresholds) -> pl.DataFrame:
    """Officers whose share of LAYAK is improbable beside their peers' in the same kelurahan: columns SHARES.

    Each officer and kelurahan is one test, against all other officers there: in a poor area peers find most families
    LAYAK, too, and so does whoever is honest. `visits` are those with the verdict that is too frequent.
    """
    fit = pl.col("putusan") == "LAYAK"
    place = ["kelurahan", "period"]
    tested = (
        visits.filter(pl.col("putusan").is_in(DECIDED))
        .group_by("officer", *place, maintain_order=True)
        .agg(
            k=fit.sum().cast(pl.Int64),
            n=pl.len().cast(pl.Int64),
            fit=pl.col("visit").filter(fit),
            unfit=pl.col("visit").filter(~fit),
        )
        .with_columns(
            other_n=pl.col("n").sum().over(place) - pl.col("n"),
            officers=pl.len().over(place),
        )
        .filter(
            (pl.col("officers") >= limits.officers_least)
            & (pl.col("n") >= limits.verdicts_least)
            & (pl.col("other_n") >= limits.verdicts_least)
        )
    )
    tested = _tested(_with_peers(tested, place), limits, "both")
    share, peers = pl.col("k") / pl.col("n"), pl.col("peers")
    return (
        tested.filter(
            ((share - peers).abs() * PERMILLE >= limits.share_difference_least_permille) & _improbable(limits)
        )
        .with_columns(visits=pl.when(share > peers).then("fit").otherwise("unfit"))
        .with_columns(peers=pl.when(share > peers).then(peers).otherwise(1 - peers))
        .sort("officer", "period", "q", "kelurahan")
        .group_by("officer", "period", maintain_order=True)
        .agg(
            visits=pl.col("visits").explode(),
            of=pl.col("n").sum(),
            peers_permille=(pl.col("peers").first() * PERMILLE).round(),
            q_millionths=_rounded(pl.col("q").min()),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SHARES.items())
    )


def reversed_by_recheck(visits: pl.DataFrame, limits: Thresholds) -> pl.DataFrame:
    """Officers whose verdicts another officer's next visit reversed far more often than others': columns SHARES.

    Either of the two may be wrong. So whoever contradicts most colleagues is no witness against one (`_credible`).
    """
    rechecked = _credible(_rechecked(visits, limits), limits)
    tested = (
        rechecked.group_by("officer", "period", maintain_order=True)
        .agg(
            k=pl.col("reversed").sum().cast(pl.Int64),
            n=pl.len().cast(pl.Int64),
            visits=pl.col("visit").filter(pl.col("reversed")),
        )
        .with_columns(
            other_n=pl.col("n").sum().over("period") - pl.col("n"),
            peers=(pl.col("k").sum().over("period") - pl.col("k")) / (pl.col("n").sum().over("period") - pl.col("n")),
        )
        .filter((pl.col("n") >= limits.rechecked_least) & (pl.col("other_n") >= limits.rechecked_least))
    )
    tested = _tested(tested, limits, "upper")
    enough = pl.col("k") * PERMILLE >= limits.reversed_share_least_permille * pl.col("n")
    return (
        tested.filter(enough & _improbable(limits))
        .with_columns(
            of=pl.col("n"),
            peers_permille=(pl.col("peers") * PERMILLE).round(),
            q_millionths=_rounded(pl.col("q")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SHARES.items())
    )


def _rechecked(visits: pl.DataFrame, limits: Thresholds) -> pl.DataFrame:
    """Columns officer, period, visit, by, reversed: decided visits to known cards that another officer followed."""
    decided = visits.filter(pl.col("putusan").is_in(DECIDED) & pl.col("no_kk").is_not_null()).select(
        "officer", "period", "visit", "no_kk", "effective_on", "putusan"
    )
    later = decided.select(
        "no_kk", *(pl.col(name).alias(f"later.{name}") for name in ("officer", "visit", "effective_on", "putusan"))
    )
    days = (pl.col("later.effective_on") - pl.col("effective_on")).dt.total_days()
    return (
        decided.join(later, on="no_kk")
        .filter(
            (pl.col("officer") != pl.col("later.officer"))
            & days.is_between(0, limits.recheck_days)
            & (pl.col("later.visit") > pl.col("visit"))
        )
        .sort("visit", "later.effective_on", "later.visit")
        .unique("visit", keep="first", maintain_order=True)
        .select(
            "officer",
            "period",
            "visit",
            pl.col("later.officer").alias("by"),
            (pl.col("putusan") != pl.col("later.putusan")).alias("reversed"),
        )
    )


def _credible(rechecked: pl.DataFrame, limits: Thresholds) -> pl.DataFrame:
    """The re-checks by officers who, about everybody but the one in question, don't contradict too often themselves.

    Counted in both roles: how often one's verdicts were reversed, and how often one reversed those of others.
    """
    pair = ["officer", "by", "period"]
    counts = rechecked.group_by(pair, maintain_order=True).agg(n=pl.len(), k=pl.col("reversed").sum())
    swapped = counts.rename({"officer": "by", "by": "officer"}).select(counts.columns)
    both = pl.concat([counts, swapped]).group_by(pair, maintain_order=True).agg(pl.col("n", "k").sum().cast(pl.Int64))
    of_others = [(pl.col(name).sum().over("by", "period") - pl.col(name)).alias(name) for name in ("n", "k")]
    doubtful = both.with_columns(of_others).filter(
        (pl.col("n") >= limits.rechecked_least)
        & (pl.col("k") * PERMILLE >= limits.reversed_share_least_permille * pl.col("n"))
    )
    return rechecked.join(doubtful, on=pair, how="anti", maintain_order="left")


def _with_peers(tested: pl.DataFrame, place: list[str]) -> pl.DataFrame:
    """With peers: the median of the other officers' shares there, which one who lies does not move much."""
    others = tested.select(*place, pl.col("officer").alias("other"), (pl.col("k") / pl.col("n")).alias("share"))
    peers = (
        tested.select("officer", *place)
        .join(others, on=place)
        .filter(pl.col("officer") != pl.col("other"))
        .group_by("officer", *place)
        .agg(peers=pl.median("share"))
    )
    return tested.join(peers, on=["officer", *place], maintain_order="left")


def _tested(tested: pl.DataFrame, limits: Thresholds, tail: Literal["both", "upper"]) -> pl.DataFrame:
    """With q: the adjusted value of each row's test, all of a period adjusted together."""
    k, n, peers, other_n = (tested.get_column(name).to_numpy() for name in ("k", "n", "peers", "other_n"))
    correlation = limits.officer_correlation_permille / PERMILLE
    p = tail_p(k, n, peers, other_n, correlation=correlation, tail=tail)
    q = np.ones(len(p))
    periods = tested.get_column("period").to_numpy()
    for period in np.unique(periods):
        q[periods == period] = adjusted(p[periods == period])
    return tested.with_columns(q=pl.Series(q, dtype=pl.Float64))


def _improbable(limits: Thresholds) -> pl.Expr:
    return pl.col("q") * PERMILLE <= limits.false_discoveries_permille


def _rounded(value: pl.Expr) -> pl.Expr:
    """Millionths, never rounded to less than it is."""
    return (value * MILLION).ceil()
