"""Which condition decided an answer, and which of its values may be published."""

import polars as pl

from streams.changes.frames import NAMED_VALUE
from streams.rules.facts import NUMBERS, PUBLISHED
from streams.rules.model import Condition, Programme

WHITELIST = frozenset(PUBLISHED.values())
NEGATIVE = frozenset({"ne", "not_in"})


def rule_and_article(programme: Programme) -> tuple[pl.Expr, pl.Expr]:
    """Expressions for columns rule and article, from columns `reason` and `failed`.

    The first failed condition with the answer's reason decided; without one, the first with this reason;
    else it is the programme as a whole.
    """
    rule, article = pl.lit(programme.name), pl.lit(programme.reference)
    for only_failed in (False, True):
        # in reverse: what is wrapped around last is asked first
        for place, condition in reversed(list(enumerate(programme.conditions))):
            fits = pl.col("reason") == condition.reason
            if only_failed:
                fits &= _bit("failed", place)
            rule = pl.when(fits).then(pl.lit(f"{programme.name}:{condition.id}")).otherwise(rule)
            article = pl.when(fits).then(pl.lit(condition.reference)).otherwise(article)
    return rule.alias("rule"), article.alias("article")


def published(programme: Programme) -> pl.Expr:
    """Expression for column `values`: List(Struct(name, value)), sorted by name.

    From columns failed, unknown (null without an answer), desil, age_years and action: the values of the
    conditions that failed; for a grant or a removal where none failed, of all that may be published.
    Raises ValueError for a name that is not on the whitelist.
    """
    conditions = [(place, it) for place, it in enumerate(programme.conditions) if it.publish]
    if unlisted := sorted({str(it.publish) for _, it in conditions} - WHITELIST):
        raise ValueError(
            f"{programme.name} publishes {unlisted}: only {sorted(WHITELIST)} may appear in a change (decisions.md)"
        )
    if not conditions:
        return pl.lit([], dtype=pl.List(NAMED_VALUE)).alias("values")
    nothing_failed = (pl.col("failed") == 0) & pl.col("action").is_in(["GRANTED", "REVOKED"])
    items = [
        pl.when(_bit("failed", place) | (nothing_failed & ~_bit("unknown", place)))
        .then(pl.struct(pl.lit(str(it.publish)).alias("name"), _value(place, it).alias("value")))
        .otherwise(None)
        for place, it in sorted(conditions, key=lambda pair: str(pair[1].publish))
    ]
    # A value that is not known is not published.
    return pl.concat_list(items).list.filter(_whole(pl.element())).cast(pl.List(NAMED_VALUE)).alias("values")


def _whole(item: pl.Expr) -> pl.Expr:
    return item.is_not_null() & item.struct.field("value").is_not_null()


def _value(place: int, condition: Condition) -> pl.Expr:
    """The number itself, or whether what the name says is so: "ya" or "tidak"; null when it is not known."""
    column = NUMBERS.get(condition.fact)
    if column:
        return pl.col(column).cast(pl.String)
    negative = condition.operator in NEGATIVE or condition.value is False
    # To fail a condition that forbids something is to have it.
    holds = _bit("failed", place) if negative else ~_bit("failed", place)
    return (
        pl.when(_bit("unknown", place))
        .then(None)
        .otherwise(pl.when(holds).then(pl.lit("ya")).otherwise(pl.lit("tidak")))
    )


def _bit(column: str, place: int) -> pl.Expr:
    return (pl.col(column) & pl.lit(1 << place, dtype=pl.UInt64)) != 0
