"""What a run counts of cases for its books, and for who looks on: nothing that was claimed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from schemas.codes import GROUP_BITS
from streams.cases.columns import CASES, KINDS, OPEN, OTHER_KIND, OVERDUE, Terms
from streams.cases.view import cases_of, cases_with
from streams.quarters import Quarter
from streams.voids import void_masks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from streams.rules import Rules

DECISION = "putusan_kasus"
# Facts of the group claim that are not void: one per claim or decision.
CLAIMED = pl.Schema({"kind": pl.String(), "facts": pl.Int64()})
# Cases by how they stand, the list that they are about, and the first of their channels by name. `events`: claims and
# decisions in them; `joined`: claims that came again for a case; `repeated`: of these, after its decision.
COUNTED = pl.Schema(
    {
        "kind": pl.String(),
        "channel": pl.String(),
        "quarter": pl.String(),
        "state": pl.String(),
        "timely": pl.Boolean(),
        "cases": pl.Int64(),
        "events": pl.Int64(),
        "joined": pl.Int64(),
        "repeated": pl.Int64(),
    }
)
# People whose open, timely objection may hold a removal back in a list.
OBJECTING = pl.Schema({"programme": pl.String(), "people": pl.Int64()})
_BY = ["kind", "channel", "quarter", "state", "timely"]
NO_CHANNEL = "-"  # of a decision without a claim


def cases_at(facts: pl.DataFrame, day: dt.date, terms: Terms) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cases (columns CASES) that some facts speak of (whole persons), and how many facts claim or decide (columns
    CLAIMED), counted fact by fact and by the type of the event: the first gathers them into cases, the second does not.
    """
    mine = facts.filter(pl.col("nik").is_in(cases_with(facts).implode()))
    if mine.is_empty():
        return pl.DataFrame(schema=CASES), pl.DataFrame(schema=CLAIMED)
    return cases_of(mine, day, terms), _claimed(mine)


def _claimed(facts: pl.DataFrame) -> pl.DataFrame:
    void = pl.Series("void", void_masks(facts) & GROUP_BITS["claim"] != 0)
    event_type = pl.col("event_type").cast(pl.String)
    about = pl.coalesce(pl.col("claim.perkara").cast(pl.String), pl.col("claim.jenis").cast(pl.String))
    kind = pl.when(event_type == DECISION).then(about).otherwise(event_type.str.to_uppercase())
    return (
        facts.filter(pl.col("claim") & ~void)
        .group_by(pl.when(kind.is_in(KINDS)).then(kind).otherwise(pl.lit(OTHER_KIND)).alias("kind"))
        .agg(pl.len().cast(pl.Int64).alias("facts"))
        .sort("kind")
    )


def counted(cases: pl.DataFrame) -> pl.DataFrame:
    """Columns COUNTED, sorted, of some cases (columns CASES)."""
    return (
        cases.with_columns(
            pl.col("kind", "state").cast(pl.String),
            pl.col("channels").list.first().fill_null(NO_CHANNEL).alias("channel"),
        )
        .group_by(_BY)
        .agg(
            pl.len().alias("cases"),
            pl.col("events").list.len().sum().alias("events"),
            pl.max_horizontal(pl.col("claims") - 1, 0).sum().alias("joined"),
            pl.col("repeats").sum().alias("repeated"),
        )
        .cast(COUNTED)
        .sort(_BY)
    )


def objecting(cases: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Columns OBJECTING, sorted: of whom an objection is open, timely and about a list that it still holds back.

    `cases`: columns CASES of the people who are answered. What the families find by their members' column
    `objections` (`streams.families.objecting`) must be the same.
    """
    now = Quarter.of(rules.as_of)
    held_back = [str(now.plus(-back)) for back in range(rules.objection_hold_quarters + 1)]
    is_open = pl.col("state").cast(pl.String).is_in([OPEN, OVERDUE])
    return (
        cases.filter(pl.col("kind").cast(pl.String) == "SANGGAH", is_open, "timely", pl.col("quarter").is_in(held_back))
        .filter(pl.col("programme").is_in(list(rules.programmes)))
        .unique(["nik", "programme"])
        .group_by("programme")
        .agg(pl.len().cast(pl.Int64).alias("people"))
        .sort("programme")
    )


def objected(people: pl.DataFrame, programmes: Iterable[str]) -> pl.DataFrame:
    """Columns OBJECTING, as the families found it: `people` as `streams.families.people` gives them."""
    mine = people.filter("listed")
    rows = [(name, mine.height - mine.get_column(f"{name}.objection").null_count()) for name in sorted(programmes)]
    return pl.DataFrame([it for it in rows if it[1]], schema=OBJECTING, orient="row")


def add_counted(parts: Iterable[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    """CLAIMED, COUNTED or OBJECTING of several chunks or partitions added up, sorted by their keys."""
    keys = [name for name, dtype in schema.items() if dtype != pl.Int64()]
    return pl.concat([pl.DataFrame(schema=schema), *parts]).group_by(keys).agg(pl.all().sum()).sort(keys)
