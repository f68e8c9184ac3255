"""Answers: exactly one per listed NIK, and nobody who holds something is left without one."""

from collections.abc import Iterable

import polars as pl

from streams.books.frames import CONTINUING, FAMILY_LINES, HOLDERS, REASONS, TALLY, VERDICTS, compared, empty
from streams.changes.reasons import EXPLAINED
from streams.digests import MODULUS, as_bytes, frame_digest

PARTITION = ["partition"]
QUANTITIES = {"rows": "listed persons", "digest": "digest of NIK"}


def tally_of(frame: pl.DataFrame, partition: int) -> pl.DataFrame:
    """One row TALLY: how many rows `frame` has, and the order-free digest of their `nik`."""
    digest = frame_digest(frame.select("nik")).hex()
    return pl.DataFrame([(partition, frame.height, digest)], schema=TALLY, orient="row")


def tallies(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Tallies added up by partition: for a target that several sources send to."""
    return (
        pl.concat([empty(TALLY), *parts])
        .group_by("partition")
        .agg(pl.col("rows").sum(), pl.col("digest").map_batches(_sum, returns_scalar=True, return_dtype=pl.String))
        .sort("partition")
    )


def _sum(digests: pl.Series) -> pl.Series:
    total = sum(int(digest, 16) for digest in digests) % MODULUS
    return pl.Series([as_bytes(total).hex()])


def answers_lines(listed: pl.DataFrame, answered: pl.DataFrame, netted: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES. Each a TALLY by partition of register.facts: `listed` by the register when it sends members,
    `answered` by the families when they send answers, `netted` by the register when it nets them.
    """
    place = "checkpoint.answers[{}]"
    return pl.concat(
        [
            compared("answers", PARTITION, place, tallies([listed]), tallies([answered]), quantities=QUANTITIES),
            compared("answers netted", PARTITION, place, tallies([answered]), tallies([netted]), quantities=QUANTITIES),
        ]
    )


def parts_lines(sent: pl.DataFrame, received: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES: what each source reports to have sent (PARTS) and what each target reports to have found."""
    keys = ["channel", "source", "target"]
    return compared(
        "parts", keys, "{} from {} to {}", sent, received, quantities={"rows": "rows sent", "digest": "digest of rows"}
    )


def verdicts_of(answers: pl.DataFrame, programmes: Iterable[str]) -> pl.DataFrame:
    """VERDICTS of some answers (docs/contracts.md 6), for the families' report."""
    counted = [
        answers.group_by(pl.col(f"{name}.verdict").cast(pl.String).alias("verdict"))
        .agg(pl.len().cast(pl.Int64).alias("persons"))
        .select(pl.lit(name).alias("programme"), "verdict", "persons")
        for name in programmes
    ]
    return pl.concat([empty(VERDICTS), *counted]).sort("programme", "verdict")


def reasons_of(answers: pl.DataFrame, programmes: Iterable[str]) -> pl.DataFrame:
    """REASONS of some answers: for whom each programme is what, and why; for those who look on."""
    counted = [
        answers.group_by(
            pl.col(f"{name}.verdict").cast(pl.String).alias("verdict"), pl.col(f"{name}.reason").alias("reason")
        )
        .agg(pl.len().cast(pl.Int64).alias("persons"))
        .select(pl.lit(name).alias("programme"), "verdict", "reason", "persons")
        for name in programmes
    ]
    return pl.concat([empty(REASONS), *counted]).sort("programme", "verdict", "reason")


def family_lines(answers: pl.DataFrame, programmes: Iterable[str]) -> pl.DataFrame:
    """FAMILY_LINES: for each family programme, in how many families somebody's line begins or goes on."""
    counted = [
        answers.filter(pl.col(f"{name}.verdict").is_in(list(CONTINUING))).select(
            pl.lit(name).alias("programme"), pl.col("no_kk").n_unique().cast(pl.Int64).alias("families")
        )
        for name in programmes
    ]
    return pl.concat([empty(FAMILY_LINES), *counted]).sort("programme")


def holders_accounted(
    partition: int, holdings: pl.DataFrame, answers: pl.DataFrame, persons: pl.DataFrame
) -> pl.DataFrame:
    """HOLDERS of one register partition: who holds a programme, and how many of these are answered or explained."""
    explained = persons.filter(pl.col("status").cast(pl.String).is_in(list(EXPLAINED))).select("nik")
    known = pl.concat([answers.select("nik"), explained]).unique().with_columns(pl.lit(value=True).alias("known"))
    counted = (
        holdings.select("nik", "programme")
        .join(known, on="nik", how="left")
        .group_by("programme")
        .agg(pl.len().alias("holders"), pl.col("known").is_not_null().sum().alias("accounted"))
        .select(pl.lit(partition).alias("partition"), "programme", "holders", "accounted")
    )
    return counted.cast(HOLDERS).sort("programme")


def holders_lines(holders: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES: no holder unanswered. `holders`: HOLDERS of all partitions."""
    due = holders.select("partition", "programme", pl.col("holders").alias("rows"))
    found = holders.select("partition", "programme", pl.col("accounted").alias("rows"))
    return compared(
        "holders",
        ["partition", "programme"],
        "register.facts[{}] {}",
        due,
        found,
        quantities={"rows": "holders with an answer or an explanation"},
    )
