"""Which objections (sanggah) hold a removal back in the list that is made."""

import datetime as dt

import polars as pl

from streams.persons.objections import split_objections
from streams.quarters import Quarter
from streams.rules import Rules


def with_objections(people: pl.DataFrame, members: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add P.objection Binary? to `people` (column nik), per programme P: the event of a timely objection of theirs, the
    first where there are several.

    `members`: nik, objections. An objection about the list of quarter T is timely if it was made by T's last day and
    `objection_days` more; it holds a removal back in the list of T and, while it stays open, in those of the
    `objection_hold_quarters` quarters after it. Whether the line was held back so long already says `held_out`.
    """
    entries = entries_of(members, "objections")
    entries = (
        entries.filter(
            pl.col("since") <= pl.col("triwulan").replace_strict(_last_days(entries, rules), return_dtype=pl.Date)
        )
        .filter(pl.col("triwulan").is_in(_held_back(rules)))
        .sort("since", "event")
        .unique(["nik", "program"], keep="first", maintain_order=True)
    )
    for name in rules.programmes:
        mine = entries.filter(pl.col("program") == name).select("nik", pl.col("event").alias(f"{name}.objection"))
        people = people.join(mine, on="nik", how="left", maintain_order="left")
    return people


def entries_of(members: pl.DataFrame, column: str) -> pl.DataFrame:
    """Columns nik and `streams.persons.objections.PARTS`: one row per entry of a column of such texts."""
    said = members.select("nik", column).drop_nulls().explode(column).drop_nulls()
    return pl.concat([said.select("nik"), split_objections(said.get_column(column))], how="horizontal")


def held_out(rules: Rules) -> pl.Expr:
    """Boolean, of holdings: the line has been held back, for whatever reason, in as many lists as an objection may
    hold a removal. So a removal is held back once, however often and about however many lists somebody objects.
    """
    first = str(Quarter.of(rules.as_of).plus(-rules.objection_hold_quarters))
    return (pl.col("state").cast(pl.String) == "HELD") & (pl.col("held_since") < first).fill_null(value=False)


def _last_days(entries: pl.DataFrame, rules: Rules) -> dict[str, dt.date]:
    """Quarter -> last day to object to its list."""
    days = dt.timedelta(days=rules.objection_days)
    quarters = entries.get_column("triwulan").unique().to_list()
    return {text: Quarter.parse(text).last_day + days for text in quarters}


def _held_back(rules: Rules) -> list[str]:
    """The quarters about whose lists an objection still holds something back in the list of `rules.as_of`."""
    now = Quarter.of(rules.as_of)
    return [str(now.plus(-back)) for back in range(rules.objection_hold_quarters + 1)]
