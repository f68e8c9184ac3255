"""Which accepted reactivations (reaktivasi) count in the list that is made."""

import polars as pl

from streams.families.objecting import entries_of
from streams.quarters import Quarter
from streams.rules import Rules


def with_reactivations(people: pl.DataFrame, members: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add P.reactivation Binary? to `people` (column nik), per programme P: the decision that accepted a reactivation.

    `members`: nik, reactivations. It counts from the list of the quarter in which it was decided, for as many lists as
    the programme's reactivation by case says (`quarters`); what must hold besides says the rule, not the decision.
    """
    entries = entries_of(members, "reactivations").with_columns(
        pl.format("{}-Q{}", pl.col("since").dt.year(), pl.col("since").dt.quarter()).alias("decided")
    )
    now = Quarter.of(rules.as_of)
    for name, programme in rules.programmes.items():
        lists = max((it.quarters for it in programme.reactivations if it.by_case), default=0)
        counts = [str(now.plus(-back)) for back in range(lists)]
        mine = (
            entries.filter((pl.col("program") == name) & pl.col("decided").is_in(counts))
            .sort("since", "event")
            .unique("nik", keep="last", maintain_order=True)
            .select("nik", pl.col("event").alias(f"{name}.reactivation"))
        )
        people = people.join(mine, on="nik", how="left", maintain_order="left")
    return people
