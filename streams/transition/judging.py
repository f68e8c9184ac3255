"""Which person of the register a row of an old list is: decided by NIK, by score, by a person, or not at all."""

from enum import StrEnum
from typing import Final

import polars as pl

# In bits: how much likelier it is that row and person are one than that they are two. At 7 one in 130 is wrong if
# the model holds; at 0 both are as likely.
LINK_WEIGHT: Final = 7.0
PARK_WEIGHT: Final = 0.0
# How far the best must be ahead of the second: 4 bits are 16 to 1.
MARGIN_WEIGHT: Final = 4.0
CANDIDATES_SHOWN: Final = 5


class Outcome(StrEnum):
    """What became of a row."""

    LINKED = "TERHUBUNG"
    PARKED = "DIPARKIR"  # a person must look
    NOT_FOUND = "TIDAK_ADA_DI_DTSEN"


class Why(StrEnum):
    """How it was decided, or why it could not be."""

    NIK = "NIK"  # the NIK is right, and neither name nor birth date contradicts it
    SCORE = "SKOR"  # name, birth date, card and address leave no doubt
    OFFICER = "PETUGAS"  # a person decided
    NIK_OF_ANOTHER = "NIK_ORANG_LAIN"  # the NIK is that of somebody with another name or birth date
    TWO_CANDIDATES = "DUA_CALON"  # two people fit about as well
    CONTRADICTED = "BERTENTANGAN"  # it fits, but the name or the birth date is another: a twin, a brother, a namesake
    IN_BETWEEN = "SKOR_DI_ANTARA"  # neither certain nor excluded
    NOBODY = "TIDAK_ADA_CALON"


JUDGED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "baris": pl.String,
    "outcome": pl.Enum([it.value for it in Outcome]),
    "why": pl.Enum([it.value for it in Why]),
    "nik": pl.String,
    "weight": pl.Float64,
}
DECISIONS: Final = {"baris": pl.String, "nik": pl.String}


def judge(rows: pl.Series, pairs: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """One line per row of the lists, columns JUDGED, sorted by baris; `nik` is set where it is linked.

    `rows`: the names of the rows. `pairs`: baris, nik, same_nik, name, birth (levels: 0 contradicts, null or -1 is not
    known), weight in bits. `decisions`, columns DECISIONS: what people have decided; null nik: nobody of the register.
    A row whose name or birth date contradicts is never linked by its score alone.
    """
    known = pairs.with_columns(agrees=(pl.col("name") > 0) & (pl.col("birth") != 0))
    by_nik = known.filter("same_nik", "agrees").select("baris", by_nik="nik", nik_weight="weight")
    ranked = known.sort("baris", "weight", "nik", descending=[False, True, False])
    best = ranked.group_by("baris", maintain_order=True).agg(
        best=pl.col("nik").first(),
        weight=pl.col("weight").first(),
        second=pl.col("weight").slice(1, 1).first(),
        agrees=pl.col("agrees").first(),
        of_another=pl.col("same_nik").any(),
    )
    decided = decisions.select("baris", officer="nik", decided=pl.lit(value=True))
    together = (
        pl.DataFrame({"baris": rows})
        .join(by_nik, on="baris", how="left")
        .join(best, on="baris", how="left")
        .join(decided, on="baris", how="left")
    )
    why = _why()
    return (
        together.with_columns(why=why.cast(JUDGED["why"]))
        .with_columns(
            nik=pl.when(pl.col("why") == Why.OFFICER)
            .then("officer")
            .when(pl.col("why") == Why.NIK)
            .then("by_nik")
            .when(pl.col("why") == Why.SCORE)
            .then("best"),
            weight=pl.when(pl.col("why") == Why.NIK).then("nik_weight").otherwise("weight"),
        )
        .with_columns(
            outcome=pl.when(pl.col("nik").is_not_null())
            .then(pl.lit(Outcome.LINKED))
            .when(pl.col("why").is_in([Why.OFFICER, Why.NOBODY]))
            .then(pl.lit(Outcome.NOT_FOUND))
            .otherwise(pl.lit(Outcome.PARKED))
        )
        .select(pl.col(name).cast(dtype) for name, dtype in JUDGED.items())
        .sort("baris")
    )


def _why() -> pl.Expr:
    fits = pl.col("weight") >= LINK_WEIGHT
    ahead = pl.col("second").is_null() | (pl.col("weight") - pl.col("second") >= MARGIN_WEIGHT)
    return (
        pl.when("decided")
        .then(pl.lit(Why.OFFICER))
        .when(pl.col("by_nik").is_not_null())
        .then(pl.lit(Why.NIK))
        .when(fits & ahead & pl.col("agrees"))
        .then(pl.lit(Why.SCORE))
        .when("of_another")
        .then(pl.lit(Why.NIK_OF_ANOTHER))
        .when((pl.col("weight") < PARK_WEIGHT).fill_null(value=True))
        .then(pl.lit(Why.NOBODY))
        .when(~pl.col("agrees"))
        .then(pl.lit(Why.CONTRADICTED))
        .when(~ahead)
        .then(pl.lit(Why.TWO_CANDIDATES))
        .otherwise(pl.lit(Why.IN_BETWEEN))
    )


def candidates(judged: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Who comes into question for the parked rows, best first: the columns of `pairs`, and `candidate` from 1.

    At most CANDIDATES_SHOWN each; among them whoever has the NIK of the row.
    """
    parked = judged.filter(pl.col("outcome") == Outcome.PARKED).select("baris")
    near = pairs.join(parked, on="baris", how="semi").filter((pl.col("weight") >= PARK_WEIGHT) | pl.col("same_nik"))
    ordered = near.sort("baris", "same_nik", "weight", "nik", descending=[False, True, True, False])
    numbered = ordered.with_columns(candidate=pl.int_range(1, pl.len() + 1).over("baris"))
    return numbered.filter(pl.col("candidate") <= CANDIDATES_SHOWN)
