"""Who receives a family programme (penerima).

The present payee if living, adult and in the family; else by the order of the rules, in each kind by
NIK (architecture.md 7). A holder in transit within the limit keeps the family's line, unless a
present member holds the same programme: one family, one line.
"""

import polars as pl

from streams.members import stop_event
from streams.rules import Rules

WIFE, HEAD = 3, 1  # SHDK codes of the family card: istri, kepala keluarga


def first_payees(people: pl.DataFrame, rules: Rules, holds: pl.Expr) -> pl.DataFrame:
    """One present adult per family: family UInt32, payee String.

    `holds` says who counts as the present payee. A family without a present adult of any kind has no row.
    """
    kinds = {
        "PENERIMA_SEKARANG": holds,
        "ISTRI_DEWASA": pl.col("relation") == WIFE,
        "KEPALA_DEWASA": pl.col("relation") == HEAD,
        "DEWASA_TERTUA": pl.lit(value=True),
    }
    place = pl.coalesce(
        pl.when(kinds[kind]).then(pl.lit(place, pl.Int32)) for place, kind in enumerate(rules.payee_order)
    )
    # Age ranks only those who come in as the oldest adult; two payees of one kind go by NIK.
    by_age = rules.payee_order.index("DEWASA_TERTUA") if "DEWASA_TERTUA" in rules.payee_order else None
    return (
        people.filter(pl.col("present") & pl.col("adult"))
        .with_columns(place.alias("kind"))
        .filter(pl.col("kind").is_not_null())
        .with_columns(pl.when(pl.col("kind") == by_age).then("birth_date").alias("born"))
        .sort("family", "kind", "born", "nik")
        .unique("family", keep="first", maintain_order=True)
        .select("family", pl.col("nik").alias("payee"))
    )


def lines(people: pl.DataFrame, families: pl.DataFrame, rules: Rules, stopped: pl.DataFrame) -> pl.DataFrame:
    """Add to the families (column family UInt32) who receives. `stopped`: columns `streams.members.STOPPED`.

    payee String?               for programmes that nobody holds yet; prefers who holds another one
    and per family programme P:
    P.payee String?             null when the line is kept, or nobody is adult and present
    P.kept String?              the holder in transit whose line it is
    P.kept_rupiah Int64, P.kept_event Binary?   what that line pays, and the departure
    P.former_event Binary?, P.former Boolean    a former payee who died or left (on this card, or left behind on
                                                the card before it), and the event
    P.holder Boolean, P.holder_rupiah Int64     the payee is a present holder, and what that line pays
    P.objection Binary?         a timely objection of somebody present, unless the line was held back so long already
    """
    names = [name for name, programme in rules.programmes.items() if programme.is_family]
    any_line = pl.any_horizontal([pl.col(f"{name}.holds") for name in names]) if names else pl.lit(value=False)
    usual = first_payees(people, rules, any_line)
    table = families.join(usual, on="family", how="left", maintain_order="left")
    left_behind = _left_behind(people, stopped)
    for name in names:
        holds = pl.col(f"{name}.holds")
        own = (
            first_payees(people.filter(holds), rules, holds)
            .rename({"payee": "holder"})
            .join(
                people.select(holder="nik", held=f"{name}.held_rupiah", held_out=f"{name}.held_out"),
                on="holder",
                how="left",
            )
        )
        objecting = _first(people.filter(pl.col("present") & pl.col(f"{name}.objection").is_not_null()))
        kept = _first(people.filter(holds & pl.col("transit"))).select(
            "family",
            pl.col("nik").alias("mover"),
            pl.col(f"{name}.held_rupiah").alias("mover_rupiah"),
            pl.col("residence.event").alias("mover_event"),
        )
        gone = people.filter(holds & ~pl.col("present") & ~pl.col("transit"))
        here = gone.select("family", "nik", stop_event().alias("event"))
        behind = left_behind.filter(pl.col("programme") == name).select("family", "nik", "event")
        former = _first(pl.concat([here, behind])).select(
            "family",
            pl.lit(value=True).alias(f"{name}.former"),
            pl.col("event").alias(f"{name}.former_event"),
        )
        moving = pl.col("holder").is_null() & pl.col("mover").is_not_null()
        for part in (own, kept, former, objecting.select("family", f"{name}.objection")):
            table = table.join(part, on="family", how="left", maintain_order="left")
        table = table.with_columns(
            pl.when(~moving).then(pl.coalesce("holder", "payee")).alias(f"{name}.payee"),
            pl.when(moving).then("mover").alias(f"{name}.kept"),
            pl.when(moving).then("mover_rupiah").otherwise(0).alias(f"{name}.kept_rupiah"),
            pl.when(moving).then("mover_event").alias(f"{name}.kept_event"),
            pl.col(f"{name}.former").fill_null(value=False) & pl.col("holder").is_null(),
            pl.col("holder").is_not_null().alias(f"{name}.holder"),
            pl.col("held").fill_null(0).alias(f"{name}.holder_rupiah"),
            pl.when(~pl.col("held_out").fill_null(value=False)).then(f"{name}.objection").alias(f"{name}.objection"),
        ).drop("holder", "held", "held_out", "mover", "mover_rupiah", "mover_event")
    return table


def _left_behind(people: pl.DataFrame, stopped: pl.DataFrame) -> pl.DataFrame:
    """Payees who are gone and stayed on the card that a family had before: family, programme, nik, event.

    Only a new card succeeds to an old one: its members come from another card, none was on it at the previous
    cut. Who joins a family that had its card before takes no line along.
    """
    present = people.filter("present")
    new_card = (
        present.group_by("family")
        .agg((pl.col("card_before") == pl.col("no_kk")).fill_null(value=False).any().alias("was_there"))
        .filter(~pl.col("was_there"))
    )
    came_from = present.join(new_card, on="family", how="semi").select("family", no_kk="card_before").drop_nulls()
    return came_from.unique().join(stopped, on="no_kk", how="inner").select("family", "programme", "nik", "event")


def _first(people: pl.DataFrame) -> pl.DataFrame:
    """The first of each family by NIK."""
    return people.sort("family", "nik").unique("family", keep="first", maintain_order=True)
