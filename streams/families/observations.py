"""Which observation of a home speaks for a family, when its members bring several.

Household facts travel with people (architecture.md 4). Among present members: the latest made at the
family's present card or address, else the head's, else the latest; of visits (whether the address was
found) the latest at the present address. Ties go by the time of recording, then by event id, so that
every order of the same facts gives the same choice.
"""

import polars as pl

from streams.at_home import home_here, same_address, same_card, visit_here

HERE, HEADS, ELSEWHERE = 0, 1, 2


def addresses(people: pl.DataFrame) -> pl.DataFrame:
    """The head's address per family, or that of the present member with the smallest NIK.

    Out: family UInt32, head String? (the present head), kelurahan, address; only families with somebody present.
    """
    return (
        people.filter("present")
        .with_columns((pl.col("relation") != 1).fill_null(value=True).alias("not_head"))
        .sort("family", "not_head", "nik")
        .unique("family", keep="first", maintain_order=True)
        .select("family", pl.when(~pl.col("not_head")).then("nik").alias("head"), "kelurahan", "address")
    )


def candidates(members: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Present members with their observations and how near each one is to the family.

    Out: the household, assets and field columns of `members`, nik, family, and
    household.nearness, assets.nearness, field.nearness: HERE, HEADS or ELSEWHERE.
    """
    home = addresses(people)
    observed = [c for c in members.columns if c.partition(".")[0] in ("household", "assets", "field")]
    met = same_card("field") | same_address("field")
    rows = (
        people.filter("present")
        .select("nik", "family", "no_kk", "kelurahan", "address")
        .join(members.select("nik", *observed), on="nik", how="left", maintain_order="left")
        # A member may live at another address than the head; a new card number must not lose what was seen there.
        .with_columns(home_here().alias("own_home"), met.alias("own_visit"))
        .drop("kelurahan", "address")
        .join(home, on="family", how="left", maintain_order="left")
    )
    at_home = home_here() | pl.col("own_home")
    # Belongings carry no place of their own: they were seen where the same event saw house or people.
    with_house = (pl.col("assets.event") == pl.col("household.event")).fill_null(value=False) & at_home
    same_visit = (pl.col("assets.event") == pl.col("field.event")).fill_null(value=False)
    with_visit = same_visit & (met | pl.col("own_visit"))

    def nearness(here: pl.Expr) -> pl.Expr:
        return pl.when(here).then(HERE).when(pl.col("nik") == pl.col("head")).then(HEADS).otherwise(ELSEWHERE)

    return rows.with_columns(
        nearness(at_home).alias("household.nearness"),
        nearness(with_house | with_visit).alias("assets.nearness"),
        nearness(visit_here()).alias("field.nearness"),
    )


def chosen(rows: pl.DataFrame, group: str, columns: list[str]) -> pl.DataFrame:
    """The row per family whose observation of `group` speaks for it: family and the named columns.

    `group` is household, assets or field. Of visits (field) only those at the family's present address speak.
    """
    recorded = [pl.col("household.recorded_at")] if group == "household" else []
    there = pl.col(group).fill_null(value=False)
    if group == "field":
        there &= pl.col("field.nearness") == HERE
    return (
        rows.filter(there)
        .sort(
            "family",
            f"{group}.nearness",
            f"{group}.observed_on",
            *recorded,
            pl.col(f"{group}.event").bin.slice(2),  # the event id, behind the producer's number
            pl.col(f"{group}.event"),
            "nik",
            descending=[False, False, True, *(True for _ in recorded), True, True, False],
            nulls_last=True,
        )
        .unique("family", keep="first", maintain_order=True)
        .select("family", *columns)
    )
