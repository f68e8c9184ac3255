"""Open objections (sanggah) and accepted reactivations (reaktivasi) of each person, one per programme and quarter.

Claims are the one group of which a person has several at a time, so they are not a single greatest fact: each is a case
(`streams.cases`). An objection is open from its first claim until it is decided, whoever brings it again meanwhile or
afterwards. Complaints and proposals hold nothing back and are left out.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from streams.cases.claims import KEY, claims_in, deciding, opening

SEPARATOR = "/"
PARTS = ("program", "triwulan", "since", "event")

I64 = npt.NDArray[np.int64]


def open_objections(facts: pl.DataFrame, voids: I64, code: I64, people: int) -> tuple[pl.Series, pl.Series]:
    """Columns objections and reactivations: List(String) of PROGRAMME/QUARTER/DAY/EVENT, sorted; null: none.

    `code`: number of the person per fact. Of an open objection, DAY and EVENT are those of its first claim; of an
    accepted reactivation, those of the decision. EVENT is producer and event id in hex.
    """
    claims = claims_in(facts, voids)
    decided = deciding(claims)
    objections = opening(claims).filter(pl.col("kind") == "SANGGAH").join(decided, on=KEY, how="anti")
    accepted = decided.filter((pl.col("kind") == "REAKTIVASI") & (pl.col("status") == "DITERIMA"))
    return _told("objections", objections, code, people), _told("reactivations", accepted, code, people)


def _told(name: str, claims: pl.DataFrame, code: I64, people: int) -> pl.Series:
    """What some claims say, per person."""
    if claims.is_empty():
        return pl.Series(name, [], pl.List(pl.String)).extend_constant(None, people)
    text = pl.concat_str(
        "programme",
        "quarter",
        pl.col("since").cast(pl.String),
        pl.col("event").bin.encode("hex"),
        separator=SEPARATOR,
    )
    lists = (
        claims.select(pl.Series("person", code[claims.get_column("row").to_numpy()], pl.Int64), text.alias(name))
        .group_by("person")
        .agg(pl.col(name).sort())
    )
    everybody = pl.DataFrame({"person": np.arange(people, dtype=np.int64)})
    return everybody.join(lists, on="person", how="left", maintain_order="left").get_column(name)


def split_objections(objections: pl.Series) -> pl.DataFrame:
    """One row per entry of a series of such texts: columns PARTS, `since` a Date and `event` Binary."""
    parts = objections.str.split_exact(SEPARATOR, len(PARTS) - 1).struct.rename_fields(list(PARTS)).struct.unnest()
    return parts.with_columns(pl.col("since").str.to_date(), pl.col("event").str.decode("hex"))
