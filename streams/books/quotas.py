"""Quotas and families: what was served is what was cut, within the quota, one recipient per family."""

from collections.abc import Mapping, Sequence

import polars as pl

from streams.books.frames import CONTINUING, FAMILY_LINES, LINES, QUOTAS, compared, empty
from streams.rules.model import Rules


def quota_rows(
    units: Sequence[pl.DataFrame], reserved: Sequence[pl.DataFrame], cuts: Mapping[str, int | None], rules: Rules
) -> pl.DataFrame:
    """QUOTAS by the decision: from the UNITS and RESERVED of all partitions (streams.programmes.quotas) and the cuts.

    `served`: units up to the cut; `reserved`: units bound beforehand. Sorted by programme.
    """
    all_units = (
        pl.concat(units)
        if units
        else pl.DataFrame(schema={"programme": pl.String, "score": pl.Int64, "units": pl.Int64})
    )
    all_reserved = (
        pl.concat(reserved) if reserved else pl.DataFrame(schema={"programme": pl.String, "reserved": pl.Int64})
    )
    rows = []
    for name, cut in sorted(cuts.items()):
        below = all_units.filter((pl.col("programme") == name) & (pl.col("score") <= cut)) if cut is not None else None
        served = int(below.get_column("units").sum()) if below is not None else 0
        bound = int(all_reserved.filter(pl.col("programme") == name).get_column("reserved").sum())
        rows.append((name, rules.programmes[name].quota, served, bound))
    return pl.DataFrame(rows, schema=QUOTAS, orient="row")


def quota_lines(quotas: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES: units decided (QUOTAS) and lines answered (VERDICTS, all partitions); and served + reserved
    within the quota. Reservations beyond a lowered quota stay, but then nobody new is served.
    """
    answered = verdicts.group_by("programme").agg(
        pl.col("persons").filter(pl.col("verdict") == "SERVED").sum().alias("served"),
        pl.col("persons").filter(pl.col("verdict").is_in(["KEPT", "HELD"])).sum().alias("reserved"),
    )
    quantities = {"served": "units served", "reserved": "units reserved"}
    decided = compared("quota", ["programme"], "{}", quotas, answered, quantities=quantities)
    limit = pl.max_horizontal("quota", "reserved")
    used = pl.col("served") + pl.col("reserved")
    within = quotas.select(
        pl.lit("quota").alias("book"),
        pl.col("programme").alias("place"),
        pl.lit("units at most").alias("quantity"),
        limit.cast(pl.String).alias("expected"),
        used.cast(pl.String).alias("found"),
        (used <= limit).alias("balanced"),
        pl.when(pl.col("reserved") > pl.col("quota"))
        .then(pl.format("reservations exceed the quota of {} by {}", "quota", pl.col("reserved") - pl.col("quota")))
        .alias("detail"),
    )
    return pl.concat([decided, within.cast(LINES)])


def recipients_lines(verdicts: pl.DataFrame, families: pl.DataFrame, closing: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES: who goes on or begins by the answers is who holds afterwards; one recipient per family.

    `verdicts` VERDICTS and `families` FAMILY_LINES from the families stage, `closing` LISTS from the register.
    """
    held = closing.group_by("programme").agg(pl.col("heads").sum().alias("rows"))
    answered = (
        verdicts.filter(pl.col("verdict").is_in(list(CONTINUING)))
        .group_by("programme")
        .agg(pl.col("persons").sum().alias("rows"))
    )
    by_family = (
        pl.concat([empty(FAMILY_LINES), families]).group_by("programme").agg(pl.col("families").sum().alias("rows"))
    )
    of_families = held.join(by_family.select("programme"), on="programme", how="semi")
    return pl.concat(
        [
            compared("recipients", ["programme"], "{}", answered, held, quantities={"rows": "recipients by answers"}),
            compared(
                "one payee",
                ["programme"],
                "{}",
                by_family,
                of_families,
                quantities={"rows": "one recipient per family"},
            ),
        ]
    )
